import { beforeAll, describe, expect, test } from 'vitest';
import { ruleVersionOf } from '../../src/alerts/rule-list.ts';
import { eventIdOf, feedId, feedStream, publisherId, ruleId, ruleStream } from '../../src/events/ids.ts';
import type { FeedId } from '../../src/events/ids.ts';
import { decideOptions, decidePause, decideRemove, decideResume } from '../../src/ingest/hand-feeds.ts';
import type { WantedFeed } from '../../src/ingest/hand-feeds.ts';
import { PROJECTIONS } from '../../src/projections/all.ts';
import { rebuild } from '../../src/projections/rebuild.ts';
import { listFeeds, listRules } from '../../src/query/lists.ts';
import { readPlan } from '../../src/store/feed-schedule.ts';
import { ensureCheckpoint } from '../../src/store/checkpoints.ts';
import { step } from '../../src/store/follow.ts';
import { readStream } from '../../src/store/read.ts';
import type { Store } from '../../src/store/store.ts';
import { addFeeds, changeFeeds } from '../../src/workers/hand-feeds.ts';
import { addRules, restoreRules, retireRules } from '../../src/workers/hand-rules.ts';
import { scheduleFeeds } from '../../src/workers/schedule-feeds.ts';
import { rule } from '../alerts/support.ts';
import { NOON } from '../support/events.ts';
import { dumpReadTables } from '../support/pipeline.ts';
import { useStore } from '../support/store.ts';

const log = useStore();
const now = (): Date => NOON;
const deps = (): { store: Store; now: () => Date } => ({ store: log.store, now });
const HARBOUR = feedId('harbour-example');

function wanted(url: string): WantedFeed {
  return { id: null, url, title: 'Harbour', publisher: publisherId('p'), lang: 'en', paused: null };
}

async function typesOf(feed: FeedId): Promise<string[]> {
  return (await readStream(log.store.db, feedStream(feed))).map(({ type }) => type);
}

async function isPolled(feed: FeedId): Promise<boolean | undefined> {
  const consumer = scheduleFeeds(now);
  await ensureCheckpoint(log.store.db, consumer.name, NOON);
  await step(log.store.db, consumer, now);
  return (await readPlan(log.store.db, feed))?.enabled;
}

beforeAll(async () => {
  await addFeeds(deps(), [wanted('https://harbour.example/rss')], []);
});

