import { sql } from 'kysely';
import { beforeAll, describe, expect, test } from 'vitest';
import { cursor, InvalidCursor } from '../../src/query/cursor.ts';
import type { Cursor } from '../../src/query/cursor.ts';
import { facets } from '../../src/query/facets.ts';
import { QueryTimeout } from '../../src/query/reading.ts';
import { countItems, SEARCH_ITEMS_MAX, searchItems } from '../../src/query/search.ts';
import { ANY_ITEM } from '../../src/query/sql-filter.ts';
import { timeline } from '../../src/query/timeline.ts';
import { commandOf, ingested, itemOf, NOON, tagged, textFetched } from '../support/events.ts';
import { useStore } from '../support/store.ts';
import { filterOf } from './asking.ts';
import { catchUp, fill, subjectsOf } from './fill.ts';
import type { Told } from './fill.ts';

const log = useStore();

const ITEMS: readonly Told[] = [
  { name: 'nara', subjects: ['nara', 'japan'], lang: 'ja', published: '2026-01-13T00:00:00.000Z' },
  {
    name: 'andong',
    subjects: ['andong'],
    lang: 'ko',
    publisher: 'post',
    published: '2026-01-14T00:00:00.000Z',
  },
  {
    name: 'traditional',
    subjects: ['taiwan', 'japan'],
    lang: 'zh-Hant',
    published: '2026-01-15T00:00:00.000Z',
  },
  { name: 'simplified', subjects: ['taiwan'], lang: 'zh-Hans', published: '2026-01-16T00:00:00.000Z' },
  {
    name: 'chinese',
    subjects: ['taiwan'],
    lang: 'zh',
    publisher: 'post',
    published: '2026-01-17T00:00:00.000Z',
  },
  { name: 'zhuang', subjects: ['nara'], lang: 'zha', published: '2026-01-18T00:00:00.000Z' },
  { name: 'mute', subjects: ['japan'], lang: null, published: null },
];

beforeAll(() => fill(log.store, ITEMS));

async function found(text: string, limit = 100): Promise<string[]> {
  const filter = filterOf(text);
  const { items } = await searchItems(log.store.db, filter, { limit, after: null });
  const counted = await countItems(log.store.db, filter);
  expect(counted.items).toBeGreaterThanOrEqual(items.length);
  return items.map((item) => item.title);
}

