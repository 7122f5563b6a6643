import { compileCues, type Cues, type EventClass } from './event-cues.ts';
import { CUE_ROLES, cueKey } from './event-features.ts';
import { EVENT_LANGS, type EventLang } from './event-langs.ts';
import { EVENT_CLASSES, EventModel } from './event-model.ts';
import { EVENT_WEIGHTS } from './event-weights.ts';

/** What the events of a language are found by. */
interface EventReader {
  readonly cues: Cues;
  readonly model: EventModel;
  /** The numbers that the model knows cues by: of each class, by their roles. */
  readonly cueRows: ReadonlyMap<EventClass, readonly number[]>;
}

/** Compiled when the first item of its language comes, English with the first word of an alphabet (see Lexicon): some 5 ms each. */
const readers = new Map<EventLang, EventReader>();

export function readerOf(lang: EventLang): EventReader {
  const known = readers.get(lang);
  if (known !== undefined) return known;
  const model = new EventModel(EVENT_WEIGHTS[lang]);
  const rowsOf = (type: EventClass): readonly number[] =>
    CUE_ROLES.map((_, role) => model.rowOf(cueKey(type, role)));
  const reader = {
    cues: compileCues(EVENT_LANGS[lang].cues),
    model,
    cueRows: new Map(EVENT_CLASSES.map((type) => [type, rowsOf(type)])),
  };
  readers.set(lang, reader);
  return reader;
}
