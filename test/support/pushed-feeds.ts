import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, expect } from 'vitest';
import { shuttleDossier } from './shuttle-dossier.ts';
import type { Dossier } from '../../src/dossier/dossier.ts';
import { eventIdOf, feedId, feedStream, position, publisherId } from '../../src/events/ids.ts';
import { OPTIONS_OFF } from '../../src/events/feed.ts';
import type { FeedId } from '../../src/events/ids.ts';
import { createLog } from '../../src/log.ts';
import { createHttpClient } from '../../src/net/http.ts';
import { ensureCheckpoint } from '../../src/store/checkpoints.ts';
import { makeAllDue } from '../../src/store/feed-schedule.ts';
import { step } from '../../src/store/follow.ts';
import { readPushState } from '../../src/store/pushes.ts';
import { readAfter } from '../../src/store/read.ts';
import type { Store } from '../../src/store/store.ts';
import { pollFeed } from '../../src/workers/poll-feed.ts';
import { scheduleFeeds } from '../../src/workers/schedule-feeds.ts';
import { callbackOf, startWebSub } from '../../src/workers/websub.ts';
import type { WebSub, WebSubDeps } from '../../src/workers/websub.ts';
import { NOON } from './events.ts';
import { freePort } from './free-port.ts';
import { startHub } from './hub.ts';
import type { Hub } from './hub.ts';
import { useStore } from './store.ts';

export const MINUTE_MS = 60_000;
export const DAY_MS = 24 * 60 * MINUTE_MS;

/** A subscription as its row has it. */
interface Row {
  readonly state: string;
  readonly lastError: string | null;
  /** Until the next request is due; null when none is. */
  readonly dueMs: number | null;
  readonly unsigned: number;
}

/** A feed of items that are named by their titles, or by another name. */
export function rss(...items: readonly (string | readonly [name: string, title: string])[]): string {
  const entries = items.map((item) => {
    const [name, title] = typeof item === 'string' ? [item, item] : item;
    return `<item><title>${title}</title><link>https://w.example/${name}</link></item>`;
  });
  return `<?xml version="1.0"?><rss version="2.0"><channel><title>W</title>${entries.join('')}</channel></rss>`;
}

/** What tests change, and what they look at. */
interface Stage {
  /** Milliseconds; every process goes by it. */
  clock: number;
  /** How the server of feeds answers. */
  answer: (request: IncomingMessage, response: ServerResponse) => void | Promise<void>;
  /** What appending fails with while it is set. */
  appendFails: Error | null;
  /** What happens, once, before the next append. */
  beforeAppend: (() => Promise<unknown>) | null;
  /** New for every test. */
  hub: Hub;
  /** WebSub as a process runs it. */
  websub: WebSub;
  /** The URL that callbacks begin with. */
  callback: string;
  origin: string;
}

export interface PushedFeeds {
  readonly stage: Stage;
  readonly store: Store;
  readonly deps: () => WebSubDeps;
  /** Serves `body` as a feed that offers the hub. */
  readonly serve: (body: string) => void;
  readonly follow: () => Promise<void>;
  /** Polls once, and lets a minute pass. */
  readonly poll: (feed: FeedId) => Promise<void>;
  /** What the clockwork does: looks at what is wanted, and asks hubs. */
  readonly keep: () => Promise<void>;
  /** A feed that has been polled once, and offers the hub. */
  readonly addFeed: (...items: readonly string[]) => Promise<FeedId>;
  /** A feed that has been subscribed to as well. */
  readonly addPushedFeed: (...items: readonly string[]) => Promise<FeedId>;
  readonly pause: (feed: FeedId) => Promise<void>;
  /** The only subscription there is. */
  readonly row: () => Promise<Row>;
  readonly isSubscribed: (feed: FeedId) => Promise<boolean>;
  /** The items that were appended after `from`: ingested, and why they are old, or revised. */
  readonly appendedAfter: (from: number) => Promise<string[]>;
}

