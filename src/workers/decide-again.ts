import type { AppendResult } from '../store/append.ts';
import type { Store } from '../store/store.ts';

/** What a person's command works with. */
export interface HandDeps {
  readonly store: Store;
  readonly now: () => Date;
}

/** Times to decide again about what somebody else has changed meanwhile. */
const CONFLICT_RETRIES_MAX = 5;

/** The streams that had moved on, so that what was decided about them must be decided again. */
export function lostStreams(results: readonly AppendResult[]): ReadonlySet<string> {
  return new Set(results.filter(({ status }) => status === 'conflict').map(({ stream }) => stream));
}

/**
 * Decides about `all` and appends, by `once`, which gives those whose streams moved on meanwhile; these are decided about
 * again. Throws, naming them by `nameOf`, when they keep moving.
 */
export async function decideAgain<T>(
  all: readonly T[],
  once: (left: readonly T[]) => Promise<readonly T[]>,
  nameOf: (one: T) => string,
): Promise<void> {
  let left = all;
  for (let attempt = 0; attempt < CONFLICT_RETRIES_MAX; attempt++) {
    left = await once(left);
    if (left.length === 0) return;
  }
  throw new Error(`${left.map(nameOf).join(', ')} kept changing under our hands; try again`);
}

/** A change that was to be made whole or not at all, and could not: somebody else changed a part of it meanwhile. */
export class HalfChanged extends Error {
  override readonly name = 'HalfChanged';
  constructor(done: readonly string[], refusals: readonly string[]) {
    super(`${refusals.join('\n')}\nsomebody else was at it too: ${done.join(', ')} had been changed by then`);
  }
}
