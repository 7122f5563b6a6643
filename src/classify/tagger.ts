import type { SubjectId } from '../events/ids.ts';
import type { Field, Mention, Refusal, ReportedEvent, Tag } from '../events/item.ts';
import type { Candidate } from './candidate.ts';
import { decide } from './decide.ts';
import type { NamedAt } from './event-actors.ts';
import { EVENT_MODEL_VERSION, reportedEvent } from './event-report.ts';
import type { Sign } from './compiled-pattern.ts';
import { compileGazetteer, type Gazetteer, type TaggerDossier } from './gazetteer.ts';
import { languageOf, primaryOf } from './language.ts';
import { Folding, normalize, type Normalized } from './normalize.ts';
import { meet, type Occurrence } from './patterns.ts';
import { propose } from './propose.ts';
import type { ItemContext } from './propose.ts';
import { Refusals } from './refusals.ts';
import { relevanceOf, type Stake } from './relevance.ts';
import type { Rule } from './rules.ts';
import { salienceOf } from './salience.ts';
import { scan, type Scan } from './scan.ts';

/** The version of the algorithm: it changes whenever the same dossier could tag the same item otherwise. */
export const TAGGER_VERSION = '3';

/** Mentions listed for one tag at most; salience counts them all. */
export const MENTIONS_MAX = 100;
/**
 * Mentions listed for all tags of one item together, save that each tag has one; salience counts them all. So many of the longest
 * names the dossier may hold, each with a tag of its own, and the refusals beside them fit into one event (EVENT_CHARS_MAX).
 */
export const ITEM_MENTIONS_MAX = 400;

/**
 * UTF-16 units of a field that are read; what stands further on is not tagged. Feeds' titles, summaries, contents and full texts
 * are cut to no more than this long before, so it bounds the work for whoever brings texts of their own.
 */
export const READ_UNITS_MAX = 200_000;

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
  /** The version of the event model. Where the model changes, so does TAGGER_VERSION. */
  readonly model: string;
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
/** In the order in which mentions are listed. */
export const FIELDS: readonly Field[] = [...LEAD, ...BODY];

/**
 * A tagger for a dossier. Compiling takes some 20 ms; keep it for the life of the dossier.
 *
 * @example
 * const tagger = createTagger(await loadDossier('dossiers/shuttle-diplomacy'));
 * tagger.tag({ title: 'Seoul and Tokyo resume talks', text: '', lang: 'en', date: '2026-03-01' }).tags;
 */
export function createTagger(dossier: TaggerDossier): Tagger {
  const gazetteer = compileGazetteer(dossier);
  // One item after the other is read in the same place.
  const room = { title: new Folding(), text: new Folding(), body: new Folding() };
  return {
    version: TAGGER_VERSION,
    model: EVENT_MODEL_VERSION,
    tag: (item) => tagItem(gazetteer, room, item),
  };
}

function dayOf(date: string | null | undefined): string | null {
  return date !== null && date !== undefined && /^\d{4}-\d{2}-\d{2}/.test(date) ? date.slice(0, 10) : null;
}

/**
 * Title and text are tagged as if there were no more of the item, so that what they say stands whatever a page brings along with
 * its article; then the full text by itself, where whoever title and text name is known already.
 */
function tagItem(
  gazetteer: Gazetteer,
  room: Readonly<Record<Field, Folding>>,
  { lang, date, ...given }: TaggerInput,
): Tagging {
  const [title, text, body] = [readOf(given.title), readOf(given.text), readOf(given.body ?? '')];
  const headline = title.slice(0, gazetteer.publisherTail(title));
  const folded = { title: room.title.read(headline), text: room.text.read(text) };
  const isLatin = headline === title && folded.title.isLatin && folded.text.isLatin;
  const item = { lang: languageOf([title, text], lang, isLatin), day: dayOf(date) };
  const read = (words: Normalized): Scan => scan(words, gazetteer, item.lang);
  const scans: Scans = {
    title: read(folded.title),
    text: read(folded.text),
    body: read(room.body.read(body)),
  };
  const tagged: Tagged = { mentions: new Map(), refusals: new Refusals() };
  if (headline !== title) refuseTail(read(normalize(title)), headline.length, tagged.refusals);
  addNames(gazetteer, { scans, item, fields: LEAD }, tagged);
  if (body !== '') addNames(gazetteer, { scans, item, fields: BODY }, tagged);
  const chars = { title: title.length, text: text.length, body: body.length };
  const tags = [...tagged.mentions]
    .map(([subject, list]) => tagOf(gazetteer, subject, list, chars))
    .sort((a, b) => b.salience - a.salience || (a.id < b.id ? -1 : 1));
  const refused = tagged.refusals.list(gazetteer, tagged.mentions);
  const written = primaryOf(lang) === item.lang ? (lang ?? null) : item.lang;
  const relevance = relevanceOf(tags, (id) => stakeIn(gazetteer, id)).value;
  const event = reportedEvent(
    { title: scans.title.text, text: scans.text.text, lang: item.lang, named: namedIn(tags) },
    gazetteer.actors,
  );
  return { lang: written, tags: shortened(tags), relevance, event, refused };
}

/** The tags with the first mentions of each, as many of every tag as ITEM_MENTIONS_MAX lets stand. */
function shortened(tags: readonly Tag[]): readonly Tag[] {
  const listed = (most: number): number =>
    tags.reduce((sum, { mentions }) => sum + Math.min(most, mentions.length), 0);
  let most = MENTIONS_MAX;
  while (most > 1 && listed(most) > ITEM_MENTIONS_MAX) most -= 1;
  return most === MENTIONS_MAX
    ? tags
    : tags.map((tag) => ({ ...tag, mentions: tag.mentions.slice(0, most) }));
}

