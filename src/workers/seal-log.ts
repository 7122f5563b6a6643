import { pause, workAlone } from '../store/alone.ts';
import type { AloneDeps, Follower, Rest } from '../store/alone.ts';
import { SEALS_CONSUMER, sealNext } from '../store/seal-log.ts';

/** How long events may wait for others to be sealed with: a seal for every small append would be most of the chain. */
const SEAL_REST_AFTER_MS = 1_000;
/** How long the sealer sleeps when nobody wakes it. */
const SEAL_POLL_MS = 10_000;

/**
 * Seals the log as it grows, until stopped: a consumer that looks at positions, not at what the events say. Any number of
 * processes may run it, one seals at a time. A database that is away is waited for; anything else halts it, loudly, since
 * then the log is not what it was.
 */
export function followSeals(deps: AloneDeps): Follower {
  const { store, now } = deps;
  const turn = async (): Promise<Rest | null> => {
    const seen = store.wakeup.count;
    const sealed = await sealNext(store.db, false, now());
    if (sealed === null) return null;
    if (sealed.left === 0) return (signal) => store.wakeup.wait(seen, SEAL_POLL_MS, signal);
    if (sealed.seals > 0) return () => Promise.resolve();
    return async (signal) => {
      await pause(SEAL_REST_AFTER_MS, signal);
      // Also when stopping: what this process wrote last shall not lie open until somebody starts another.
      await sealNext(store.db, true, now());
    };
  };
  return workAlone({ name: SEALS_CONSUMER, turn }, deps);
}
