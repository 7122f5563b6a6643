import { UnitWords } from './unit-words.ts';

/** A list of words that is asked by the units of a text. */
export class WordSet {
  readonly #words: UnitWords;

  constructor(words: readonly string[]) {
    this.#words = new UnitWords(new Map(words.map((word) => [word, 1])));
  }

  /** Whether the units at [start, end) are a word of the list. */
  has(units: Uint16Array, start: number, end: number): boolean {
    return this.#words.numberOf(units, start, end) !== 0;
  }
}
