import type { Field, Refusal, ReportedEvent, Tag } from '../events/item.ts';
import { decide } from './decide.ts';
import { EVENT_MODEL_VERSION, reportedEvent } from './event-report.ts';
import type { EventField } from './event-cues.ts';
import { FieldRoom, type FieldText } from './field-text.ts';
import { BODY, LEAD, READ_UNITS_MAX } from './fields.ts';
import { compileGazetteer, type Gazetteer, type TaggerDossier } from './gazetteer.ts';
import { languageOf, primaryOf } from './language.ts';
import { mentionAt, Mentions } from './mentions.ts';
import { NumberSet } from './number-set.ts';
import { propose } from './propose.ts';
import { Refusals } from './refusals.ts';
import { Voices } from './relevance.ts';
import { scan, type Scan } from './scan.ts';
import { SignPlaces } from './sign-places.ts';
import { shortened, tagsOf } from './tags.ts';
import { addTopics, type ItemPart, type Tagged } from './topics.ts';

/** The version of the algorithm: it changes whenever the same dossier could tag the same item otherwise. */
export const TAGGER_VERSION = '5';

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

/** Where the items that a tagger reads are kept while they are, one after the other in the same place. */
interface Room extends Tagged {
  readonly fields: Readonly<Record<Field, FieldRoom>>;
  /** For a title with the name of its publisher. */
  readonly tailed: FieldRoom;
  /** The cue words of the part that is looked through. */
  readonly words: NumberSet;
  readonly voices: Voices;
}

/**
 * A tagger for a dossier. Compiling takes some 20 ms; keep it for the life of the dossier.
 *
 * @example
 * const tagger = createTagger(await loadDossier('dossiers/shuttle-diplomacy'));
 * tagger.tag({ title: 'Seoul and Tokyo resume talks', text: '', lang: 'en', date: '2026-03-01' }).tags;
 */
export function createTagger(dossier: TaggerDossier): Tagger {
  const gazetteer = compileGazetteer(dossier);
  const room: Room = {
    fields: { title: new FieldRoom(), text: new FieldRoom(), body: new FieldRoom() },
    tailed: new FieldRoom(),
    words: new NumberSet(),
    voices: new Voices(),
    mentions: new Mentions(gazetteer.subjects.length),
    refusals: new Refusals(),
    places: new SignPlaces(gazetteer.patterns),
  };
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
function tagItem(gazetteer: Gazetteer, room: Room, input: TaggerInput): Tagging {
  const { lang } = input;
  const title = readOf(input.title);
  const text = readOf(input.text);
  const body = readOf(input.body ?? '');
  const { mentions, refusals, voices } = room;
  const { lexicon } = gazetteer;
  const headline = title.slice(0, gazetteer.publisherTail(title));
  const fields = {
    title: room.fields.title.read(headline, lexicon),
    text: room.fields.text.read(text, lexicon),
    body: room.fields.body.read(body, lexicon),
  };
  const isWhole = headline === title;
  const item = {
    lang: languageOf([title, text], lang, isWhole ? [fields.title, fields.text] : []),
    day: dayOf(input.date),
  };
  const scans: Readonly<Record<Field, Scan>> = {
    title: scan(fields.title, gazetteer, item.lang),
    text: scan(fields.text, gazetteer, item.lang),
    body: scan(fields.body, gazetteer, item.lang),
  };
  mentions.begin();
  refusals.begin();
  if (!isWhole)
    refuseTail(scan(room.tailed.read(title, lexicon), gazetteer, item.lang), headline.length, refusals);
  addNames(gazetteer, { scans, item, fields: LEAD }, room);
  if (body !== '') addNames(gazetteer, { scans, item, fields: BODY }, room);
  const chars = { title: title.length, text: text.length, body: body.length };
  const tags = tagsOf(gazetteer, mentions, chars, voices);
  const refused = refusals.list(gazetteer, mentions);
  const written = primaryOf(lang) === item.lang ? (lang ?? null) : item.lang;
  const event = reportedEvent(
    {
      title: eventField(fields.title, item.lang),
      text: eventField(fields.text, item.lang),
      lang: item.lang,
      tags,
    },
    gazetteer.actors,
  );
  return { lang: written, tags: shortened(tags), relevance: voices.value(), event, refused };
}

/** Of English alone words were looked up for cues of events: see Lexicon. */
function eventField(field: FieldText, lang: string | null): EventField {
  return lang === 'en' ? field : { text: field.text, words: null };
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

/** Adds what `fields` name, and the topics whose patterns they meet, to what was found before. */
function addNames(gazetteer: Gazetteer, part: ItemPart, room: Room): void {
  const { mentions, refusals, words } = room;
  const { scans, item, fields } = part;
  words.clear();
  for (const field of fields) for (const { word } of scans[field].words) words.add(word);
  const proposals = fields.map((field) => propose(scans[field], field, item, refusals));
  const named = decide(proposals, { words, present: mentions }, gazetteer, refusals);
  for (const candidate of named) {
    const { subject, alias, text, rule } = candidate;
    mentions.add(subject, mentionAt(text, candidate, alias.alias.text, rule));
  }
  addTopics(gazetteer, part, named, room);
}
