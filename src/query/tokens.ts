import { normalize } from '../classify/normalize.ts';
import type { Normalized } from '../classify/normalize.ts';
import { BREAK, CJK, isHangul, isLatin, kindAt, MARK, plainOf, SPACED, widthAt } from './character.ts';

/**
 * A word of a spaced script, or a run of CJK characters. Its parts (the word; each character of the run) take one
 * position each.
 */
export interface Token {
  readonly isRun: boolean;
  readonly parts: readonly string[];
  /** Where each part begins and ends in the original: UTF-16 offsets. */
  readonly starts: readonly number[];
  readonly ends: readonly number[];
  /** Whether one space alone parts it from the token before it, Hangul on both sides. */
  readonly joins: boolean;
}

/** Units of a field that are read; a field of the log has far fewer. */
export const FIELD_UNITS_MAX = 100_000;
/** Units of a word that count: two words that agree so far are one. At most three times as many bytes. */
export const WORD_UNITS_MAX = 64;

const [SPACE, APOSTROPHE, DOT, S] = [0x20, 0x27, 0xb7, 0x73];

interface Read {
  readonly token: Token;
  /** The unit after the token and what clings to it. */
  readonly end: number;
}

/** Whether an English possessive ends here: Seoul's is Seoul. */
function isPossessive(text: Normalized, at: number): boolean {
  if (text.units[at] !== APOSTROPHE || text.units[at + 1] !== S || at + 1 >= text.length) return false;
  const next = kindAt(text, at + 2);
  return next === BREAK || next === CJK;
}

/** Appends the character at `at` to a word, as far as it counts. */
function append(word: number[], { units }: Normalized, at: number, width: 1 | 2): void {
  if (word.length + width > WORD_UNITS_MAX) return;
  word.push(plainOf(units[at] ?? 0));
  if (width === 2) word.push(units[at + 1] ?? 0);
}

function readWord(text: Normalized, start: number): Read {
  const word: number[] = [];
  let [at, isOnLatin] = [start, false];
  for (let kind = SPACED; kind === SPACED || kind === MARK; kind = kindAt(text, at)) {
    const width = widthAt(text, at);
    if (kind === SPACED) isOnLatin = isLatin(text.units[at] ?? 0);
    if (kind === SPACED || !isOnLatin) append(word, text, at, width);
    at += width;
  }
  const token = {
    isRun: false,
    parts: [String.fromCharCode(...word)],
    starts: [text.starts[start] ?? 0],
    ends: [text.ends[at - 1] ?? 0],
    joins: false,
  };
  return { token, end: isPossessive(text, at) ? at + 2 : at };
}

/** Without a view of the units, which would cost more than the character. */
function characterAt({ units }: Normalized, at: number, width: 1 | 2): string {
  const unit = units[at] ?? 0;
  return width === 1 ? String.fromCharCode(unit) : String.fromCharCode(unit, units[at + 1] ?? 0);
}

/** Reads a run of `partsMax` characters at most. A dot between two of them is none: 한·중·일 is 한중일. */
function readRun(text: Normalized, start: number, partsMax: number, joins: boolean): Read {
  const parts: string[] = [];
  const starts: number[] = [];
  const ends: number[] = [];
  let at = start;
  while (at < text.length && parts.length < partsMax) {
    const kind = kindAt(text, at);
    const width = widthAt(text, at);
    if (kind === CJK) {
      parts.push(characterAt(text, at, width));
      starts.push(text.starts[at] ?? 0);
      ends.push(text.ends[at + width - 1] ?? 0);
    } else if (kind !== MARK && (text.units[at] !== DOT || kindAt(text, at + 1) !== CJK)) {
      break;
    }
    at += width;
  }
  return { token: { isRun: true, parts, starts, ends, joins }, end: at };
}

/** Whether a run that begins at `start` is one space away from the token `before`, with Hangul at both edges. */
function isJoined(text: Normalized, before: Read | null, start: number): boolean {
  if (before === null || start !== before.end + 1 || text.units[before.end] !== SPACE) return false;
  const { isRun, parts } = before.token;
  return isRun && isHangul(characterAt(text, start, 1)) && isHangul(parts[parts.length - 1] ?? '');
}

/**
 * The words and runs of a text, over the tagger's folding: one case, one width, one form a Han character, Latin letters
 * without accents. At most `partsMax` parts. Time linear in the length of the text, of which FIELD_UNITS_MAX units are read.
 */
export function tokensOf(original: string, partsMax: number): readonly Token[] {
  const text = normalize(original.slice(0, FIELD_UNITS_MAX));
  const tokens: Token[] = [];
  let before: Read | null = null;
  let [at, parts] = [0, 0];
  while (at < text.length && parts < partsMax) {
    const kind = kindAt(text, at);
    if (kind !== SPACED && kind !== CJK) {
      at += widthAt(text, at);
      continue;
    }
    const read: Read =
      kind === SPACED ? readWord(text, at) : readRun(text, at, partsMax - parts, isJoined(text, before, at));
    tokens.push(read.token);
    [at, parts, before] = [read.end, parts + read.token.parts.length, read];
  }
  return tokens;
}