/** A server of feeds, a hub, and WebSub of a process, on a database of their own: one feed a test. */
export function usePushedFeeds(): PushedFeeds {
  const log = useStore();
  const http = createHttpClient({ contactUrl: 'https://tests.example/', version: '0' });
  const server = createServer((request, response) => void stage.answer(request, response));
  // What beforeAll and beforeEach put there is there before any test looks.
  const stage = { clock: NOON.getTime(), appendFails: null, beforeAppend: null } as Stage;
  let dossier: Dossier;
  let count = 0;
  const now = (): Date => new Date(stage.clock);
  const deps = (): WebSubDeps => {
    const append: Store['append'] = async (...args) => {
      const { appendFails, beforeAppend } = stage;
      stage.beforeAppend = null;
      await beforeAppend?.();
      if (appendFails !== null) throw appendFails;
      return await log.store.append(...args);
    };
    const store: Store = { ...log.store, append };
    return { store, http, dossier, allowPrivate: true, now, random: () => 0, log: createLog('silent') };
  };

  beforeAll(async () => {
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    stage.origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    dossier = await shuttleDossier();
    await ensureCheckpoint(log.store.db, 'feed-schedule', NOON);
    const port = await freePort();
    const settings = { url: `http://127.0.0.1:${port}/websub/`, host: '127.0.0.1', port };
    stage.callback = callbackOf(settings);
    stage.websub = await startWebSub(deps(), settings);
  });
  afterAll(async () => {
    await stage.websub.stop();
    await http.close();
    server.closeAllConnections();
    await new Promise((done) => server.close(done));
  });
  beforeEach(async () => {
    stage.clock = NOON.getTime();
    stage.appendFails = null;
    stage.beforeAppend = null;
    for (const table of ['hubs', 'callbacks', 'subscriptions'])
      await sql`delete from ${sql.table(`sw_work.${table}`)}`.execute(log.store.db);
    stage.hub = await startHub();
    return () => stage.hub.close();
  });

  const serve = (body: string): void => {
    const link = `<${stage.hub.url}>; rel="hub", <${stage.origin}/topic>; rel="self"`;
    stage.answer = (_request, response) => {
      response.writeHead(200, { 'content-type': 'application/rss+xml', link }).end(body);
    };
  };
  const follow = async (): Promise<void> => {
    const consumer = scheduleFeeds(now);
    for (let done = await step(log.store.db, consumer, () => NOON); done && done.until > done.from;) {
      done = await step(log.store.db, consumer, () => NOON);
    }
  };
  const poll = async (feed: FeedId): Promise<void> => {
    await makeAllDue(log.store.db, now());
    await pollFeed({ ...deps(), pollIntervalMs: 15 * MINUTE_MS }, feed);
    await follow();
    stage.clock += MINUTE_MS;
  };
  const keep = async (): Promise<void> => {
    await stage.websub.revise();
    await stage.websub.ask();
  };
  const addFeed = async (...items: readonly string[]): Promise<FeedId> => {
    const feed = feedId(`pushed-${count++}`);
    const url = `${stage.origin}/feed/${feed}`;
    const named = { feed, url, title: 'W', publisher: publisherId('wire'), lang: 'en', dossier: null };
    const data = { ...named, options: OPTIONS_OFF };
    const event = { type: 'FeedAdded' as const, id: eventIdOf('FeedAdded', feed, 0), decidedAt: NOON, data };
    await log.store.append([{ stream: feedStream(feed), expected: 0, events: [event] }], NOON);
    await follow();
    serve(rss(...items));
    await poll(feed);
    return feed;
  };
  return {
    stage,
    get store() {
      return log.store;
    },
    deps,
    serve,
    follow,
    poll,
    keep,
    addFeed,
    async addPushedFeed(...items) {
      const feed = await addFeed(...items);
      await keep();
      expect(stage.hub.verified).toEqual([{ status: 200, body: 'ch-1' }]);
      return feed;
    },
    async pause(feed) {
      const id = eventIdOf('FeedPaused', feed);
      const event = { type: 'FeedPaused' as const, id, decidedAt: NOON, data: { feed, reason: 'test' } };
      await log.store.append([{ stream: feedStream(feed), expected: null, events: [event] }], NOON);
    },
    async row() {
      const { rows } = await sql<Omit<Row, 'dueMs'> & { due: Date | null }>`
        select state, last_error as "lastError", next_due_at as due, unsigned from sw_work.subscriptions`.execute(
        log.store.db,
      );
      const [first] = rows;
      if (first === undefined || rows.length > 1) throw new Error(`${rows.length} subscriptions`);
      const { due, ...told } = first;
      return { ...told, dueMs: due === null ? null : due.getTime() - stage.clock };
    },
    isSubscribed: async (feed) => (await readPushState(log.store.db, feed, now())).subscribed,
    async appendedAfter(from) {
      const types = ['ItemIngested', 'ItemRevised'] as const;
      const { events } = await readAfter(log.store.db, position(from), types, 10_000);
      return events.map((event) =>
        event.type === 'ItemIngested' ? `ingested ${event.data.backfill ?? 'as news'}` : event.type,
      );
    },
  };
}
