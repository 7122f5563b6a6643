import { REPORTED_EVENT_TYPES } from '../events/event-type.ts';
import type { EventClass } from './event-cues.ts';

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

/** Slots for each feature: at most half are taken, which keeps probes short. */
const SLOTS_PER_FEATURE = 2;
const CLASSES = EVENT_CLASSES.length;
const NONE = -1;

export interface Verdict {
  readonly type: EventClass;
  readonly confidence: number;
  readonly nothing: number;
}

/** Weights made ready: adds up what the features of an item say. */
export class EventModel {
  readonly #prior: Float64Array;
  readonly #absent: Float64Array;
  readonly #keys: Uint32Array;
  readonly #rows: Int32Array;
  readonly #weights: Float32Array;
  readonly #mask: number;
  readonly #scores = new Float64Array(CLASSES);
  /** For each feature the item that had it last: a feature counts once an item. */
  readonly #seen: Int32Array;
  #item = 0;

  constructor({ prior, absent, features }: EventWeights) {
    this.#prior = Float64Array.from(prior);
    this.#absent = Float64Array.from(absent);
    const entries = features === '' ? [] : features.split(';');
    const slots = 2 ** Math.ceil(Math.log2(Math.max(2, entries.length * SLOTS_PER_FEATURE)));
    this.#mask = slots - 1;
    this.#keys = new Uint32Array(slots);
    this.#rows = new Int32Array(slots).fill(NONE);
    this.#weights = new Float32Array(entries.length * CLASSES);
    this.#seen = new Int32Array(entries.length);
    entries.forEach((entry, row) => {
      this.#enter(entry, row);
    });
  }

  #enter(entry: string, row: number): void {
    const [key = '', weights = ''] = entry.split('=');
    const number = Number.parseInt(key, 36);
    let slot = number & this.#mask;
    while (this.#rows[slot] !== NONE) slot = (slot + 1) & this.#mask;
    this.#keys[slot] = number;
    this.#rows[slot] = row;
    for (const pair of weights.split(',')) {
      const [type, weight] = pair.split(':');
      this.#weights[row * CLASSES + Number(type)] = Number(weight);
    }
  }

  /** Forgets the item before. `nothingGain` is what `none` has before anything is read, as a logarithm. */
  begin(nothingGain: number): void {
    this.#item += 1;
    this.#scores.set(this.#prior);
    this.#scores[CLASSES - 1] = (this.#prior[CLASSES - 1] ?? 0) + nothingGain;
  }

  /** Counts a feature of the item; one that the model does not know changes nothing. */
  add(key: number, share: number): void {
    let slot = key & this.#mask;
    while (this.#rows[slot] !== NONE && this.#keys[slot] !== key) slot = (slot + 1) & this.#mask;
    const row = this.#rows[slot] ?? NONE;
    if (row === NONE || this.#seen[row] === this.#item) return;
    this.#seen[row] = this.#item;
    const from = row * CLASSES;
    for (let type = 0; type < CLASSES; type++) {
      const gained = (this.#absent[type] ?? 0) + (this.#weights[from + type] ?? 0);
      this.#scores[type] = (this.#scores[type] ?? 0) + share * gained;
    }
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
