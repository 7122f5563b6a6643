import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { publisherId } from '../../src/events/ids.ts';
import type { PublisherResolver } from '../../src/ingest/publisher.ts';
import type { Publisher } from '../../src/dossier/dossier.ts';
import { attributed, identifyItems } from '../../src/ingest/identity.ts';
import type { Identified } from '../../src/ingest/identity.ts';
import type { FeedItem } from '../../src/ingest/normalize.ts';
import { anItem } from './items.ts';

const hanbit = publisherId('hanbit');
const minato = publisherId('minato');
const HANBIT: Publisher = {
  id: hanbit,
  name: 'Hanbit Ilbo',
  family: 'hanbit',
  country: 'KR',
  stateRun: false,
  hosts: ['news.example.kr'],
};

const idsOf = (items: readonly FeedItem[], publisher = hanbit): string[] =>
  identifyItems(items, publisher).map((found) => found.itemId);

const same = (one: FeedItem, other: FeedItem): boolean => idsOf([one])[0] === idsOf([other])[0];

const items = fc.array(
  fc.record({
    guid: fc.option(fc.constantFrom('a', 'b', 'c')),
    url: fc.option(fc.constantFrom('https://x.example/', 'https://x.example/1', 'https://x.example/2')),
    title: fc.constantFrom('One', 'Two', 'Three'),
  }),
  { maxLength: 12 },
);

describe('an article is the same', () => {
  test('under a changed guid, because publishers change guids with their software', () => {
    expect(same(anItem({ guid: 'old' }), anItem({ guid: 'new' }))).toBe(true);
  });

  test('under other tracking parameters, https and www', () => {
    const url = 'http://www.news.example.kr/world/1?utm_source=rss';
    expect(same(anItem({ url }), anItem())).toBe(true);
  });

  test('from another port, because a demo or a lab starts on a new one', () => {
    const on = (port: number): FeedItem => anItem({ url: `http://127.0.0.1:${port}/a/1`, guid: null });
    expect(same(on(40001), on(40002))).toBe(true);
  });

  test('from another port when only its guid is a URL', () => {
    const on = (port: number): FeedItem => anItem({ url: null, guid: `http://127.0.0.1:${port}/a/1` });
    expect(same(on(40001), on(40002))).toBe(true);
  });

  test('with a revised headline', () => {
    expect(same(anItem({ title: 'Vice-ministers met in Seoul' }), anItem())).toBe(true);
  });

  test('in two publishers’ feeds when they link to one page', () => {
    expect(idsOf([anItem()], hanbit)).toEqual(idsOf([anItem()], minato));
  });
});

