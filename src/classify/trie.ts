import { isWordUnit } from './script.ts';

/**
 * All patterns of a dossier in one tree over UTF-16 units, in flat arrays: a dense table for the first unit, a double array
 * (J. Aoe, "An efficient digital search algorithm by using a double-array structure", 1989) for every further step.
 *
 * A text is read from each place where a pattern may begin, and each reading ends after the longest
 * pattern at the latest, so time is linear in the text. Aho and Corasick's failure links would save little: names
 * begin at word starts in alphabets, and in Han and Hangul most readings end at the first or second unit.
 */
export interface Trie {
  /** Whether a pattern begins with the unit. */
  begins(unit: number): boolean;
  /**
   * Finds every pattern that begins at `at`, shortest first: their numbers and ends lie in `found`, two a pattern, until
   * the next call. Gives how many there are.
   */
  readFrom(units: Uint16Array, length: number, at: number): number;
  /** Whether a pattern begins with the units at [start, end) and goes on with a unit of no word of an alphabet. */
  goesOn(units: Uint16Array, start: number, end: number): boolean;
  /** Pattern and end of what readFrom found, by turns. */
  readonly found: Int32Array;
}

const NONE = -1;
/** The parent of states that have none. */
const ROOT = -2;

interface Node {
  readonly children: Map<number, Node>;
  pattern: number;
}

function grow(patterns: readonly string[]): Node {
  const root: Node = { children: new Map(), pattern: NONE };
  patterns.forEach((pattern, index) => {
    let node = root;
    for (let i = 0; i < pattern.length; i++) {
      const unit = pattern.charCodeAt(i);
      const child = node.children.get(unit) ?? { children: new Map<number, Node>(), pattern: NONE };
      node.children.set(unit, child);
      node = child;
    }
    node.pattern = index;
  });
  return root;
}

/** Numbers for the units that follow another one in some pattern, from 1; 0 for all others. */
function codesOf(patterns: readonly string[]): Uint16Array {
  const codes = new Uint16Array(0x10000);
  let count = 0;
  for (const pattern of patterns) {
    for (let i = 1; i < pattern.length; i++) {
      const unit = pattern.charCodeAt(i);
      if (codes[unit] === 0) codes[unit] = ++count;
    }
  }
  return codes;
}

/** Where the children of each state lie: those of state s at bases[s] + code, which holds s in `parents`. */
class DoubleArray {
  bases = new Int32Array(0);
  parents = new Int32Array(0);
  patterns = new Int32Array(0);
  readonly codes: Uint16Array;
  readonly #codesMax: number;
  /** No slot below it is free. */
  #firstFree = 1;

  constructor(codes: Uint16Array) {
    this.codes = codes;
    this.#codesMax = codes.reduce((most, code) => Math.max(most, code), 0);
    this.#fit(this.#codesMax + 1);
  }

  /** Places a node and all below it; gives its state. */
  placeRoot(node: Node): number {
    const state = this.#free(1);
    this.parents[state] = ROOT;
    this.#placeBelow(state, node);
    return state;
  }

  #placeBelow(state: number, { children, pattern }: Node): void {
    this.patterns[state] = pattern;
    if (children.size === 0) return;
    const edges = [...children].map(([unit, child]) => ({ code: this.codes[unit] ?? 0, child }));
    const base = this.#baseFor(edges.map(({ code }) => code));
    this.bases[state] = base;
    for (const { code } of edges) this.parents[base + code] = state;
    for (const { code, child } of edges) this.#placeBelow(base + code, child);
  }

  /** The least base from which all these codes lead to free slots. */
  #baseFor(codes: readonly number[]): number {
    const least = Math.min(...codes);
    for (let slot = this.#free(least + 1); ; slot = this.#free(slot + 1)) {
      const base = slot - least;
      this.#fit(base + this.#codesMax + 1);
      if (codes.every((code) => this.parents[base + code] === NONE)) return base;
    }
  }

  /** The first free slot from `from` on. */
  #free(from: number): number {
    while (this.parents[this.#firstFree] !== NONE && this.#firstFree < this.parents.length)
      this.#firstFree += 1;
    let slot = Math.max(from, this.#firstFree);
    while (slot < this.parents.length && this.parents[slot] !== NONE) slot += 1;
    this.#fit(slot + 1);
    return slot;
  }

  #fit(slots: number): void {
    const { length } = this.parents;
    if (slots <= length) return;
    const wider = (old: Int32Array<ArrayBuffer>): Int32Array<ArrayBuffer> => {
      const next = new Int32Array(Math.max(slots, length * 2)).fill(NONE);
      next.set(old);
      return next;
    };
    this.bases = wider(this.bases);
    this.parents = wider(this.parents);
    this.patterns = wider(this.patterns);
  }
}

class DoubleArrayTrie implements Trie {
  readonly found: Int32Array;
  readonly #first: Int32Array;
  readonly #codes: Uint16Array;
  readonly #bases: Int32Array;
  readonly #parents: Int32Array;
  readonly #patterns: Int32Array;
  /** Units of no word of an alphabet that follow another unit in some pattern. */
  readonly #between: readonly number[];

  constructor(patterns: readonly string[]) {
    this.found = new Int32Array(2 * patterns.reduce((most, { length }) => Math.max(most, length), 0));
    const array = new DoubleArray(codesOf(patterns));
    this.#first = new Int32Array(0x10000).fill(NONE);
    for (const [unit, node] of grow(patterns).children) this.#first[unit] = array.placeRoot(node);
    this.#codes = array.codes;
    this.#bases = array.bases;
    this.#parents = array.parents;
    this.#patterns = array.patterns;
    this.#between = [...this.#codes.keys()].filter((unit) => this.#codes[unit] !== 0 && !isWordUnit(unit));
  }

  begins(unit: number): boolean {
    return this.#first[unit] !== NONE;
  }

  readFrom(units: Uint16Array, length: number, at: number): number {
    const [codes, bases, parents, patterns] = [this.#codes, this.#bases, this.#parents, this.#patterns];
    const { found } = this;
    let state = this.#first[units[at] ?? 0] ?? NONE;
    let count = 0;
    for (let end = at + 1; state !== NONE; end++) {
      const pattern = patterns[state] ?? NONE;
      if (pattern !== NONE) {
        found[2 * count] = pattern;
        found[2 * count + 1] = end;
        count += 1;
      }
      const code = end < length ? codes[units[end] ?? 0] : 0;
      if (code === undefined || code === 0) break;
      // Nobody is the child of a state without children.
      const next = (bases[state] ?? NONE) + code;
      state = parents[next] === state ? next : NONE;
    }
    return count;
  }

  goesOn(units: Uint16Array, start: number, end: number): boolean {
    let state = this.#first[units[start] ?? 0] ?? NONE;
    for (let at = start + 1; at < end && state !== NONE; at++) state = this.#next(state, units[at] ?? 0);
    if (state === NONE) return false;
    for (const unit of this.#between) if (this.#next(state, unit) !== NONE) return true;
    return false;
  }

  #next(state: number, unit: number): number {
    const code = this.#codes[unit] ?? 0;
    const next = (this.#bases[state] ?? NONE) + code;
    return code !== 0 && this.#parents[next] === state ? next : NONE;
  }
}

/** Builds the tree; `patterns` must be distinct, already folded, and not empty. Pattern n is reported as n. */
export function buildTrie(patterns: readonly string[]): Trie {
  return new DoubleArrayTrie(patterns);
}
