import { setTimeout } from 'node:timers/promises';
import type { Channel } from '../alerts/channel.ts';
import type { Log } from '../log.ts';
import { dueAlerts } from '../store/deliveries.ts';
import { claimDueFeeds } from '../store/claim-feeds.ts';
import { releaseFeeds } from '../store/feed-schedule.ts';
import { forgetHosts } from '../store/host-turns.ts';
import { duePages } from '../store/pages.ts';
import { makePartitionsAhead } from '../store/partitions.ts';
import type { Store } from '../store/store.ts';
import type { Queues } from './queues.ts';
import { reconcile } from './reconcile.ts';
import { deliverJob, pageJob } from './relay.ts';
import type { Role } from './roles.ts';
import type { WebSub } from './websub.ts';

const TICK_MS = 1_000;
/** A feed claimed by a tick is polled within this time, or due again. */
const FEED_LEASE_MS = 5 * 60_000;
/** Feeds claimed at a time, so a second: ten thousand that are all due, as after a night without, take some two minutes. */
const FEEDS_PER_TICK_MAX = 100;
const PAGES_PER_TICK_MAX = 200;
const ALERTS_PER_TICK_MAX = 500;
/** One request a hub at a time, and so long until the next. */
const ASK_HUBS_EVERY_MS = 5_000;
const REVISE_SUBSCRIPTIONS_EVERY_MS = 30_000;
const RECONCILE_EVERY_MS = 30_000;
const CLEAN_EVERY_MS = 60 * 60_000;
const FORGET_HOSTS_EVERY_MS = 60 * 60_000;
const PARTITIONS_EVERY_MS = 60 * 60_000;

export interface TickDeps {
  readonly store: Store;
  readonly queues: Queues;
  /** The channels this process can send on. */
  readonly channels: ReadonlyMap<string, Channel>;
  /** Null in a process that does not poll. */
  readonly websub?: WebSub | null;
  readonly now: () => Date;
  readonly log: Log;
}

/** Queues the feeds that are due to be polled, claimed so that no other process does. */
export async function queueDueFeeds({ store, queues, now, log }: TickDeps): Promise<void> {
  const at = now();
  const begun = performance.now();
  const feeds = await claimDueFeeds(store.db, at, FEEDS_PER_TICK_MAX, FEED_LEASE_MS);
  try {
    await queues.add(
      'ingest',
      feeds.map((feed) => ({ id: `feed-${feed}-${at.getTime()}`, data: { feed } })),
    );
  } catch (error) {
    await releaseFeeds(store.db, feeds, at);
    throw error;
  }
  log.debug({ feeds: feeds.length, ms: performance.now() - begun }, 'looked for due feeds');
}

/** Queues the pages that are due, one of each host. */
export async function queueDuePages({ store, queues, now }: TickDeps): Promise<void> {
  const at = now();
  const pages = await duePages(store.db, at, PAGES_PER_TICK_MAX);
  await queues.add(
    'pages',
    pages.map((page) => pageJob(page, at)),
  );
}

/** Queues the alerts of which a delivery on this process's channels is due. */
export async function queueDueAlerts({ store, queues, channels, now }: TickDeps): Promise<void> {
  const at = now();
  const alerts = await dueAlerts(store.db, [...channels.keys()], at, ALERTS_PER_TICK_MAX);
  await queues.add(
    'deliver',
    alerts.map((alert) => deliverJob(alert, at)),
  );
}

/** Makes partitions of the log ahead, long before an append can meet a missing one. */
async function makeAhead({ store, log }: TickDeps): Promise<void> {
  const made = await makePartitionsAhead(store.db);
  if (made.length > 0) log.info({ partitions: made }, 'made partitions of the log ahead');
}

/** Runs `work` every `everyMs` until aborted; one that fails is logged and tried again at the next turn. */
async function every(
  everyMs: number,
  work: () => Promise<unknown>,
  log: Log,
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    try {
      await work();
    } catch (error) {
      log.warn({ err: error }, 'tick failed, will try again');
    }
    await setTimeout(everyMs, undefined, { signal }).catch(() => undefined);
  }
}

/**
 * The clockwork of a process with these roles: any number of processes may run it at once. Each role looks for its own
 * work, so that what nobody can do is not queued. Resolves when `signal` aborts.
 */
export async function runTicks(deps: TickDeps, roles: readonly Role[], signal: AbortSignal): Promise<void> {
  const clockwork: Record<Role, readonly (readonly [number, () => Promise<unknown>])[]> = {
    ingest: [
      [TICK_MS, () => queueDueFeeds(deps)],
      [TICK_MS, () => queueDuePages(deps)],
      [FORGET_HOSTS_EVERY_MS, () => forgetHosts(deps.store.db, deps.now())],
      [REVISE_SUBSCRIPTIONS_EVERY_MS, async () => deps.websub?.revise()],
      [ASK_HUBS_EVERY_MS, async () => deps.websub?.ask()],
    ],
    classify: [],
    deliver: [[TICK_MS, () => queueDueAlerts(deps)]],
    follow: [
      [RECONCILE_EVERY_MS, () => reconcile(deps)],
      [CLEAN_EVERY_MS, () => deps.queues.clean()],
      [PARTITIONS_EVERY_MS, () => makeAhead(deps)],
    ],
  };
  const turns = roles.flatMap((role) => clockwork[role]);
  await Promise.all(turns.map(([everyMs, work]) => every(everyMs, work, deps.log, signal)));
}
