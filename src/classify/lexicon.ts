import { readerOf } from './event-readers.ts';
import { wordKey } from './event-features.ts';
import { END, GRAM, MARKS, START, STEM, WORD_SIZE, type FieldWords } from './field-words.ts';
import { LANGS_OF_WORD } from './function-words.ts';
import type { Normalized } from './normalize.ts';
import { LETTER, UNITS, WORD_UNITS, classOf } from './script.ts';
import type { Trie } from './trie.ts';
import { UNKNOWN, UnitMemory, WORDS_MAX } from './unit-memory.ts';
import { hashOf } from './unit-words.ts';
import { EVENT_CUE, LETTERS, NAME, NO_CUE, NO_GRAM } from './word-marks.ts';
import type { Words } from './words.ts';

/** Units of a word that is looked up: nothing as long as this is one, and Porter's patterns need not see it. */
const WORD_UNITS_MAX = 40;

/** What is kept of a word: its stem, its marks, its number among the features of events. */
const KNOWN_SIZE = 3;
/** Where that is kept of all words that are not looked up. */
const TOO_LONG = KNOWN_SIZE * WORDS_MAX;

/** Bits of a small letter, letters in a number, and letters in two. */
const LETTER_BITS = 5;
const HALF_LETTERS = 6;
const PACKED_LETTERS_MAX = 2 * HALF_LETTERS;
const HALF_BITS = (1 << (LETTER_BITS * HALF_LETTERS)) - 1;
const CARRY = LETTER_BITS * (HALF_LETTERS - 1);
/** What other units of words have where small letters have their number. */
const NO_SMALL_LETTER = 1 << LETTER_BITS;
const A = 'a'.charCodeAt(0);
const Z = 'z'.charCodeAt(0);

/** For each unit 0 where it is of no word of an alphabet, the number of a small letter from 1, or NO_SMALL_LETTER. */
const CODES = new Uint8Array(UNITS);
for (let unit = 0; unit < UNITS; unit++) if (WORD_UNITS[unit] === 1) CODES[unit] = NO_SMALL_LETTER;
for (let unit = A; unit <= Z; unit++) CODES[unit] = unit - A + 1;

/** Slots for words kept by their letters: of the words of some days' news, most find a place. */
const SLOTS = 32_768;
/** Slots looked at for a word: words that are made to meet in one place must not cost more. */
const PROBES_MAX = 16;
/** Numbers of a slot: the word's two, what is kept of it, and some to fill up half a line of a cache. */
const SLOT = 8;
const FRONT = KNOWN_SIZE;
const BACK = KNOWN_SIZE + 1;

function isOfLetters(units: Uint16Array, start: number, end: number): boolean {
  for (let at = start; at < end; at++) if (classOf(units[at]) !== LETTER) return false;
  return true;
}

/**
 * What is known of the words of alphabets, whatever text they stand in: each word of a text is looked up once, and whoever reads the
 * text after that need not ask for its letters. Up to twelve small letters, most words of English, are two numbers, five bits
 * a letter, so that one place in memory tells whether it is the word and what it is.
 */
export class Lexicon {
  readonly #names: Trie;
  readonly #cues: Words;
  readonly #packed = new Int32Array(SLOT * SLOTS);
  /** The other words. */
  readonly #memory = new UnitMemory();
  readonly #known = new Int32Array(KNOWN_SIZE * (WORDS_MAX + 1));

  constructor(names: Trie, cues: Words) {
    this.#names = names;
    this.#cues = cues;
    this.#known.set([NO_CUE, NAME | EVENT_CUE, NO_GRAM], TOO_LONG);
  }

  /** Reads the words of a field into `words`. */
  read({ units, length }: Normalized, words: FieldWords): FieldWords {
    const room = words.begin(length);
    let count = 0;
    // Behind the text stands a unit of no word.
    for (let end = 0; end < length; end++) {
      let code = CODES[units[end] ?? 0] ?? 0;
      if (code === 0) continue;
      const start = end;
      let front = 0;
      let back = 0;
      let all = 0;
      do {
        front = ((front << LETTER_BITS) | (back >>> CARRY)) & HALF_BITS;
        back = ((back << LETTER_BITS) | code) & HALF_BITS;
        all |= code;
        end += 1;
        code = CODES[units[end] ?? 0] ?? 0;
      } while (code !== 0);
      const at = count * WORD_SIZE;
      count += 1;
      room[at + START] = start;
      room[at + END] = end;
      if (all < NO_SMALL_LETTER && end - start <= PACKED_LETTERS_MAX) {
        copyKnown(this.#packed, this.#slotOf(units, start, end, front, back), room, at);
      } else copyKnown(this.#known, this.#placeOf(units, start, end), room, at);
    }
    words.count = count;
    return words;
  }

  /** Where a word that is two numbers is kept. */
  #slotOf(units: Uint16Array, start: number, end: number, front: number, back: number): number {
    const packed = this.#packed;
    const first = firstSlot(front, back);
    let slot = first;
    for (let probes = 1; packed[slot + BACK] !== 0; probes++) {
      if (packed[slot + BACK] === back && packed[slot + FRONT] === front) return slot;
      if (probes === PROBES_MAX) {
        // One of those looked at makes room: in any other the word would not be found again.
        slot = first;
        break;
      }
      slot = (slot + SLOT) & (SLOT * SLOTS - 1);
    }
    packed[slot + FRONT] = front;
    packed[slot + BACK] = back;
    this.#tell(units, start, end, packed, slot);
    return slot;
  }

  /** Where any other word is kept. */
  #placeOf(units: Uint16Array, start: number, end: number): number {
    if (end - start > WORD_UNITS_MAX) return TOO_LONG;
    const hash = hashOf(units, start, end);
    const known = this.#memory.placeOf(units, start, end, hash);
    if (known !== UNKNOWN) return known * KNOWN_SIZE;
    const place = this.#memory.add(units, start, end, hash) * KNOWN_SIZE;
    this.#tell(units, start, end, this.#known, place);
    return place;
  }

  /** Writes what there is to know of a word into `known`, from `at` on. */
  #tell(units: Uint16Array, start: number, end: number, known: Int32Array, at: number): void {
    const { cues, model } = readerOf('en');
    const names = this.#names;
    let marks = LANGS_OF_WORD.numberOf(units, start, end);
    if (names.readFrom(units, end, start) > 0 || names.goesOn(units, start, end)) marks |= NAME;
    if (cues.mayBegin(units, start, end)) marks |= EVENT_CUE;
    if (isOfLetters(units, start, end)) marks |= LETTERS;
    known[at] = this.#cues.stemOf(units, start, end);
    known[at + 1] = marks;
    known[at + 2] = model.rowOf(wordKey(units, start, end));
  }
}

/** Copies what is kept of a word at `place` to that of the field that begins at `at`. */
function copyKnown(known: Int32Array, place: number, room: Int32Array, at: number): void {
  room[at + STEM] = known[place] ?? 0;
  room[at + MARKS] = known[place + 1] ?? 0;
  room[at + GRAM] = known[place + 2] ?? 0;
}

/** Where two numbers are looked for first. */
function firstSlot(front: number, back: number): number {
  const hash = Math.imul(front, 0x9e3779b1) ^ Math.imul(back, 0x85ebca6b);
  return ((hash ^ (hash >>> 15)) & (SLOTS - 1)) * SLOT;
}
