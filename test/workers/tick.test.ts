import { expect, test } from 'vitest';
import { feedId, publisherId } from '../../src/events/ids.ts';
import { createLog } from '../../src/log.ts';
import { ensureCheckpoint } from '../../src/store/checkpoints.ts';
import { Away } from '../../src/store/errors.ts';
import { step } from '../../src/store/follow.ts';
import { addFeeds } from '../../src/workers/hand-feeds.ts';
import { openQueues } from '../../src/workers/queues.ts';
import { scheduleFeeds } from '../../src/workers/schedule-feeds.ts';
import { queueDueFeeds } from '../../src/workers/tick.ts';
import { NOON } from '../support/events.ts';
import { fileQueues } from '../support/queue-place.ts';
import { useStore } from '../support/store.ts';

const log = useStore();
const now = (): Date => NOON;

test('feeds that are due while the queues are away are not kept waiting for it afterwards', async () => {
  const { store } = log;
  const url = 'https://quay.example/rss';
  await addFeeds(
    { store, now },
    [{ id: feedId('quay'), url, title: 'Quay', publisher: publisherId('p'), lang: 'en', paused: null }],
    [],
  );
  const consumer = scheduleFeeds(now);
  await ensureCheckpoint(store.db, consumer.name, NOON);
  await step(store.db, consumer, now);

  const queues = openQueues(fileQueues(log.url), createLog('silent'));
  const deps = { store, queues, channels: new Map(), now, log: createLog('silent') };
  const away = { ...deps, queues: { ...deps.queues, add: () => Promise.reject(new Away('queues away')) } };
  await expect(queueDueFeeds(away)).rejects.toThrow('queues away');
  await queueDueFeeds(deps);
  expect(await queues.depth('ingest')).toBe(1);
  // Claimed now: no other process queues it too.
  await queueDueFeeds(deps);
  expect(await queues.depth('ingest')).toBe(1);
  await queues.close();
});
