import { setMaxListeners } from 'node:events';
import { createTagger } from '../classify/tagger.ts';
import type { Channel } from '../alerts/channel.ts';
import type { Dossier } from '../dossier/dossier.ts';
import type { Log } from '../log.ts';
import type { HttpClient } from '../net/http.ts';
import { Robots } from '../net/robots.ts';
import { PROJECTIONS } from '../projections/all.ts';
import { consumerOf } from '../projections/projection.ts';
import { follow } from '../store/follow.ts';
import type { Follower } from '../store/alone.ts';
import type { Consumer } from '../store/follow.ts';
import { SEALS_CONSUMER } from '../store/seal-log.ts';
import type { Store } from '../store/store.ts';
import { deliverAlert } from './deliver-alerts.ts';
import { startHeartbeat } from './heartbeat.ts';
import { fetchText } from './fetch-text.ts';
import { planPages } from './plan-pages.ts';
import { pollFeed } from './poll-feed.ts';
import type { Queues } from './queues.ts';
import { raiseAlerts } from './raise-alerts.ts';
import { relayAlerts, relayItems } from './relay.ts';
import type { Role } from './roles.ts';
import { followSeals } from './seal-log.ts';
import { scheduleFeeds } from './schedule-feeds.ts';
import { forgetWords } from './take-down.ts';
import { tagItems } from './tag-items.ts';
import { runTicks } from './tick.ts';
import { startWebSub } from './websub.ts';
import type { WebSubSettings } from './websub.ts';
import { within } from './within.ts';

/**
 * Feeds polled at a time: nearly all of a poll is waiting for a server. Ten thousand feeds at a quarter of an hour are 11 polls a
 * second; where one server in twenty keeps us waiting for a minute those alone are 33 at a time, and the others are not to
 * wait for them.
 */
const INGEST_CONCURRENCY = 64;
/** Pages fetched at a time, each from another host: enough to keep up with a hundred feeds, and no more than reading them takes. */
const PAGES_CONCURRENCY = 4;
/** Tagging is computing: more at a time than cores gains nothing, two let one wait for the database. */
const CLASSIFY_CONCURRENCY = 2;
const DELIVER_CONCURRENCY = 4;
/** Who may wait for a stop at once: every poll in hand and the clockwork; more would be a leak, and is warned of. */
const STOP_LISTENERS_MAX = 2 * (INGEST_CONCURRENCY + PAGES_CONCURRENCY);
/** What robots.txt calls us. */
const AGENT = 'shuttlewatch';
/** How long a stop waits for jobs in hand. */
export const STOP_MS_MAX = 10_000;

export interface RunDeps {
  readonly store: Store;
  readonly queues: Queues;
  readonly dossier: Dossier;
  readonly http: HttpClient;
  readonly channels: ReadonlyMap<string, Channel>;
  readonly roles: readonly Role[];
  /** Whether to look for what is due: feeds to poll, deliveries to try again, words forgotten by a queue. */
  readonly ticks: boolean;
  readonly pollIntervalMs: number;
  /** Bounds of a feed's own rhythm; POLL_MS_MIN and POLL_MS_MAX of ingest/next-poll.ts unless given. */
  readonly pollMsMin?: number;
  readonly pollMsMax?: number;
  /** Between two requests to the same host; HOST_GAP_MS of poll-feed.ts unless given. */
  readonly hostGapMs?: number;
  readonly allowPrivate: boolean;
  readonly now: () => Date;
  readonly log: Log;
  /** Where hubs reach this process, if it has the role ingest; they do not unless given. */
  readonly websub?: WebSubSettings | null;
  /** The build, for those who ask which processes work here. */
  readonly version?: string;
  /** Hears of a consumer that halted, while the others go on, and with null that it goes on too. */
  readonly onHalt?: (consumer: string, error: Error | null) => void;
}

