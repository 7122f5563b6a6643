import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { FeedListing } from '../../src/dossier/dossier.ts';
import { evolveFeed, initialFeed } from '../../src/events/feed.ts';
import type { FeedEvent } from '../../src/events/feed.ts';
import { contentHashOf, feedId, publisherId } from '../../src/events/ids.ts';
import type { FeedId } from '../../src/events/ids.ts';
import type { KnownFeed } from '../../src/ingest/feed.ts';
import { feedIdFor } from '../../src/ingest/feed-name.ts';
import { decideFeedList } from '../../src/ingest/feeds.ts';
import {
  decideAdd,
  decideAddAll,
  decidePause,
  decideRemove,
  decideResume,
} from '../../src/ingest/hand-feeds.ts';
import type { HandDecider, HandDecision, WantedFeed } from '../../src/ingest/hand-feeds.ts';

const now = new Date('2026-01-12T10:00:00Z');
type Known = ReadonlyMap<FeedId, KnownFeed>;
const NOTHING: Known = new Map();
const A = feedId('a');

function listing(name: string, more: Partial<FeedListing> = {}): FeedListing {
  const url = `https://${name}.example/rss`;
  const base = { id: feedId(name), title: name, url, site: null, publisher: publisherId('hanbit') };
  return { ...base, lang: 'ko', seen: 'in a test', unverified: true, ...more };
}

function wanted(url: string, more: Partial<WantedFeed> = {}): WantedFeed {
  return { id: null, url, title: 'T', publisher: publisherId('p'), lang: 'ja', paused: null, ...more };
}

function after(known: Known, events: readonly FeedEvent[]): Known {
  const next = new Map(known);
  for (const event of events) {
    const { state, version } = next.get(event.data.feed) ?? { state: initialFeed, version: 0 };
    next.set(event.data.feed, { state: evolveFeed(state, event), version: version + 1 });
  }
  return next;
}

const start = (known: Known, listings: readonly FeedListing[], version = 'v1'): readonly FeedEvent[] =>
  decideFeedList(known, listings, version, now);
const eventsOf = (decision: HandDecision): readonly FeedEvent[] =>
  decision.kind === 'events' ? decision.events : [];

function said(known: Known, decide: HandDecider, feed = A): Known {
  const state = known.get(feed) ?? { state: initialFeed, version: 0 };
  return after(known, eventsOf(decide(feed, state, 'test', now)));
}

const listed = after(NOTHING, start(NOTHING, [listing('a')]));
const statusOf = (known: Known, feed = A): string => known.get(feed)?.state.status ?? 'unknown';

describe('a feed of the dossier', () => {
  test('that was paused by hand stays paused at the next start, and when the list moves it', () => {
    const paused = said(listed, decidePause);
    expect(start(paused, [listing('a')])).toEqual([]);
    const moved = after(paused, start(paused, [listing('a', { url: 'https://other.example/' })], 'v2'));
    expect(statusOf(moved)).toBe('paused');
    expect(statusOf(said(moved, decideResume))).toBe('active');
  });

  test('that was removed by hand stays removed, whatever version lists it, until a person takes it back', () => {
    const removed = said(listed, decideRemove);
    expect(start(removed, [listing('a')])).toEqual([]);
    expect(start(removed, [listing('a', { url: 'https://other.example/' })], 'v2')).toEqual([]);
    expect(start(removed, [], 'v3')).toEqual([]);
    const back = said(removed, decideResume);
    expect(statusOf(back)).toBe('active');
    // The dossier takes it over again, and may end it again.
    const taken = after(back, start(back, [listing('a')]));
    expect(statusOf(after(taken, start(taken, [], 'v2')))).toBe('removed');
  });

  test('that the list itself ended comes back with the list', () => {
    const ended = after(listed, start(listed, [], 'v2'));
    expect(start(ended, [listing('a')], 'v3')).toMatchObject([{ type: 'FeedAdded' }]);
  });

  test('listed as paused is added so, and after that people decide', () => {
    const held = [listing('a', { paused: 'not yet' })];
    const events = start(NOTHING, held);
    expect(events.map(({ type }) => type)).toEqual(['FeedAdded', 'FeedPaused']);
    const resumed = said(after(NOTHING, events), decideResume);
    expect(start(resumed, held)).toEqual([]);
  });
});

describe('a word said twice', () => {
  test('changes nothing and says so; two who say it at once say the same event', () => {
    for (const decide of [decidePause, decideRemove]) {
      const once = said(listed, decide);
      expect(decide(A, once.get(A) ?? { state: initialFeed, version: 0 }, 'again', now).kind).toBe('already');
      const known = listed.get(A);
      if (known === undefined) throw new Error('a is listed');
      const [one] = eventsOf(decide(A, known, 'mine', now));
      const [other] = eventsOf(decide(A, known, 'yours', now));
      expect(one?.id).toBe(other?.id);
    }
  });

  test('pausing what was removed, or what nothing polls, is refused', () => {
    const removed = said(listed, decideRemove).get(A);
    const archive = listed.get(A);
    if (removed === undefined || archive === undefined) throw new Error('a is known');
    expect(decidePause(A, removed, '', now).kind).toBe('refused');
    const imported = { ...archive, state: { ...archive.state, url: 'archive:Harbour' } };
    expect(decidePause(A, imported, '', now).kind).toBe('refused');
  });
});

