import { describe, expect, test } from 'vitest';
import { feedId, itemIdOf, itemStream, keyIdOf, publisherId } from '../../src/events/ids.ts';
import type { ItemId } from '../../src/events/ids.ts';
import { createLog } from '../../src/log.ts';
import { contentOf } from '../../src/ingest/normalize.ts';
import { getItemContents } from '../../src/store/content.ts';
import { readStream } from '../../src/store/read.ts';
import { openStore } from '../../src/store/store.ts';
import type { Store } from '../../src/store/store.ts';
import { recordItems } from '../../src/workers/record-items.ts';
import type { Seen } from '../../src/workers/judge-items.ts';
import { tagItems } from '../../src/workers/tag-items.ts';
import type { TagDeps } from '../../src/workers/tag-items.ts';
import { NOON, NOTHING } from '../support/events.ts';
import { useStore } from '../support/store.ts';

const log = useStore();
const now = (): Date => NOON;

function seen(name: string, title = `Headline of ${name}`, feed = 'wire-en'): Seen {
  const key = `url ${name}.example`;
  const item = {
    guid: name,
    url: `https://${name}.example/`,
    title,
    summary: '',
    published: null,
    lang: 'en',
  };
  return {
    key,
    keys: { link: keyIdOf(key), guid: null, title: null },
    itemId: itemIdOf(key),
    item,
    feed: feedId(feed),
    publisher: publisherId('wire'),
    backfill: null,
  };
}

async function story(item: ItemId): Promise<string[]> {
  return (await readStream(log.store.db, itemStream(item))).map(({ type }) => type);
}

describe('recording what was seen', () => {
  test('ingests once, revises on other words, and leaves the same words alone', async () => {
    const counts = [];
    for (const title of ['Lee leaves for Nara', 'Lee leaves for Nara', 'Lee arrives in Nara']) {
      counts.push(await recordItems(log.store, [seen('trip', title)], now));
    }
    expect(counts).toEqual([
      { ingested: 1, revised: 0, unchanged: 0 },
      { ingested: 0, revised: 0, unchanged: 1 },
      { ingested: 0, revised: 1, unchanged: 0 },
    ]);
    expect(await story(seen('trip').itemId)).toEqual(['ItemIngested', 'ItemRevised']);
  });

  test('keeps every change of words that go to and fro', async () => {
    for (const title of ['A', 'B', 'A', 'B']) await recordItems(log.store, [seen('wavering', title)], now);
    expect(await story(seen('wavering').itemId)).toEqual([
      'ItemIngested',
      'ItemRevised',
      'ItemRevised',
      'ItemRevised',
    ]);
  });

  test('does not let two feeds of one article revise it to and fro', async () => {
    for (let round = 0; round < 3; round++) {
      await recordItems(log.store, [seen('carried', 'As the wire has it')], now);
      await recordItems(log.store, [seen('carried', 'As the front page has it', 'front-page')], now);
    }
    expect(await story(seen('carried').itemId)).toEqual(['ItemIngested']);
  });

  test('leaves one event an item when many workers record the same items at once', async () => {
    const items = Array.from({ length: 120 }, (_, index) => seen(`crowd-${index}`));
    const counts = await Promise.all([1, 2, 3, 4].map(() => recordItems(log.store, items, now)));
    expect(counts.reduce((sum, count) => sum + count.ingested, 0)).toBe(120);
    for (const { itemId } of items) expect(await story(itemId)).toEqual(['ItemIngested']);
  });

  test('lets workers with the same words in another order pass each other', async () => {
    for (let round = 0; round < 5; round++) {
      const items = Array.from({ length: 200 }, (_, index) => seen(`order-${round}-${index}`));
      const orders = [items, [...items].reverse(), [...items.slice(100), ...items.slice(0, 100)]];
      const counts = await Promise.all(orders.map((order) => recordItems(log.store, order, now)));
      expect(counts.reduce((sum, count) => sum + count.ingested, 0)).toBe(200);
    }
  });

  test('keeps the words before the event that names them', async () => {
    const item = seen('words first');
    const store: Store = { ...log.store, append: () => Promise.reject(new Error('killed here')) };
    await expect(recordItems(store, [item], now)).rejects.toThrow('killed here');
    const hash = contentOf(item.item);
    expect((await getItemContents(log.store.db, [hash])).get(hash)?.title).toBe('Headline of words first');
    expect(await recordItems(log.store, [item], now)).toMatchObject({ ingested: 1 });
  });
});

describe('tagging', () => {
  const tagger = { version: 't1', model: '', tag: () => NOTHING };
  const deps = (change: Partial<TagDeps> = {}): TagDeps => ({
    store: log.store,
    tagger,
    dossierVersion: 'd1',
    now,
    log: createLog('silent'),
    ...change,
  });

  test('leaves one ItemTagged when the same job runs twice, at once and again, in two processes', async () => {
    const { itemId } = seen('tag me');
    await recordItems(log.store, [seen('tag me')], now);
    const other = openStore(log.url, () => undefined);
    await Promise.all([
      tagItems(deps(), [itemId]),
      tagItems(deps({ store: other }), [itemId]),
      tagItems(deps(), [itemId]),
    ]);
    await tagItems(deps(), [itemId, itemId]);
    await other.close();
    expect(await story(itemId)).toEqual(['ItemIngested', 'ItemTagged']);
  });

  test('says why it was done: new words, other words, or another gazetteer', async () => {
    const { itemId } = seen('causes', 'One');
    await recordItems(log.store, [seen('causes', 'One')], now);
    await tagItems(deps(), [itemId]);
    await tagItems(deps({ dossierVersion: 'd2' }), [itemId]);
    await recordItems(log.store, [seen('causes', 'Two')], now);
    await tagItems(deps({ dossierVersion: 'd2' }), [itemId]);
    await tagItems(deps({ dossierVersion: 'd1' }), [itemId]);
    const events = await readStream(log.store.db, itemStream(itemId));
    expect(events.flatMap((event) => (event.type === 'ItemTagged' ? [event.data.cause] : []))).toEqual([
      'ingested',
      'retagged',
      'revised',
      'retagged',
    ]);
  });

  test('never lands tags of old words after those of new ones', async () => {
    const { itemId } = seen('overtaken', 'Old');
    await recordItems(log.store, [seen('overtaken', 'Old')], now);
    let interfere = true;
    const slow: Store = {
      ...log.store,
      append: async (commands, at) => {
        if (interfere) {
          interfere = false;
          await recordItems(log.store, [seen('overtaken', 'New')], now);
        }
        return await log.store.append(commands, at);
      },
    };
    await tagItems(deps({ store: slow }), [itemId]);
    const events = await readStream(log.store.db, itemStream(itemId));
    expect(events.map(({ type }) => type)).toEqual(['ItemIngested', 'ItemRevised', 'ItemTagged']);
    expect(events[2]?.data).toMatchObject({
      content: contentOf(seen('overtaken', 'New').item),
      cause: 'revised',
    });
  });

  test('is not stopped by one item that the tagger chokes on', async () => {
    await recordItems(log.store, [seen('choke', 'choke'), seen('fine', 'fine')], now);
    const picky = {
      version: 't1',
      model: '',
      tag: ({ title }: { title: string }) => {
        if (title === 'choke') throw new Error('cannot');
        return NOTHING;
      },
    };
    await tagItems(deps({ tagger: picky }), [seen('choke').itemId, seen('fine').itemId]);
    expect(await story(seen('choke').itemId)).toEqual(['ItemIngested']);
    expect(await story(seen('fine').itemId)).toEqual(['ItemIngested', 'ItemTagged']);
  });
});