export interface Running {
  /** The consumers that stand still in this process, by name. */
  readonly halted: ReadonlyMap<string, Error>;
  /**
   * Takes nothing new and waits for what is in hand, at most STOP_MS_MAX for jobs and as long again for the rest; the
   * store stays open. False when something would not end: the caller then has to end the process, and what was in
   * hand is taken up again by the next one.
   */
  stop(): Promise<boolean>;
}

/** Every consumer of the log that runs beside the queues. */
export function consumers(deps: Pick<RunDeps, 'store' | 'queues' | 'dossier' | 'now' | 'log'>): Consumer[] {
  const { queues, now } = deps;
  return [
    scheduleFeeds(now),
    relayItems(queues),
    planPages(now),
    raiseAlerts(deps),
    relayAlerts(queues, now),
    forgetWords,
    ...PROJECTIONS.map(consumerOf),
  ];
}

async function startHandlers(deps: RunDeps, stopping: AbortSignal): Promise<void> {
  const { queues, roles } = deps;
  if (roles.includes('ingest')) {
    await queues.work('ingest', INGEST_CONCURRENCY, ({ feed }) => pollFeed({ ...deps, stopping }, feed));
    const robots = new Robots(deps.http, AGENT, deps.now);
    const textDeps = { ...deps, robots, stopping };
    await queues.work('pages', PAGES_CONCURRENCY, ({ item }) => fetchText(textDeps, item));
  }
  if (roles.includes('classify')) {
    const tagger = createTagger(deps.dossier);
    const tagDeps = { ...deps, tagger, dossierVersion: deps.dossier.version };
    await queues.work('classify', CLASSIFY_CONCURRENCY, ({ items }) => tagItems(tagDeps, items));
  }
  if (roles.includes('deliver')) {
    await queues.work('deliver', DELIVER_CONCURRENCY, ({ alert }) => deliverAlert(deps, alert));
  }
}

function startFollowers(deps: RunDeps, halted: Map<string, Error>): Follower[] {
  const { store, log, now } = deps;
  const onHaltOf =
    (name: string) =>
    (error: Error | null): void => {
      if (error === null) halted.delete(name);
      else halted.set(name, error);
      deps.onHalt?.(name, error);
    };
  return [
    ...consumers(deps).map((consumer) =>
      follow(store, consumer, log, now, { onHalt: onHaltOf(consumer.name) }),
    ),
    followSeals({ ...deps, onHalt: onHaltOf(SEALS_CONSUMER) }),
  ];
}

/** Starts the asked roles in this process and gives the means to stop them. Leaves nothing running when it throws. */
export async function runWorkers(deps: RunDeps): Promise<Running> {
  const { store, queues, roles } = deps;
  const stopping = new AbortController();
  setMaxListeners(STOP_LISTENERS_MAX, stopping.signal);
  try {
    await queues.ready();
    await store.wakeup.listen();
    await startHandlers(deps, stopping.signal);
  } catch (error) {
    await queues.stopWork(STOP_MS_MAX);
    await queues.close();
    throw error;
  }
  const halted = new Map<string, Error>();
  const heartbeat = startHeartbeat({ ...deps, halted });
  const followers = roles.includes('follow') ? startFollowers(deps, halted) : [];
  const websubDeps = { ...deps, stopping: stopping.signal, random: Math.random };
  const websub = roles.includes('ingest') ? await startWebSub(websubDeps, deps.websub ?? null) : null;
  const ticks = deps.ticks ? runTicks({ ...deps, websub }, roles, stopping.signal) : Promise.resolve();
  return {
    halted,
    async stop() {
      stopping.abort();
      // Handlers first: what they append in their last moments the followers may still see. Queues last, since
      // followers add jobs.
      const handled = await queues.stopWork(STOP_MS_MAX);
      const rest = Promise.all([ticks, websub?.stop(), ...followers.map((follower) => follower.stop())]);
      // The heartbeat last: until then this process does work.
      const followed = await within(
        rest.then(() => heartbeat.stop()),
        STOP_MS_MAX,
      );
      if (handled && followed) await queues.close();
      return handled && followed;
    },
  };
}
