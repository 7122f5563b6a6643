import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { shuttleDossier } from '../support/shuttle-dossier.ts';
import type { Dossier } from '../../src/dossier/dossier.ts';
import { OPTIONS_OFF } from '../../src/events/feed.ts';
import { eventIdOf, feedId, feedStream, position, publisherId } from '../../src/events/ids.ts';
import type { FeedId } from '../../src/events/ids.ts';
import { FOR_GOOD_MS_MIN } from '../../src/ingest/for-good.ts';
import { decideResume } from '../../src/ingest/hand-feeds.ts';
import { createLog } from '../../src/log.ts';
import { createHttpClient } from '../../src/net/http.ts';
import type { HttpClient } from '../../src/net/http.ts';
import { ensureCheckpoint } from '../../src/store/checkpoints.ts';
import { claimDueFeeds } from '../../src/store/claim-feeds.ts';
import { makeAllDue, readPlan } from '../../src/store/feed-schedule.ts';
import { step } from '../../src/store/follow.ts';
import { head, readAfter, readStream } from '../../src/store/read.ts';
import type { Store } from '../../src/store/store.ts';
import { readFeed } from '../../src/workers/feeds.ts';
import { pollFeed } from '../../src/workers/poll-feed.ts';
import { scheduleFeeds } from '../../src/workers/schedule-feeds.ts';
import { NOON } from '../support/events.ts';
import { useStore } from '../support/store.ts';

const MINUTE_MS = 60_000;
const log = useStore();
let server: Server;
let origin = '';
let http: HttpClient;
let dossier: Dossier;
let clock = NOON.getTime();
let answer: (request: IncomingMessage, response: ServerResponse) => void;
const asked: IncomingMessage['headers'][] = [];
let count = 0;

