import type { EventType } from '../events/event-type.ts';
import type { Cue, Field, ReportedEvent, Tag } from '../events/item.ts';
import { partiesInText, type Actors, type NamedAt } from './event-actors.ts';
import type { CueHit, EventField } from './event-cues.ts';
import {
  CUE_ROLES,
  cuesIn,
  eachCue,
  Grams,
  leadLength,
  titleLength,
  type CueRole,
  type EventCues,
  type EventText,
} from './event-features.ts';
import { EVENT_LANGS, isEventLang, type EventLang } from './event-langs.ts';
import type { EventModel, Verdict } from './event-model.ts';
import { filledIn, NO_PARTIES, partiesOf, type Parties } from './event-parties.ts';
import type { Span } from './event-role.ts';
import { joinsNames } from './event-roles.ts';
import { passageOf } from './event-passage.ts';
import { readerOf } from './event-readers.ts';
import { EVENT_MODEL_VERSION } from './event-weights.ts';
import { LEAD } from './fields.ts';
import type { Normalized } from './normalize.ts';
import { LETTERS, NO_GRAM } from './word-marks.ts';

export { EVENT_MODEL_VERSION };

/** How much a word or a pair of characters says next to a cue. */
const GRAM_SHARE = 0.3;
/** How much the words of the lead say next to those of the title. */
const LEAD_SHARE = 0.7;
/** How much a cue says by what it is to the item: the main acts most, words that only go with a type least. */
const SHARE_OF_ROLE: Readonly<Record<CueRole, number>> = {
  head: 1.3,
  act: 1,
  theme: 0.3,
  'lead-head': 1,
  'lead-act': 0.7,
  'lead-theme': 0.2,
};
const CUE_SHARES = CUE_ROLES.map((role) => SHARE_OF_ROLE[role]);
/** How much more a cue of markets, matches, courts says than one of an act: the same verbs are at home there. */
const NOTHING_SHARE = 1.25;
/** Items that report nothing are far more common in feeds than in the examples: natural logarithm of how much more. */
const NOTHING_GAIN = 1;
/** A type that less speaks for is not said: where acts of two types share the title, half of it may be for each. */
const CONFIDENCE_MIN = 0.3;
/** Where it is likelier than this that nothing is reported, a type must be likelier than not. */
const NOTHING_MAX = 0.1;
/** The same for a type that no act of the title speaks for: leads are full of verbs. */
const CONFIDENCE_MIN_WITHOUT_TITLE = 0.9;
/** Cues kept with an event. */
const CUES_MAX = 6;

/** An item as events are looked for in it. */
export interface EventInput extends EventText {
  /** Primary subtag. */
  readonly lang: string | null;
  /** Their mentions in the order of reading. */
  readonly tags: readonly Tag[];
}

/** Where the words of one text after the other are read. */
const GRAMS = new Grams();

/** Counts the words and pairs of the first `length` units of a field; the words of `field.words` are known by number already. */
function addGrams({ text, words }: EventField, length: number, share: number, model: EventModel): void {
  if (words === null || !text.isLatin) {
    model.addGrams(GRAMS.read(text, 0, length), share);
    return;
  }
  for (let word = 0; word < words.count && words.start(word) < length; word++) {
    const isWhole = (words.marks(word) & LETTERS) !== 0 && words.end(word) <= length;
    if (isWhole) model.addRow(words.gram(word), share);
    else model.addGrams(GRAMS.read(text, words.start(word), Math.min(words.end(word), length)), share);
  }
}

/** The likeliest class of an item with these cues. */
function classify(item: EventText, found: EventCues, lang: EventLang): Verdict {
  const { model, cueRows } = readerOf(lang);
  model.begin(NOTHING_GAIN);
  eachCue(found, EVENT_LANGS[lang].head, (type, role) => {
    const share = (type === 'none' ? NOTHING_SHARE : 1) * (CUE_SHARES[role] ?? 0);
    model.addRow(cueRows.get(type)?.[role] ?? NO_GRAM, share);
  });
  addGrams(item.title, titleLength(item), GRAM_SHARE, model);
  addGrams(item.text, leadLength(item), GRAM_SHARE * LEAD_SHARE, model);
  return model.best();
}

function cueAt(field: Field, text: Normalized, { start, end, isAct }: CueHit): Cue {
  const from = text.starts[start] ?? 0;
  const to = text.ends[end - 1] ?? from;
  return {
    field,
    start: from,
    end: to,
    surface: text.original.slice(from, to),
    rule: isAct ? 'act' : 'theme',
  };
}

/** The cues that speak for a type, acts first; each of them in the order of reading. */
function cuesFor(type: EventType, item: EventText, found: EventCues): readonly Cue[] {
  const acts: Cue[] = [];
  const themes: Cue[] = [];
  for (const field of LEAD) {
    for (const hit of found[field]) {
      if (hit.type === type) (hit.isAct ? acts : themes).push(cueAt(field, item[field].text, hit));
    }
  }
  return [...acts, ...themes].slice(0, CUES_MAX);
}

/** Units of a title that are read for its genre: no headline is as long, and some patterns take time quadratic in it. */
const GENRE_UNITS_MAX = 500;

/** Sentences end so, unless the next goes on in small letters; a headline is one sentence. */
const SENTENCE_END = /[.!?](?=\s|$)(?!\s+\p{Ll})|[。！？]/gu;
/** A full stop behind these is theirs: initials, titles, months. */
const ABBREVIATED =
  /(?<![\p{L}\p{N}])(?:\p{Lu}|Mr|Mrs|Ms|Dr|Prof|Gov|Gen|Lt|Col|Maj|Adm|Capt|Sgt|Sen|Rep|Rev|St|No|vs|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)$/u;
