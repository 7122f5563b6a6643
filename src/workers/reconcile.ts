import type { Log } from '../log.ts';
import { claimForgotten, unclaimForgotten, untaggedItems } from '../store/undone.ts';
import type { Forgotten } from '../store/undone.ts';
import type { Store } from '../store/store.ts';
import type { NewJob, Queues } from './queues.ts';
import { classifyJobs } from './relay.ts';

/** Words that are untagged for so long were probably forgotten by a queue. */
const FORGOTTEN_MS = 30_000;
/** Words that cannot be tagged are tried again ever more rarely, but never less often: a new build may manage. */
const RETRY_MAX_MS = 6 * 60 * 60_000;
const RECONCILE_ITEMS_MAX = 5_000;
/** From this try on an item gets a job of its own: one that ends the process which tags it must not take others along. */
const ALONE_TRIES = 3;
/** Tries after which words that stay untagged, and nobody knows why, are a fault to be told. */
const TELL_TRIES = 5;

export interface ReconcileDeps {
  readonly store: Store;
  readonly queues: Queues;
  readonly now: () => Date;
  readonly log: Log;
}

function jobsFor(forgotten: readonly Forgotten[], now: Date): NewJob<'classify'>[] {
  const together = forgotten.filter(({ tries }) => tries < ALONE_TRIES).map(({ item }) => item);
  const alone = forgotten.filter(({ tries }) => tries >= ALONE_TRIES);
  return [
    ...classifyJobs(`again-${now.getTime()}`, together),
    ...alone.map(({ item, content, tries }) => ({
      id: `again-${item}-${content}-${tries}`,
      data: { items: [item] },
    })),
  ];
}

/**
 * Queues again what the log says is undone: words that nobody has tagged, FORGOTTEN_MS after a look first found them, and
 * again after twice the time each. Any number of processes may look: each item is queued by one of them. Time is told from
 * looks and not from when items were recorded, which may be ahead of this clock. Due feeds and deliveries need no
 * such search, since their claims lapse by themselves. Gives how many items were queued.
 */
export async function reconcile({ store, queues, now, log }: ReconcileDeps): Promise<number> {
  const patience = { firstMs: FORGOTTEN_MS, maxMs: RETRY_MAX_MS, limit: RECONCILE_ITEMS_MAX };
  const forgotten = await claimForgotten(store.db, now(), patience);
  // Those that are known not to be taggable have been told of (see tagItems).
  const lost = forgotten.filter(({ reason }) => reason === null);
  if (lost.length > 0) log.warn({ items: lost.length }, 'untagged items found, queued again');
  for (const { item, tries } of lost) {
    if (tries === TELL_TRIES)
      log.error({ item, tries }, 'stays untagged though it was queued again and again');
  }
  try {
    await queues.add('classify', jobsFor(forgotten, now()));
  } catch (error) {
    await unclaimForgotten(
      store.db,
      forgotten.map(({ item }) => item),
      now(),
    );
    throw error;
  }
  return forgotten.length;
}

/** Queues all that is untagged again, at once, whoever may have it in hand: tagging the same words twice leaves one event. */
export async function requeueUntagged({ store, queues, now }: ReconcileDeps): Promise<void> {
  const items = await untaggedItems(store.db, RECONCILE_ITEMS_MAX);
  await queues.add('classify', classifyJobs(`again-${now().getTime()}`, items));
}
