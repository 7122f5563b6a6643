import type { Normalized } from './normalize.ts';
import { HAN, classOf } from './script.ts';
import { UNKNOWN, UnitMemory } from './unit-memory.ts';
import { hashed } from './unit-words.ts';

/** Units on either side of a hit that are segmented with it: Intl.Segmenter is slow, and quadratic on hostile text. */
const CONTEXT_UNITS = 4;

/** Made when it is first asked: making it costs 20 ms, which whoever only loads the tagger need not wait for. */
let segmenter: Intl.Segmenter | null = null;
/** The borders in windows seen lately: those around names come again and again, and the segmenter takes microseconds. */
let memory: UnitMemory | null = null;

/** The borders of words in Han text: bit n is set where a word begins at unit n. Asked place by place, as walking over all costs more. */
function segmented(units: string): number {
  segmenter ??= new Intl.Segmenter('zh', { granularity: 'word' });
  const segments = segmenter.segment(units);
  let borders = 0;
  for (let at = 0; at < units.length;) {
    const word = segments.containing(at);
    if (word === undefined) break;
    borders |= 1 << word.index;
    at = word.index + word.segment.length;
  }
  return borders;
}

/** The borders in the window [from, to), which is shorter than a number has bits. */
function bordersIn({ units }: Normalized, from: number, to: number): number {
  let hash = 0;
  for (let at = from; at < to; at++) hash = hashed(hash, units[at] ?? 0);
  memory ??= new UnitMemory();
  const known = memory.numberOf(units, from, to, hash);
  if (known !== UNKNOWN) return known;
  const borders = segmented(String.fromCharCode(...units.subarray(from, to)));
  memory.learn(units, from, to, hash, borders);
  return borders;
}

function isHan({ units, length }: Normalized, at: number): boolean {
  return at >= 0 && at < length && classOf(units[at]) === HAN;
}

/** The borders of words around the hit at [start, end), from its start on; the hit is of a run's length (see signs.ts) at most. */
function bordersFrom(text: Normalized, start: number, end: number): number {
  let from = start;
  while (start - from < CONTEXT_UNITS && isHan(text, from - 1)) from -= 1;
  let to = end;
  while (to - end < CONTEXT_UNITS && isHan(text, to)) to += 1;
  return bordersIn(text, from, to) >> (start - from);
}

/** Whether a word begins where the hit at [start, end) does. */
export function beginsWord(text: Normalized, start: number, end: number): boolean {
  return !isHan(text, start - 1) || (bordersFrom(text, start, end) & 1) === 1;
}

/** Whether a word ends where the hit at [start, end) does. */
export function endsWord(text: Normalized, start: number, end: number): boolean {
  return !isHan(text, end) || ((bordersFrom(text, start, end) >> (end - start)) & 1) === 1;
}

/** Whether the two units at `at` begin a word, and no other one begins between them. */
export function isPairInWord(text: Normalized, at: number): boolean {
  return (bordersFrom(text, at, at + 2) & 3) === 1;
}
