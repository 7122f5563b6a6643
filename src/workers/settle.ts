import { setTimeout } from 'node:timers/promises';
import { readCheckpoints } from '../store/checkpoints.ts';
import { dueAlerts } from '../store/deliveries.ts';
import { head } from '../store/read.ts';
import { countUntagged } from '../store/undone.ts';
import type { QueueName } from './queues.ts';
import { reconcile } from './tick.ts';
import type { TickDeps } from './tick.ts';

const LOOK_EVERY_MS = 50;
const DUE_LOOK_MAX = 1_000;
/** Untagged words that have not moved for so long were probably in a job that a killed process held. */
const STUCK_MS = 5_000;
const REQUEUES_MAX = 3;

export interface Backlog {
  /** Positions that the slowest of the consumers has still to handle. */
  readonly positions: number;
  /** Items whose words are not tagged yet. */
  readonly untagged: number;
  /** Jobs waiting or running. */
  readonly jobs: number;
  /** Alerts of which something is to be sent now. */
  readonly due: number;
}

export type SettleDeps = TickDeps;

async function backlog(
  { store, queues, now }: SettleDeps,
  names: readonly string[],
  waitFor: readonly QueueName[],
): Promise<Backlog> {
  const depths = await Promise.all(waitFor.map((name) => queues.depth(name)));
  const due = waitFor.includes('deliver') ? (await dueAlerts(store.db, now(), DUE_LOOK_MAX)).length : 0;
  const checkpoints = await readCheckpoints(store.db, names);
  const halted = checkpoints.find((checkpoint) => checkpoint.status === 'halted');
  if (halted !== undefined) {
    throw new Error(`consumer ${halted.name} halted: ${halted.error ?? 'no reason noted'}`);
  }
  const last = await head(store.db);
  const slowest =
    names.length > checkpoints.length ? 0 : Math.min(last, ...checkpoints.map((one) => one.position));
  return {
    positions: last - slowest,
    untagged: await countUntagged(store.db),
    jobs: depths.reduce((sum, depth) => sum + depth, 0),
    due,
  };
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
    if (left.positions > 0 || left.untagged === 0 || now - this.#since < STUCK_MS) return;
    if (this.#requeued === REQUEUES_MAX) {
      throw new Error(`${left.untagged} items stay untagged; SHUTTLEWATCH_LOG=warn tells why`);
    }
    this.#requeued += 1;
    this.#since = now;
    await reconcile(deps, 0);
  }
}

/**
 * Waits until the log has had its effect: every consumer called in `names` has caught up, all words are tagged, the
 * queues of `waitFor` are empty and (with `deliver` among them) nothing is due. Words that a lost job left untagged
 * are queued again. Throws when a consumer halted or words cannot be tagged. `onBacklog` hears what is left.
 */
export async function settle(
  deps: SettleDeps,
  names: readonly string[],
  { waitFor }: { readonly waitFor: readonly QueueName[] },
  onBacklog: (left: Backlog) => void = () => undefined,
): Promise<void> {
  const patience = new Patience();
  for (;;) {
    const left = await backlog(deps, names, waitFor);
    onBacklog(left);
    if (left.positions + left.untagged + left.jobs + left.due === 0) return;
    await patience.check(deps, left);
    await setTimeout(LOOK_EVERY_MS);
  }
}
