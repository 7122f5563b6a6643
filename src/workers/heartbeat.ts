import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { setTimeout } from 'node:timers/promises';
import type { Log } from '../log.ts';
import { announce, beat, clearGone, forget } from '../store/processes.ts';
import type { Announcement } from '../store/processes.ts';
import type { Store } from '../store/store.ts';
import type { Role } from './roles.ts';

/** How often a process says that it lives. */
export const BEAT_EVERY_MS = 5_000;
/** A process that has missed two beats is worth a look. */
export const LATE_MS_MIN = 2.5 * BEAT_EVERY_MS;
/** A process that has not been heard of for so long is taken for gone or stuck. */
export const SILENT_MS_MAX = 4 * BEAT_EVERY_MS;
const CLEAR_EVERY_BEATS = 60;

export interface HeartbeatDeps {
  readonly store: Store;
  readonly roles: readonly Role[];
  /** The consumers that stand still in this process. */
  readonly halted: ReadonlyMap<string, Error>;
  readonly version?: string;
  readonly now: () => Date;
  readonly log: Log;
}

export interface Heartbeat {
  /** Takes this process off the list. */
  stop(): Promise<void>;
}

/**
 * Says every BEAT_EVERY_MS that this process lives and what it does, for status, doctor and health. Not being heard
 * does no harm to the work itself: what goes wrong is logged, once for as long as it lasts.
 */
export function startHeartbeat(deps: HeartbeatDeps): Heartbeat {
  const stopping = new AbortController();
  const id = randomUUID();
  const beating = beatUntil(deps, id, stopping.signal);
  return {
    async stop() {
      stopping.abort();
      await beating;
      try {
        await forget(deps.store.db, id);
      } catch (error) {
        deps.log.warn({ err: error }, 'this process stays on the list of those that work, as silent');
      }
    },
  };
}

async function beatUntil(deps: HeartbeatDeps, id: string, signal: AbortSignal): Promise<void> {
  const { store, log, now } = deps;
  let failing = false;
  for (let beats = 0; !signal.aborted; beats += 1) {
    const process = announcement(deps, id);
    try {
      if (beats === 0) await announce(store.db, process, now());
      else await beat(store.db, process, now());
      if (beats % CLEAR_EVERY_BEATS === CLEAR_EVERY_BEATS - 1) await clearGone(store.db, process);
      failing = false;
    } catch (error) {
      if (!failing) log.warn({ err: error }, 'cannot say that this process lives, will try again');
      failing = true;
    }
    await setTimeout(BEAT_EVERY_MS, undefined, { signal }).catch(() => undefined);
  }
}

function announcement({ roles, halted, version = '' }: HeartbeatDeps, id: string): Announcement {
  return { id, host: hostname(), pid: process.pid, roles, version, halted: [...halted.keys()] };
}
