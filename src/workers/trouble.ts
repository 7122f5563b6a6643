import type { Log } from '../log.ts';
import { reasonOf } from '../store/errors.ts';

/** A trouble that goes on is spoken of again after this. */
const REPEAT_MS = 60_000;

/**
 * Tells the log of trouble: each kind of it once, and again when it has gone on for REPEAT_MS.
 * Several connections that try again and again would otherwise fill it.
 */
export class Trouble {
  readonly #log: Log;
  readonly #words: string;
  readonly #now: () => number;
  readonly #told = new Map<string, number>();

  constructor(log: Log, words: string, now: () => number = () => performance.now()) {
    this.#log = log;
    this.#words = words;
    this.#now = now;
  }

  tell(error: Error): void {
    const now = this.#now();
    const reason = reasonOf(error);
    const told = this.#told.get(reason);
    if (told !== undefined && now - told < REPEAT_MS) return;
    for (const [message, at] of this.#told) if (now - at >= REPEAT_MS) this.#told.delete(message);
    this.#told.set(reason, now);
    this.#log.warn({ error: reason }, this.#words);
  }
}
