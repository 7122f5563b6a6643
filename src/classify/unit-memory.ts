import { spread } from './unit-words.ts';

/** Words remembered; then the memory starts over. Of what is asked about a day's words, most is among them. */
export const WORDS_MAX = 16_384;
/** Units of all words remembered. */
const UNITS_MAX = 16 * WORDS_MAX;
/** A power of two; half of the slots at most are taken, which keeps probes short. */
const SLOTS = 2 * WORDS_MAX;
/** Slots looked at for a word: words that are made to meet in one place must not cost more. */
const PROBES_MAX = 32;
const FREE = -1;

/** What placeOf gives for a word not seen before. */
export const UNKNOWN = -1;

/**
 * The words seen lately, each with a place below WORDS_MAX of its own, at which others keep what they know of it. They are found
 * by their units, without making a string of them.
 */
export class UnitMemory {
  readonly #slots = new Int32Array(SLOTS).fill(FREE);
  /** Where the units of word n begin; those of the next one are their end. */
  readonly #starts = new Uint32Array(WORDS_MAX + 1);
  readonly #units = new Uint16Array(UNITS_MAX);
  #words = 0;

  placeOf(units: Uint16Array, start: number, end: number, hash: number): number {
    let slot = spread(hash) & (SLOTS - 1);
    for (let probes = 0; probes < PROBES_MAX; probes++) {
      const word = this.#slots[slot] ?? FREE;
      if (word === FREE) return UNKNOWN;
      if (this.#isWord(word, units, start, end)) return word;
      slot = (slot + 1) & (SLOTS - 1);
    }
    return UNKNOWN;
  }

  /** Remembers a word that was not known, and gives its place; perhaps all places are given anew from then on. */
  add(units: Uint16Array, start: number, end: number, hash: number): number {
    if (this.#words === WORDS_MAX || this.#end + end - start > UNITS_MAX) this.#forget();
    const word = this.#words;
    const at = this.#end;
    for (let n = 0; n < end - start; n++) this.#units[at + n] = units[start + n] ?? 0;
    this.#words = word + 1;
    this.#starts[word + 1] = at + end - start;
    this.#slots[this.#slotFor(spread(hash) & (SLOTS - 1))] = word;
    return word;
  }

  /** The first free slot of those looked at for a word; where all are taken, the first of them, whose word is forgotten. */
  #slotFor(first: number): number {
    let slot = first;
    for (let probes = 0; probes < PROBES_MAX; probes++) {
      if (this.#slots[slot] === FREE) return slot;
      slot = (slot + 1) & (SLOTS - 1);
    }
    return first;
  }

  get #end(): number {
    return this.#starts[this.#words] ?? 0;
  }

  #forget(): void {
    this.#slots.fill(FREE);
    this.#words = 0;
  }

  #isWord(word: number, units: Uint16Array, start: number, end: number): boolean {
    const at = this.#starts[word] ?? 0;
    if ((this.#starts[word + 1] ?? 0) - at !== end - start) return false;
    for (let n = 0; n < end - start; n++) if (this.#units[at + n] !== units[start + n]) return false;
    return true;
  }
}