describe('searchItems', () => {
  test('gives everything, newest first by the source’s clock, and by ours where the source has none', async () => {
    expect(await found('')).toEqual([
      'zhuang',
      'chinese',
      'simplified',
      'traditional',
      'andong',
      'mute',
      'nara',
    ]);
  });

  test('items of one moment come in the order of the log, the latest first', async () => {
    const at = '2025-06-01T00:00:00.000Z';
    await fill(
      log.store,
      ['one', 'two', 'three'].map((name) => ({ name, subjects: ['tie'], published: at })),
    );
    expect(await found('subject:tie')).toEqual(['three', 'two', 'one']);
  });

  test('asks for each of several subjects', async () => {
    expect(await found('subject:japan')).toEqual(['traditional', 'mute', 'nara']);
    expect(await found('subject:(japan taiwan)')).toEqual(['traditional']);
    expect(await found('subject:(japan andong)')).toEqual([]);
    expect(await found('subject:nobody')).toEqual([]);
  });

  test.each([
    ['zh', ['chinese', 'simplified', 'traditional']],
    ['ZH', ['chinese', 'simplified', 'traditional']],
    ['zh-Hant', ['traditional']],
    ['zh-hans', ['simplified']],
    ['(zh-Hant OR ko)', ['traditional', 'andong']],
    ['zha', ['zhuang']],
    ['und', ['mute']],
  ])('in the languages %s are %j', async (langs, names) => {
    expect(await found(`lang:${langs}`)).toEqual(names);
  });

  test('takes the first day in and leaves the one after the last out', async () => {
    expect(await found('published:[2026-01-14 TO 2026-01-15]')).toEqual(['traditional', 'andong']);
    expect(await found('published:[2026-01-15 TO 2026-01-14]')).toEqual([]);
    expect(await found('-published:*')).toEqual(['mute']);
  });

  test('gives no more than asked for, and the count says how many there are', async () => {
    expect(await found('lang:zh', 2)).toEqual(['chinese', 'simplified']);
    expect(await countItems(log.store.db, filterOf('lang:zh'))).toEqual({ items: 3, exact: true });
    expect(await countItems(log.store.db, filterOf('lang:zh'), 2)).toEqual({ items: 2, exact: false });
    expect(await found('lang:zh', SEARCH_ITEMS_MAX * 10)).toHaveLength(3);
  });

  test('page by page it gives what it gives at once', async () => {
    const { items } = await searchItems(log.store.db, ANY_ITEM, { limit: 100, after: null });
    const pages: string[] = [];
    let after: Cursor | null = null;
    do {
      const page = await searchItems(log.store.db, ANY_ITEM, { limit: 2, after });
      pages.push(...page.items.map((item) => item.item));
      after = page.next;
    } while (after !== null);
    expect(pages).toEqual(items.map((item) => item.item));
    expect(() => cursor('nonsense')).toThrow(InvalidCursor);
  });

  test('a query that takes too long is stopped, and says what helps', async () => {
    const { db } = log.store;
    const slow = { ...ANY_ITEM, where: sql<boolean>`pg_sleep(1) is not null` };
    const timeoutMs = 50;
    const zone = { zone: 'UTC', countries: new Map<never, never>(), now: NOON, timeoutMs };
    const questions = [
      () => searchItems(db, slow, { limit: 5, after: null, timeoutMs }),
      () => countItems(db, slow, 10, timeoutMs),
      () => facets(db, slow, zone),
      () => timeline(db, slow, { by: 'day', split: null, ...zone }),
    ];
    for (const question of questions) {
      const failed = await question().then(String, (error: unknown) => error);
      expect(failed).toBeInstanceOf(QueryTimeout);
      expect(String(failed)).toContain('stopped after 0.05 s: narrow it');
    }
  });

  test('gives an item whole: words, clocks, and its tags with the most salient first', async () => {
    const [tag] = tagged('whole', ['nara']).data.tags;
    if (tag === undefined) throw new Error('tagged() tags');
    const tags = [
      { ...tag, id: subjectsOf('japan')[0] ?? tag.id, salience: 0.25 },
      { ...tag, salience: 0.5 },
      { ...tag, id: subjectsOf('deer')[0] ?? tag.id, salience: 0.25 },
    ];
    const published = '2024-01-01T00:00:00.000Z';
    await log.store.append(
      [
        commandOf(ingested('whole', { published, backfill: 'archive' }), 0),
        commandOf(textFetched('whole'), 1),
        commandOf(tagged('whole', [], { tags, text: textFetched('whole').data.text }), 2),
      ],
      NOON,
    );
    await catchUp(log.store);
    const page = await searchItems(log.store.db, filterOf('subject:deer'), { limit: 5, after: null });
    const [item] = page.items;
    expect(item).toMatchObject({
      item: itemOf('whole'),
      at: new Date(published),
      published: new Date(published),
      url: 'https://wire.example/whole',
      lang: 'en',
      publisher: 'wire',
      feed: 'wire-en',
      revision: 0,
      backfill: 'archive',
      // Its words were never kept: an item that was taken down still answers, without them.
      title: '',
      summary: '',
      // It had one: nothing is left to look into.
      fullText: false,
    });
    expect(item?.tags.map((one) => `${one.id} ${one.salience}`)).toEqual([
      'nara 0.5',
      'deer 0.25',
      'japan 0.25',
    ]);
  });
});

describe('facets', () => {
  test('count what a query finds, in the asker’s zone', async () => {
    const counted = await facets(log.store.db, filterOf('subject:(japan OR taiwan) published:>=2026'), {
      zone: 'America/New_York',
      countries: new Map([['wire' as never, 'US']]),
    });
    expect(counted).toEqual({
      items: 4,
      entities: [
        { value: 'taiwan', items: 3 },
        { value: 'japan', items: 2 },
        { value: 'nara', items: 1 },
      ],
      topics: [],
      langs: ['ja', 'zh', 'zh-Hans', 'zh-Hant'].map((value) => ({ value, items: 1 })),
      publishers: [
        { value: 'wire', items: 3 },
        { value: 'post', items: 1 },
      ],
      countries: [
        { value: 'US', items: 3 },
        { value: 'unknown', items: 1 },
      ],
      // Midnight in UTC is the evening before.
      days: ['2026-01-12', '2026-01-14', '2026-01-15', '2026-01-16'].map((value) => ({ value, items: 1 })),
    });
  });
});
