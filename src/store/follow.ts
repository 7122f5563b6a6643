import type { EventType, Recorded } from '../events/event.ts';
import type { Position } from '../events/ids.ts';
import type { Log } from '../log.ts';
import { pause, workAlone } from './alone.ts';
import type { Follower, Rest } from './alone.ts';
import { lockCheckpoint, moveCheckpoint } from './checkpoints.ts';
import { findCulprit, isBlamed } from './culprit.ts';
import type { Attempt, Failed, Step } from './culprit.ts';
import type { Db, Tx } from './database.ts';
import { readAfter, READ_EVENTS_MAX } from './read.ts';
import type { Store } from './store.ts';

/** How long a follower sleeps when nobody wakes it: the last resort, should wake-ups be blind altogether. */
const FOLLOW_POLL_MS = 10_000;
/**
 * Between two batches that are not full: in a flood of small appends a transaction for each costs more than what it does.
 * The first event after a pause is handled at once.
 */
const BATCH_GAP_MS = 20;

/** Code that follows the log. */
export interface Consumer {
  /** Names its checkpoint and its lease; one process at a time follows under this name. */
  readonly name: string;
  readonly handles: readonly EventType[];
  /**
   * Handles events in order, in one transaction with the checkpoint: what it writes through `tx` happens exactly
   * once. Effects elsewhere may be repeated after a crash, and while the event is looked for that made it throw, so they must
   * bear that. Throwing halts the consumer, unless the database was merely away.
   */
  handle(tx: Tx, events: readonly Recorded[]): Promise<void>;
  /** Throws Unfit where this process must not go on. Asked of every batch, also of one that holds nothing to handle. */
  check?(tx: Tx): Promise<void>;
  /** Runs in a follower after the batch is committed, and not at all after a crash: for hints that speed things up. */
  committed?(events: readonly Recorded[]): Promise<void> | void;
}

/** Handles the next batch of at most `limit` positions, in one transaction. */
async function attempt(db: Db, consumer: Consumer, now: () => Date, limit: number): Promise<Attempt> {
  const taken: { from: Position | null; events: readonly Recorded[] } = { from: null, events: [] };
  try {
    return await db.transaction().execute(async (tx): Promise<Attempt> => {
      const from = await lockCheckpoint(tx, consumer.name, 'lazily');
      taken.from = from;
      if (from === null) return { kind: 'none' };
      const { events, until } = await readAfter(tx, from, consumer.handles, limit);
      if (until === from) return { kind: 'done', step: { from, until, handled: [] } };
      taken.events = events;
      await consumer.check?.(tx);
      if (events.length > 0) await consumer.handle(tx, events);
      await moveCheckpoint(tx, consumer.name, from, until, now());
      return { kind: 'done', step: { from, until, handled: events } };
    });
  } catch (error) {
    const { from, events } = taken;
    if (from === null || !(error instanceof Error)) throw error;
    return { kind: 'failed', error, from, events };
  }
}

/**
 * Handles one batch, for whoever does not follow: no lease is asked for, the row of the checkpoint is lock enough. Null when another
 * transaction holds it, or when the consumer has halted. `until` equals `from` when there is nothing new. The clock only stamps
 * the checkpoint.
 */
export async function step(db: Db, consumer: Consumer, now: () => Date): Promise<Step | null> {
  const done = await attempt(db, consumer, now, READ_EVENTS_MAX);
  switch (done.kind) {
    case 'done':
      return done.step;
    case 'none':
      return null;
    case 'failed':
      throw done.error;
  }
}

export interface FollowOptions {
  /** Milliseconds after which the log is looked at though nobody woke the follower. */
  readonly pollMs?: number;
  /** Hears why the consumer halted here, and null when it goes on or has passed to another process. */
  readonly onHalt?: (error: Error | null) => void;
}

/**
 * Follows the log with `consumer` from its checkpoint, until stopped, as the one process that does so under its name (alone.ts).
 * Woken by appends of this process and by NOTIFY of others, and by a poll should both be lost. Where a batch fails for good, the
 * event that is to blame is found; what comes before it stays handled.
 */
export function follow(
  store: Store,
  consumer: Consumer,
  log: Log,
  now: () => Date,
  { pollMs = FOLLOW_POLL_MS, onHalt }: FollowOptions = {},
): Follower {
  const deps = { store, consumer, log, now, pollMs };
  return workAlone({ name: consumer.name, turn: () => turn(deps) }, { store, log, now, onHalt });
}

interface FollowDeps {
  readonly store: Store;
  readonly consumer: Consumer;
  readonly log: Log;
  readonly now: () => Date;
  readonly pollMs: number;
}

/** Handles what there is, at most a batch. */
async function turn(deps: FollowDeps): Promise<Rest | null> {
  const { store, consumer, now, pollMs } = deps;
  const seen = store.wakeup.count;
  const began = performance.now();
  const done = await attempt(store.db, consumer, now, READ_EVENTS_MAX);
  switch (done.kind) {
    case 'none':
      return null;
    case 'failed':
      await blame(deps, done);
      return () => Promise.resolve();
    case 'done': {
      const { from, until } = done.step;
      await hint(deps, done.step);
      if (until === from) return (signal) => store.wakeup.wait(seen, pollMs, signal);
      const gapMs = until - from < READ_EVENTS_MAX ? began + BATCH_GAP_MS - performance.now() : 0;
      return (signal) => (gapMs > 0 ? pause(gapMs, signal) : Promise.resolve());
    }
  }
}

/** Finds the event that a batch failed for, and throws for it. */
async function blame(deps: FollowDeps, failed: Failed): Promise<void> {
  if (!isBlamed(failed)) throw failed.error;
  const { store, consumer, log, now } = deps;
  log.warn({ consumer: consumer.name, err: failed.error }, 'a batch failed, looking for the event');
  await findCulprit(
    (limit) => attempt(store.db, consumer, now, limit),
    failed,
    (done) => hint(deps, done),
  );
}

/** A hint that fails costs time, never the consumer: its batch is committed. */
async function hint({ consumer, log }: FollowDeps, { handled }: Step): Promise<void> {
  if (handled.length === 0) return;
  try {
    await consumer.committed?.(handled);
  } catch (error) {
    log.warn({ consumer: consumer.name, err: error }, 'could not pass on a hint');
  }
}
