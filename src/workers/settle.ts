import { setTimeout } from 'node:timers/promises';
import { readCheckpoints } from '../store/checkpoints.ts';
import { dueAlerts } from '../store/deliveries.ts';
import { head } from '../store/read.ts';
import type { Store } from '../store/store.ts';
import { countUntagged } from '../store/undone.ts';
import type { QueueName, Queues } from './queues.ts';

const LOOK_EVERY_MS = 50;
const DUE_LOOK_MAX = 1_000;

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

export interface SettleDeps {
  readonly store: Store;
  readonly queues: Queues;
  readonly now: () => Date;
}

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

/**
 * Waits until the log has had its effect: every consumer called in `names` has caught up, all words are tagged, the
 * queues of `waitFor` are empty and (with `deliver` among them) nothing is due. Throws when a consumer halted.
 * `onBacklog` hears what is left while waiting.
 */
export async function settle(
  deps: SettleDeps,
  names: readonly string[],
  { waitFor }: { readonly waitFor: readonly QueueName[] },
  onBacklog: (left: Backlog) => void = () => undefined,
): Promise<void> {
  for (;;) {
    const left = await backlog(deps, names, waitFor);
    onBacklog(left);
    if (left.positions + left.untagged + left.jobs + left.due === 0) return;
    await setTimeout(LOOK_EVERY_MS);
  }
}
