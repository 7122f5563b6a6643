import type { Dossier } from '../dossier/dossier.ts';
import type { SubjectId } from '../events/ids.ts';
import type { Field, Mention, Refusal, ReportedEvent, Tag } from '../events/item.ts';
import type { Candidate } from './candidate.ts';
import { decide } from './decide.ts';
import { compileGazetteer, type Gazetteer, type Sign } from './gazetteer.ts';
import { languageOf, primaryOf } from './language.ts';
import { normalize, type Normalized } from './normalize.ts';
import { meet, type Occurrence } from './patterns.ts';
import { propose } from './propose.ts';
import type { ItemContext } from './propose.ts';
import { relevanceOf, type Stake } from './relevance.ts';
import type { Rule } from './rules.ts';
import { salienceOf } from './salience.ts';
import { scan, type Scan } from './scan.ts';

/** The version of the algorithm: it changes whenever the same dossier could tag the same item otherwise. */
export const TAGGER_VERSION = '2';

/** Mentions listed for one tag at most; salience counts them all. */
export const MENTIONS_MAX = 100;

export interface TaggerInput {
  readonly title: string;
  readonly text: string;
  /** The full text of its page, where that was fetched. */
  readonly body?: string;
  /** BCP 47: what the feed says; the script overrules it. */
  readonly lang?: string | null;
  /** ISO 8601: when it was published. Office descriptions count only on an item with a date. */
  readonly date?: string | null;
}

export interface Tagger {
  /** See TAGGER_VERSION. */
  readonly version: string;
  /** Synchronous and pure: the same input gives the same tagging. */
  readonly tag: (item: TaggerInput) => Tagging;
}

export interface Tagging {
  /** BCP 47: the language whose rules were applied, as the feed writes it where that is the same; null when nothing tells. */
  readonly lang: string | null;
  /** By salience, then id. */
  readonly tags: readonly Tag[];
  /** 0..1: see classify/relevance.ts. */
  readonly relevance: number;
  /** What the item reports; null where that is none of the acts we tell apart. */
  readonly event: ReportedEvent | null;
  /** Names that were considered and not taken, the most telling first; at most REFUSALS_MAX. */
  readonly refused: readonly Refusal[];
}

const LEAD = ['title', 'text'] as const satisfies readonly Field[];
const BODY = ['body'] as const satisfies readonly Field[];
/** In the order of reading. */
const FIELDS: readonly Field[] = [...LEAD, ...BODY];

/**
 * A tagger for a dossier. Compiling takes some 20 ms; keep it for the life of the dossier.
 *
 * @example
 * const tagger = createTagger(await loadDossier('dossiers/shuttle-diplomacy'));
 * tagger.tag({ title: 'Seoul and Tokyo resume talks', text: '', lang: 'en', date: '2026-03-01' }).tags;
 */
export function createTagger(dossier: Pick<Dossier, 'subjects'>): Tagger {
  const gazetteer = compileGazetteer(dossier);
  return { version: TAGGER_VERSION, tag: (item) => tagItem(gazetteer, item) };
}

function dayOf(date: string | null | undefined): string | null {
  return date !== null && date !== undefined && /^\d{4}-\d{2}-\d{2}/.test(date) ? date.slice(0, 10) : null;
}

/**
 * Title and text are tagged as if there were no more of the item, so that what they say stands whatever a page brings along with
 * its article; then the full text by itself, where whoever title and text name is known already.
 */
function tagItem(gazetteer: Gazetteer, { title, text, body, lang, date }: TaggerInput): Tagging {
  const item = { lang: languageOf(`${title} ${text}`, lang), day: dayOf(date) };
  const read = (field: string): Scan => scan(normalize(field), gazetteer);
  const scans: Scans = { title: read(title), text: read(text), body: read(body ?? '') };
  const mentions = new Map<number, Mention[]>();
  addNames(gazetteer, { scans, item, fields: LEAD }, mentions);
  if (body !== undefined && body !== '') addNames(gazetteer, { scans, item, fields: BODY }, mentions);
  const chars = { title: title.length, text: text.length, body: body?.length ?? 0 };
  const tags = [...mentions]
    .map(([subject, list]) => tagOf(gazetteer, subject, list, chars))
    .sort((a, b) => b.salience - a.salience || (a.id < b.id ? -1 : 1));
  const written = primaryOf(lang) === item.lang ? (lang ?? null) : item.lang;
  const relevance = relevanceOf(tags, (id) => stakeIn(gazetteer, id)).value;
  return { lang: written, tags, relevance, event: null, refused: [] };
}

