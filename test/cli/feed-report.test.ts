import { once } from 'node:events';
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { reportJson, reportText } from '../../src/cli/feed-report.ts';
import { publisherId } from '../../src/events/ids.ts';
import { writtenDates } from '../../src/ingest/written-dates.ts';
import { createHttpClient } from '../../src/net/http.ts';
import { lookAtFeed } from '../../src/workers/look-at-feed.ts';
import { lookCloser } from '../../src/workers/look-closer.ts';

const FEED = `<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom"><channel><title>Quay &amp; wharf</title><ttl>45</ttl>
  <atom:link rel="hub" href="https://hub.example/"/><atom:link rel="self" href="https://quay.example/all"/>
  <skipHours><hour>3</hour></skipHours><skipDays><day>Sunday</day></skipDays>
  <item><title>One</title><link>https://quay.example/1</link><guid>q-1</guid><pubDate>2026년 1월 5일 08:00</pubDate></item>
  <item><title>Two</title><link>https://quay.example/2</link><pubDate>Sun, 04 Jan 2026 23:00:00 GMT</pubDate></item>
  <item><title>Three</title><link>https://quay.example/3</link><pubDate>Sun, 04 Jan 2026 11:00:00 GMT</pubDate></item>
  <item><title>Four</title><link>https://quay.example/4</link><pubDate>soon</pubDate></item>
  <item><title>Five</title><link>https://quay.example/5</link><pubDate>Mon, 04 Jan 2027 11:00:00 GMT</pubDate></item>
  <item><title>Six</title><link>https://quay.example/6</link></item>
</channel></rss>`;
const NOW = new Date('2026-01-05T12:00:00Z');
const http = createHttpClient({ contactUrl: 'https://tests.example/', version: '0' });
let server: Server;
let origin = '';

beforeAll(async () => {
  server = createServer((request, response) => {
    if (request.url === '/old') response.writeHead(301, { location: '/now' }).end();
    else if (request.url === '/now') response.writeHead(302, { location: '/rss' }).end();
    else response.writeHead(200, { date: 'Mon, 05 Jan 2026 12:05:00 GMT', etag: '"7"' }).end(FEED);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(async () => {
  await http.close();
  server.close();
});

test('a look at a feed tells all that it saw: redirects, clocks, hints, dates as they are written and how they are read', async () => {
  const url = `${origin}/old`;
  const unseen = { url, publisher: publisherId('quay'), lang: null };
  const dossier = { publishers: [] };
  const looked = await lookAtFeed({ http, dossier, allowPrivate: true, now: () => NOW }, unseen);
  const close = await lookCloser(looked, unseen, dossier, NOW, { pollIntervalMs: 15 * 60_000 });
  const report = { url, feed: null, looked, close, lastTrouble: null, foreseen: null, backfill: true };
  const text = reportText(report, Infinity);
  for (const line of [
    /^→ 301 +\S+\/now {2}\(for good\)$/m,
    /^→ 302 +\S+\/rss {2}\(for now\)$/m,
    /etag: "7"/,
    /^clock +the server's is 5 min ahead of ours$/m,
    /^dates +1 without a date, 1 whose date cannot be read, 1 whose date is too far ahead to be believed$/m,
    /^rhythm +about 2 items a day, by their dates$/m,
    /^asks +good for 45 min \(ttl\); nothing at 3 h UTC; nothing on Sunday$/m,
    /^next poll +in about 45 min, until its own rhythm is known$/m,
    /^self +https:\/\/quay\.example\/all is where it says it lives$/m,
    /^hub +https:\/\/hub\.example\/ offers to push https:\/\/quay\.example\/all$/m,
    /^ +2026-01-05 08:00, from "2026년 1월 5일 08:00"$/m,
    /^ +no date: "soon" cannot be read$/m,
    /^ +guid q-1$/m,
    /^ +and 1 more$/m,
  ])
    expect(text).toMatch(line);
  expect(reportJson(report)).toMatchObject({
    parsed: { undated: 1, unreadable: 1, future: 1, clockAheadMs: 300_000 },
  });
});

test('trouble says what it means and what a poll would do, and no line is wider than the terminal or has a password', async () => {
  const url = `${origin}/gone?${'x'.repeat(100)}`.replace('//', '//user:s3cret@');
  const unseen = { url, publisher: publisherId('quay'), lang: null };
  const looked = await lookAtFeed(
    { http, dossier: { publishers: [] }, allowPrivate: true, now: () => NOW },
    unseen,
  );
  const about = {
    url,
    feed: null,
    close: null,
    lastTrouble: null,
    foreseen: null,
    backfill: true,
    retryMs: 900_000,
  };
  const withStatus = (status: number): string => {
    const trouble = { kind: 'hard' as const, reason: `${url}: answered ${status}`, status, evidence: null };
    return reportText({ ...about, looked: { ...looked, read: null, trouble } }, 80);
  };
  expect(withStatus(404)).toMatch(
    /^follows +hard: somebody has to mend it; a poll would ask again in 15 min, then\n +after pauses that double$/m,
  );
  expect(withStatus(410)).toMatch(/^follows +gone, it says: a poll would ask once more in 15 min/m);
  expect(withStatus(404)).toContain('//…@127.0.0.1');
  expect(withStatus(404)).not.toContain('s3cret');
});

test('items beyond the limit are told, as left out', async () => {
  const body = `<rss version="2.0"><channel><title>Many</title>${'<item><title>n</title><guid>g</guid></item>'.repeat(5_007)}</channel></rss>`;
  const answer = {
    kind: 'answer',
    status: 200,
    url: 'https://quay.example/',
    redirects: [],
    headers: {},
  } as const;
  const nothing = { ms: 1, movedTo: null, described: null, offer: null, trouble: null, retryAfterMs: null };
  const looked = {
    ...nothing,
    answer: { ...answer, body: Buffer.from(body) },
    read: { title: 'Many', lang: null, items: [], dropped: 0 },
  };
  const unseen = { url: answer.url, publisher: publisherId('quay'), lang: null };
  const close = await lookCloser(looked, unseen, { publishers: [] }, NOW, { pollIntervalMs: 900_000 });
  expect(close).toMatchObject({ undated: 5_000, beyond: 7 });
  const report = {
    url: answer.url,
    feed: null,
    looked,
    close,
    lastTrouble: null,
    foreseen: null,
    backfill: true,
  };
  expect(reportText(report, 80)).toMatch(/^items +0, 7 beyond the limit of 5000 left out$/m);
  expect(reportText(report, 80)).toMatch(/^dates +5000 without a date$/m);
});

test('dates are found as they are written in every dialect, and none is taken for that of another item', () => {
  const atom = `<feed><updated>2026</updated><entry><updated>b</updated><published><![CDATA[a]]></published></entry><entry/><a:entry><a:updated>c</a:updated></a:entry></feed>`;
  expect(writtenDates(atom, 10)).toEqual(['a', null, 'c']);
  expect(writtenDates('<rdf><item><dc:date>x</dc:date><title>2025</title></item><item>', 10)).toEqual(['x']);
});
