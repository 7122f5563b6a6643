import { describe, expect, test } from 'vitest';
import { eventIdOf, feedId, feedStream } from '../../src/events/ids.ts';
import type { FeedEvent } from '../../src/events/feed.ts';
import { feeds as projection } from '../../src/projections/feeds.ts';
import { consumerOf } from '../../src/projections/projection.ts';
import { rebuild } from '../../src/projections/rebuild.ts';
import { serve } from '../../src/projections/serve.ts';
import { hostWaits } from '../../src/query/host-waits.ts';
import { expectations, silentFeeds } from '../../src/query/silence.ts';
import { silenceText, waitLines } from '../../src/cli/feed-rhythm.ts';
import { ensureCheckpoint } from '../../src/store/checkpoints.ts';
import { step } from '../../src/store/follow.ts';
import { wakeHosts } from '../../src/store/host-turns.ts';
import { commandOf, ingested, NOON } from '../support/events.ts';
import { dumpReadTables } from '../support/pipeline.ts';
import { useStore } from '../support/store.ts';

const log = useStore();
const FEED = feedId('wire-en');
const HOUR_MS = 3_600_000;
const ARRIVALS = 70;
const EVERY_HOURS = 5;
const after = (hours: number): Date => new Date(NOON.getTime() + hours * HOUR_MS);
/** When the last arrival was. */
const LAST_HOURS = (ARRIVALS - 1) * EVERY_HOURS;

const follow = async (): Promise<void> => {
  const consumer = consumerOf(projection);
  await ensureCheckpoint(log.store.db, consumer.name, NOON);
  for (let done = await step(log.store.db, consumer, () => NOON); done && done.until > done.from;)
    done = await step(log.store.db, consumer, () => NOON);
};

async function told(type: 'FeedAdded' | 'FeedRecovered', hours: number): Promise<void> {
  const id = eventIdOf(type, FEED, hours);
  const [feed, decidedAt] = [FEED, after(hours)];
  const url = 'https://quay.example/rss';
  const options = { fullText: false, allowPrivate: false };
  const event = (
    type === 'FeedAdded'
      ? {
          type,
          id,
          decidedAt,
          data: { feed, url, title: 'Quay', publisher: 'p', lang: 'en', dossier: null, options },
        }
      : { type, id, decidedAt, data: { feed, failures: 3 } }
  ) as FeedEvent;
  await log.store.append([{ stream: feedStream(FEED), expected: null, events: [event] }], decidedAt);
}

async function lastGoodPoll(hours: number): Promise<void> {
  const row = { url: 'https://quay.example/rss', host: 'quay.example', enabled: true, failures: 0 };
  const times = { next_due_at: after(hours), last_good_at: after(hours) };
  await log.store.db
    .insertInto('sw_work.feed_schedule')
    .values({ feed: FEED, ...row, ...times })
    .onConflict((conflict) => conflict.column('feed').doUpdateSet(times))
    .execute();
}

describe('a feed that brings something every five hours', () => {
  test('is silent for too long only once it answers and brings nothing for longer than ever', async () => {
    const { store } = log;
    await serve(
      store.db,
      [projection],
      () => NOON,
      () => undefined,
    );
    await told('FeedAdded', 0);
    for (let n = 0; n < ARRIVALS; n++) {
      await store.append([commandOf(ingested(`report ${n}`), 0)], after(n * EVERY_HOURS));
      // Batch by batch: what is kept between two of them must not matter.
      if (n % 10 === 0) await follow();
    }
    await follow();
    await lastGoodPoll(LAST_HOURS + 6);
    const known = (await expectations(store.db, after(1_000))).get(FEED);
    expect(known).toMatchObject({ silentMs: 6 * HOUR_MS, silentTooLong: false });
    expect(known?.normalSilenceMs).toBeGreaterThan(20 * HOUR_MS);
    // Nobody could read it since: that is another trouble.
    expect((await silentFeeds(store.db, after(1_000))).size).toBe(0);
    await lastGoodPoll(LAST_HOURS + 72);
    const silent = (await silentFeeds(store.db, after(1_000))).get(FEED);
    if (silent === undefined) throw new Error('not silent');
    expect(silenceText(silent, new Date(Date.UTC(2026, 0, 14, 23)), 'Asia/Seoul')).toMatch(
      /^silent for 3 d, expected every ≤ \d d \d+ h on weekday mornings$/,
    );
    // Silence counts from when it could be read again.
    await told('FeedRecovered', LAST_HOURS + 70);
    await follow();
    expect((await silentFeeds(store.db, after(1_000))).size).toBe(0);
  });

  test('comes out of a rebuild the same', async () => {
    const rhythms = async (): Promise<string[] | undefined> =>
      (await dumpReadTables(log.store.db))['sw_read.feed_rhythms'];
    const before = await rhythms();
    expect(before).toHaveLength(1);
    await rebuild(log.store.db, projection, { now: () => NOON });
    expect(await rhythms()).toEqual(before);
  });
});

test('feeds that are late say which host keeps them waiting', async () => {
  const { db } = log.store;
  const rows = [1, 2, 3].map((n) => ({
    feed: feedId(`slow-${n}`),
    ...{
      url: `https://slow.example/${n}`,
      host: 'slow.example',
      enabled: true,
      failures: 0,
      next_due_at: after(-1),
    },
  }));
  await db.insertInto('sw_work.feed_schedule').values(rows).execute();
  await wakeHosts(db, new Set(['slow.example']), NOON);
  await db
    .updateTable('sw_work.hosts')
    .set({ free_at: new Date(NOON.getTime() + 4_000) })
    .execute();
  const waits = await hostWaits(db, NOON, after(-0.5));
  expect([...waits.keys()].sort()).toEqual(rows.map(({ feed }) => feed));
  expect(waitLines(waits, NOON)).toBe(
    '  slow.example: 3 feeds are due, polled one at a time, the next in 4 s\n',
  );
});
