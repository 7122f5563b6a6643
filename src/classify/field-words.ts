import { READ_UNITS_MAX } from './fields.ts';

/** What is kept of a word, as whole numbers one after the other. */
export const START = 0;
export const END = 1;
export const STEM = 2;
export const MARKS = 3;
export const GRAM = 4;
export const WORD_SIZE = 5;

const ROOM_MIN = 256 * WORD_SIZE;
/** Numbers whose room is kept for the next field: those of any that is read. */
const ROOM_KEPT = (READ_UNITS_MAX / 2 + 1) * WORD_SIZE;

/** The words of alphabets in a field, in the order of reading, with what a lexicon knows of each: reading the next field overwrites them. */
export class FieldWords {
  /** WORD_SIZE numbers a word, of which those of the first `count` words count. */
  room = new Int32Array(ROOM_MIN);
  count = 0;

  /** Makes room for the words of so many units, which have a unit between them. */
  begin(units: number): Int32Array {
    const numbers = ((units >> 1) + 1) * WORD_SIZE;
    const room = this.room.length;
    if (room < numbers || room > ROOM_KEPT) this.room = new Int32Array(Math.max(numbers, ROOM_MIN));
    this.count = 0;
    return this.room;
  }

  /** Where a word begins, in units of the normalised field. */
  start(word: number): number {
    return this.room[WORD_SIZE * word + START] ?? 0;
  }

  end(word: number): number {
    return this.room[WORD_SIZE * word + END] ?? 0;
  }

  /** The number of the stem of a cue of the dossier; NO_CUE where the word has another one. */
  stem(word: number): number {
    return this.room[WORD_SIZE * word + STEM] ?? 0;
  }

  /** What it may be: see word-marks.ts. */
  marks(word: number): number {
    return this.room[WORD_SIZE * word + MARKS] ?? 0;
  }

  /** Its number as a feature of English events; NO_GRAM where it is none. */
  gram(word: number): number {
    return this.room[WORD_SIZE * word + GRAM] ?? 0;
  }
}
