import { setTimeout } from 'node:timers/promises';

/** How long a lock that keeps everybody out is waited for, while others wait behind it, before they go first. */
export const HURRIED_LOCK_MS = 1_000;
const TRIES_MAX = 60;
const PAUSE_MS = 250;
const LOCK_NOT_AVAILABLE = '55P03';

function isHeldUp(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === LOCK_NOT_AVAILABLE;
}

/**
 * Does `work`, a transaction that needs such a lock and has a lock_timeout of HURRIED_LOCK_MS, again while those who use the
 * tables do not let go of them. Throws the database's error after some TRIES_MAX seconds of that.
 */
export async function hurried<T>(work: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries++) {
    try {
      return await work();
    } catch (error) {
      if (!isHeldUp(error) || tries >= TRIES_MAX) throw error;
      await setTimeout(PAUSE_MS);
    }
  }
}
