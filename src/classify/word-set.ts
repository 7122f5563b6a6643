import { hashed } from './stem-memory.ts';

/** Words have no more units than the bits of a number tell apart. */
const UNITS_MAX = 30;
/** Slots for each word, at least: most words of a text are in no list, and find a free slot at once. */
const SLOTS_A_WORD = 4;

/** A list of words that is asked by the units of a text: making a string of each word to ask costs more than the answer. */
export class WordSet {
  readonly #words: readonly string[];
  /** For each slot the number of its word, from 1; 0 where it is free. */
  readonly #slots: Uint16Array;
  /** Bit n is set where a word has n units. */
  readonly #lengths: number;

  /** Throws on a word of more units than UNITS_MAX: lists are written by us. */
  constructor(words: readonly string[]) {
    this.#words = words;
    let slots = 1;
    while (slots < SLOTS_A_WORD * words.length) slots *= 2;
    this.#slots = new Uint16Array(slots);
    let lengths = 0;
    words.forEach((word, number) => {
      if (word.length > UNITS_MAX) throw new RangeError(`${word} is longer than ${UNITS_MAX} units`);
      lengths |= 1 << word.length;
      let hash = 0;
      for (let at = 0; at < word.length; at++) hash = hashed(hash, word.charCodeAt(at));
      let slot = this.#slotOf(hash);
      while (this.#slots[slot] !== 0) slot = (slot + 1) & (slots - 1);
      this.#slots[slot] = number + 1;
    });
    this.#lengths = lengths;
  }

  /** Whether the units at [start, end) are a word of the list. */
  has(units: Uint16Array, start: number, end: number): boolean {
    const length = end - start;
    if (length < 1 || length > UNITS_MAX || ((this.#lengths >> length) & 1) === 0) return false;
    let hash = 0;
    for (let at = start; at < end; at++) hash = hashed(hash, units[at] ?? 0);
    for (let slot = this.#slotOf(hash); ; slot = (slot + 1) & (this.#slots.length - 1)) {
      const number = this.#slots[slot] ?? 0;
      if (number === 0) return false;
      if (isWord(this.#words[number - 1] ?? '', units, start, length)) return true;
    }
  }

  #slotOf(hash: number): number {
    return (hash ^ (hash >>> 15)) & (this.#slots.length - 1);
  }
}

function isWord(word: string, units: Uint16Array, start: number, length: number): boolean {
  if (word.length !== length) return false;
  for (let n = 0; n < length; n++) if (word.charCodeAt(n) !== units[start + n]) return false;
  return true;
}
