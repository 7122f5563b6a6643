import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Tagger } from '../../src/classify/tagger.ts';
import { subjectId } from '../../src/events/ids.ts';
import type { ItemId } from '../../src/events/ids.ts';
import type { Log } from '../../src/log.ts';
import { createLog } from '../../src/log.ts';
import { items } from '../../src/projections/items.ts';
import { consumerOf } from '../../src/projections/projection.ts';
import { EVENT_CHARS_MAX } from '../../src/store/append.ts';
import { ensureCheckpoint } from '../../src/store/checkpoints.ts';
import { itemText } from '../../src/query/item-text.ts';
import { putContent } from '../../src/store/content.ts';
import { step } from '../../src/store/follow.ts';
import { countUntagged, untaggable } from '../../src/store/undone.ts';
import { openQueues } from '../../src/workers/queues.ts';
import type { Queues } from '../../src/workers/queues.ts';
import { reconcile } from '../../src/workers/reconcile.ts';
import { tagItems } from '../../src/workers/tag-items.ts';
import { commandOf, ingested, itemOf, NOON, NOTHING } from '../support/events.ts';
import { countEvents } from '../support/pipeline.ts';
import { fileQueues } from '../support/queue-place.ts';
import { useStore } from '../support/store.ts';

const log = useStore();
let queues: Queues;
let at = NOON.getTime();

beforeEach(() => {
  queues = openQueues(fileQueues(log.url), createLog('silent'));
});
afterEach(async () => {
  await queues.stopWork(5_000);
  await queues.close();
});

const now = (): Date => new Date(at);

/** Brings in an item and lets the items projection catch up. */
async function bring(name: string): Promise<void> {
  const event = ingested(name);
  const body = { title: name, summary: '' };
  await putContent(log.store.db, new Map([[event.data.content, itemText(body)]]));
  await log.store.append([commandOf(event, 0)], NOON);
  await project();
}

async function project(): Promise<void> {
  const consumer = consumerOf(items);
  await ensureCheckpoint(log.store.db, consumer.name, NOON);
  await step(log.store.db, consumer, now);
}

const look = (): Promise<number> => reconcile({ store: log.store, queues, now, log: createLog('silent') });

async function lookAfter(seconds: number): Promise<number> {
  at += seconds * 1_000;
  return await look();
}

/** Counts what is said at each level. */
function listening(): { readonly log: Log; readonly said: { error: number; debug: number } } {
  const said = { error: 0, debug: 0 };
  const silent = createLog('silent');
  const heard = Object.assign(Object.create(silent) as Log, {
    error: () => (said.error += 1),
    debug: () => (said.debug += 1),
  });
  return { log: heard, said };
}

const tagger = (tag: Tagger['tag']): Tagger => ({ version: 't1', model: '', tag });
const sound = tagger(() => NOTHING);

/** Tags items as a worker would, by a tagger that finds nothing. */
async function tagAll(names: readonly ItemId[]): Promise<void> {
  const deps = { store: log.store, tagger: sound, dossierVersion: 'd1', now, log: createLog('silent') };
  await tagItems(deps, names);
}

test('what is forgotten is queued by one look of all, and again after twice the time each', async () => {
  await bring('forgotten');
  expect(await look()).toBe(0);
  expect(await Promise.all([look(), look()])).toEqual([0, 0]);
  at += 31_000;
  const looks = await Promise.all([look(), look(), look()]);
  expect(looks.sort()).toEqual([0, 0, 1]);
  expect(await lookAfter(31)).toBe(0);
  expect(await lookAfter(31)).toBe(1);
  expect(await lookAfter(62)).toBe(0);
  expect(await lookAfter(62)).toBe(1);
  await tagAll([itemOf('forgotten')]);
  await project();
  expect(await lookAfter(3_600)).toBe(0);
});

test('a job that failed for good does not keep its items untagged', async () => {
  await bring('failed for good');
  let runs = 0;
  await queues.work('classify', 1, async ({ items: asked }) => {
    const mine = asked.includes(itemOf('failed for good'));
    if (mine) runs += 1;
    // Jobs that earlier tests have left are done as they should.
    if (mine && runs <= 3) throw new Error('out of memory');
    await tagAll(asked);
  });
  await queues.add('classify', [{ id: 'items-lost', data: { items: [itemOf('failed for good')] } }]);
  await expect.poll(async () => (await queues.counts('classify')).failed, { timeout: 10_000 }).toBe(1);
  await look();
  expect(await lookAfter(31)).toBeGreaterThan(0);
  await expect
    .poll(async () => (await project(), await countUntagged(log.store.db)), { timeout: 10_000 })
    .toBe(0);
  const tagged = await countEvents(log.store.db);
  await lookAfter(3_600);
  await expect.poll(() => queues.depth('classify')).toBe(0);
  expect(await countEvents(log.store.db)).toEqual(tagged);
});

test('an item that cannot be tagged is told of once, tried ever more rarely, and costs others nothing', async () => {
  await bring('poison');
  await bring('sound');
  const { log: heard, said } = listening();
  const cannot = tagger(({ title }) => {
    if (title === 'poison') throw new RangeError('too deep');
    return sound.tag({ title, text: '' });
  });
  const deps = { store: log.store, tagger: cannot, dossierVersion: 'd1', now, log: heard };
  for (let again = 0; again < 3; again++) await tagItems(deps, [itemOf('poison'), itemOf('sound')]);
  await project();
  expect(said).toEqual({ error: 1, debug: 2 });
  expect(await countUntagged(log.store.db)).toBe(1);
  expect(await untaggable(log.store.db, 5)).toMatchObject([{ reason: 'RangeError: too deep' }]);
  // Three hours of looks every half minute.
  let queued = 0;
  for (let looks = 0; looks < 360; looks++) queued += await lookAfter(30);
  expect(queued).toBeLessThan(12);
  await tagAll([itemOf('poison')]);
  await project();
  expect(await untaggable(log.store.db, 5)).toEqual([]);
}, 60_000);

test('tags that the log cannot hold are an untaggable item, and cost those tagged with it nothing', async () => {
  await bring('endless');
  await bring('short');
  const surface = 'x'.repeat(EVENT_CHARS_MAX);
  const mention = { start: 0, end: surface.length, surface, field: 'text', alias: 'x', rule: 'r' } as const;
  const endless = { id: subjectId('nara'), kind: 'place', salience: 1, mentions: [mention] } as const;
  const wordy = tagger(({ title }) => (title === 'endless' ? { ...NOTHING, tags: [endless] } : NOTHING));
  const deps = { store: log.store, tagger: wordy, dossierVersion: 'd1', now, log: createLog('silent') };
  await tagItems(deps, [itemOf('endless'), itemOf('short')]);
  await project();
  expect(await countUntagged(log.store.db)).toBe(1);
  expect(await untaggable(log.store.db, 5)).toMatchObject([
    { item: itemOf('endless'), reason: expect.stringContaining(`more than ${EVENT_CHARS_MAX}`) as string },
  ]);
});