function readOf(words: string): string {
  return words.length > READ_UNITS_MAX ? words.slice(0, READ_UNITS_MAX) : words;
}

/** What the name of the publisher would have named. */
function refuseTail({ hits, text }: Scan, from: number, refusals: Refusals): void {
  for (const { start, end, aliases } of hits) {
    const first = aliases[0];
    if (first === undefined || first.sign || (text.starts[start] ?? 0) < from) continue;
    refusals.note(first, { field: 'title', text, start, end }, 'publisher-tail');
  }
}

/** Where title and text name subjects. */
function namedIn(tags: readonly Tag[]): readonly NamedAt[] {
  const named: NamedAt[] = [];
  for (const { id, mentions } of tags) {
    for (const { field, start, end } of mentions) {
      if (field !== 'body') named.push({ id, field, start, end });
    }
  }
  return named;
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

/** What was found so far, by the number of the subject, and what was refused. */
interface Tagged {
  readonly mentions: Map<number, Mention[]>;
  readonly refusals: Refusals;
}

/** Adds what `fields` name, and the topics whose patterns they meet, to what was found before. */
function addNames(gazetteer: Gazetteer, part: Part, tagged: Tagged): void {
  const { mentions, refusals } = tagged;
  const { scans, item, fields } = part;
  const words = new Set<number>();
  for (const field of fields) for (const { word } of scans[field].words) words.add(word);
  const proposals = fields.map((field) => propose(scans[field], field, item, refusals));
  const named = decide(proposals, { words, present: new Set(mentions.keys()) }, gazetteer, refusals);
  for (const candidate of named) {
    const list = mentions.get(candidate.subject) ?? [];
    list.push(mentionAt(candidate.text, candidate, candidate.alias.alias.text, candidate.rule));
    mentions.set(candidate.subject, list);
  }
  addPatterns(gazetteer, part, named, tagged);
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
  const sorted = mentions.length === 1 ? mentions : [...mentions].sort(inReadingOrder);
  return {
    id,
    kind,
    salience: salienceOf(sorted, chars),
    mentions: sorted.slice(0, MENTIONS_MAX),
  };
}

function inReadingOrder(a: Mention, b: Mention): number {
  return a.field === b.field
    ? a.start - b.start || a.end - b.end
    : FIELDS.indexOf(a.field) - FIELDS.indexOf(b.field);
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

/** Where the cue words and the named subjects of a part of an item stand. */
class Found {
  readonly #byWord = new Map<number, Occurrence[]>();
  readonly #bySubject = new Map<number, Occurrence[]>();

  constructor({ scans, fields }: Part, named: readonly Candidate[], { wordTexts, subjects }: Gazetteer) {
    for (const field of fields) {
      for (const { word, start, end } of scans[field].words) {
        note(this.#byWord, word, { field, start, end, text: wordTexts[word] ?? '' });
      }
    }
    for (const { subject, field, start, end } of named) {
      this.add(subject, { field, start, end, text: `@${subjects[subject]?.subject.id ?? ''}` });
    }
  }

  add(subject: number, occurrence: Occurrence): void {
    note(this.#bySubject, subject, occurrence);
  }

  readonly occurrences = (sign: Sign): readonly Occurrence[] =>
    ('word' in sign ? this.#byWord.get(sign.word) : this.#bySubject.get(sign.subject)) ?? NONE;
}

function note(map: Map<number, Occurrence[]>, key: number, occurrence: Occurrence): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [occurrence]);
  else list.push(occurrence);
}

/** The numbers of the patterns worth a look, as 1 at their places. */
function openPatterns(
  { patterns }: Gazetteer,
  { scans, fields }: Part,
  named: readonly Candidate[],
): Uint8Array {
  const open = new Uint8Array(patterns.patterns.length);
  for (const field of fields) {
    for (const { word } of scans[field].words) mark(open, patterns.byWord.get(word));
  }
  for (const { subject } of named) mark(open, patterns.bySubject.get(subject));
  return open;
}

function mark(open: Uint8Array, numbers: readonly number[] = []): void {
  for (const number of numbers) open[number] = 1;
}

/** Adds the topics whose patterns are met; a topic found so can be a sign of a later one. */
function addPatterns(gazetteer: Gazetteer, part: Part, named: readonly Candidate[], tagged: Tagged): void {
  const { scans, item, fields } = part;
  const { patterns, bySubject } = gazetteer.patterns;
  const open = openPatterns(gazetteer, part, named);
  if (!open.includes(1)) return;
  const found = new Found(part, named, gazetteer);
  const shape = {
    part: fields === BODY ? 'body' : 'lead',
    day: item.day,
    occurrences: found.occurrences,
  } as const;
  patterns.forEach(({ subject, compiled }, number) => {
    const met = open[number] === 1 ? meet(compiled, shape) : null;
    if (met === null) return;
    const { name } = compiled.pattern;
    if ('missed' in met) {
      const { at, missed } = met;
      const place = { ...at, text: scans[at.field].text };
      tagged.refusals.notePattern(subject, at.text, place, `${missed}:${name}`);
      return;
    }
    const id = gazetteer.subjects[subject]?.subject.id ?? '';
    for (const occurrence of met.occurrences) {
      const list = tagged.mentions.get(subject) ?? [];
      const { text } = scans[occurrence.field];
      const mention = mentionAt(text, occurrence, occurrence.text, `pattern:${name}`);
      // An alias or another pattern may have found it already; it is one mention.
      if (!list.some((other) => isSamePlace(other, mention))) list.push(mention);
      tagged.mentions.set(subject, list);
      found.add(subject, { ...occurrence, text: `@${id}` });
      mark(open, bySubject.get(subject));
    }
  });
}