/** Units before a full stop that are read for an abbreviation, and one more. */
const ABBREVIATION_UNITS = 6;

/** Units of a field that are read for parties: a text without full stops must not cost more for being long. */
const PARTY_UNITS_MAX = 400;

/** Where the first sentence ends, its mark included. */
function firstSentenceEnd(text: string): number {
  SENTENCE_END.lastIndex = 0;
  for (let mark = SENTENCE_END.exec(text); mark !== null; mark = SENTENCE_END.exec(text)) {
    const { index } = mark;
    const isShort =
      text.charAt(index) === '.' &&
      ABBREVIATED.test(text.slice(Math.max(0, index - ABBREVIATION_UNITS), index));
    if (!isShort) return SENTENCE_END.lastIndex;
  }
  return text.length;
}

/** Where the first units of a field name subjects, save where they were written. */
function namedIn(tags: readonly Tag[], field: Field, units: number): readonly NamedAt[] {
  const named: NamedAt[] = [];
  for (const { id, mentions } of tags) {
    for (const { field: of, start, end, rule } of mentions) {
      if (of === field && end <= units && rule !== 'dateline') named.push({ id, field, start, end });
    }
  }
  return named;
}

/** Whether title or text name it, and not just in a dateline: their mentions come before those of the full text. */
function isNamed({ mentions }: Tag): boolean {
  const first = mentions.find(({ rule }) => rule !== 'dateline');
  return first !== undefined && first.field !== 'body';
}

function partiesIn(
  field: 'title' | 'text',
  input: EventInput,
  lang: EventLang,
  actors: Actors,
  event: { type: EventType; cues: readonly Cue[] },
): Parties {
  const start = input[field].text.original.slice(0, PARTY_UNITS_MAX);
  const read = field === 'title' ? start : start.slice(0, firstSentenceEnd(start));
  const { text, at } = passageOf(read);
  const placed = <Place extends Span>(place: Place): Place => ({
    ...place,
    start: at(place.start),
    end: at(place.end),
  });
  const named = namedIn(input.tags, field, read.length).map(placed);
  const parties = partiesInText(lang, text, named, actors, (from, to) =>
    joinsNames(lang, text.slice(from, to)),
  );
  if (parties.length === 0) return NO_PARTIES;
  const here = event.cues.filter((one) => one.field === field && one.end <= read.length).map(placed);
  const acts = here.filter(({ rule }) => rule === 'act');
  return partiesOf(
    lang,
    { text, acts: acts.length > 0 ? acts : here.slice(0, 1), type: event.type },
    parties,
  );
}

/** The title says who and whom; what it leaves out its lead may say. */
function parties(
  input: EventInput,
  lang: EventLang,
  actors: Actors,
  event: { type: EventType; cues: readonly Cue[] },
): Parties {
  const title = partiesIn('title', input, lang, actors, event);
  if (title.from.length > 0 && (title.to.length > 0 || event.type === 'state')) return title;
  return filledIn(title, partiesIn('text', input, lang, actors, event));
}

function isDoubtful({ type, confidence, nothing }: Verdict, found: EventCues): boolean {
  const isInTitle = found.title.some((hit) => hit.isAct && hit.type === type);
  if (!isInTitle) return confidence < CONFIDENCE_MIN_WITHOUT_TITLE;
  return confidence < CONFIDENCE_MIN || (nothing > NOTHING_MAX && confidence < 0.5);
}

/** What a state does to another, though it be none of the dossier; the rest it does at home as well. */
const ABROAD: ReadonlySet<EventType> = new Set([
  'agree',
  'meet',
  'cooperate',
  'sanction',
  'threaten',
  'mobilize',
  'assault',
]);

/**
 * Whether the act is none between the dossier's states: nobody of them does it, and it is done to none of them, or said to all the world.
 * Where the title has words of a market, a match, a court, an election, somebody must do it, and to somebody unless it is done abroad. Who
 * marches is never one of them.
 */
function isNobodys(type: EventType, { from, to }: Parties, { title }: EventCues): boolean {
  const isOfNothing = title.some((hit) => hit.isAct && hit.type === 'none');
  if (from.length > 0) return isOfNothing && to.length === 0 && !ABROAD.has(type);
  return isOfNothing || (type !== 'protest' && (to.length === 0 || type === 'state'));
}

/**
 * What kind of act an item reports and who does it to whom; null where it reports none, names nothing of the dossier, or is in a language
 * that is not read for events. Reads the title and the first sentences of the text.
 */
export function reportedEvent(input: EventInput, actors: Actors): ReportedEvent | null {
  const { lang, tags } = input;
  if (!isEventLang(lang) || !tags.some(isNamed)) return null;
  if (EVENT_LANGS[lang].genre.test(input.title.text.original.slice(0, GENRE_UNITS_MAX))) return null;
  const found = cuesIn(input, readerOf(lang).cues);
  if (found.title.length + found.text.length === 0) return null;
  const verdict = classify(input, found, lang);
  const { type, confidence } = verdict;
  if (type === 'none' || isDoubtful(verdict, found)) return null;
  const cues = cuesFor(type, input, found);
  const { from, to } = parties(input, lang, actors, { type, cues });
  if (isNobodys(type, { from, to }, found)) return null;
  const rounded = Math.round(confidence * 100) / 100;
  // Who shows force together and against nobody holds a joint drill.
  if (type === 'mobilize' && to.length === 0 && actors.sidesOf(from) > 1) {
    return {
      type: 'cooperate',
      cues: cuesFor('cooperate', input, found),
      confidence: rounded,
      from,
      to: from,
    };
  }
  return { type, cues, confidence: rounded, from, to };
}
