import type { Remark, Trouble } from './read-source.ts';

/** Remarks of a kind that are made one by one; the rest is counted. */
const SHOWN_MAX: Readonly<Record<Trouble, number>> = { bad: 20, mended: 5, leftOut: 20, undated: 5 };
/** What is said of the rest. */
const REST: Readonly<Record<Trouble, string>> = {
  bad: 'that could not be read',
  mended: 'that were mended',
  leftOut: 'of which items were left out',
  undated: 'with a date that cannot be read',
};

/** Says what was wrong with sources, the first few of each kind with their place, and counts. */
export class Remarks {
  readonly #say: (line: string) => void;
  readonly counts: Record<Trouble, number> = { bad: 0, mended: 0, leftOut: 0, undated: 0 };
  /** Of what could not be read, lines of archives. */
  badLines = 0;
  readonly #made: Record<Trouble, number> = { bad: 0, mended: 0, leftOut: 0, undated: 0 };

  constructor(say: (line: string) => void) {
    this.#say = say;
  }

  add({ about, where, reason, count, isLine = false }: Remark): void {
    if (about === 'bad' && isLine) this.badLines += count;
    this.counts[about] += count;
    this.#made[about] += 1;
    if (this.#made[about] <= SHOWN_MAX[about]) this.#say(`${where}: ${reason}`);
  }

  /** Says how many were not named. */
  finish(): void {
    for (const about of Object.keys(REST) as Trouble[]) {
      const rest = this.#made[about] - SHOWN_MAX[about];
      if (rest > 0) this.#say(`and ${rest} more ${REST[about]}`);
    }
  }
}
