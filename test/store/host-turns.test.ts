import { readFile } from 'node:fs/promises';
import { sql } from 'kysely';
import { beforeEach, describe, expect, test } from 'vitest';
import { feedId } from '../../src/events/ids.ts';
import type { FeedId } from '../../src/events/ids.ts';
import { claimDueFeeds } from '../../src/store/claim-feeds.ts';
import {
  makeAllDue,
  readPlan,
  recordPoll,
  releaseFeeds,
  spreadFirstPolls,
} from '../../src/store/feed-schedule.ts';
import {
  endHostTurn,
  forgetHosts,
  HOST_TURN_MS_MAX,
  hostOf,
  takeHostTurn,
  wakeHosts,
} from '../../src/store/host-turns.ts';
import { mendHosts } from '../../src/store/mend-hosts.ts';
import { isOwnMachine } from '../../src/net/address.ts';
import { NOON } from '../support/events.ts';
import { useStore } from '../support/store.ts';

const log = useStore();
const LEASE_MS = 300_000;
const GAP_MS = 5_000;
const HOUR_MS = 3_600_000;
const after = (ms: number): Date => new Date(NOON.getTime() + ms);

beforeEach(async () => {
  await sql`truncate sw_work.feed_schedule, sw_work.hosts`.execute(log.store.db);
});

/** Feeds that are due at NOON, the first of each list for longest. */
async function dueFeeds(urls: readonly string[]): Promise<FeedId[]> {
  const feeds = urls.map((url, index) => ({
    feed: feedId(`f${String(index).padStart(3, '0')}`),
    url,
    host: hostOf(url),
    enabled: true,
    next_due_at: after(index - urls.length),
    failures: 0,
  }));
  await log.store.db.insertInto('sw_work.feed_schedule').values(feeds).execute();
  await wakeHosts(log.store.db, new Set(feeds.flatMap(({ host }) => host ?? [])), NOON);
  return feeds.map(({ feed }) => feed);
}

test('hosts that migration 000137 took from the text of a URL are those of hostOf after a start', async () => {
  const urls = [
    'https://例え.jp/rss',
    'http://a:b@c@quay.example/rss',
    'http://0x7f000001/rss',
    'https://pier.example/rss',
  ];
  const feeds = await dueFeeds(urls);
  await sql`update sw_work.feed_schedule set host = null`.execute(log.store.db);
  await sql`truncate sw_work.hosts`.execute(log.store.db);
  const migration = await readFile(
    new URL('../../migrations/000137_feed_schedule_host.sql', import.meta.url),
    'utf8',
  );
  for (const update of migration.split(';').filter((statement) => statement.includes('update ')))
    await sql.raw(update).execute(log.store.db);
  const hosts = async (): Promise<unknown[]> =>
    await Promise.all(feeds.map(async (feed) => (await readPlan(log.store.db, feed))?.host));
  expect(await hosts()).not.toEqual(urls.map(hostOf));
  // The last was right.
  expect(await mendHosts(log.store.db, NOON)).toBe(3);
  expect(await hosts()).toEqual(['xn--r8jz45g.jp', 'quay.example', null, 'pier.example']);
  expect(await mendHosts(log.store.db, NOON)).toBe(0);
  expect(await claim(NOON)).toEqual(expect.arrayContaining(feeds.slice(0, 2)));
});

const claim = (at: Date, limit = 100): Promise<FeedId[]> =>
  claimDueFeeds(log.store.db, at, limit, LEASE_MS).then((feeds) => feeds.sort());

/** Notes a poll under the claim that there is. */
const polled = async (feed = feedId('none'), url: string, at: Date, dueInMs = HOUR_MS): Promise<void> => {
  const claimedUntil = (await readPlan(log.store.db, feed))?.claimedUntil ?? null;
  await recordPoll(log.store.db, feed, {
    ...{ url, claimedUntil, at, good: true, outcome: '' },
    nextDueAt: new Date(at.getTime() + dueInMs),
    hostFreeAt: new Date(at.getTime() + GAP_MS),
  });
};

