import type { CompiledAlias } from './gazetteer.ts';
import type { Normalized } from './normalize.ts';

/** A stretch of one-character names, with or without dots between. */
export interface Run {
  readonly places: readonly number[];
  readonly end: number;
}

const NO_NAMES: readonly CompiledAlias[] = [];

/** What is told of each unit of a field, in one place for all fields: they are looked through one after the other. */
let held = new Uint8Array(0);
let numbers = new Uint32Array(0);

function clear(length: number): void {
  if (held.length < length) {
    held = new Uint8Array(2 * length);
    numbers = new Uint32Array(2 * length);
  }
  held.fill(0, 0, length);
  numbers.fill(0, 0, length);
}

/** The one-character names found in one field, where no longer name covers them; to be done with before those of the next. */
export class Signs {
  readonly text: Normalized;
  readonly lang: string | null;
  /** Where they stand, in the order of reading. */
  readonly places: number[] = [];
  readonly #names: (readonly CompiledAlias[])[] = [];

  constructor(text: Normalized, lang: string | null) {
    this.text = text;
    this.lang = lang;
    clear(text.length);
  }

  /** A longer name takes [start, end). */
  hold(start: number, end: number): void {
    for (let at = start; at < end; at++) held[at] = 1;
  }

  add(place: number, names: readonly CompiledAlias[]): void {
    this.places.push(place);
    this.#names.push(names);
    numbers[place] = this.#names.length;
  }

  /** The names a unit can be, by its place; empty where it is covered by a longer name. */
  at(place: number): readonly CompiledAlias[] {
    if (place >= this.text.length || held[place] === 1) return NO_NAMES;
    const number = numbers[place] ?? 0;
    return number === 0 ? NO_NAMES : (this.#names[number - 1] ?? NO_NAMES);
  }

  /** Whether a longer name holds the place: a word begins and ends there. */
  isNamed(place: number): boolean {
    return place >= 0 && place < this.text.length && held[place] === 1;
  }
}
