import { describe, expect, test } from 'vitest';
import { evolveFeed, initialFeed, OPTIONS_OFF } from '../../src/events/feed.ts';
import type { FeedEvent } from '../../src/events/feed.ts';
import { contentHashOf, eventIdOf, feedId, publisherId } from '../../src/events/ids.ts';
import { decidePolled, polledOf, troubleOf } from '../../src/ingest/feed.ts';
import type { KnownFeed, PollResult, PollTrouble } from '../../src/ingest/feed.ts';
import { FeedParseError } from '../../src/ingest/parsed.ts';
import type { HttpAnswer, HttpFailureCode } from '../../src/net/http.ts';

const now = new Date('2026-01-12T10:00:00Z');
const feed = feedId('hanbit-world');
const url = 'https://news.example.kr/rss';

const added: FeedEvent = {
  type: 'FeedAdded',
  id: eventIdOf('FeedAdded', feed, 0),
  decidedAt: now,
  data: {
    ...{ feed, url, title: 'Hanbit', publisher: publisherId('hanbit'), lang: 'ko', dossier: 'v1' },
    options: OPTIONS_OFF,
  },
};
const known: KnownFeed = { state: evolveFeed(initialFeed, added), version: 1 };

function answer(status: number, differences: Partial<HttpAnswer> = {}): HttpAnswer {
  return { kind: 'answer', status, url, redirects: [], headers: {}, body: new Uint8Array(), ...differences };
}

const trouble = (kind: PollTrouble['kind']): PollResult => ({
  kind: 'failed',
  trouble: { kind, reason: 'because', status: null, evidence: null },
});
const good = (movedTo: string | null = null): PollResult => ({ kind: 'good', movedTo, failures: 3 });

function after(from: KnownFeed, result: PollResult): { events: readonly FeedEvent[]; known: KnownFeed } {
  const events = decidePolled(feed, from, result, now);
  return {
    events,
    known: { state: events.reduce(evolveFeed, from.state), version: from.version + events.length },
  };
}

describe('an answer', () => {
  test.each([
    [401, 'blocked'],
    [403, 'blocked'],
    [451, 'blocked'],
    [404, 'hard'],
    [410, 'hard'],
    [400, 'hard'],
    [300, 'hard'],
    [408, 'soft'],
    [429, 'soft'],
    [500, 'soft'],
    [503, 'soft'],
  ] as const)('%i is trouble that is %s', (status, kind) => {
    expect(polledOf(answer(status), now)).toMatchObject({ kind: 'failed', trouble: { kind, status } });
  });

  test('200 is a body to parse, with the validators for next time', () => {
    const headers = { etag: '"1"', 'last-modified': 'Mon', 'content-type': 'text/xml' };
    expect(polledOf(answer(200, { headers }), now)).toMatchObject({
      kind: 'fresh',
      etag: '"1"',
      lastModified: 'Mon',
      contentType: 'text/xml',
      movedTo: null,
    });
  });

  test('304 is nothing new', () => {
    expect(polledOf(answer(304), now)).toEqual({ kind: 'unchanged', movedTo: null });
  });

  test('304 to a request that named no copy is trouble', () => {
    expect(polledOf(answer(304, { conditional: false }), now)).toMatchObject({
      kind: 'failed',
      trouble: { kind: 'hard', status: 304 },
    });
  });

  test('validators that are too long to be kept are none', () => {
    const headers = { etag: `"${'x'.repeat(2_000)}"`, 'last-modified': '' };
    expect(polledOf(answer(200, { headers }), now)).toMatchObject({ etag: null, lastModified: null });
  });

  test.each([200, 302])('%i with Retry-After asks for nothing', (status) => {
    const polled = polledOf(answer(status, { headers: { 'retry-after': '120' } }), now);
    expect('retryAfterMs' in polled ? polled.retryAfterMs : null).toBeNull();
  });

  test('does not move a feed out of TLS', () => {
    const redirects = [
      { from: url, to: 'https://b.example/', status: 301 },
      { from: 'https://b.example/', to: 'http://c.example/', status: 301 },
      { from: 'http://c.example/', to: 'https://d.example/', status: 301 },
    ];
    expect(polledOf(answer(200, { redirects }), now)).toMatchObject({ movedTo: 'https://b.example/' });
  });

  test('429 with Retry-After says when to come again', () => {
    expect(polledOf(answer(429, { headers: { 'retry-after': '120' } }), now)).toMatchObject({
      retryAfterMs: 120_000,
    });
  });

  test('moves the feed as far as the redirects from the first on were permanent', () => {
    const redirects = [
      { from: url, to: 'https://b.example/', status: 301 },
      { from: 'https://b.example/', to: 'https://c.example/', status: 308 },
      { from: 'https://c.example/', to: 'https://d.example/', status: 302 },
      { from: 'https://d.example/', to: 'https://e.example/', status: 301 },
    ];
    expect(polledOf(answer(200, { redirects }), now)).toMatchObject({ movedTo: 'https://c.example/' });
    expect(polledOf(answer(200, { redirects: redirects.slice(2) }), now)).toMatchObject({ movedTo: null });
  });
});