test('a host is told by its name, whatever the port, case or user; the own machine has none', () => {
  expect(hostOf('https://user:pw@News.Example.:8443/rss?x=//other.example')).toBe('news.example');
  expect(hostOf('http://뉴스.example/')).toBe('xn--vg1b002a.example');
  for (const own of ['http://localhost:1/', 'http://127.8.0.1/', 'http://[::1]/', 'archive:x', 'no url'])
    expect(hostOf(own)).toBeNull();
  for (const host of [
    'a.localhost',
    '127.1',
    '0x7f000001',
    '127.example',
    'localhost.example',
    '[::2]',
    '10.0.0.1',
  ])
    expect([host, hostOf(`http://${host}/`) === null]).toEqual([
      host,
      isOwnMachine(new URL(`http://${host}/`).hostname),
    ]);
});

describe('a claim of due feeds', () => {
  test('gives each host one feed at a time, the oldest first, and the next one when the gap is over', async () => {
    const [a1, a2, b1, a3] = await dueFeeds([
      'https://a.example/1',
      'https://a.example:81/2',
      'https://b.example/1',
      'https://a.example/3',
    ]);
    expect(await claim(NOON)).toEqual([a1, b1]);
    expect(await claim(after(LEASE_MS - 1))).toEqual([]);
    await polled(a1, 'https://a.example/1', after(1_000));
    expect(await claim(after(1_000 + GAP_MS - 1))).toEqual([]);
    expect(await claim(after(1_000 + GAP_MS))).toEqual([a2]);
    await polled(a2, 'https://a.example:81/2', after(7_000));
    // What is due again at once waits behind what has waited for longer.
    await polled(b1, 'https://b.example/1', after(7_000), 0);
    expect(await claim(after(20_000))).toEqual([b1, a3].sort());
  });

  test('goes to one process each, and the turn lapses with the lease', async () => {
    const feeds = await dueFeeds(
      [0, 1, 2, 3].flatMap((n) => [`https://${n}.example/a`, `https://${n}.example/b`]),
    );
    const claims = await Promise.all([1, 2, 3, 4].map(() => claim(NOON)));
    const claimed = claims.flat();
    expect(new Set(claimed).size).toBe(claimed.length);
    const rest = await claim(NOON);
    expect([...claimed, ...rest].sort()).toEqual(feeds.filter((_, index) => index % 2 === 0));
    expect(await claim(after(LEASE_MS))).toHaveLength(4);
  });

  test('serves a host of many feeds and other hosts alike, and starves none', async () => {
    const many = Array.from({ length: 30 }, (_, n) => `https://many.example/${n}`);
    const urls = [...many, 'https://one.example/', 'http://127.0.0.1:8080/x'];
    const feeds = await dueFeeds(urls);
    const order: FeedId[] = [];
    for (let at = 0; at < 30 * GAP_MS; at += GAP_MS) {
      for (const feed of await claim(after(at), 2)) {
        order.push(feed);
        await polled(feed, urls[feeds.indexOf(feed)] ?? '', after(at));
      }
    }
    expect(order.filter((feed) => feeds.indexOf(feed) < many.length)).toEqual(feeds.slice(0, many.length));
    expect(order.slice(0, 4)).toEqual(expect.arrayContaining(feeds.slice(30)));
  });

  test('that is let go gives the turn back at once', async () => {
    const [feed] = await dueFeeds(['https://a.example/1']);
    await claim(NOON);
    await releaseFeeds(log.store.db, [feed ?? feedId('none')], after(1));
    expect(await claim(after(1))).toEqual([feed]);
  });

  test('that has lapsed and gone to another says nothing any more of the feed, nor of the turn', async () => {
    const [feed = feedId('none')] = await dueFeeds(['https://a.example/1']);
    await claim(NOON);
    const old = (await readPlan(log.store.db, feed))?.claimedUntil ?? null;
    expect(await claim(after(LEASE_MS))).toEqual([feed]);
    const late = { url: 'https://a.example/1', claimedUntil: old, at: after(LEASE_MS), good: true };
    const next = { nextDueAt: after(HOUR_MS), hostFreeAt: after(LEASE_MS + GAP_MS) };
    await recordPoll(log.store.db, feed, { ...late, ...next, outcome: 'late' });
    expect(await readPlan(log.store.db, feed)).toMatchObject({
      claimedUntil: after(2 * LEASE_MS),
      firstPolledAt: null,
      lastOutcome: null,
    });
    expect(await takeHostTurn(log.store.db, 'a.example', after(LEASE_MS + GAP_MS))).toEqual(
      after(2 * LEASE_MS),
    );
  });

  test('finds what is made due while its host slept', async () => {
    const [feed] = await dueFeeds(['https://a.example/1']);
    await claim(NOON);
    await polled(feed, 'https://a.example/1', NOON);
    // Looks, finds nothing and lets the host sleep until the feed is due in an hour.
    expect(await claim(after(GAP_MS))).toEqual([]);
    await makeAllDue(log.store.db, after(GAP_MS));
    expect(await claim(after(GAP_MS))).toEqual([feed]);
  });
});

