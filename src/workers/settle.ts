import { setTimeout } from 'node:timers/promises';
import { readCheckpoints } from '../store/checkpoints.ts';
import type { Position } from '../events/ids.ts';
import { countDue } from '../store/deliveries.ts';
import { head } from '../store/read.ts';
import { countUntagged, untaggable } from '../store/undone.ts';
import type { Store } from '../store/store.ts';
import type { QueueName, Queues } from './queues.ts';
import { requeueUntagged } from './reconcile.ts';
import type { TickDeps } from './tick.ts';

const LOOK_EVERY_MS = 50;
/** Share of the time that looking may take: counting what is left of a great import is itself work for the database. */
const LOOK_SHARE_MAX = 0.05;
/** How late the end may be seen. */
const LOOK_PAUSE_MS_MAX = 1_000;
/** Untagged words that have not moved for so long were probably in a job that a killed process held. */
const STUCK_MS = 5_000;
const REQUEUES_MAX = 3;
/** Work that stands still for so long is held by somebody who will not let go. */
const STILL_MS_MAX = 5 * 60_000;

export interface Backlog {
  /** Positions that the slowest of the consumers has still to handle. */
  readonly positions: number;
  /** Items whose words are not tagged yet. */
  readonly untagged: number;
  /** Jobs waiting or running. */
  readonly jobs: number;
  /** Deliveries that are due or in somebody's hands. */
  readonly due: number;
}

export type SettleDeps = TickDeps;

/** What is waited for beside the consumers. */
export interface WaitFor {
  readonly waitFor: readonly QueueName[];
  /** Whether all words are to be tagged too; they are unless given. */
  readonly untagged?: boolean;
}

async function depthOf(queues: Queues, names: readonly QueueName[]): Promise<number> {
  const depths = await Promise.all(names.map((name) => queues.depth(name)));
  return depths.reduce((sum, depth) => sum + depth, 0);
}

/** Positions between the slowest consumer and `last`. Throws when one of them halted. */
async function lagOf(store: Store, names: readonly string[], last: Position): Promise<number> {
  const checkpoints = await readCheckpoints(store.db, names);
  const halted = checkpoints.find((checkpoint) => checkpoint.status === 'halted');
  if (halted !== undefined) {
    throw new Error(`consumer ${halted.name} halted: ${halted.error ?? 'no reason noted'}`);
  }
  if (checkpoints.length < names.length) return last;
  return last - Math.min(last, ...checkpoints.map((checkpoint) => checkpoint.position));
}

/**
 * What is left, looked at in the order in which work flows: whatever moves on while we look is met again further
 * down, or has made the log grow, which counts as work left.
 */
async function backlog(
  { store, queues, channels, now }: SettleDeps,
  names: readonly string[],
  { waitFor, untagged: counts = true }: WaitFor,
): Promise<Backlog> {
  const ingest = waitFor.filter((name) => name === 'ingest');
  const upstream = await depthOf(queues, ingest);
  const last = await head(store.db);
  const lag = await lagOf(store, names, last);
  const untagged = counts ? await countUntagged(store.db) : 0;
  const due = waitFor.includes('deliver') ? await countDue(store.db, [...channels.keys()], now()) : 0;
  const downstream = await depthOf(
    queues,
    waitFor.filter((name) => name !== 'ingest'),
  );
  const grown = (await head(store.db)) - last;
  return { positions: lag + grown, untagged, jobs: upstream + downstream, due };
}

async function stuckBecause({ store }: SettleDeps, { untagged }: Backlog): Promise<string> {
  const [first] = await untaggable(store.db, 1);
  const why =
    first === undefined
      ? 'SHUTTLEWATCH_LOG=warn tells why'
      : `one of them is ${first.item}: ${first.reason ?? ''}`;
  return `${untagged} items stay untagged; ${why}`;
}

/** Queues forgotten words again when nothing has moved for a while, and gives up when that does not help either. */
class Patience {
  #last = '';
  #since = performance.now();
  #requeued = 0;

  async check(deps: SettleDeps, left: Backlog): Promise<void> {
    const state = JSON.stringify(left);
    const now = performance.now();
    if (state !== this.#last) {
      this.#last = state;
      this.#since = now;
      return;
    }
    if (now - this.#since > STILL_MS_MAX) {
      throw new Error(`nothing has moved for ${STILL_MS_MAX / 60_000} minutes; left to do: ${state}`);
    }
    if (left.positions > 0 || left.untagged === 0 || now - this.#since < STUCK_MS) return;
    if (this.#requeued === REQUEUES_MAX) {
      throw new Error(await stuckBecause(deps, left));
    }
    this.#requeued += 1;
    this.#since = now;
    await requeueUntagged(deps);
  }
}

/**
 * Waits until the log has had its effect: every consumer called in `names` has caught up, all words are tagged (unless told not to ask), the
 * queues of `waitFor` are empty and (with `deliver` among them) nothing is due. Words that a lost job left untagged
 * are queued again. Throws when a consumer halted or words cannot be tagged. `onBacklog` hears what is left.
 */
export async function settle(
  deps: SettleDeps,
  names: readonly string[],
  waiting: WaitFor,
  onBacklog: (left: Backlog) => void = () => undefined,
): Promise<void> {
  const patience = new Patience();
  for (;;) {
    const began = performance.now();
    const left = await backlog(deps, names, waiting);
    const took = performance.now() - began;
    onBacklog(left);
    if (left.positions + left.untagged + left.jobs + left.due === 0) return;
    await patience.check(deps, left);
    await setTimeout(Math.min(Math.max(LOOK_EVERY_MS, took / LOOK_SHARE_MAX), LOOK_PAUSE_MS_MAX));
  }
}
