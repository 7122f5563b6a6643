import { REPORTED_EVENT_TYPES } from '../events/event-type.ts';
import type { EventClass } from './event-cues.ts';
import type { Grams } from './event-features.ts';
import { NO_GRAM } from './word-marks.ts';

/** What the model tells apart, in the order of its numbers. */
export const EVENT_CLASSES: readonly EventClass[] = [...REPORTED_EVENT_TYPES, 'none'];

/**
 * A naive Bayes classifier as it is committed: logarithms of what natural counted. A class scores
 *
 *     prior + n × absent + Σ weight
 *
 * over the n features of the model that an item has. `absent` is what a feature costs a class that never had it in training, and
 * `weight` what one that had it gains against that: most are 0, and not written.
 */
export interface EventWeights {
  /** For each class. */
  readonly prior: readonly number[];
  readonly absent: readonly number[];
  /** Features as `key=class:weight,class:weight`, keys in base 36, classes by number, between semicolons. */
  readonly features: string;
}

/** Slots for each feature: most words of a text are none, and so many free slots tell that at the first look. */
const SLOTS_PER_FEATURE = 8;
const CLASSES = EVENT_CLASSES.length;

export interface Verdict {
  readonly type: EventClass;
  readonly confidence: number;
  readonly nothing: number;
}

/** Weights made ready: adds up what the features of an item say. */
export class EventModel {
  readonly #prior: Float64Array;
  /** For each slot the key of a feature and its number, side by side, as one is hardly read without the other; NO_GRAM where it is free. */
  readonly #slots: Int32Array;
  /** For each feature what each class gains by it. */
  readonly #gains: Float64Array;
  readonly #mask: number;
  readonly #scores = new Float64Array(CLASSES);
  /** For each feature the item that had it last: a feature counts once an item. */
  readonly #seen: Int32Array;
  #item = 0;

  constructor({ prior, absent, features }: EventWeights) {
    this.#prior = Float64Array.from(prior);
    const entries = features === '' ? [] : features.split(';');
    const slots = 2 ** Math.ceil(Math.log2(Math.max(2, entries.length * SLOTS_PER_FEATURE)));
    this.#mask = slots - 1;
    this.#slots = new Int32Array(slots * 2).fill(NO_GRAM);
    this.#gains = new Float64Array(entries.length * CLASSES);
    this.#seen = new Int32Array(entries.length);
    entries.forEach((entry, row) => {
      this.#enter(entry, row, absent);
    });
  }

  #enter(entry: string, row: number, absent: readonly number[]): void {
    const [key = '', weights = ''] = entry.split('=');
    const number = Number.parseInt(key, 36) | 0;
    let slot = number & this.#mask;
    while (this.#slots[slot * 2 + 1] !== NO_GRAM) slot = (slot + 1) & this.#mask;
    this.#slots[slot * 2] = number;
    this.#slots[slot * 2 + 1] = row;
    const gains = this.#gains.subarray(row * CLASSES, (row + 1) * CLASSES);
    gains.set(absent);
    for (const pair of weights.split(',')) {
      const [type, weight] = pair.split(':');
      gains[Number(type)] = (absent[Number(type)] ?? 0) + Math.fround(Number(weight));
    }
  }

  /** Forgets the item before. `nothingGain` is what `none` has before anything is read, as a logarithm. */
  begin(nothingGain: number): void {
    this.#item += 1;
    this.#scores.set(this.#prior);
    this.#scores[CLASSES - 1] = (this.#prior[CLASSES - 1] ?? 0) + nothingGain;
  }

  /** The number of a feature; NO_GRAM where the model does not know it. */
  rowOf(key: number): number {
    const slots = this.#slots;
    const mask = this.#mask;
    let slot = key & mask;
    let row = slots[slot * 2 + 1] ?? NO_GRAM;
    while (row !== NO_GRAM && slots[slot * 2] !== key) {
      slot = (slot + 1) & mask;
      row = slots[slot * 2 + 1] ?? NO_GRAM;
    }
    return row;
  }

  /** Counts the feature of the item with a number; NO_GRAM changes nothing. */
  addRow(row: number, share: number): void {
    if (row === NO_GRAM || this.#seen[row] === this.#item) return;
    this.#seen[row] = this.#item;
    const from = row * CLASSES;
    const scores = this.#scores;
    const gains = this.#gains;
    for (let type = 0; type < CLASSES; type++) {
      scores[type] = (scores[type] ?? 0) + share * (gains[from + type] ?? 0);
    }
  }

  /** Counts each of the words or pairs of a text. */
  addGrams({ keys, count }: Grams, share: number): void {
    for (let n = 0; n < count; n++) this.addRow(this.rowOf(keys[n] ?? 0), share);
  }

  /** The likeliest class, how likely it is and how likely it is that there is nothing, 0..1. */
  best(): Verdict {
    let best = 0;
    for (let type = 1; type < CLASSES; type++) {
      if ((this.#scores[type] ?? 0) > (this.#scores[best] ?? 0)) best = type;
    }
    let sum = 0;
    for (let type = 0; type < CLASSES; type++) {
      sum += Math.exp((this.#scores[type] ?? 0) - (this.#scores[best] ?? 0));
    }
    const nothing = Math.exp((this.#scores[CLASSES - 1] ?? 0) - (this.#scores[best] ?? 0)) / sum;
    return { type: EVENT_CLASSES[best] ?? 'none', confidence: 1 / sum, nothing };
  }
}