describe('feeds by hand', () => {
  test('a feed that many add at once is added once, seen at once and polled', async () => {
    const url = 'https://quay.example/rss';
    const outcomes = await Promise.all([1, 2, 3, 4].map(() => addFeeds(deps(), [wanted(url)], [])));
    expect(await typesOf(feedId('quay-example'))).toEqual(['FeedAdded']);
    for (const [outcome] of outcomes) expect(outcome?.feed).toBe('quay-example');
    expect((await listFeeds(log.store.db)).map(({ feed }) => feed)).toContain('quay-example');
    expect(await isPolled(feedId('quay-example'))).toBe(true);
  });

  test('pausing, resuming and removing take effect in the list and in the schedule, with the reason', async () => {
    await changeFeeds(deps(), [HARBOUR], decidePause, 'floods us');
    const [paused] = (await listFeeds(log.store.db)).filter(({ feed }) => feed === HARBOUR);
    expect(paused).toMatchObject({ status: 'paused', statusReason: 'floods us' });
    expect(await isPolled(HARBOUR)).toBe(false);
    await changeFeeds(deps(), [HARBOUR], decideResume, 'better now');
    expect(await isPolled(HARBOUR)).toBe(true);
    await changeFeeds(deps(), [HARBOUR], decideRemove, 'gone');
    await changeFeeds(deps(), [HARBOUR], decideRemove, 'gone');
    expect(await isPolled(HARBOUR)).toBe(false);
    const [back] = await addFeeds(deps(), [wanted('https://harbour.example/rss')], []);
    expect(back).toMatchObject({ kind: 'added', feed: HARBOUR, again: true });
    expect(await typesOf(HARBOUR)).toEqual([
      ...['FeedAdded', 'FeedPaused', 'FeedResumed', 'FeedRemoved', 'FeedAdded'],
    ]);
  });

  test('options take effect in the list and in the schedule, and outlive a removal', async () => {
    const url = 'https://lock.example/rss';
    await addFeeds(deps(), [{ ...wanted(url), options: { allowPrivate: true } }], []);
    const lock = feedId('lock-example');
    const both = { fullText: true, allowPrivate: true };
    await changeFeeds(deps(), [lock], decideOptions({ fullText: true }), 'by hand');
    await changeFeeds(deps(), [lock], decideRemove, 'gone');
    await addFeeds(deps(), [wanted(url)], []);
    expect((await listFeeds(log.store.db)).find(({ feed }) => feed === lock)?.options).toEqual(both);
    expect(await isPolled(lock)).toBe(true);
    expect((await readPlan(log.store.db, lock))?.options).toEqual(both);
  });

  test('where one is refused, none is changed', async () => {
    const before = await typesOf(HARBOUR);
    const changes = await changeFeeds(deps(), [HARBOUR, feedId('never-was')], decidePause, 'x');
    expect(changes.get(feedId('never-was'))?.kind).toBe('refused');
    expect(await typesOf(HARBOUR)).toEqual(before);
  });

  test('what a running process says of the feed meanwhile is decided on again', async () => {
    let interfered = false;
    const store: Store = {
      ...log.store,
      append: async (commands, at) => {
        if (!interfered) {
          interfered = true;
          const failure = { kind: 'soft' as const, reason: 'test', status: 503, evidence: null };
          const id = eventIdOf('FeedFailed', HARBOUR, 'meanwhile');
          const event = {
            type: 'FeedFailed' as const,
            id,
            decidedAt: NOON,
            data: { feed: HARBOUR, failure },
          };
          await log.store.append([{ stream: feedStream(HARBOUR), expected: null, events: [event] }], NOON);
        }
        return await log.store.append(commands, at);
      },
    };
    await changeFeeds({ store, now }, [HARBOUR], decidePause, 'in trouble');
    expect((await typesOf(HARBOUR)).slice(-2)).toEqual(['FeedFailed', 'FeedPaused']);
  });
});

test('where one is refused after others were changed, since somebody was faster, that is told', async () => {
  const [fast, slow] = [feedId('fast-example'), feedId('slow-example')];
  await addFeeds(deps(), [wanted('https://fast.example/rss'), wanted('https://slow.example/rss')], []);
  let interfered = false;
  const store: Store = {
    ...log.store,
    append: async (commands, at) => {
      if (!interfered) {
        interfered = true;
        await changeFeeds(deps(), [slow], decideRemove, 'gone');
      }
      return await log.store.append(commands, at);
    },
  };
  await expect(changeFeeds({ store, now }, [fast, slow], decidePause, 'x')).rejects.toThrow(
    /slow-example was removed.*\n.*fast-example had been changed/,
  );
  expect((await typesOf(fast)).at(-1)).toBe('FeedPaused');
});

describe('rules by hand', () => {
  const nara = rule('nara', 'subject:nara');

  test('are added, retired and restored, once each, and seen at once', async () => {
    await Promise.all([1, 2, 3].map(() => addRules(deps(), [nara], [])));
    await retireRules(deps(), [ruleId('nara')], 'noisy');
    expect(await listRules(log.store.db)).toMatchObject([{ rule: 'nara', status: 'retired' }]);
    await Promise.all([1, 2, 3].map(() => restoreRules(deps(), [ruleId('nara')])));
    expect(await listRules(log.store.db)).toMatchObject([{ rule: 'nara', status: 'in force' }]);
    expect((await listRules(log.store.db))[0]?.version).toBe(ruleVersionOf(nara));
    const events = await readStream(log.store.db, ruleStream(ruleId('nara')));
    expect(events.map(({ type }) => type)).toEqual(['RuleDefined', 'RuleRetired', 'RuleDefined']);
  });
});

test('the read tables come out the same when they are rebuilt', async () => {
  const before = await dumpReadTables(log.store.db);
  for (const projection of PROJECTIONS) await rebuild(log.store.db, projection, { now });
  expect(await dumpReadTables(log.store.db)).toEqual(before);
});
