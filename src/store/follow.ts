import { setTimeout } from 'node:timers/promises';
import type { EventType, Recorded } from '../events/event.ts';
import type { Position } from '../events/ids.ts';
import type { Log } from '../log.ts';
import { ensureCheckpoint, haltCheckpoint, lockCheckpoint, moveCheckpoint } from './checkpoints.ts';
import { findCulprit, isBlamed } from './culprit.ts';
import type { Attempt, Failed, Step } from './culprit.ts';
import type { Db, Tx } from './database.ts';
import { CheckpointMoved, isPassing, reasonOf, UnhandledEvent } from './errors.ts';
import type { Lease } from './lease.ts';
import { readAfter, READ_EVENTS_MAX } from './read.ts';
import type { Store } from './store.ts';

/** How long a follower sleeps when nobody wakes it: the last resort, should wake-ups be blind altogether. */
const FOLLOW_POLL_MS = 10_000;
/**
 * Between two batches that are not full: in a flood of small appends a transaction for each costs more than what it does.
 * The first event after a pause is handled at once.
 */
const BATCH_GAP_MS = 20;
const RETRY_MS_MIN = 200;
const RETRY_MS_MAX = 10_000;
/** Between two looks at a checkpoint that has halted or that a rebuild or a command holds: a retry is noticed by it. */
const LOOK_AGAIN_MS = 250;

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
  /** Runs in a follower after the batch is committed, and not at all after a crash: for hints that speed things up. */
  committed?(events: readonly Recorded[]): Promise<void> | void;
}

