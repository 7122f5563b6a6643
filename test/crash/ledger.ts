import type { Acknowledged } from './items-written.ts';

/** What the store acknowledged to processes that may be dead since. */
export class Ledger {
  readonly #positions = new Map<string, number | null>();
  readonly #contradictions: string[] = [];

  /** Where each event was said to be; null where all that was said is that it is there. */
  get positions(): ReadonlyMap<string, number | null> {
    return this.#positions;
  }

  /** Events that were said to have been appended twice. */
  get contradictions(): readonly string[] {
    return this.#contradictions;
  }

  note(events: readonly Acknowledged[]): void {
    for (const [id, position] of events) {
      const known = this.#positions.get(id) ?? null;
      if (known !== null && position !== null && known !== position)
        this.#contradictions.push(`${id} at ${known} and at ${position}`);
      this.#positions.set(id, known ?? position);
    }
  }
}