test.each([
  ['timeout', 'soft'],
  ['dns', 'soft'],
  ['refused', 'soft'],
  ['tls', 'soft'],
  ['network', 'soft'],
  ['too-large', 'hard'],
  ['too-many-redirects', 'hard'],
  ['blocked-address', 'hard'],
  ['bad-url', 'hard'],
  ['no-such-host', 'hard'],
  ['certificate', 'hard'],
  ['proxy', 'soft'],
  ['proxy-refused', 'blocked'],
] as readonly (readonly [HttpFailureCode, string])[])(
  'no answer because of %s is trouble that is %s',
  (code, kind) => {
    expect(polledOf({ kind: 'failed', code, reason: 'because' }, now)).toMatchObject({
      trouble: { kind, status: null },
    });
  },
);

test('a body that is no feed is hard trouble, kept as evidence that can be stored', () => {
  const error = new FeedParseError(url, 'html', 'a web page, not a feed');
  const found = troubleOf(error, Buffer.from('<html>\0점검 중'), 200);
  expect(found).toMatchObject({ kind: 'hard', status: 200, evidence: '<html>점검 중' });
  expect(troubleOf(new FeedParseError(url, 'empty', 'nothing'), new Uint8Array(), 200).kind).toBe('soft');
});

describe('a feed’s stream', () => {
  test('tells when trouble starts, when it changes its kind, and when it ends, and nothing between', () => {
    const history = [
      good(),
      trouble('soft'),
      trouble('soft'),
      trouble('hard'),
      trouble('hard'),
      good(),
      good(),
    ];
    let at = known;
    const told = history.map((result) => {
      const step = after(at, result);
      at = step.known;
      return step.events.map((event) => event.type);
    });
    expect(told).toEqual([[], ['FeedFailed'], [], ['FeedFailed'], [], ['FeedRecovered'], []]);
  });

  test('gives one id to a decision made twice, and another to the next occasion', () => {
    const first = after(known, trouble('soft'));
    expect(after(known, trouble('soft')).events).toEqual(first.events);
    const again = after(after(first.known, good()).known, trouble('soft'));
    expect(again.events[0]?.id).not.toBe(first.events[0]?.id);
  });

  test('keeps the hash of the evidence', () => {
    const result: PollResult = {
      kind: 'failed',
      trouble: { kind: 'hard', reason: 'not a feed', status: 200, evidence: '<html>' },
    };
    expect(after(known, result).events).toMatchObject([
      { data: { failure: { evidence: contentHashOf('<html>'), status: 200 } } },
    ]);
  });

  test('moves once to where permanent redirects led', () => {
    const moved = after(known, good('https://new.example/rss'));
    expect(moved.events).toMatchObject([
      { type: 'FeedMoved', data: { from: url, to: 'https://new.example/rss', cause: 'redirect' } },
    ]);
    expect(moved.known.state).toMatchObject({ url: 'https://new.example/rss', listed: url });
    expect(after(moved.known, good('https://new.example/rss')).events).toEqual([]);
  });

  test('adds nothing for a feed that was removed while it was polled', () => {
    const removed: FeedEvent = {
      type: 'FeedRemoved',
      id: eventIdOf('FeedRemoved', feed, 1),
      decidedAt: now,
      data: { feed, cause: 'dossier', reason: 'gone' },
    };
    const state = evolveFeed(known.state, removed);
    expect(decidePolled(feed, { state, version: 2 }, trouble('hard'), now)).toEqual([]);
  });
});
