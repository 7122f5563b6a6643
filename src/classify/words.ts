import type { FieldWords } from './field-words.ts';
import { stemOf } from './stem.ts';
import { NO_CUE } from './word-marks.ts';

/** Where a cue word of the dossier stands in a field: units of the normalised text. */
type WordFound = (word: number, start: number, end: number) => void;

/** The cue words and phrases of alphabets, matched by stems: `export control` meets `export controls`. */
export interface Words {
  /** The number of the stem of a word, NO_CUE where no cue has it. */
  readonly stemOf: (units: Uint16Array, start: number, end: number) => number;
  /** Tells what is in a field whose words have been looked up. */
  readonly find: (words: FieldWords, found: WordFound) => void;
}

/** Units between two words of a phrase: a space, a hyphen, a comma and a space. */
const GAP_UNITS_MAX = 2;
/** Units of a word up to which it is never told by its beginning: it may have a stem of one. */
const SHORT_UNITS_MAX = 4;
/** Units of a beginning at most: more tell hardly more words apart. */
const BEGINNING_UNITS_MAX = 4;

/**
 * What the words with a stem begin with. Porter replaces only the ends of words, and of a stem no more than its last unit is new: ties has
 * the stem ti, abilities abl.
 */
function beginningOf(stem: string): string {
  return stem.slice(0, Math.min(BEGINNING_UNITS_MAX, stem.length - 1));
}

interface Phrase {
  readonly word: number;
  readonly stems: readonly number[];
}

const NO_PHRASES: readonly Phrase[] = [];

function tokensOf(text: string): readonly string[] {
  return text.split(/[^\p{L}\p{Nd}]+/u).filter((token) => token !== '');
}

class Vocabulary implements Words {
  readonly #stems = new Map<string, number>();
  /** By the first stem of each. */
  readonly #phrases: Phrase[][] = [];
  /** Where cues begin: most words of a text are told by their first units to be none, and never stemmed. */
  readonly #beginnings = new Set<string>();

  constructor(words: readonly (readonly [string, number])[]) {
    for (const [text, word] of words) {
      const stems = tokensOf(text).map((token) => this.#learn(stemOf(token)));
      const first = stems[0];
      if (first === undefined) continue;
      (this.#phrases[first] ??= []).push({ word, stems });
    }
  }

  find(words: FieldWords, found: WordFound): void {
    for (let first = 0; first < words.count; first++) {
      const stem = words.stem(first);
      // Most words are no cue.
      if (stem === NO_CUE) continue;
      for (const { word, stems } of this.#phrases[stem] ?? NO_PHRASES) {
        if (follow(words, first, stems)) found(word, words.start(first), words.end(first + stems.length - 1));
      }
    }
  }

  #learn(stem: string): number {
    const id = this.#stems.get(stem) ?? this.#stems.size;
    this.#stems.set(stem, id);
    this.#beginnings.add(beginningOf(stem));
    return id;
  }

  /** Whether a cue's stem begins as the word does. */
  #mayBegin(word: string): boolean {
    if (word.length <= SHORT_UNITS_MAX) return true;
    for (let length = 1; length <= BEGINNING_UNITS_MAX; length++) {
      if (this.#beginnings.has(word.slice(0, length))) return true;
    }
    return false;
  }

  stemOf(units: Uint16Array, start: number, end: number): number {
    // Spread, the units would go through the array's iterator one by one.
    const word = Reflect.apply(String.fromCharCode, null, units.subarray(start, end)) as string;
    return this.#mayBegin(word) ? (this.#stems.get(stemOf(word)) ?? NO_CUE) : NO_CUE;
  }
}

/** Whether the words from `first` on have these stems, close to one another. */
function follow(words: FieldWords, first: number, stems: readonly number[]): boolean {
  if (first + stems.length > words.count) return false;
  for (let n = 1; n < stems.length; n++) {
    const gap = words.start(first + n) - words.end(first + n - 1);
    if (words.stem(first + n) !== stems[n] || gap > GAP_UNITS_MAX) return false;
  }
  return true;
}

/** Compiles cue words (folded text, word number). */
export function compileWords(words: readonly (readonly [string, number])[]): Words {
  return new Vocabulary(words);
}