test('first polls of many new feeds come one after the other, those of a later list behind, and the first at once', async () => {
  const { db } = log.store;
  const spread = async (feeds: readonly FeedId[]): Promise<number[]> => {
    await db.transaction().execute((tx) => spreadFirstPolls(tx, feeds, NOON));
    const rows = await db
      .selectFrom('sw_work.feed_schedule')
      .select('next_due_at')
      .where('feed', 'in', [...feeds])
      .execute();
    return rows.map((row) => row.next_due_at.getTime() - NOON.getTime()).sort((a, b) => a - b);
  };
  const feeds = await dueFeeds(Array.from({ length: 40 }, (_, n) => `https://${n % 4}.example/${n}`));
  await sql`update sw_work.feed_schedule set last_polled_at = ${NOON} where feed = any(${feeds.slice(30)})`.execute(
    db,
  );
  expect(await spread(feeds.slice(0, 20))).toEqual(Array.from({ length: 20 }, (_, n) => n * 10));
  expect(await spread(feeds.slice(20, 30))).toEqual(Array.from({ length: 10 }, (_, n) => 200 + n * 10));
});

describe('a turn for something else than a poll', () => {
  test('keeps feeds waiting, and is kept waiting by them', async () => {
    const [feed] = await dueFeeds(['https://a.example/1']);
    expect(await takeHostTurn(log.store.db, 'a.example', NOON)).toBe('taken');
    expect(await claim(NOON)).toEqual([]);
    await endHostTurn(log.store.db, 'a.example', NOON, after(GAP_MS));
    expect(await takeHostTurn(log.store.db, 'a.example', after(1))).toEqual(after(GAP_MS));
    expect(await claim(after(GAP_MS))).toEqual([feed]);
    expect(await takeHostTurn(log.store.db, 'a.example', after(GAP_MS))).toEqual(after(GAP_MS + LEASE_MS));
  });

  test('goes to one of many who ask, lapses, and its host is forgotten in time', async () => {
    const { db } = log.store;
    const ask = (at: Date): Promise<'taken' | Date> => takeHostTurn(db, 'page.example', at);
    const answers = await Promise.all([1, 2, 3, 4, 5].map(() => ask(NOON)));
    expect(answers.filter((answer) => answer === 'taken')).toHaveLength(1);
    expect(await ask(after(HOST_TURN_MS_MAX))).toBe('taken');
    // The first comes late, and the turn is no longer its own to end.
    await endHostTurn(db, 'page.example', NOON, after(HOST_TURN_MS_MAX + 1));
    expect(await ask(after(HOST_TURN_MS_MAX + 1))).toEqual(after(2 * HOST_TURN_MS_MAX));
    const hosts = (): Promise<unknown[]> => db.selectFrom('sw_work.hosts').select('host').execute();
    await forgetHosts(db, after(HOUR_MS));
    expect(await hosts()).toHaveLength(1);
    await forgetHosts(db, after(25 * HOUR_MS));
    expect(await hosts()).toHaveLength(0);
  });
});
