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

/** Reads a run of `partsMax` characters at most. A dot between two of them is none: 한·중·일 is 한중일. */
function readRun(text: Normalized, start: number, partsMax: number): Omit<Token, 'joins'> & { end: number } {
  const parts: string[] = [];
  const starts: number[] = [];
  const ends: number[] = [];
  let at = start;
  while (at < text.length && parts.length < partsMax) {
    const kind = kindAt(text, at);
    const width = widthAt(text, at);
    if (kind === CJK) {
      parts.push(String.fromCharCode(...text.units.subarray(at, at + width)));
      starts.push(text.starts[at] ?? 0);
      ends.push(text.ends[at + width - 1] ?? 0);
    } else if (kind !== MARK && (text.units[at] !== DOT || kindAt(text, at + 1) !== CJK)) {
      break;
    }
    at += width;
  }
  return { isRun: true, parts, starts, ends, end: at };
}

/** Whether a run that begins at `start` is one space away from `before`, which ended at `end`, with Hangul at both edges. */
function isJoined(
  text: Normalized,
  before: Token | undefined,
  end: number,
  start: number,
  first: string,
): boolean {
  if (before?.isRun !== true || start !== end + 1 || text.units[end] !== SPACE) return false;
  return isHangul(first) && isHangul(before.parts.at(-1) ?? '');
}

/**
 * The words and runs of a text, over the tagger's folding: one case, one width, one form a Han character, Latin letters
 * without accents. At most `partsMax` parts. Time linear in the length of the text, of which FIELD_UNITS_MAX units are read.
 */
export function tokensOf(original: string, partsMax: number): readonly Token[] {
  const text = normalize(original.slice(0, FIELD_UNITS_MAX));
  const tokens: Token[] = [];
  let [at, end, parts] = [0, 0, 0];
  while (at < text.length && parts < partsMax) {
    const kind = kindAt(text, at);
    if (kind === SPACED) {
      const word = readWord(text, at);
      tokens.push(word.token);
      [at, end, parts] = [word.end, word.end, parts + 1];
    } else if (kind === CJK) {
      const { end: after, ...run } = readRun(text, at, partsMax - parts);
      tokens.push({ ...run, joins: isJoined(text, tokens.at(-1), end, at, run.parts[0] ?? '') });
      [at, end, parts] = [after, after, parts + run.parts.length];
    } else {
      at += widthAt(text, at);
    }
  }
  return tokens;
}
