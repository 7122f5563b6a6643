import { expect, test } from 'vitest';
import type { FeedListing } from '../../src/dossier/dossier.ts';
import { evolveFeed, initialFeed } from '../../src/events/feed.ts';
import type { FeedEvent } from '../../src/events/feed.ts';
import { feedId, publisherId } from '../../src/events/ids.ts';
import type { FeedId } from '../../src/events/ids.ts';
import { decidePolled } from '../../src/ingest/feed.ts';
import type { KnownFeed } from '../../src/ingest/feed.ts';
import { decideFeedList } from '../../src/ingest/feeds.ts';
import { decideOptions } from '../../src/ingest/hand-feeds.ts';

const now = new Date('2026-01-12T10:00:00Z');

function listing(name: string, url = `https://${name}.example/rss`): FeedListing {
  return {
    id: feedId(name),
    title: name,
    url,
    site: null,
    publisher: publisherId('hanbit'),
    lang: 'ko',
    seen: 'in a test',
    unverified: true,
  };
}

type Known = ReadonlyMap<FeedId, KnownFeed>;

/** The feeds after these events, as a reader of the log would have them. */
function after(known: Known, events: readonly FeedEvent[]): Known {
  const next = new Map(known);
  for (const event of events) {
    const { state, version } = next.get(event.data.feed) ?? { state: initialFeed, version: 0 };
    next.set(event.data.feed, { state: evolveFeed(state, event), version: version + 1 });
  }
  return next;
}

const list = (known: Known, listings: readonly FeedListing[]): readonly FeedEvent[] =>
  decideFeedList(known, listings, 'v1', now);

const two = after(new Map(), list(new Map(), [listing('a'), listing('b')]));

test('listed feeds are added once', () => {
  expect(list(new Map(), [listing('a'), listing('b')]).map((event) => event.type)).toEqual([
    'FeedAdded',
    'FeedAdded',
  ]);
  expect(list(two, [listing('a'), listing('b')])).toEqual([]);
});

test('two processes that start together decide the same events', () => {
  const ids = (): string[] => list(new Map(), [listing('a')]).map((event) => event.id);
  expect(ids()).toEqual(ids());
});

test('a feed no longer listed is removed, and added again when it comes back, as another event', () => {
  const gone = list(two, [listing('a')]);
  expect(gone).toMatchObject([{ type: 'FeedRemoved', data: { feed: 'b' } }]);
  const without = after(two, gone);
  expect(list(without, [listing('a')])).toEqual([]);
  const back = list(without, [listing('a'), listing('b')]);
  expect(back).toMatchObject([{ type: 'FeedAdded', data: { feed: 'b' } }]);
  expect(back[0]?.id).not.toBe(list(new Map(), [listing('b')])[0]?.id);
});

test('a feed listed under another URL, or another port, has moved', () => {
  const moved = list(two, [listing('a', 'http://127.0.0.1:4001/rss'), listing('b')]);
  expect(moved).toMatchObject([{ type: 'FeedMoved', data: { feed: 'a', cause: 'dossier' } }]);
  const there = after(two, moved);
  expect(list(there, [listing('a', 'http://127.0.0.1:4001/rss'), listing('b')])).toEqual([]);
  expect(list(there, [listing('a', 'http://127.0.0.1:4002/rss'), listing('b')])).toMatchObject([
    { data: { from: 'http://127.0.0.1:4001/rss', to: 'http://127.0.0.1:4002/rss' } },
  ]);
});

test('the list does not move a feed back from where a redirect has led', () => {
  const feed = feedId('a');
  const polled = { kind: 'good', movedTo: 'https://new.example/rss', failures: 0 } as const;
  const before = two.get(feed) ?? { state: initialFeed, version: 0 };
  const redirected = after(two, decidePolled(feed, before, polled, now));
  expect(redirected.get(feed)?.state.url).toBe('https://new.example/rss');
  expect(list(redirected, [listing('a'), listing('b')])).toEqual([]);
});

test('a feed added by hand stays when it is not listed, and becomes the dossier’s when it is', () => {
  const byHand = after(
    new Map(),
    decideFeedList(new Map(), [listing('a')], 'v1', now).map((event) =>
      event.type === 'FeedAdded' ? { ...event, data: { ...event.data, dossier: null } } : event,
    ),
  );
  expect(list(byHand, [])).toEqual([]);
  const taken = list(byHand, [listing('a')]);
  expect(taken).toMatchObject([{ type: 'FeedAdded', data: { dossier: 'v1' } }]);
  expect(list(after(byHand, taken), [listing('a')])).toEqual([]);
});

test('options follow the list when the list changes; what a person set stands until then', () => {
  const fullText = { fullText: true, allowPrivate: false };
  const asked = [{ ...listing('a'), options: fullText }, listing('b')];
  const changed = list(two, asked);
  expect(changed).toMatchObject([
    { type: 'FeedOptionsChanged', data: { feed: 'a', options: fullText, cause: 'dossier' } },
  ]);
  const there = after(two, changed);
  expect(list(there, asked)).toEqual([]);
  const known = there.get(feedId('a')) ?? { state: initialFeed, version: 0 };
  const byHand = decideOptions({ fullText: false })(feedId('a'), known, 'too much', now);
  const off = after(there, byHand.kind === 'events' ? byHand.events : []);
  expect(off.get(feedId('a'))?.state.options.fullText).toBe(false);
  expect(list(off, asked)).toEqual([]);
  expect(list(off, [listing('a'), listing('b')])).toMatchObject([
    { type: 'FeedOptionsChanged', data: { cause: 'dossier' } },
  ]);
});
