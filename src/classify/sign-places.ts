import type { Field } from '../events/item.ts';
import { FIELD_NUMBERS, FIELDS } from './fields.ts';
import type { PatternIndex } from './pattern-index.ts';

/** A sign of a pattern where it stands, in units of its normalised field. */
export interface Occurrence {
  readonly field: Field;
  readonly start: number;
  readonly end: number;
  /** The cue word, or `@` and the subject. */
  readonly text: string;
}

/** What stands for no occurrence and no pattern. */
export const NONE = -1;

/** What is kept of an occurrence, as whole numbers one after the other. */
const SIGN = 0;
const FIELD = 1;
const START = 2;
const END = 3;
/** The number of the next occurrence of the same sign. */
const NEXT = 4;
const SIZE = 5;

const NO_PAIRS = new Uint32Array(0);

const ROOM_MIN = 64;
/** Occurrences that room is kept for between two items. */
const ROOM_KEPT_MAX = 8_192;

/**
 * Where the signs that patterns ask for stand in a part of an item, and which patterns have all their groups there. One part after the
 * other is noted in the same place: what was noted of the last one counts no more.
 */
export class SignPlaces {
  readonly #index: PatternIndex;
  #part = 0;
  /** For each sign the last part that had it, and the first and last of its occurrences there. */
  readonly #parts: Int32Array;
  readonly #firsts: Int32Array;
  readonly #lasts: Int32Array;
  #room = new Int32Array(ROOM_MIN * SIZE);
  #count = 0;
  /** For each pattern the bits of those of its groups that have a sign, and 1 where all have. */
  readonly #met: Uint32Array;
  readonly #open: Uint8Array;

  constructor(index: PatternIndex) {
    this.#index = index;
    const { length } = index.signTexts;
    this.#parts = new Int32Array(length);
    this.#firsts = new Int32Array(length);
    this.#lasts = new Int32Array(length);
    this.#met = new Uint32Array(index.patterns.length);
    this.#open = new Uint8Array(index.patterns.length);
  }

  /** Forgets the part before. */
  begin(): void {
    this.#part += 1;
    this.#count = 0;
    this.#met.fill(0);
    this.#open.fill(0);
    if (this.#room.length > ROOM_KEPT_MAX * SIZE) this.#room = new Int32Array(ROOM_MIN * SIZE);
  }

  noteWord(word: number, field: Field, start: number, end: number): void {
    this.#note(word, field, start, end);
  }

  noteSubject(subject: number, field: Field, start: number, end: number): void {
    this.#note(this.#index.wordCount + subject, field, start, end);
  }

  #note(sign: number, field: Field, start: number, end: number): void {
    if (this.#index.isAsked[sign] !== 1) return;
    const occurrence = this.#count;
    this.#count += 1;
    const at = occurrence * SIZE;
    if (at === this.#room.length) this.#grow();
    const room = this.#room;
    room[at + SIGN] = sign;
    room[at + FIELD] = FIELD_NUMBERS[field];
    room[at + START] = start;
    room[at + END] = end;
    room[at + NEXT] = NONE;
    if (this.has(sign)) room[(this.#lasts[sign] ?? 0) * SIZE + NEXT] = occurrence;
    else this.#meetSign(sign, occurrence);
    this.#lasts[sign] = occurrence;
  }

  #meetSign(sign: number, occurrence: number): void {
    this.#parts[sign] = this.#part;
    this.#firsts[sign] = occurrence;
    const { groups, allGroups } = this.#index;
    const pairs = groups[sign] ?? NO_PAIRS;
    for (let n = 0; n < pairs.length; n += 2) {
      const pattern = pairs[n] ?? 0;
      const met = (this.#met[pattern] ?? 0) | (pairs[n + 1] ?? 0);
      this.#met[pattern] = met;
      if (met === allGroups[pattern]) this.#open[pattern] = 1;
    }
  }

  #grow(): void {
    const room = new Int32Array(this.#room.length * 2);
    room.set(this.#room);
    this.#room = room;
  }

  /** The number of the first pattern from `from` on that has a sign of each of its groups; NONE where there is no further one. */
  openFrom(from: number): number {
    return this.#open.indexOf(1, from);
  }

  has(sign: number): boolean {
    return this.#parts[sign] === this.#part;
  }

  /** The first occurrence of a sign that the part has. */
  first(sign: number): number {
    return this.#firsts[sign] ?? NONE;
  }

  /** The next occurrence of the same sign; NONE behind the last. */
  next(occurrence: number): number {
    return this.#room[occurrence * SIZE + NEXT] ?? NONE;
  }

  isIn(field: Field, occurrence: number): boolean {
    return this.#room[occurrence * SIZE + FIELD] === FIELD_NUMBERS[field];
  }

  start(occurrence: number): number {
    return this.#room[occurrence * SIZE + START] ?? 0;
  }

  end(occurrence: number): number {
    return this.#room[occurrence * SIZE + END] ?? 0;
  }

  at(occurrence: number): Occurrence {
    const at = occurrence * SIZE;
    return {
      field: FIELDS[this.#room[at + FIELD] ?? 0] ?? 'title',
      start: this.start(occurrence),
      end: this.end(occurrence),
      text: this.#index.signTexts[this.#room[at + SIGN] ?? 0] ?? '',
    };
  }
}
