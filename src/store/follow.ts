import { setTimeout } from 'node:timers/promises';
import type { EventType, Recorded } from '../events/event.ts';
import type { Position } from '../events/ids.ts';
import type { Log } from '../log.ts';
import { ensureCheckpoint, haltCheckpoint, lockCheckpoint, moveCheckpoint } from './checkpoints.ts';
import type { Db, Tx } from './database.ts';
import { isPassing, reasonOf } from './errors.ts';
import { readAfter, READ_EVENTS_MAX } from './read.ts';
import type { Store } from './store.ts';

/** How long a follower sleeps when nobody wakes it: the last resort, should wake-ups be blind altogether. */
const FOLLOW_POLL_MS = 10_000;
/**
 * Between two batches that are not full: in a flood of small appends a transaction for each costs more than what it does.
 * The first event after a pause is handled at once.
 */
const BATCH_GAP_MS = 20;
const RETRY_MIN_MS = 200;
const RETRY_MAX_MS = 10_000;

/** Code that follows the log. */
export interface Consumer {
  /** Names its checkpoint; one process at a time handles a batch under this name. */
  readonly name: string;
  readonly handles: readonly EventType[];
  /**
   * Handles events in order, in one transaction with the checkpoint: what it writes through `tx` happens exactly
   * once. Effects elsewhere may be repeated after a crash, so they must bear that. Throwing halts the consumer,
   * unless the database was merely away.
   */
  handle(tx: Tx, events: readonly Recorded[]): Promise<void>;
  /** Runs in a follower after the batch is committed, and not at all after a crash: for hints that speed things up. */
  committed?(events: readonly Recorded[]): Promise<void> | void;
}

export interface Step {
  readonly from: Position;
  readonly until: Position;
  /** The events that were handed over. */
  readonly handled: readonly Recorded[];
}

/**
 * Handles one batch. Null when another process holds the consumer. `until` equals `from` when there is nothing
 * new. The clock only stamps the checkpoint.
 */
export async function step(db: Db, consumer: Consumer, now: () => Date): Promise<Step | null> {
  let handled: readonly Recorded[] = [];
  const done = await db.transaction().execute(async (tx): Promise<Omit<Step, 'handled'> | null> => {
    const from = await lockCheckpoint(tx, consumer.name);
    if (from === null) return null;
    const { events, until } = await readAfter(tx, from, consumer.handles);
    if (until === from) return { from, until };
    if (events.length > 0) await consumer.handle(tx, events);
    await moveCheckpoint(tx, consumer.name, from, until, now());
    handled = events;
    return { from, until };
  });
  return done === null ? null : { ...done, handled };
}

async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await setTimeout(ms, undefined, { signal }).catch(() => undefined);
}

export interface Follower {
  /** Resolves when the batch in hand is done and no other will be taken. */
  stop(): Promise<void>;
  /** Resolves when the follower has ended, by stop or by halting; gives the error that halted it. */
  readonly ended: Promise<Error | null>;
}

/**
 * Follows the log with `consumer` from its checkpoint, until stopped. Woken by appends of this process and by
 * NOTIFY of others, and by a poll should both be lost. A database that is away is waited for; any other error
 * halts this consumer only, and is noted at its checkpoint and in the log.
 */
export function follow(
  store: Store,
  consumer: Consumer,
  log: Log,
  now: () => Date,
  pollMs: number = FOLLOW_POLL_MS,
): Follower {
  const stopping = new AbortController();
  const run = async (): Promise<Error | null> => {
    let delay = RETRY_MIN_MS;
    let known = false;
    while (!stopping.signal.aborted) {
      try {
        if (!known) await ensureCheckpoint(store.db, consumer.name, now());
        known = true;
        const seen = store.wakeup.count;
        const began = performance.now();
        const done = await step(store.db, consumer, now);
        if (done !== null && done.handled.length > 0) await hint(consumer, done.handled, log);
        delay = RETRY_MIN_MS;
        if (done === null || done.until === done.from) {
          await store.wakeup.wait(seen, pollMs, stopping.signal);
        } else if (done.until - done.from < READ_EVENTS_MAX) {
          await pause(Math.max(0, began + BATCH_GAP_MS - performance.now()), stopping.signal);
        }
      } catch (error) {
        if (!isPassing(error)) return await halt(store, consumer, error as Error, log, now());
        log.warn(
          { consumer: consumer.name, error: reasonOf(error as Error) },
          'what it needs is away, will retry',
        );
        await pause(delay, stopping.signal);
        delay = Math.min(delay * 2, RETRY_MAX_MS);
      }
    }
    return null;
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

/** A hint that fails costs time, never the consumer: its batch is committed. */
async function hint(consumer: Consumer, events: readonly Recorded[], log: Log): Promise<void> {
  try {
    await consumer.committed?.(events);
  } catch (error) {
    log.warn({ consumer: consumer.name, err: error }, 'could not pass on a hint');
  }
}

async function halt(store: Store, consumer: Consumer, error: Error, log: Log, now: Date): Promise<Error> {
  log.error({ consumer: consumer.name, err: error }, 'consumer halted');
  try {
    await haltCheckpoint(store.db, consumer.name, `${error.name}: ${error.message}`, now);
  } catch (noting) {
    log.error({ consumer: consumer.name, err: noting }, 'could not note why the consumer halted');
  }
  return error;
}
