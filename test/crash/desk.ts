import type { Range } from './items-written.ts';

/** Items handed out at a time. */
const RANGE_ITEMS = 250;
/** Of the ranges one in so many is handed out twice: two processes do the same, and the store sorts it out. */
const TWICE_EVERY = 6;

/** Hands out what is to be written, and takes back what a killed process left. */
export class Desk {
  readonly #of: number;
  readonly #back: Range[] = [];
  #next = 0;
  #handed = 0;
  #open = 0;
  /** Items that may be handed out by now. */
  limit = 0;

  constructor(items: number) {
    this.#of = items;
  }

  /** Whether all is written. */
  get isDone(): boolean {
    return this.#next === this.#of && this.#open === 0 && this.#back.length === 0;
  }

  /** Null when nothing is to be written just now. */
  take(): Range | null {
    const range = this.#back.shift() ?? this.#fresh();
    if (range !== null) this.#open += 1;
    return range;
  }

  #fresh(): Range | null {
    const to = Math.min(this.#next + RANGE_ITEMS, this.limit, this.#of);
    if (to <= this.#next) return null;
    const range = { from: this.#next, to, of: this.#of };
    this.#next = to;
    this.#handed += 1;
    if (this.#handed % TWICE_EVERY === 0) this.#back.push(range);
    return range;
  }

  /** What came of a range: written, or to be handed out again. */
  settle(range: Range, isWritten: boolean): void {
    this.#open -= 1;
    if (!isWritten) this.#back.push(range);
  }
}
