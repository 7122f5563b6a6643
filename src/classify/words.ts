import type { Normalized } from './normalize.ts';
import { WORD_UNITS } from './script.ts';
import { hashed, StemMemory, UNKNOWN } from './stem-memory.ts';
import { stemOf } from './stem.ts';

/** Where a cue word of the dossier stands in a field: units of the normalised text. */
type WordFound = (word: number, start: number, end: number) => void;

/** The cue words and phrases of alphabets, matched by stems: `export control` meets `export controls`. */
export interface Words {
  readonly find: (text: Normalized, found: WordFound) => void;
}

/** Units between two words of a phrase: a space, a hyphen, a comma and a space. */
const GAP_UNITS_MAX = 2;
/** Units in a word that can be a cue. */
const WORD_UNITS_MAX = 40;
const NO_CUE = -1;
/** Units of a word up to which it is never told by its beginning: ties has the stem ti. */
const SHORT_UNITS_MAX = 4;
/** Slots of the table of beginnings: a power of two, far more than a dossier's cues need. */
const BEGINNING_SLOTS = 4096;

const [I, Y] = ['i'.charCodeAt(0), 'y'.charCodeAt(0)];

/** The slot of a word's first units (0 for none). Porter's stems keep them, save that they write y as i. */
function beginningOf(first: number, second: number, third: number): number {
  const [b, c] = [second === Y ? I : second, third === Y ? I : third];
  return (Math.imul(first, 2029) + Math.imul(b, 67) + c) & (BEGINNING_SLOTS - 1);
}

interface Phrase {
  readonly word: number;
  readonly stems: readonly number[];
}

interface Token {
  readonly stem: number;
  readonly start: number;
  readonly end: number;
}

/** Whether the tokens from `index` on have these stems, close to one another. */
function follow(tokens: readonly Token[], index: number, stems: readonly number[]): boolean {
  return stems.every((stem, n) => {
    const token = tokens[index + n];
    const before = tokens[index + n - 1];
    if (token?.stem !== stem) return false;
    return n === 0 || before === undefined || token.start - before.end <= GAP_UNITS_MAX;
  });
}

function tokensOf(text: string): readonly string[] {
  return text.split(/[^\p{L}\p{Nd}]+/u).filter((token) => token !== '');
}

class Vocabulary implements Words {
  readonly #stems = new Map<string, number>();
  readonly #phrases = new Map<number, Phrase[]>();
  /** Where cues begin: most words of a text are told by their first units to be none, and never stemmed. */
  readonly #beginnings = new Uint8Array(BEGINNING_SLOTS);
  readonly #known = new StemMemory();

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
    const tokens = this.#tokens(text);
    tokens.forEach(({ stem, start }, index) => {
      for (const { word, stems } of this.#phrases.get(stem) ?? []) {
        const last = tokens[index + stems.length - 1];
        if (last !== undefined && follow(tokens, index, stems)) found(word, start, last.end);
      }
    });
  }

  #tokens({ units, length }: Normalized): readonly Token[] {
    const tokens: Token[] = [];
    for (let at = 0; at < length; at++) {
      let unit = units[at] ?? 0;
      if (WORD_UNITS[unit] !== 1) continue;
      const start = at;
      let hash = 0;
      do {
        hash = hashed(hash, unit);
        at += 1;
        unit = at < length ? (units[at] ?? 0) : 0;
      } while (WORD_UNITS[unit] === 1);
      const stem = this.#stemAt(units, start, at, hash);
      // Words that are no cue keep others apart by their length alone: see GAP_UNITS_MAX.
      if (stem !== NO_CUE) tokens.push({ stem, start, end: at });
    }
    return tokens;
  }

  #learn(stem: string): number {
    const id = this.#stems.get(stem) ?? this.#stems.size;
    this.#stems.set(stem, id);
    // Words of more than SHORT_UNITS_MAX have stems of two units or more: using, us.
    const [first, second, third] = Array.from(stem.slice(0, 3), (unit) => unit.charCodeAt(0));
    this.#beginnings[beginningOf(first ?? 0, second ?? 0, third ?? 0)] = 1;
    return id;
  }

  /** Whether a cue's stem begins as the word at `start` does. */
  #mayBegin(units: Uint16Array, start: number): boolean {
    const [first, second, third] = [units[start] ?? 0, units[start + 1] ?? 0, units[start + 2] ?? 0];
    const begins = this.#beginnings;
    return begins[beginningOf(first, second, third)] === 1 || begins[beginningOf(first, second, 0)] === 1;
  }

  /** The number of the stem of a word, -1 when no cue has it. */
  #stemAt(units: Uint16Array, start: number, end: number, hash: number): number {
    // Nothing as long as this is a word, and Porter's patterns need not see it.
    if (end - start > WORD_UNITS_MAX) return NO_CUE;
    if (end - start > SHORT_UNITS_MAX && !this.#mayBegin(units, start)) return NO_CUE;
    const known = this.#known.stemOf(units, start, end, hash);
    if (known !== UNKNOWN) return known;
    const folded = String.fromCharCode(...units.subarray(start, end));
    const stem = this.#stems.get(stemOf(folded)) ?? NO_CUE;
    this.#known.learn(units, start, end, hash, stem);
    return stem;
  }
}

/** Compiles cue words (folded text, word number). */
export function compileWords(words: readonly (readonly [string, number])[]): Words {
  return new Vocabulary(words);
}
