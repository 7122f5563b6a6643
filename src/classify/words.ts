import stemmer from 'natural/lib/natural/stemmers/porter_stemmer.js';
import type { Normalized } from './normalize.ts';
import { isWordUnit } from './script.ts';

/** Where a cue word of the dossier stands in a field: units of the normalised text. */
export type WordFound = (word: number, start: number, end: number) => void;

/** The cue words and phrases of alphabets, matched by stems: `export control` meets `export controls`. */
export interface Words {
  readonly find: (text: Normalized, found: WordFound) => void;
}

/** Stems remembered; then the memory starts over. News has some 100,000 words, a day of it far fewer. */
const STEMS_MAX = 50_000;
/** Units between two words of a phrase: a space, a hyphen, a comma and a space. */
const GAP_UNITS_MAX = 2;

/** Porter's stem, after bringing British spelling to the American one that Porter knows. */
export function stemOf(word: string): string {
  const american = word.replace(/([a-z]{3})is(e[ds]?|ing|ation|ations)$/, '$1iz$2');
  return stemmer.stem(american);
}

interface Phrase {
  readonly word: number;
  readonly stems: readonly number[];
}

function tokensOf(text: string): readonly string[] {
  return text.split(/[^\p{L}\p{Nd}]+/u).filter((token) => token !== '');
}

class Vocabulary implements Words {
  readonly #stems = new Map<string, number>();
  readonly #phrases = new Map<number, Phrase[]>();
  #known = new Map<string, number>();

  constructor(words: readonly (readonly [string, number])[]) {
    for (const [text, word] of words) {
      const stems = tokensOf(text).map((token) => this.#learn(stemOf(token)));
      const first = stems[0];
      if (first === undefined) continue;
      this.#phrases.set(first, [...(this.#phrases.get(first) ?? []), { word, stems }]);
    }
  }

  find(text: Normalized, found: WordFound): void {
    if (this.#phrases.size === 0) return;
    const stems: number[] = [];
    const starts: number[] = [];
    const ends: number[] = [];
    for (let at = 0; at < text.length;) {
      if (!isWordUnit(text.units[at])) {
        at += 1;
        continue;
      }
      const start = at;
      while (at < text.length && isWordUnit(text.units[at])) at += 1;
      const stem = this.#stemAt(text, start, at);
      stems.push(stem);
      starts.push(start);
      ends.push(at);
    }
    stems.forEach((stem, index) => {
      if (stem < 0) return;
      for (const { word, stems: wanted } of this.#phrases.get(stem) ?? []) {
        const last = index + wanted.length - 1;
        const meets = wanted.every(
          (other, n) =>
            stems[index + n] === other &&
            (n === 0 || (starts[index + n] ?? 0) - (ends[index + n - 1] ?? 0) <= GAP_UNITS_MAX),
        );
        if (meets) found(word, starts[index] ?? 0, ends[last] ?? 0);
      }
    });
  }

  #learn(stem: string): number {
    const id = this.#stems.get(stem) ?? this.#stems.size;
    this.#stems.set(stem, id);
    return id;
  }

  /** The number of the stem of a word, -1 when no cue has it. */
  #stemAt(text: Normalized, start: number, end: number): number {
    // Nothing as long as this is a word, and Porter's patterns need not see it.
    if (end - start > 40) return -1;
    const token = String.fromCharCode(...text.units.subarray(start, end));
    const known = this.#known.get(token);
    if (known !== undefined) return known;
    if (this.#known.size >= STEMS_MAX) this.#known = new Map();
    const stem = this.#stems.get(stemOf(token)) ?? -1;
    this.#known.set(token, stem);
    return stem;
  }
}

/** Compiles cue words (folded text, word number). */
export function compileWords(words: readonly (readonly [string, number])[]): Words {
  return new Vocabulary(words);
}