beforeAll(async () => {
  server = createServer((request, response) => {
    asked.push(request.headers);
    answer(request, response);
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  http = createHttpClient({ contactUrl: 'https://tests.example/', version: '0' });
  dossier = await shuttleDossier();
  await ensureCheckpoint(log.store.db, 'feed-schedule', NOON);
});
afterAll(async () => {
  await http.close();
  server.closeAllConnections();
  await new Promise((done) => server.close(done));
});
beforeEach(() => {
  clock = NOON.getTime();
  asked.length = 0;
});

function rss(...titles: string[]): string {
  const items = titles.map(
    (title) =>
      `<item><title>${title}</title><link>https://w.example/${encodeURIComponent(title)}</link></item>`,
  );
  return `<?xml version="1.0"?><rss version="2.0"><channel><title>W</title>${items.join('')}</channel></rss>`;
}

function serve(body: string, headers: Record<string, string> = {}): void {
  answer = (_request, response) =>
    response.writeHead(200, { 'content-type': 'application/rss+xml', ...headers }).end(body);
}

function refuse(status: number, headers: Record<string, string> = {}): void {
  answer = (_request, response) => response.writeHead(status, headers).end('no');
}

async function follow(): Promise<void> {
  const consumer = scheduleFeeds(() => new Date(clock));
  for (let done = await step(log.store.db, consumer, () => NOON); done && done.until > done.from;) {
    done = await step(log.store.db, consumer, () => NOON);
  }
}

async function addFeed(path = '/feed'): Promise<FeedId> {
  const feed = feedId(`feed-${count++}`);
  const url = `${origin}${path}`;
  const known = { feed, url, title: 'W', publisher: publisherId('wire'), lang: 'en', dossier: null };
  const data = { ...known, options: OPTIONS_OFF };
  const event = { type: 'FeedAdded' as const, id: eventIdOf('FeedAdded', feed, 0), decidedAt: NOON, data };
  await log.store.append([{ stream: feedStream(feed), expected: 0, events: [event] }], NOON);
  await follow();
  return feed;
}

async function poll(feed: FeedId, store: Store = log.store): Promise<void> {
  await makeAllDue(log.store.db, new Date(clock));
  const deps = { store, http, dossier, pollIntervalMs: 15 * MINUTE_MS, allowPrivate: true, random: () => 0 };
  await pollFeed({ ...deps, now: () => new Date(clock), log: createLog('silent') }, feed);
  await follow();
  clock += MINUTE_MS;
}

async function types(feed: FeedId): Promise<string[]> {
  return (await readStream(log.store.db, feedStream(feed))).map(({ type }) => type);
}

/** What the last `items` ItemIngested were held as. */
async function backfills(items: number): Promise<(string | null)[]> {
  const { events } = await readAfter(log.store.db, position(0), ['ItemIngested'], 100_000);
  return events
    .slice(-items)
    .flatMap((event) => (event.type === 'ItemIngested' ? [event.data.backfill] : []));
}

describe('polling a feed', () => {
  test('takes the first good poll as backfill and what comes later as news', async () => {
    const feed = await addFeed();
    serve(rss('a1', 'a2'));
    await poll(feed);
    expect(await backfills(2)).toEqual(['first-poll', 'first-poll']);
    serve(rss('a3', 'a1', 'a2'));
    await poll(feed);
    expect(await backfills(1)).toEqual([null]);
  });

  test('sends the validators of the last body that is in the log, and takes 304 for an answer', async () => {
    const feed = await addFeed();
    serve(rss('b1'), { etag: '"one"', 'last-modified': 'Tue, 13 Jan 2026 00:00:00 GMT' });
    await poll(feed);
    refuse(304);
    await poll(feed);
    expect(asked[1]).toMatchObject({
      'if-none-match': '"one"',
      'if-modified-since': 'Tue, 13 Jan 2026 00:00:00 GMT',
    });
    expect(await readPlan(log.store.db, feed)).toMatchObject({
      etag: '"one"',
      lastOutcome: 'unchanged',
      failures: 0,
    });
  });

  test('keeps no validators of a body it did not get into the log', async () => {
    const feed = await addFeed();
    serve(rss('c1'), { etag: '"lost"' });
    const store: Store = { ...log.store, append: () => Promise.reject(new Error('killed here')) };
    await expect(poll(feed, store)).rejects.toThrow('killed here');
    expect((await readPlan(log.store.db, feed))?.etag).toBeNull();
    await poll(feed);
    expect(asked[1]).not.toHaveProperty('if-none-match');
    expect(await backfills(1)).toEqual(['first-poll']);
  });

  test('stays due after a crash at its last line, and then adds nothing twice', async () => {
    const feed = await addFeed();
    serve(rss('d1', 'd2'));
    await poll(feed);
    const before = await head(log.store.db);
    await poll(feed);
    expect(await head(log.store.db)).toBe(before);
  });

  test('notes trouble once when it starts, again when it changes kind, and when it ends', async () => {
    const feed = await addFeed();
    serve(rss('e1'));
    await poll(feed);
    for (const status of [503, 500, 404, 410, 403]) {
      refuse(status);
      await poll(feed);
    }
    serve(rss('e1'));
    await poll(feed);
    const events = await readStream(log.store.db, feedStream(feed));
    expect(
      events.map((event) => (event.type === 'FeedFailed' ? `failed ${event.data.failure.kind}` : event.type)),
    ).toEqual(['FeedAdded', 'failed soft', 'failed hard', 'failed blocked', 'FeedRecovered']);
    expect(events.at(-1)?.data).toMatchObject({ failures: 5 });
  });

  test('backs off while there is trouble and obeys Retry-After', async () => {
    const feed = await addFeed();
    refuse(503);
    const waits: number[] = [];
    for (let round = 0; round < 3; round++) {
      const at = clock;
      await poll(feed);
      waits.push(((await readPlan(log.store.db, feed))?.nextDueAt.getTime() ?? 0) - at);
    }
    expect(waits).toEqual([15, 30, 60].map((minutes) => minutes * MINUTE_MS));
    refuse(429, { 'retry-after': '36000' });
    const at = clock;
    await poll(feed);
    expect((await readPlan(log.store.db, feed))?.nextDueAt.getTime()).toBe(at + 36_000_000);
  });

  test('believes a permanent redirect when it holds, and forgets the old address’ validators then', async () => {
    const feed = await addFeed('/old');
    answer = (request, response) => {
      if (request.url === '/old') response.writeHead(301, { location: '/new' }).end();
      else response.writeHead(200, { etag: '"new"' }).end(rss('f1'));
    };
    await poll(feed);
    await poll(feed);
    expect(await types(feed)).toEqual(['FeedAdded']);
    clock += FOR_GOOD_MS_MIN;
    await poll(feed);
    expect(await types(feed)).toEqual(['FeedAdded', 'FeedMoved']);
    expect(await readPlan(log.store.db, feed)).toMatchObject({
      url: `${origin}/new`,
      etag: null,
      said: null,
    });
  });

  test('forgets a permanent redirect that was taken back, and one to what is no feed', async () => {
    const feed = await addFeed('/old');
    const to = (location: string, body: string): void => {
      answer = (request, response) => {
        if (request.url === '/old' && location !== '') response.writeHead(308, { location }).end();
        else response.writeHead(200).end(body);
      };
    };
    for (const [location, body] of [
      ['/new', rss('p1')],
      ['', rss('p1')],
      ['/new', rss('p1')],
      ['/page', '<html><title>Soon here</title></html>'],
      ['/page', '<html><title>Soon here</title></html>'],
      ['/other', rss('p1')],
    ] as const) {
      to(location, body);
      await poll(feed);
      clock += FOR_GOOD_MS_MIN - 2 * MINUTE_MS;
    }
    expect(await types(feed)).toEqual(['FeedAdded', 'FeedFailed', 'FeedRecovered']);
    expect((await readPlan(log.store.db, feed))?.said?.word).toBe(`${origin}/other`);
  });

  test('asks a feed that is said to be gone (410) once more, and pauses it when that is said again, until a person resumes it', async () => {
    const feed = await addFeed();
    refuse(410);
    await poll(feed);
    expect(await types(feed)).toEqual(['FeedAdded', 'FeedFailed']);
    clock += FOR_GOOD_MS_MIN;
    await poll(feed);
    const events = await readStream(log.store.db, feedStream(feed));
    expect(events.at(-1)).toMatchObject({
      type: 'FeedPaused',
      data: { reason: `${origin}/feed: answered 410, gone for good, and said so again` },
    });
    await poll(feed);
    expect(asked).toHaveLength(2);
    const { state, version } = await readFeed(log.store.db, feed);
    const resumed = decideResume(feed, { state, version }, 'it is back', new Date(clock));
    if (resumed.kind !== 'events') throw new Error(resumed.reason);
    await log.store.append([{ stream: feedStream(feed), expected: version, events: resumed.events }], NOON);
    await follow();
    expect((await readPlan(log.store.db, feed))?.failures).toBe(0);
    await poll(feed);
    expect(asked).toHaveLength(3);
    expect((await types(feed)).slice(-2)).toEqual(['FeedPaused', 'FeedResumed']);
  });

  test('keeps the validators of the last good body when what comes cannot be read', async () => {
    const feed = await addFeed();
    serve(rss('v1'), { etag: '"good"' });
    await poll(feed);
    serve('<html><title>Sign in to the network</title></html>', { etag: '"portal"' });
    await poll(feed);
    expect(await readPlan(log.store.db, feed)).toMatchObject({ etag: '"good"', failures: 1 });
    serve(rss('v1', 'v2'), { etag: 'W/"weak"' });
    await poll(feed);
    refuse(304);
    await poll(feed);
    expect(asked.map((headers) => headers['if-none-match'])).toEqual([
      undefined,
      '"good"',
      '"good"',
      'W/"weak"',
    ]);
  });

  test('takes a web page for a moment’s at first, and for hard trouble when it stays', async () => {
    const feed = await addFeed();
    serve('<html><title>Back soon</title></html>');
    for (let polls = 0; polls < 4; polls++) await poll(feed);
    const kinds = (await readStream(log.store.db, feedStream(feed))).map((event) =>
      event.type === 'FeedFailed' ? event.data.failure.kind : event.type,
    );
    expect(kinds).toEqual(['FeedAdded', 'soft', 'hard']);
  });

  test('does nothing about a feed that was paused after its job was queued', async () => {
    const feed = await addFeed();
    const event = {
      type: 'FeedPaused' as const,
      id: eventIdOf('FeedPaused', feed),
      decidedAt: NOON,
      data: { feed, reason: 'test' },
    };
    await log.store.append([{ stream: feedStream(feed), expected: 1, events: [event] }], NOON);
    await follow();
    await poll(feed);
    expect(asked).toHaveLength(0);
  });
});

test('a feed that the dossier gives another address has none of the troubles of the old one', async () => {
  const feed = await addFeed();
  refuse(404);
  await poll(feed);
  await poll(feed);
  const data = { feed, from: `${origin}/feed`, to: `${origin}/b`, cause: 'dossier' as const, reason: 'test' };
  const moved = { type: 'FeedMoved' as const, id: eventIdOf('FeedMoved', feed), decidedAt: NOON, data };
  await log.store.append([{ stream: feedStream(feed), expected: null, events: [moved] }], NOON);
  await follow();
  expect((await readPlan(log.store.db, feed))?.failures).toBe(0);
  await poll(feed);
  expect((await readPlan(log.store.db, feed))?.nextDueAt.getTime()).toBe(clock + 14 * MINUTE_MS);
});

describe('what a feed held when it was not watched', () => {
  test('is old news when the feed comes back, and its old validators are forgotten', async () => {
    const feed = await addFeed();
    serve(rss('g1'), { etag: '"before"' });
    await poll(feed);
    const gone = eventIdOf('FeedRemoved', feed);
    const removed = {
      type: 'FeedRemoved' as const,
      id: gone,
      decidedAt: NOON,
      data: { feed, cause: 'dossier' as const, reason: 'test' },
    };
    const [first] = await readStream(log.store.db, feedStream(feed));
    if (first?.type !== 'FeedAdded') throw new Error('no FeedAdded');
    const back = { ...first, id: eventIdOf('FeedAdded', feed, 'back') };
    await log.store.append([{ stream: feedStream(feed), expected: null, events: [removed, back] }], NOON);
    await follow();
    const unpolled = { lastPolledAt: null, lastGoodAt: null, lastOutcome: null };
    expect(await readPlan(log.store.db, feed)).toMatchObject(unpolled);
    asked.length = 0;
    serve(rss('g2', 'g1'));
    await poll(feed);
    expect(asked[0]).not.toHaveProperty('if-none-match');
    expect(await backfills(1)).toEqual(['first-poll']);
  });

  test('is old news too when the feed comes back while its old poll is in hand, and nothing of that is kept', async () => {
    const feed = await addFeed();
    const [first] = await readStream(log.store.db, feedStream(feed));
    if (first?.type !== 'FeedAdded') throw new Error('no FeedAdded');
    const data = { feed, cause: 'dossier' as const, reason: 'test' };
    const gone = { type: 'FeedRemoved' as const, id: eventIdOf('FeedRemoved', feed), decidedAt: NOON, data };
    const back = { ...first, id: eventIdOf('FeedAdded', feed, 'back') };
    answer = (_request, response) => {
      void (async () => {
        await log.store.append([{ stream: feedStream(feed), expected: 1, events: [gone, back] }], NOON);
        await follow();
        response.writeHead(200, { etag: '"before"' }).end(rss('i1'));
      })();
    };
    clock += MINUTE_MS;
    await makeAllDue(log.store.db, new Date(clock - 1));
    await claimDueFeeds(log.store.db, new Date(clock), 100, 5 * MINUTE_MS);
    const deps = { store: log.store, http, dossier, pollIntervalMs: MINUTE_MS, allowPrivate: true };
    await pollFeed({ ...deps, now: () => new Date(clock), log: createLog('silent') }, feed);
    const unpolled = { claimedUntil: null, firstPolledAt: null, lastPolledAt: null, etag: null };
    expect(await readPlan(log.store.db, feed)).toMatchObject(unpolled);
  });

  test('is not asked for again by a job that outlived its poll', async () => {
    const feed = await addFeed();
    serve(rss('h1'));
    await poll(feed);
    asked.length = 0;
    const deps = { store: log.store, http, dossier, pollIntervalMs: MINUTE_MS, allowPrivate: true };
    await pollFeed({ ...deps, now: () => new Date(clock), log: createLog('silent') }, feed);
    expect(asked).toHaveLength(0);
  });
});

describe('the schedule', () => {
  test('can be followed while all of it is made due, whatever the order of events', async () => {
    const feeds = [await addFeed(), await addFeed(), await addFeed(), await addFeed()];
    for (let round = 0; round < 10; round++) {
      const events = [...feeds].reverse().map((feed) => ({
        stream: feedStream(feed),
        expected: null,
        events: [
          {
            type: 'FeedMoved' as const,
            id: eventIdOf('FeedMoved', feed, round),
            decidedAt: NOON,
            data: {
              feed,
              from: `${origin}/${round}`,
              to: `${origin}/${round + 1}`,
              cause: 'dossier' as const,
              reason: 'test',
            },
          },
        ],
      }));
      await log.store.append(events, NOON);
      await Promise.all([follow(), makeAllDue(log.store.db, NOON), makeAllDue(log.store.db, NOON)]);
    }
    expect((await readPlan(log.store.db, feeds[0] as FeedId))?.url).toBe(`${origin}/10`);
  });
});

describe('claims of due feeds', () => {
  test('go to one process each, and lapse when nobody honours them', async () => {
    const feeds = [await addFeed(), await addFeed(), await addFeed()];
    const later = new Date(NOON.getTime() + 60 * MINUTE_MS);
    const claims = await Promise.all(
      [1, 2, 3, 4].map(() => claimDueFeeds(log.store.db, later, 100, 5 * MINUTE_MS)),
    );
    const claimed = claims.flat().filter((feed) => feeds.includes(feed));
    expect([...claimed].sort()).toEqual([...feeds].sort());
    const soon = new Date(later.getTime() + 4 * MINUTE_MS);
    expect(
      (await claimDueFeeds(log.store.db, soon, 100, MINUTE_MS)).filter((feed) => feeds.includes(feed)),
    ).toEqual([]);
    const lapsed = new Date(later.getTime() + 5 * MINUTE_MS);
    expect(await claimDueFeeds(log.store.db, lapsed, 100, MINUTE_MS)).toEqual(expect.arrayContaining(feeds));
  });
});
