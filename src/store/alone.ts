import { setTimeout } from 'node:timers/promises';
import type { Log } from '../log.ts';
import { ensureCheckpoint, haltCheckpoint } from './checkpoints.ts';
import { CheckpointMoved, isPassing, reasonOf, UnhandledEvent, Unfit } from './errors.ts';
import type { Lease } from './lease.ts';
import type { Store } from './store.ts';

const RETRY_MS_MIN = 200;
const RETRY_MS_MAX = 10_000;
/** Between two looks at a checkpoint that has halted or that a rebuild or a command holds: a retry is noticed by it. */
const LOOK_AGAIN_MS = 250;

/** Waits until there may be more to do, or until aborted. */
export type Rest = (signal: AbortSignal) => Promise<void>;

/** Work that one process at a time does under a name, along the log. */
export interface Work {
  /** Names the checkpoint and the lease. */
  readonly name: string;
  /** Does what is next and says how to wait for more; null when the checkpoint was not to be had, or has halted. */
  turn(): Promise<Rest | null>;
}

export interface AloneDeps {
  readonly store: Store;
  readonly log: Log;
  readonly now: () => Date;
  /** Hears why the work stands still here, and null when it goes on or has passed to another process. */
  readonly onHalt?: ((error: Error | null) => void) | undefined;
}

export interface Follower {
  /** Resolves when what is in hand is done and nothing more will be; another process takes over at once. */
  stop(): Promise<void>;
}

export async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await setTimeout(Math.max(0, ms), undefined, { signal }).catch(() => undefined);
}

/**
 * Does `work` turn by turn until stopped, while this process holds the lease on its name: of all processes that would, one does.
 * A database that is away is waited for. Any other error is noted at the checkpoint, with the event where one is to blame, and
 * nothing moves until people let it go on (halted.ts) or another process takes over. Where it is this process that is Unfit, it
 * gives its lease up for good.
 */
export function workAlone(work: Work, deps: AloneDeps): Follower {
  const stopping = new AbortController();
  const ended = new Alone(work, deps, stopping.signal).run();
  return {
    async stop() {
      stopping.abort();
      await ended;
    },
  };
}

class Alone {
  readonly #work: Work;
  readonly #deps: AloneDeps;
  readonly #signal: AbortSignal;
  readonly #lease: Lease;
  /** Whether there is a checkpoint, and it was given another try, since the lease came here. */
  #isKnown = false;
  #isHalted = false;
  #isUnfit = false;
  #retryMs = RETRY_MS_MIN;

  constructor(work: Work, deps: AloneDeps, signal: AbortSignal) {
    this.#work = work;
    this.#deps = deps;
    this.#signal = signal;
    this.#lease = deps.store.leases.claim(work.name);
  }

  async run(): Promise<void> {
    while (!this.#signal.aborted && !this.#isUnfit) {
      if (this.#lease.held) {
        await this.#turn();
        continue;
      }
      this.#goesOn();
      this.#isKnown = false;
      await this.#lease.wait(this.#signal);
    }
    await this.#lease.release();
  }

  async #turn(): Promise<void> {
    const { store, now } = this.#deps;
    try {
      if (!this.#isKnown) await ensureCheckpoint(store.db, this.#work.name, now());
      this.#isKnown = true;
      const rest = await this.#work.turn();
      if (rest === null) {
        await pause(LOOK_AGAIN_MS, this.#signal);
        return;
      }
      this.#goesOn();
      this.#retryMs = RETRY_MS_MIN;
      await rest(this.#signal);
    } catch (error) {
      if (isPassing(error) || error instanceof CheckpointMoved) await this.#retryLater(error as Error);
      else if (error instanceof Unfit) this.#giveUp(error);
      else await this.#halt(error as Error);
    }
  }

  async #retryLater(error: Error): Promise<void> {
    const told = { consumer: this.#work.name, error: reasonOf(error) };
    this.#deps.log.warn(told, 'what it needs is away, will retry');
    await pause(this.#retryMs, this.#signal);
    this.#retryMs = Math.min(this.#retryMs * 2, RETRY_MS_MAX);
  }

  #giveUp(error: Unfit): void {
    this.#deps.log.error({ consumer: this.#work.name, err: error }, 'left to other processes');
    this.#isUnfit = true;
    this.#deps.onHalt?.(error);
  }

  async #halt(error: Error): Promise<void> {
    const { store, log, now, onHalt } = this.#deps;
    const { name } = this.#work;
    // Another process may be at work, and would be halted by it; where none is, this one has the lease again and fails again.
    // What is left is the moment between the end of a connection and hearing of it.
    if (!this.#lease.held) {
      log.warn({ consumer: name, err: error }, 'failed when its lease was lost, left to whoever has it');
      return;
    }
    log.error({ consumer: name, err: error }, 'consumer halted');
    const at = error instanceof UnhandledEvent ? { from: error.from, culprit: error.position } : null;
    const why = error instanceof UnhandledEvent ? error.cause : error;
    this.#isHalted = true;
    onHalt?.(error);
    try {
      await haltCheckpoint(store.db, name, `${why.name}: ${why.message}`, at, now());
    } catch (noting) {
      log.error({ consumer: name, err: noting }, 'could not note why the consumer halted');
      await pause(RETRY_MS_MAX, this.#signal);
    }
  }

  #goesOn(): void {
    if (!this.#isHalted) return;
    this.#isHalted = false;
    this.#deps.onHalt?.(null);
  }
}