describe('an article is another', () => {
  test('when its link is another although the guid is used again, as far as keys alone can tell', () => {
    expect(same(anItem(), anItem({ url: 'https://news.example.kr/world/2' }))).toBe(false);
  });

  test('when a feed without guids gives wholly other words under one link, the page of a section', () => {
    const url = 'https://news.example.kr/world';
    const entries = [
      anItem({ url, guid: null, title: 'Vice-ministers meet in Seoul' }),
      anItem({ url, guid: null, title: 'Typhoon closes ports on Jeju', summary: 'Ferries stay moored.' }),
    ];
    expect(new Set(idsOf(entries)).size).toBe(2);
  });

  test('when a guid is the page of a section, which wholly other articles share', () => {
    const guid = 'https://news.example.kr/world';
    const [one, other] = identifyItems(
      [
        anItem({ guid }),
        anItem({ guid, url: 'https://news.example.kr/world/2', title: 'Typhoon closes ports on Jeju' }),
      ],
      hanbit,
    );
    expect(one?.keys.guid).not.toBeNull();
    const apart = identifyItems(
      [
        anItem({ guid }),
        anItem({ guid, url: 'https://news.example.kr/world/2', title: 'Typhoon closes ports', summary: '' }),
      ],
      hanbit,
    );
    expect(apart.map(({ keys }) => keys.guid)).toEqual([null, null]);
    expect(other?.itemId).not.toBe(one?.itemId);
  });

  test('when guids are the URL of a live page and differ in the fragment that names the entry', () => {
    const url = 'https://news.example.kr/live';
    const entries = ['#entry-1', '#entry-2'].map((entry) =>
      anItem({ url, guid: `${url}${entry}`, title: `Entry ${entry}` }),
    );
    expect(new Set(idsOf(entries)).size).toBe(2);
  });

  test('when the link is only the site and the guid differs', () => {
    const url = 'https://news.example.kr/';
    expect(same(anItem({ url, guid: 'a' }), anItem({ url, guid: 'b' }))).toBe(false);
  });

  test('when the document has several articles under one link, each with its guid', () => {
    const url = 'https://news.example.kr/live';
    const entries = [
      anItem({ url, guid: 'live-1', title: 'Talks begin' }),
      anItem({ url, guid: 'live-2', title: 'Talks end' }),
    ];
    expect(new Set(idsOf(entries)).size).toBe(2);
  });

  test('when two publishers use one guid, without links', () => {
    const item = anItem({ url: null, guid: '12345' });
    expect(idsOf([item], hanbit)).not.toEqual(idsOf([item], minato));
  });

  test('when a headline comes back on another day, without link and guid', () => {
    const briefing = { url: null, guid: null, title: 'Morning briefing' };
    const monday = anItem({ ...briefing, published: '2026-01-12T00:00:00.000Z' });
    const tuesday = anItem({ ...briefing, published: '2026-01-13T00:00:00.000Z' });
    expect(same(monday, tuesday)).toBe(false);
    expect(same(monday, { ...monday, title: 'MORNING  briefing' })).toBe(true);
  });
});

test('an article listed twice in a document is one, the first', () => {
  const inWorld = anItem({ guid: 'world-1' });
  const inPolitics = anItem({ guid: 'politics-1' });
  expect(identifyItems([inWorld, inPolitics], hanbit).map((found) => found.item)).toEqual([inWorld]);
});

test('what came by way of Google News has the headline and the publisher that it names, and so the key of the original', () => {
  const url = 'https://news.google.com/rss/articles/CBMiAU_yqLM';
  const seen = anItem({ url, guid: 'CBMiAU_yqLM', title: 'Vice-ministers meet in Seoul - Hanbit Ilbo' });
  const resolve: PublisherResolver = (_url, name) => (name === 'Hanbit Ilbo' ? HANBIT : null);
  const through = (item: FeedItem): Identified | undefined =>
    identifyItems([item], publisherId('google-news')).map((found) => attributed(found, resolve))[0];
  const passedOn = through(seen);
  const [original] = identifyItems([anItem()], hanbit);
  expect(passedOn?.publisher).toBe(hanbit);
  expect(passedOn?.keys.title).toBe(original?.keys.title);
  const copied = { ...seen, title: 'Vice-ministers meet in Seoul - Harbour Post' };
  expect(through(copied)?.keys.title).not.toBe(original?.keys.title);
});

test('a headline that says little, or has no date, is no key beside others', () => {
  const keyOf = (differences: Partial<FeedItem>): unknown =>
    identifyItems([anItem(differences)], hanbit)[0]?.keys.title;
  expect(keyOf({})).not.toBeNull();
  expect(keyOf({ title: 'Here’s the latest.' })).toBeNull();
  expect(keyOf({ published: null })).toBeNull();
});

test('identifying does not depend on the order of the document', () => {
  fc.assert(
    fc.property(items, fc.array(fc.nat(), { minLength: 12 }), (differences, order) => {
      const document = differences.map(anItem);
      const shuffled = document
        .map((item, index) => ({ item, at: order[index] ?? 0 }))
        .sort((a, b) => a.at - b.at)
        .map(({ item }) => item);
      expect(idsOf(shuffled).sort()).toEqual(idsOf(document).sort());
    }),
  );
});

test('identifying is a function of the document alone, and never gives an item twice', () => {
  fc.assert(
    fc.property(items, (differences) => {
      const document = differences.map(anItem);
      const ids = idsOf(document);
      expect(new Set(ids).size).toBe(ids.length);
      expect(idsOf(document)).toEqual(ids);
    }),
  );
});
