import type { Normalized } from './normalize.ts';
import { HAN, classOf } from './script.ts';

/** Units on either side of a hit that are segmented with it: Intl.Segmenter is slow, and quadratic on hostile text. */
const CONTEXT_UNITS = 4;
/** Answers remembered; then the memory starts over. */
const ANSWERS_MAX = 20_000;

/** Made when it is first asked: making it costs 20 ms, which whoever only loads the tagger need not wait for. */
let segmenter: Intl.Segmenter | null = null;

function segmentsOf(units: string): Intl.Segments {
  segmenter ??= new Intl.Segmenter('zh', { granularity: 'word' });
  return segmenter.segment(units);
}

let memory = new Map<string, boolean>();

/** The word borders at a hit, found when they are asked for: most rules ask for one. */
export interface Borders {
  /** Whether a word begins at the hit's start. */
  readonly start: boolean;
  /** Whether a word ends at the hit's end. */
  readonly end: boolean;
  /** Whether the hit is inside one word. */
  readonly inside: boolean;
}

class Window implements Borders {
  readonly #units: string;
  readonly #start: number;
  readonly #end: number;
  #segments: Intl.Segments | null = null;

  /** The hit is at [start, end) of the window. */
  constructor(units: string, start: number, end: number) {
    this.#units = units;
    this.#start = start;
    this.#end = end;
  }

  get start(): boolean {
    return this.#isBorder(this.#start);
  }

  get end(): boolean {
    return this.#isBorder(this.#end);
  }

  get inside(): boolean {
    for (let at = this.#start + 1; at < this.#end; at++) if (this.#isBorder(at)) return false;
    return true;
  }

  #isBorder(at: number): boolean {
    if (at === 0 || at === this.#units.length) return true;
    const key = String.fromCharCode(at) + this.#units;
    const known = memory.get(key);
    if (known !== undefined) return known;
    // Asking for one word costs half of walking over all of them.
    this.#segments ??= segmentsOf(this.#units);
    const isBorder = this.#segments.containing(at)?.index === at;
    if (memory.size >= ANSWERS_MAX) memory = new Map();
    memory.set(key, isBorder);
    return isBorder;
  }
}

const ALONE: Borders = { start: true, end: true, inside: true };

/** The word borders at a hit between Han characters. */
export function bordersAt(text: Normalized, start: number, end: number): Borders {
  let from = start;
  while (from > 0 && start - from < CONTEXT_UNITS && classOf(text.units[from - 1]) === HAN) from -= 1;
  let to = end;
  while (to < text.length && to - end < CONTEXT_UNITS && classOf(text.units[to]) === HAN) to += 1;
  if (from === start && to === end) return ALONE;
  return new Window(String.fromCharCode(...text.units.subarray(from, to)), start - from, end - from);
}