/** Handles the next batch of at most `limit` positions, in one transaction. */
async function attempt(db: Db, consumer: Consumer, now: () => Date, limit: number): Promise<Attempt> {
  const taken: { from: Position | null; events: readonly Recorded[] } = { from: null, events: [] };
  try {
    return await db.transaction().execute(async (tx): Promise<Attempt> => {
      const from = await lockCheckpoint(tx, consumer.name);
      taken.from = from;
      if (from === null) return { kind: 'none' };
      const { events, until } = await readAfter(tx, from, consumer.handles, limit);
      if (until === from) return { kind: 'done', step: { from, until, handled: [] } };
      taken.events = events;
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

export interface Follower {
  /** Resolves when the batch in hand is done and no other will be taken; another process takes over at once. */
  stop(): Promise<void>;
}

export interface FollowOptions {
  /** Milliseconds after which the log is looked at though nobody woke the follower. */
  readonly pollMs?: number;
  /** Hears why the consumer halted here, and null when it goes on or has passed to another process. */
  readonly onHalt?: (error: Error | null) => void;
}

/**
 * Follows the log with `consumer` from its checkpoint, until stopped, while this process holds the lease on the consumer's name: of all
 * processes that follow under one name, one works. Woken by appends of this process and by NOTIFY of others, and by a poll should
 * both be lost. A database that is away is waited for. Any other error halts this consumer only: the event that cannot be handled is
 * found, noted at the checkpoint and logged, and nothing moves until people let it go on (halted.ts), or another process takes over.
 */
export function follow(
  store: Store,
  consumer: Consumer,
  log: Log,
  now: () => Date,
  options: FollowOptions = {},
): Follower {
  const stopping = new AbortController();
  const ended = new Following({ store, consumer, log, now, options, signal: stopping.signal }).run();
  return {
    async stop() {
      stopping.abort();
      await ended;
    },
  };
}

interface FollowDeps {
  readonly store: Store;
  readonly consumer: Consumer;
  readonly log: Log;
  readonly now: () => Date;
  readonly options: FollowOptions;
  readonly signal: AbortSignal;
}

class Following {
  readonly #deps: FollowDeps;
  readonly #lease: Lease;
  /** Whether there is a checkpoint, and it was given another try, since the lease came here. */
  #isKnown = false;
  #isHalted = false;
  #retryMs = RETRY_MS_MIN;

  constructor(deps: FollowDeps) {
    this.#deps = deps;
    this.#lease = deps.store.leases.claim(deps.consumer.name);
  }

  async run(): Promise<void> {
    const { signal, consumer, log } = this.#deps;
    while (!signal.aborted) {
      if (!this.#lease.held) {
        this.#goesOn();
        this.#isKnown = false;
        await this.#lease.wait(signal);
        continue;
      }
      try {
        await this.#turn();
        this.#retryMs = RETRY_MS_MIN;
      } catch (error) {
        if (!isPassing(error) && !(error instanceof CheckpointMoved)) {
          await this.#halt(error as Error);
          continue;
        }
        const reason = reasonOf(error as Error);
        log.warn({ consumer: consumer.name, error: reason }, 'what it needs is away, will retry');
        await this.#pause(this.#retryMs);
        this.#retryMs = Math.min(this.#retryMs * 2, RETRY_MS_MAX);
      }
    }
    await this.#lease.release();
  }

  /** Handles what there is, and waits until there may be more. */
  async #turn(): Promise<void> {
    const { store, consumer, now, options, signal } = this.#deps;
    if (!this.#isKnown) await ensureCheckpoint(store.db, consumer.name, now());
    this.#isKnown = true;
    const seen = store.wakeup.count;
    const began = performance.now();
    const done = await this.#attempt(READ_EVENTS_MAX);
    if (done.kind === 'failed') {
      await this.#narrow(done);
      return;
    }
    if (done.kind === 'none') {
      await this.#pause(LOOK_AGAIN_MS);
      return;
    }
    this.#goesOn();
    await this.#hint(done.step);
    const { from, until } = done.step;
    if (until === from) await store.wakeup.wait(seen, options.pollMs ?? FOLLOW_POLL_MS, signal);
    else if (until - from < READ_EVENTS_MAX) await this.#pause(began + BATCH_GAP_MS - performance.now());
  }

  #attempt(limit: number): Promise<Attempt> {
    const { store, consumer, now } = this.#deps;
    return attempt(store.db, consumer, now, limit);
  }

  async #narrow(failed: Failed): Promise<void> {
    if (!isBlamed(failed)) throw failed.error;
    const { consumer, log } = this.#deps;
    log.warn({ consumer: consumer.name, err: failed.error }, 'a batch failed, looking for the event');
    await findCulprit(
      (limit) => this.#attempt(limit),
      failed,
      (step) => this.#hint(step),
    );
  }

  /** A hint that fails costs time, never the consumer: its batch is committed. */
  async #hint({ handled }: Step): Promise<void> {
    const { consumer, log } = this.#deps;
    if (handled.length === 0) return;
    try {
      await consumer.committed?.(handled);
    } catch (error) {
      log.warn({ consumer: consumer.name, err: error }, 'could not pass on a hint');
    }
  }

  async #halt(error: Error): Promise<void> {
    const { store, consumer, log, now, options } = this.#deps;
    log.error({ consumer: consumer.name, err: error }, 'consumer halted');
    const at = error instanceof UnhandledEvent ? { from: error.from, culprit: error.position } : null;
    const why = error instanceof UnhandledEvent ? error.cause : error;
    this.#isHalted = true;
    options.onHalt?.(error);
    try {
      await haltCheckpoint(store.db, consumer.name, `${why.name}: ${why.message}`, at, now());
    } catch (noting) {
      log.error({ consumer: consumer.name, err: noting }, 'could not note why the consumer halted');
      await this.#pause(RETRY_MS_MAX);
    }
  }

  #goesOn(): void {
    if (!this.#isHalted) return;
    this.#isHalted = false;
    this.#deps.options.onHalt?.(null);
  }

  async #pause(ms: number): Promise<void> {
    await setTimeout(Math.max(0, ms), undefined, { signal: this.#deps.signal }).catch(() => undefined);
  }
}
