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

/** The borders of words in Han text: bit n is set where a word begins at unit n. */
function segmented(units: string): number {
  segmenter ??= new Intl.Segmenter('zh', { granularity: 'word' });
  let borders = 0;
  for (const { index } of segmenter.segment(units)) borders |= 1 << index;
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

/** The word borders at a hit. */
export interface Borders {
  /** Whether a word begins at the hit's start. */
  readonly start: boolean;
  /** Whether a word ends at the hit's end. */
  readonly end: boolean;
  /** Whether the hit is inside one word. */
  readonly inside: boolean;
}

const ALONE: Borders = { start: true, end: true, inside: true };

/** The word borders at a hit between Han characters, of a run's length (see signs.ts) at most. */
export function bordersAt(text: Normalized, start: number, end: number): Borders {
  const { units, length } = text;
  let from = start;
  while (from > 0 && start - from < CONTEXT_UNITS && classOf(units[from - 1]) === HAN) from -= 1;
  let to = end;
  while (to < length && to - end < CONTEXT_UNITS && classOf(units[to]) === HAN) to += 1;
  if (from === start && to === end) return ALONE;
  const borders = bordersIn(text, from, to) >> (start - from);
  const within = (1 << (end - start)) - 1;
  return {
    start: (borders & 1) === 1,
    end: to === end || ((borders >> (end - start)) & 1) === 1,
    inside: (borders & within) >> 1 === 0,
  };
}
