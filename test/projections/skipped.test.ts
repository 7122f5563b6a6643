import { beforeAll, expect, test } from 'vitest';
import { createLog } from '../../src/log.ts';
import { feeds } from '../../src/projections/feeds.ts';
import { consumerOf } from '../../src/projections/projection.ts';
import { rebuild } from '../../src/projections/rebuild.ts';
import { serve } from '../../src/projections/serve.ts';
import { readCheckpoints } from '../../src/store/checkpoints.ts';
import type { Checkpoint } from '../../src/store/checkpoints.ts';
import { follow } from '../../src/store/follow.ts';
import { skipEvent } from '../../src/store/halted.ts';
import { head } from '../../src/store/read.ts';
import { commandOf, ingested, NOON } from '../support/events.ts';
import { appendStored, goldenCases } from '../support/golden.ts';
import { useStore } from '../support/store.ts';

const log = useStore();

beforeAll(() =>
  serve(
    log.store.db,
    [feeds],
    () => NOON,
    () => undefined,
  ),
);

async function itemsOfFeeds(): Promise<number[]> {
  const rows = await log.store.db.selectFrom('sw_read.feed_counts').select('items').orderBy('feed').execute();
  return rows.map(({ items }) => items);
}

test('a rebuild leaves out what people let the projection leave out, and comes to the served tables', async () => {
  const { db } = log.store;
  const [added] = (await goldenCases('FeedAdded-v1')).map(({ stored }) => stored);
  if (added === undefined) throw new Error('there is a golden feed');
  await appendStored(db, [added]);
  const { feed } = added.data as { readonly feed: never };
  await log.store.append(
    ['one', 'two', 'three'].map((name) => commandOf(ingested(name, { feed }), 0)),
    NOON,
  );
  const last = await head(db);
  const consumer = consumerOf(feeds);
  const handle: typeof consumer.handle = async (tx, events) => {
    if (events.some((event) => event.position === last - 1)) throw new Error('cannot digest');
    await consumer.handle(tx, events);
  };
  const standing = async (): Promise<Checkpoint | undefined> =>
    (await readCheckpoints(db, [consumer.name]))[0];
  const follower = follow(log.store, { ...consumer, handle }, createLog('silent'), () => NOON);
  await expect.poll(standing, { timeout: 5_000 }).toMatchObject({ status: 'halted', position: last - 2 });
  await skipEvent(log.store, consumer.name, { reason: 'broken', by: null }, NOON);
  await expect.poll(standing, { timeout: 5_000 }).toMatchObject({ position: last + 1 });
  await follower.stop();
  expect(await itemsOfFeeds()).toEqual([2]);
  await rebuild(db, feeds, { now: () => NOON });
  expect(await itemsOfFeeds()).toEqual([2]);
});