describe('adding by hand', () => {
  test('names the feed that a URL is already, however it is spelt', () => {
    for (const url of ['https://a.example/rss', 'http://www.a.example/rss/', 'https://a.example/rss#top']) {
      expect(decideAdd(listed, [], wanted(url), now)).toMatchObject({ kind: 'known', feed: 'a' });
    }
    for (const url of ['https://a.example:8443/rss', 'https://a.example/rss?c=1', 'https://b.example/rss']) {
      expect(decideAdd(listed, [], wanted(url), now).kind).toBe('added');
    }
    const toCome = [listing('b')];
    expect(decideAdd(listed, toCome, wanted('https://b.example/rss'), now)).toEqual({
      ...{ kind: 'known', expected: 0, events: [] },
      feed: 'b',
      status: 'listed',
    });
  });

  test('brings a removed feed back under its id, as another event', () => {
    const removed = said(listed, decideRemove);
    const again = decideAdd(removed, [listing('a')], wanted('https://a.example/rss'), now);
    expect(again).toMatchObject({ kind: 'added', feed: 'a', again: true, expected: 2 });
  });

  test('refuses an id that is another feed’s, in the log or in the dossier', () => {
    const other = wanted('https://x.example/', { id: A });
    expect(decideAdd(listed, [], other, now)).toMatchObject({ kind: 'taken', url: 'https://a.example/rss' });
    expect(decideAdd(NOTHING, [listing('a')], other, now)).toMatchObject({ kind: 'taken', feed: 'a' });
  });

  test('of a list takes each URL once, and keeps its pauses', () => {
    const url = 'https://n.example/rss';
    const list = [wanted(url, { paused: 'later' }), wanted(url), wanted('https://n.example/other')];
    const decisions = decideAddAll(NOTHING, [], list, now);
    expect(decisions).toMatchObject([
      { kind: 'added', events: [{ type: 'FeedAdded' }, { type: 'FeedPaused', data: { reason: 'later' } }] },
      { kind: 'known', status: 'paused' },
      { kind: 'added', feed: 'n-example-other' },
    ]);
    const all = after(
      NOTHING,
      decisions.flatMap((one) => (one.kind === 'added' ? one.events : [])),
    );
    expect(decideAddAll(all, [], list, now).map(({ kind }) => kind)).toEqual(['known', 'known', 'known']);
  });

  test('makes an id of any URL, and never one that is taken', () => {
    const taken = new Set<FeedId>();
    fc.assert(
      fc.property(fc.webUrl({ withQueryParameters: true }), (url) => {
        const id = feedIdFor(url, (one) => taken.has(one));
        expect(taken.has(id)).toBe(false);
        expect(feedId(id)).toBe(id);
        taken.add(id);
      }),
    );
    expect(feedIdFor('https://www.Example.co.kr/rss/politics.xml', () => false)).toBe(
      'example-co-kr-politics',
    );
  });
});

test('a list that is imported again as private opens the feeds that are there, and closes and changes nothing else', () => {
  const outline = { list: contentHashOf('list', ''), outline: 3 };
  const [wish, open] = [wanted('http://nas/rss', { outline }), { allowPrivate: true, fullText: true }];
  const first = decideAdd(NOTHING, [], wish, now);
  if (first.kind !== 'added') throw new Error(first.kind);
  const known = after(NOTHING, first.events);
  const again = decideAdd(known, [], { ...wish, options: open }, now);
  expect(again).toMatchObject({
    kind: 'known',
    events: [{ type: 'FeedOptionsChanged', data: { options: { allowPrivate: true, fullText: false } } }],
  });
  if (again.kind === 'taken') throw new Error(again.kind);
  const opened = after(known, again.events);
  for (const options of [open, { allowPrivate: false }, {}])
    expect(decideAdd(opened, [], { ...wish, options }, now)).toMatchObject({ kind: 'known', events: [] });
  // Not by a list: "feeds set" is for that.
  expect(decideAdd(known, [], wanted(wish.url, { options: open }), now)).toMatchObject({ events: [] });
});

test('a feed that comes back is what it was known as, where nobody says otherwise', () => {
  const removed = said(listed, decideRemove);
  const url = 'https://a.example/rss';
  const silent = decideAdd(removed, [], wanted(url, { title: '', lang: null }), now);
  expect(silent).toMatchObject({ again: true, events: [{ data: { title: 'a', lang: 'ko' } }] });
  const told = decideAdd(removed, [], wanted(url, { title: 'B', lang: 'ja' }), now);
  expect(told).toMatchObject({ again: true, events: [{ data: { title: 'B', lang: 'ja' } }] });
});
