import type { Normalized } from './normalize.ts';
import { HAN, classOf } from './script.ts';
import { UNKNOWN, UnitMemory, WORDS_MAX } from './unit-memory.ts';
import { hashed } from './unit-words.ts';

/** Units on either side of a hit that are segmented with it: Intl.Segmenter is slow, and quadratic on hostile text. */
const CONTEXT_UNITS = 4;
/** Units of the longest hit with its context: a run of one-character names (see signs.ts). */
const WINDOW_UNITS_MAX = 32;
/** Windows segmented together at most. */
const WINDOWS_MAX = 32;
/** Parts windows that are segmented together: no word goes across it. */
const GAP = ' ';

/** Made when it is first asked: making it costs 20 ms, which whoever only loads the tagger need not wait for. */
let segmenter: Intl.Segmenter | null = null;

function segmentsOf(units: string): Intl.Segments {
  segmenter ??= new Intl.Segmenter('zh', { granularity: 'word' });
  return segmenter.segment(units);
}

/** The answers given lately, 1 for a border: those around names come again and again. */
class Answers {
  readonly #memory = new UnitMemory();
  readonly #answers = new Uint8Array(WORDS_MAX);

  /** UNKNOWN where it was not given lately. */
  of(key: Uint16Array, length: number, hash: number): number {
    const place = this.#memory.placeOf(key, 0, length, hash);
    return place === UNKNOWN ? UNKNOWN : (this.#answers[place] ?? UNKNOWN);
  }

  learn(key: Uint16Array, length: number, hash: number, answer: number): void {
    this.#answers[this.#memory.add(key, 0, length, hash)] = answer;
  }
}

let answers: Answers | null = null;

/** A hit with the Han characters around it, and the place in it of which it is asked whether a word begins there. */
class Window {
  /** What the memory knows it by: its units, and behind them the place. */
  readonly #key = new Uint16Array(WINDOW_UNITS_MAX + 1);
  #length = 0;
  #hash = 0;
  /** The place, from the window's first unit on. */
  place = 0;

  /** Takes the window of the hit at [start, end) and the place `at`. */
  take(text: Normalized, start: number, end: number, at: number): this {
    let from = start;
    while (start - from < CONTEXT_UNITS && isHan(text, from - 1)) from -= 1;
    let to = end;
    while (to - end < CONTEXT_UNITS && isHan(text, to)) to += 1;
    this.place = at - from;
    this.#length = to - from;
    this.#hash = 0;
    for (let n = 0; n < this.#length; n++) this.#put(n, text.units[from + n] ?? 0);
    this.#put(this.#length, this.place);
    return this;
  }

  get units(): string {
    // Spread, they would go through the array's iterator one by one.
    return Reflect.apply(String.fromCharCode, null, this.#key.subarray(0, this.#length)) as string;
  }

  /** 1 where a word begins at the place, 0 where none does; UNKNOWN where that was not asked lately. */
  get answer(): number {
    answers ??= new Answers();
    return answers.of(this.#key, this.#length + 1, this.#hash);
  }

  learn(isBorder: boolean): boolean {
    answers ??= new Answers();
    answers.learn(this.#key, this.#length + 1, this.#hash, isBorder ? 1 : 0);
    return isBorder;
  }

  #put(at: number, unit: number): void {
    this.#key[at] = unit;
    this.#hash = hashed(this.#hash, unit);
  }
}

function isHan({ units, length }: Normalized, at: number): boolean {
  return at >= 0 && at < length && classOf(units[at]) === HAN;
}

/** One question is asked after the other. */
const WINDOW = new Window();

/** Whether a word begins at `at`, in or behind the hit at [start, end). */
function isBorder(text: Normalized, start: number, end: number, at: number): boolean {
  const window = WINDOW.take(text, start, end, at);
  const { answer, place } = window;
  if (answer !== UNKNOWN) return answer === 1;
  return window.learn(segmentsOf(window.units).containing(place)?.index === place);
}

/** Whether a word begins where the hit at [start, end) does. */
export function beginsWord(text: Normalized, start: number, end: number): boolean {
  return !isHan(text, start - 1) || isBorder(text, start, end, start);
}

/** Whether a word ends where the hit at [start, end) does. */
export function endsWord(text: Normalized, start: number, end: number): boolean {
  return !isHan(text, end) || isBorder(text, start, end, end);
}

/** Whether the two units at `at` begin a word, and no other one begins between them. */
export function isPairInWord(text: Normalized, at: number): boolean {
  return isBorder(text, at, at + 2, at) && !isBorder(text, at, at + 2, at + 1);
}

/** A place of a name. */
interface Hit {
  readonly start: number;
  readonly end: number;
}

/**
 * Finds out whether words begin at these hits, before it is asked of one after the other: starting to segment costs as much as
 * segmenting a window, and several at once are started on once. Nothing depends on it but time.
 */
export function foresee(text: Normalized, hits: readonly Hit[]): void {
  for (let from = 0; from < hits.length; from += WINDOWS_MAX) {
    segmentTogether(text, hits.slice(from, from + WINDOWS_MAX));
  }
}

function segmentTogether(text: Normalized, hits: readonly Hit[]): void {
  const asked: Hit[] = [];
  const places: number[] = [];
  let joined = '';
  for (const hit of hits) {
    const window = WINDOW.take(text, hit.start, hit.end, hit.start);
    if (window.answer !== UNKNOWN) continue;
    asked.push(hit);
    places.push(joined.length + window.place);
    joined += window.units + GAP;
  }
  if (asked.length < 2) return;
  const segments = segmentsOf(joined);
  asked.forEach(({ start, end }, n) => {
    const window = WINDOW.take(text, start, end, start);
    const place = places[n] ?? 0;
    if (window.answer === UNKNOWN) window.learn(segments.containing(place)?.index === place);
  });
}
