import fc from 'fast-check';
import { expect, test } from 'vitest';
import { feedId, itemIdOf, publisherId } from '../../src/events/ids.ts';
import { evolveItem, initialItem } from '../../src/events/item.ts';
import type { ItemEvent, ItemState } from '../../src/events/item.ts';
import { REVISIONS_MAX, decideItem } from '../../src/ingest/decide.ts';
import { contentOf } from '../../src/ingest/normalize.ts';
import type { FeedItem } from '../../src/ingest/normalize.ts';
import { anItem } from './items.ts';

const now = new Date('2026-01-12T10:00:00Z');
const worldFeed = feedId('hanbit-world');
const frontFeed = feedId('hanbit-front');

function seen(known: ItemState, item: FeedItem, feed = worldFeed): readonly ItemEvent[] {
  const context = {
    feed,
    publisher: publisherId('hanbit'),
    backfill: null,
    itemId: itemIdOf('key'),
    content: contentOf(item),
  };
  return decideItem(known, item, context, now);
}

const after = (state: ItemState, events: readonly ItemEvent[]): ItemState => events.reduce(evolveItem, state);
const ingested = after(initialItem, seen(initialItem, anItem()));

test('an item nobody knows is ingested, with what its feed said', () => {
  const [event, ...rest] = seen(initialItem, anItem());
  expect(rest).toEqual([]);
  expect(event).toMatchObject({
    type: 'ItemIngested',
    decidedAt: now,
    data: {
      feed: worldFeed,
      url: anItem().url,
      guid: 'g-1',
      lang: 'en',
      content: contentOf(anItem()),
      backfill: null,
    },
  });
});

test('an item seen again with the same words is nothing new', () => {
  expect(seen(ingested, anItem())).toEqual([]);
  expect(seen(ingested, anItem({ guid: 'other', published: null }))).toEqual([]);
});

test('an item whose words change is revised, not ingested again', () => {
  const revised = anItem({ title: 'Vice-ministers met in Seoul', published: null });
  expect(seen(ingested, revised)).toMatchObject([
    {
      type: 'ItemRevised',
      data: {
        revision: 1,
        content: contentOf(revised),
        previous: contentOf(anItem()),
        published: anItem().published,
      },
    },
  ]);
});

test('another feed with other words does not revise the item', () => {
  expect(seen(ingested, anItem({ title: 'SEOUL: vice-ministers meet' }), frontFeed)).toEqual([]);
});

test('a headline that changes for ever is revised a bounded number of times', () => {
  let state = ingested;
  let events = 0;
  for (let minute = 0; minute < REVISIONS_MAX + 20; minute += 1) {
    const decided = seen(state, anItem({ title: `Live at minute ${minute}` }));
    events += decided.length;
    state = after(state, decided);
  }
  expect(events).toBe(REVISIONS_MAX);
});

const sightings = fc.array(
  fc.record({ title: fc.constantFrom('A', 'B', 'C'), feed: fc.constantFrom(worldFeed, frontFeed) }),
  { maxLength: 20 },
);

test('whatever is seen in whatever order: one ingestion, dense revisions, an id for each event and each only once', () => {
  fc.assert(
    fc.property(sightings, (history) => {
      let state = initialItem;
      const log: ItemEvent[] = [];
      for (const { title, feed } of history) {
        const item = anItem({ title });
        const decided = seen(state, item, feed);
        expect(seen(state, item, feed)).toEqual(decided);
        state = after(state, decided);
        expect(seen(state, item, feed)).toEqual([]);
        log.push(...decided);
      }
      const revisions = log.flatMap((event) => (event.type === 'ItemRevised' ? [event.data.revision] : []));
      expect(log.filter((event) => event.type === 'ItemIngested').length).toBe(history.length === 0 ? 0 : 1);
      expect(revisions).toEqual(revisions.map((_, index) => index + 1));
      expect(new Set(log.map((event) => event.id)).size).toBe(log.length);
    }),
  );
});