function stakeIn({ stakes }: Gazetteer, id: SubjectId): Stake {
  const stake = stakes.get(id);
  if (stake === undefined) throw new RangeError(`the dossier has no subject ${id}`);
  return stake;
}

type Scans = Readonly<Record<Field, Scan>>;

/** What of an item is looked through. */
interface Part {
  readonly scans: Scans;
  readonly item: ItemContext;
  readonly fields: typeof LEAD | typeof BODY;
}

/** Adds what `fields` name, and the topics whose patterns they meet, to what was found before. */
function addNames(gazetteer: Gazetteer, part: Part, mentions: Map<number, Mention[]>): void {
  const { scans, item, fields } = part;
  const words = new Set(fields.flatMap((field) => scans[field].words.map(({ word }) => word)));
  const proposals = fields.map((field) => propose(scans[field], field, gazetteer, item));
  const named = decide(proposals, words, gazetteer, new Set(mentions.keys()));
  for (const candidate of named) {
    const list = mentions.get(candidate.subject) ?? [];
    list.push(mentionAt(candidate.text, candidate, candidate.alias.alias.text, candidate.rule));
    mentions.set(candidate.subject, list);
  }
  addPatterns(gazetteer, part, named, mentions);
}

function tagOf(
  gazetteer: Gazetteer,
  index: number,
  mentions: readonly Mention[],
  chars: Readonly<Record<Field, number>>,
): Tag {
  const compiled = gazetteer.subjects[index];
  if (compiled === undefined) throw new RangeError(`no subject has the number ${index}`);
  const { id, kind } = compiled.subject;
  const sorted = [...mentions].sort((a, b) =>
    a.field === b.field
      ? a.start - b.start || a.end - b.end
      : FIELDS.indexOf(a.field) - FIELDS.indexOf(b.field),
  );
  return {
    id,
    kind,
    salience: salienceOf(sorted, chars),
    mentions: sorted.slice(0, MENTIONS_MAX),
  };
}

interface Place {
  readonly field: Field;
  readonly start: number;
  readonly end: number;
}

/** A mention in the original's offsets. */
function mentionAt(text: Normalized, { field, start, end }: Place, alias: string, rule: Rule): Mention {
  const from = text.starts[start] ?? 0;
  const to = text.ends[end - 1] ?? from;
  return { start: from, end: to, surface: text.original.slice(from, to), field, alias, rule };
}

function isSamePlace(a: Mention, b: Mention): boolean {
  return a.start === b.start && a.end === b.end && a.field === b.field;
}

const NONE: readonly Occurrence[] = [];

/** Adds the topics whose patterns are met; a topic found so can be a sign of a later one. */
function addPatterns(
  gazetteer: Gazetteer,
  { scans, item: { day }, fields }: Part,
  named: readonly Candidate[],
  mentions: Map<number, Mention[]>,
): void {
  const byWord = new Map<number, Occurrence[]>();
  const bySubject = new Map<number, Occurrence[]>();
  const note = (map: Map<number, Occurrence[]>, key: number, occurrence: Occurrence): void => {
    const list = map.get(key) ?? [];
    list.push(occurrence);
    map.set(key, list);
  };
  for (const field of fields) {
    for (const { word, start, end } of scans[field].words) {
      note(byWord, word, { field, start, end, text: gazetteer.wordTexts[word] ?? '' });
    }
  }
  for (const { subject, field, start, end } of named) {
    note(bySubject, subject, {
      field,
      start,
      end,
      text: `@${gazetteer.subjects[subject]?.subject.id ?? ''}`,
    });
  }
  const occurrences = (sign: Sign): readonly Occurrence[] =>
    ('word' in sign ? byWord.get(sign.word) : bySubject.get(sign.subject)) ?? NONE;
  gazetteer.subjects.forEach(({ patterns, subject }, index) => {
    for (const compiled of patterns) {
      const met = meet(compiled, { part: fields === BODY ? 'body' : 'lead', day, occurrences });
      if (met === null) continue;
      for (const occurrence of met) {
        const list = mentions.get(index) ?? [];
        const { text } = scans[occurrence.field];
        const mention = mentionAt(text, occurrence, occurrence.text, `pattern:${compiled.pattern.name}`);
        // An alias or another pattern may have found it already; it is one mention.
        if (!list.some((other) => isSamePlace(other, mention))) list.push(mention);
        mentions.set(index, list);
        note(bySubject, index, { ...occurrence, text: `@${subject.id}` });
      }
    }
  });
}
