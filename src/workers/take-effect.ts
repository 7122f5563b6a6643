import { setTimeout } from 'node:timers/promises';
import { PROJECTIONS } from '../projections/all.ts';
import { consumerOf } from '../projections/projection.ts';
import type { AppendResult } from '../store/append.ts';
import { ensureCheckpoint, readCheckpoints } from '../store/checkpoints.ts';
import { step } from '../store/follow.ts';
import type { Consumer } from '../store/follow.ts';
import type { Store } from '../store/store.ts';

/** How long a command waits for its own effect: a projection that is far behind is for its process to bring up. */
const EFFECT_MS_MAX = 5_000;
const LOOK_EVERY_MS = 20;

/** Brings one consumer to `until`, or waits while another process does; one that halted is left for people to see. */
async function bringTo(store: Store, consumer: Consumer, until: number, now: () => Date): Promise<void> {
  const end = performance.now() + EFFECT_MS_MAX;
  while (performance.now() < end) {
    const [checkpoint] = await readCheckpoints(store.db, [consumer.name]);
    if (checkpoint === undefined) await ensureCheckpoint(store.db, consumer.name, now());
    else if (checkpoint.status === 'halted' || checkpoint.position >= until) return;
    if ((await step(store.db, consumer, now)) === null) await setTimeout(LOOK_EVERY_MS);
  }
}

/**
 * Lets what a command appended take effect in the read tables of these projections, whether or not a process follows the
 * log just now: who adds a feed and lists the feeds expects to see it.
 */
export async function takeEffect(
  store: Store,
  results: readonly AppendResult[],
  projections: readonly string[],
  now: () => Date,
): Promise<void> {
  const positions = results.flatMap(({ status, position }) => (status === 'appended' ? [position ?? 0] : []));
  if (positions.length === 0) return;
  const until = Math.max(...positions);
  for (const projection of PROJECTIONS.filter(({ name }) => projections.includes(name))) {
    await bringTo(store, consumerOf(projection), until, now);
  }
}
