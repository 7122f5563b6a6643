import { setTimeout } from 'node:timers/promises';
import { readCheckpoints } from '../store/checkpoints.ts';
import { head } from '../store/read.ts';
import type { Store } from '../store/store.ts';
import { countUntagged } from '../store/undone.ts';
import type { Queues } from './queues.ts';

const LOOK_EVERY_MS = 50;

export interface Backlog {
  /** Positions that the slowest of the consumers has still to handle. */
  readonly positions: number;
  /** Items whose words are not tagged yet. */
  readonly untagged: number;
  /** Jobs waiting or running. */
  readonly jobs: number;
}

/** What is still to be done before everything in the log has had its effect; `names` are the consumers that count. */
export async function backlog(
  { store, queues }: { readonly store: Store; readonly queues: Queues },
  names: readonly string[],
): Promise<Backlog> {
  const jobs = (
    await Promise.all((['ingest', 'classify', 'deliver'] as const).map((name) => queues.depth(name)))
  ).reduce((sum, depth) => sum + depth, 0);
  const checkpoints = await readCheckpoints(store.db, names);
  const halted = checkpoints.find((checkpoint) => checkpoint.status === 'halted');
  if (halted !== undefined)
    throw new Error(`consumer ${halted.name} halted: ${halted.error ?? 'no reason noted'}`);
  const last = await head(store.db);
  const slowest =
    names.length > checkpoints.length ? 0 : Math.min(last, ...checkpoints.map((one) => one.position));
  return { positions: last - slowest, untagged: await countUntagged(store.db), jobs };
}

/**
 * Waits until the log has had its effect: every consumer called in `names` has caught up, all words are tagged and
 * the queues are empty. Throws when a consumer halted. `onBacklog` hears what is left while waiting.
 */
export async function settle(
  deps: { readonly store: Store; readonly queues: Queues },
  names: readonly string[],
  onBacklog: (left: Backlog) => void = () => undefined,
): Promise<void> {
  for (;;) {
    const left = await backlog(deps, names);
    onBacklog(left);
    if (left.positions === 0 && left.untagged === 0 && left.jobs === 0) return;
    await setTimeout(LOOK_EVERY_MS);
  }
}
