import type { Normalized } from './normalize.ts';
import { HAN, classOf } from './script.ts';

/** Units on either side of a hit that are segmented with it: Intl.Segmenter is slow, and quadratic on hostile text. */
const CONTEXT_UNITS = 4;
/** Windows remembered; then the memory starts over. */
const WINDOWS_MAX = 20_000;

const segmenter = new Intl.Segmenter('zh', { granularity: 'word' });
let memory = new Map<string, string>();

/** The word borders of a short window, as one character a unit: `|` where a word begins, `.` inside. */
function bordersOf(window: string): string {
  const known = memory.get(window);
  if (known !== undefined) return known;
  const borders = new Array<string>(window.length).fill('.');
  for (const { index } of segmenter.segment(window)) borders[index] = '|';
  const joined = borders.join('') + '|';
  if (memory.size >= WINDOWS_MAX) memory = new Map();
  memory.set(window, joined);
  return joined;
}

export interface Borders {
  /** Whether a word begins at the hit's start. */
  readonly start: boolean;
  /** Whether a word ends at the hit's end. */
  readonly end: boolean;
  /** Whether the hit is inside one word. */
  readonly inside: boolean;
}

/** The word borders at a hit between Han characters. */
export function bordersAt(text: Normalized, start: number, end: number): Borders {
  let from = start;
  while (from > 0 && start - from < CONTEXT_UNITS && classOf(text.units[from - 1]) === HAN) from -= 1;
  let to = end;
  while (to < text.length && to - end < CONTEXT_UNITS && classOf(text.units[to]) === HAN) to += 1;
  if (from === start && to === end) return { start: true, end: true, inside: true };
  const borders = bordersOf(String.fromCharCode(...text.units.subarray(from, to)));
  return {
    start: borders[start - from] === '|',
    end: borders[end - from] === '|',
    inside: !borders.slice(start - from + 1, end - from).includes('|'),
  };
}
