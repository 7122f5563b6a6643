import { setTimeout } from 'node:timers/promises';
import type { Log } from '../log.ts';
import { ensureCheckpoint, haltCheckpoint } from '../store/checkpoints.ts';
import { isPassing, reasonOf } from '../store/errors.ts';
import type { Follower } from '../store/follow.ts';
import { SEALS_CONSUMER, sealNext } from '../store/seal-log.ts';
import type { Store } from '../store/store.ts';

/** How long events may wait for others to be sealed with: a seal for every small append would be most of the chain. */
const SEAL_REST_AFTER_MS = 1_000;
/** How long the sealer sleeps when nobody wakes it. */
const SEAL_POLL_MS = 10_000;
const RETRY_DELAY_MS = 2_000;

export interface SealDeps {
  readonly store: Store;
  readonly now: () => Date;
  readonly log: Log;
}

async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await setTimeout(ms, undefined, { signal }).catch(() => undefined);
}

async function sealUntil({ store, now }: SealDeps, stopping: AbortSignal): Promise<void> {
  await ensureCheckpoint(store.db, SEALS_CONSUMER, now());
  while (!stopping.aborted) {
    const seen = store.wakeup.count;
    const sealed = await sealNext(store.db, false, now());
    if (sealed === null || sealed.left === 0) await store.wakeup.wait(seen, SEAL_POLL_MS, stopping);
    else if (sealed.seals === 0) {
      await pause(SEAL_REST_AFTER_MS, stopping);
      // Also when stopping: what this process wrote last shall not lie open until somebody starts another.
      await sealNext(store.db, true, now());
    }
  }
}

/**
 * Seals the log as it grows, until stopped: a consumer that looks at positions, not at what the events say. Any number of
 * processes may run it, one seals at a time. A database that is away is waited for; anything else halts it, loudly, since
 * then the log is not what it was.
 */
export function followSeals(deps: SealDeps): Follower {
  const { store, now, log } = deps;
  const stopping = new AbortController();
  const run = async (): Promise<Error | null> => {
    while (!stopping.signal.aborted) {
      try {
        await sealUntil(deps, stopping.signal);
      } catch (error) {
        if (!isPassing(error)) return await halt(error as Error);
        log.warn(
          { consumer: SEALS_CONSUMER, error: reasonOf(error as Error) },
          'the log is away, will retry',
        );
        await pause(RETRY_DELAY_MS, stopping.signal);
      }
    }
    return null;
  };
  const halt = async (error: Error): Promise<Error> => {
    log.error({ consumer: SEALS_CONSUMER, err: error }, 'consumer halted');
    await haltCheckpoint(store.db, SEALS_CONSUMER, `${error.name}: ${error.message}`, now()).catch(
      (noting: unknown) => {
        log.error({ consumer: SEALS_CONSUMER, err: noting }, 'could not note why the consumer halted');
      },
    );
    return error;
  };
  const ended = run();
  return {
    ended,
    async stop() {
      stopping.abort();
      await ended;
    },
  };
}
