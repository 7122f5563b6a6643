import { HAN, HANGUL, HIRAGANA, KATAKANA, LETTER, UNITS, classOf } from './script.ts';
import type { CueHit, Cues, EventClass, EventField } from './event-cues.ts';
import type { Normalized } from './normalize.ts';

/** Units of the lead that are read: its first sentence or two say what happened, and an item must not cost more for being long. */
export const LEAD_UNITS_MAX = 260;
/** Units of the title that are read. */
export const TITLE_UNITS_MAX = 200;
/** Units of a word by which it is known: enough of a stem, and no stemmer. */
const WORD_UNITS_MAX = 6;

/** The parts of an item that say what kind of act it reports. */
export interface EventText {
  readonly title: EventField;
  readonly text: EventField;
}

/** What is found in the parts: cues of the title and of the lead. */
export interface EventCues {
  readonly title: readonly CueHit[];
  readonly text: readonly CueHit[];
}

export function titleLength({ title }: EventText): number {
  return Math.min(title.text.length, TITLE_UNITS_MAX);
}

export function leadLength({ text }: EventText): number {
  return Math.min(text.text.length, LEAD_UNITS_MAX);
}

export function cuesIn(item: EventText, cues: Cues): EventCues {
  return { title: cues.read(item.title, titleLength(item)), text: cues.read(item.text, leadLength(item)) };
}

/** Where in a text the main predicate of a headline stands: English and Chinese begin with it, Korean and Japanese end with it. */
export type Head = 'first' | 'last';

/** What a cue is to the item: the main act of the title, another act in it, a theme, and the same of the lead. */
export const CUE_ROLES = ['head', 'act', 'theme', 'lead-head', 'lead-act', 'lead-theme'] as const;
export type CueRole = (typeof CUE_ROLES)[number];

/** The numbers of roles, by their places in CUE_ROLES: those of the lead come behind those of the title. */
const HEAD = 0;
const ACT = 1;
const THEME = 2;
const IN_LEAD = 3;

/** Calls `found` for each cue with the number of its role. */
export function eachCue(
  { title, text }: EventCues,
  head: Head,
  found: (type: EventClass, role: number) => void,
): void {
  const inTitle = headOf(title, head);
  for (const hit of title) found(hit.type, roleOf(hit, inTitle));
  const inText = headOf(text, 'first');
  for (const hit of text) found(hit.type, IN_LEAD + roleOf(hit, inText));
}

function roleOf(hit: CueHit, head: CueHit | null): number {
  if (!hit.isAct) return THEME;
  return isAt(hit, head) ? HEAD : ACT;
}

function isAt(hit: CueHit, head: CueHit | null): boolean {
  return head !== null && hit.start === head.start && hit.end === head.end;
}

/** Acts that bring others: `announces a ban`, 輸出禁止を発表. They are the main one where there is no other. */
const isBringing = ({ type }: CueHit): boolean => type === 'state' || type === 'none';

/** The act that is the main one; null without any. */
export function headOf(hits: readonly CueHit[], head: Head): CueHit | null {
  let best: CueHit | null = null;
  for (const hit of hits) {
    if (!hit.isAct) continue;
    const isBetter = best === null || (head === 'last' && isBringing(hit) === isBringing(best));
    if (isBetter || (best !== null && isBringing(best) && !isBringing(hit))) best = hit;
  }
  return best;
}

const HASH_START = 0x811c9dc5;
const HASH_FACTOR = 0x01000193;

function mix(hash: number, unit: number): number {
  return Math.imul(hash ^ unit, HASH_FACTOR);
}

const NAMESPACE = { word: 1, pair: 2, cue: 3 } as const;
const WORD_START = mix(HASH_START, NAMESPACE.word);
const PAIR_START = mix(HASH_START, NAMESPACE.pair);

/** The key of a cue with the number of its role as a feature: see Grams. */
export function cueKey(type: EventClass, role: number): number {
  let hash = mix(HASH_START, NAMESPACE.cue);
  const name = `${type} ${CUE_ROLES[role] ?? ''}`;
  for (let at = 0; at < name.length; at++) hash = mix(hash, name.charCodeAt(at));
  return hash;
}

/** What a unit is to the grams of a text. */
const BETWEEN = 0;
const IN_WORD = 1;
const EAST_ASIAN = 2;

function gramKind(unit: number): number {
  const kind = classOf(unit);
  if (kind === LETTER) return IN_WORD;
  return kind === HAN || kind === HANGUL || kind === HIRAGANA || kind === KATAKANA ? EAST_ASIAN : BETWEEN;
}

const GRAM_KINDS = new Uint8Array(UNITS);
for (let unit = 0; unit < UNITS; unit++) GRAM_KINDS[unit] = gramKind(unit);

/**
 * Keys of the words of an alphabet (their first units) and of the pairs of East Asian characters side by side in a text. They are
 * 32-bit hashes (FNV-1a): no string is made. One text after the other is read into the same place.
 */
export class Grams {
  /** In the order of reading: the first `count` count. */
  readonly keys = new Int32Array(Math.max(TITLE_UNITS_MAX, LEAD_UNITS_MAX));
  count = 0;

  /** Reads [start, end) of a text: at most LEAD_UNITS_MAX. */
  read({ units }: Normalized, start: number, end: number): this {
    const { keys } = this;
    let count = 0;
    let before = BETWEEN;
    for (let at = start; at < end; at++) {
      const unit = units[at] ?? 0;
      const kind = GRAM_KINDS[unit] ?? BETWEEN;
      if (kind === IN_WORD) {
        const wordEnd = endOfWord(units, at, end);
        keys[count++] = wordKey(units, at, wordEnd);
        at = wordEnd - 1;
      } else if (kind === EAST_ASIAN && before === EAST_ASIAN) {
        keys[count++] = mix(mix(PAIR_START, units[at - 1] ?? 0), unit);
      }
      before = kind;
    }
    this.count = count;
    return this;
  }
}

function endOfWord(units: Uint16Array, start: number, length: number): number {
  let end = start + 1;
  while (end < length && GRAM_KINDS[units[end] ?? 0] === IN_WORD) end += 1;
  return end;
}

/** The key of a word of an alphabet as a feature: see Grams. */
export function wordKey(units: Uint16Array, start: number, end: number): number {
  const last = Math.min(end, start + WORD_UNITS_MAX);
  let hash = WORD_START;
  for (let at = start; at < last; at++) hash = mix(hash, units[at] ?? 0);
  return hash;
}
