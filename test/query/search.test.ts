import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { publisherId } from '../../src/events/ids.ts';
import { ANY_ITEM, countItems, SEARCH_ITEMS_MAX, searchItems } from '../../src/query/search.ts';
import type { ItemFilter } from '../../src/query/search.ts';
import { commandOf, ingested, itemOf, NOON, tagged } from '../support/events.ts';
import { useStore } from '../support/store.ts';
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

async function found(change: Partial<ItemFilter>, limit = 100): Promise<string[]> {
  const filter = { ...ANY_ITEM, ...change };
  const items = await searchItems(log.store.db, filter, limit);
  expect(await countItems(log.store.db, filter)).toBeGreaterThanOrEqual(items.length);
  return items.map((item) => item.title);
}

describe('searchItems', () => {
  test('gives everything, newest first by the source’s clock, and by ours where the source has none', async () => {
    expect(await found({})).toEqual([
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
    expect(await found({ subjects: subjectsOf('tie') })).toEqual(['three', 'two', 'one']);
  });

  test('asks for each of several subjects', async () => {
    expect(await found({ subjects: subjectsOf('japan') })).toEqual(['traditional', 'mute', 'nara']);
    expect(await found({ subjects: subjectsOf('japan', 'taiwan') })).toEqual(['traditional']);
    expect(await found({ subjects: subjectsOf('japan', 'andong') })).toEqual([]);
    expect(await found({ subjects: subjectsOf('nobody') })).toEqual([]);
  });

  test.each([
    [['zh'], ['chinese', 'simplified', 'traditional']],
    [['ZH'], ['chinese', 'simplified', 'traditional']],
    [['zh-Hant'], ['traditional']],
    [['zh-hans'], ['simplified']],
    [
      ['zh-Hant', 'ko'],
      ['traditional', 'andong'],
    ],
    [['zha'], ['zhuang']],
    [['z'], []],
    [['%'], []],
    [['z_'], []],
    [[''], []],
  ])('in the languages %j are %j', async (langs, names) => {
    expect(await found({ langs })).toEqual(names);
  });

  test('asks for any of several publishers', async () => {
    const of = (...ids: string[]): Promise<string[]> =>
      found({ publishers: ids.map(publisherId), langs: ['zh'] });
    expect(await of('post')).toEqual(['chinese']);
    expect(await of('post', 'wire')).toEqual(['chinese', 'simplified', 'traditional']);
    expect(await of('nobody')).toEqual([]);
  });

  test('takes the first moment in and leaves the last one out', async () => {
    const since = new Date('2026-01-14T00:00:00.000Z');
    const until = new Date('2026-01-16T00:00:00.000Z');
    expect(await found({ since, until })).toEqual(['traditional', 'andong']);
    expect(await found({ since: until, until: since })).toEqual([]);
    expect(await found({ since, until, langs: ['zh'], subjects: subjectsOf('japan') })).toEqual([
      'traditional',
    ]);
  });

  test('gives no more than asked for, and the count says how many there are', async () => {
    const filter = { ...ANY_ITEM, langs: ['zh'] };
    expect(await found(filter, 2)).toEqual(['chinese', 'simplified']);
    expect(await countItems(log.store.db, filter)).toBe(3);
    expect(await found(filter, SEARCH_ITEMS_MAX * 10)).toHaveLength(3);
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
        commandOf(tagged('whole', [], { tags }), 1),
      ],
      NOON,
    );
    await catchUp(log.store);
    const [item] = await searchItems(log.store.db, { ...ANY_ITEM, subjects: subjectsOf('deer') }, 5);
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
    });
    expect(item?.tags.map((one) => `${one.id} ${one.salience}`)).toEqual([
      'nara 0.5',
      'deer 0.25',
      'japan 0.25',
    ]);
  });
});

describe('search by flags', () => {
  const generated: Told[] = fc
    .sample(
      fc.record({
        subjects: fc.uniqueArray(fc.constantFrom('g-a', 'g-b', 'g-c', 'g-d'), { minLength: 1 }),
        lang: fc.constantFrom('en', 'ko', 'zh', 'zh-Hans', 'zh-Hant', null),
        publisher: fc.constantFrom('g-one', 'g-two', 'g-three'),
        published: fc
          .integer({ min: 0, max: 200 })
          .map((hour) => new Date(Date.UTC(2023, 0, 1, hour)).toISOString()),
      }),
      { seed: 1, numRuns: 150 },
    )
    .map((told, index) => ({ name: `generated ${index}`, ...told }));

  beforeAll(() => fill(log.store, generated));

  const moment = fc.option(
    fc.integer({ min: -5, max: 205 }).map((hour) => new Date(Date.UTC(2023, 0, 1, hour))),
  );
  const filters: fc.Arbitrary<ItemFilter> = fc.record({
    subjects: fc.uniqueArray(fc.constantFrom(...subjectsOf('g-a', 'g-b', 'g-c', 'g-d'))),
    langs: fc.uniqueArray(fc.constantFrom('en', 'ko', 'zh', 'zh-Hant', 'ja')),
    // At least one, so that the items of the other tests stay out of it.
    publishers: fc.uniqueArray(fc.constantFrom('g-one', 'g-two', 'g-three').map(publisherId), {
      minLength: 1,
    }),
    since: moment,
    until: moment,
  });

  function holds(told: Told, filter: ItemFilter): boolean {
    const at = Date.parse(told.published ?? '');
    const { lang = null } = told;
    return (
      filter.subjects.every((subject) => told.subjects.includes(subject)) &&
      (filter.langs.length === 0 ||
        filter.langs.some((asked) => lang === asked || lang?.startsWith(`${asked}-`) === true)) &&
      filter.publishers.some((publisher) => publisher === told.publisher) &&
      (filter.since === null || at >= filter.since.getTime()) &&
      (filter.until === null || at < filter.until.getTime())
    );
  }

  test('finds what a plain filter over the same items finds, in the same order', async () => {
    const inOrder = generated
      .map((told, index) => ({ told, index, at: Date.parse(told.published ?? '') }))
      .sort((a, b) => b.at - a.at || b.index - a.index);
    await fc.assert(
      fc.asyncProperty(filters, async (filter) => {
        const expected = inOrder.filter(({ told }) => holds(told, filter)).map(({ told }) => told.name);
        const items = await searchItems(log.store.db, filter, SEARCH_ITEMS_MAX);
        expect(items.map((item) => item.title)).toEqual(expected);
        expect(await countItems(log.store.db, filter)).toBe(expected.length);
      }),
    );
  });
});
