import { WORD_UNITS } from './script.ts';
import { UNKNOWN, UnitMemory } from './unit-memory.ts';
import { stemOf } from './stem.ts';
import { hashed } from './unit-words.ts';

/** Where a cue word of the dossier stands in a field: units of the normalised text. */
type WordFound = (word: number, start: number, end: number) => void;

/**
 * The cue words and phrases of alphabets, matched by stems: `export control` meets `export controls`. A field is read word by word,
 * after `begin`; then `find` tells what was in it.
 */
export interface Words {
  readonly begin: () => void;
  /** Reads the word that begins at `start`; gives where it ends. `units` has a unit of no word behind its text. */
  readonly read: (units: Uint16Array, start: number) => number;
  readonly find: (found: WordFound) => void;
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

/** What is kept of a token: its stem, its start and its end. */
const TOKEN_NUMBERS = 3;
/** Tokens there is room for at first, and tokens whose room is kept for the next field. */
const TOKENS_MIN = 256;
const TOKENS_KEPT = 4_096;

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
  readonly #beginnings = new Uint8Array(BEGINNING_SLOTS);
  readonly #known = new UnitMemory();
  /** The words of the field that have the stem of a cue: stem, start and end, by turns. */
  #tokens = new Int32Array(TOKEN_NUMBERS * TOKENS_MIN);
  #count = 0;

  constructor(words: readonly (readonly [string, number])[]) {
    for (const [text, word] of words) {
      const stems = tokensOf(text).map((token) => this.#learn(stemOf(token)));
      const first = stems[0];
      if (first === undefined) continue;
      (this.#phrases[first] ??= []).push({ word, stems });
    }
  }

  begin(): void {
    if (this.#tokens.length > TOKEN_NUMBERS * TOKENS_KEPT)
      this.#tokens = new Int32Array(TOKEN_NUMBERS * TOKENS_MIN);
    this.#count = 0;
  }

  read(units: Uint16Array, start: number): number {
    let end = start;
    let unit = units[start] ?? 0;
    let hash = 0;
    do {
      hash = hashed(hash, unit);
      end += 1;
      unit = units[end] ?? 0;
    } while (WORD_UNITS[unit] === 1);
    const stem = this.#stemAt(units, start, end, hash);
    // Words that are no cue keep others apart by their length alone: see GAP_UNITS_MAX.
    if (stem !== NO_CUE) this.#note(stem, start, end);
    return end;
  }

  find(found: WordFound): void {
    for (let token = 0; token < this.#count; token++) {
      for (const { word, stems } of this.#phrases[this.#stemOf(token)] ?? NO_PHRASES) {
        if (!this.#follow(token, stems)) continue;
        const last = TOKEN_NUMBERS * (token + stems.length - 1);
        found(word, this.#tokens[TOKEN_NUMBERS * token + 1] ?? 0, this.#tokens[last + 2] ?? 0);
      }
    }
  }

  #stemOf(token: number): number {
    return this.#tokens[TOKEN_NUMBERS * token] ?? NO_CUE;
  }

  /** Whether the tokens from `first` on have these stems, close to one another. */
  #follow(first: number, stems: readonly number[]): boolean {
    if (first + stems.length > this.#count) return false;
    for (let n = 1; n < stems.length; n++) {
      const at = TOKEN_NUMBERS * (first + n);
      const gap = (this.#tokens[at + 1] ?? 0) - (this.#tokens[at - 1] ?? 0);
      if (this.#tokens[at] !== stems[n] || gap > GAP_UNITS_MAX) return false;
    }
    return true;
  }

  #note(stem: number, start: number, end: number): void {
    const at = TOKEN_NUMBERS * this.#count;
    if (at === this.#tokens.length) {
      const wider = new Int32Array(2 * at);
      wider.set(this.#tokens);
      this.#tokens = wider;
    }
    this.#tokens[at] = stem;
    this.#tokens[at + 1] = start;
    this.#tokens[at + 2] = end;
    this.#count += 1;
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
    const known = this.#known.numberOf(units, start, end, hash);
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
