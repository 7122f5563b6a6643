import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { Worker } from 'node:worker_threads';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { publisherId } from '../../src/events/ids.ts';
import { endIdleParsers, parserPids, readDocumentApart } from '../../src/ingest/apart.ts';
import type { DocumentOutcome, DocumentSource } from '../../src/ingest/document.ts';
import type { FeedItem } from '../../src/ingest/normalize.ts';
import { FEED_ITEMS_MAX } from '../../src/ingest/parsed.ts';
import { useStore } from '../support/store.ts';
import { CHARSETS, HEAVY, HOSTILE, misdeclared, rss } from './hostile.ts';

/** The longest a document may take, and the most memory that reading may take beyond that of a process that reads nothing. */
const DOCUMENT_MS_MAX = 5_000;
const MEMORY_MB_MAX = 300;
const DELAY_MS_MAX = 50;

const now = new Date('2026-01-12T10:00:00Z');
const source: DocumentSource = {
  url: 'https://x.example/feed',
  contentType: null,
  status: 200,
  publisher: publisherId('hostile'),
  country: 'KR',
  lang: null,
};
const places = useStore();

const read = (bytes: Uint8Array): Promise<DocumentOutcome> => readDocumentApart(bytes, source, now);
const readText = (text: string): Promise<DocumentOutcome> => read(new TextEncoder().encode(text));

// Starting a parser is none of a document's time.
beforeAll(() => readText(rss('')));
afterAll(endIdleParsers);

function itemsOf(outcome: DocumentOutcome): FeedItem[] {
  return outcome.kind === 'read' ? outcome.items.map(({ item }) => item) : [];
}

async function only(text: string): Promise<FeedItem | undefined> {
  return itemsOf(await readText(text))[0];
}

/** All that has come out of hostile documents, to be put into a table at last. */
const cameOut: { texts: string[]; published: string | null }[] = [];

function expectSound(outcome: DocumentOutcome): void {
  if (outcome.kind === 'unreadable') {
    const { reason, evidence } = outcome.trouble;
    keep([reason, evidence ?? ''], null);
    return;
  }
  keep([outcome.title, outcome.language ?? ''], null);
  expect(outcome.items.length).toBeLessThanOrEqual(FEED_ITEMS_MAX);
  for (const { key, item } of outcome.items) {
    keep([key, item.guid ?? '', item.url ?? '', item.title, item.summary, item.lang ?? ''], item.published);
    expect(item.url ?? 'https://').toMatch(/^https?:\/\//);
    expect(item.title).not.toBe('');
  }
}

function keep(texts: string[], published: string | null): void {
  const unsound = texts.find((text) => text.includes('\0') || Buffer.from(text).toString() !== text);
  expect(unsound).toBeUndefined();
  expect(published === null || new Date(published).toISOString() === published).toBe(true);
  cameOut.push({ texts, published });
}

describe('a hostile document is read or refused in good time, and nothing unsound comes of it', () => {
  test.each(HOSTILE)('%s', async (_name, make) => {
    const bytes = make();
    const started = performance.now();
    const outcome = await read(bytes);
    expect(performance.now() - started).toBeLessThan(DOCUMENT_MS_MAX);
    // None of these needs a limit of the process: what reads them is linear.
    expect(outcome).not.toMatchObject({
      trouble: { reason: expect.stringMatching(/not read within|MB needed|ended/) as unknown },
    });
    expectSound(outcome);
  });

  test.each(CHARSETS)('text in %s that says it is in another charset', async (actual) => {
    const outcomes = await Promise.all(CHARSETS.map((declared) => read(misdeclared(actual, declared))));
    outcomes.forEach(expectSound);
  });

  test('cut off at every tenth byte', async () => {
    const whole = Buffer.concat([
      misdeclared('euc-kr', 'euc-kr').subarray(0, 300),
      Buffer.from(
        rss(
          '<item><title>x</title><link>/1</link><description><![CDATA[<b>y</b> & z]]></description></item>',
        ),
      ),
    ]);
    const lengths = Array.from({ length: Math.ceil(whole.length / 10) }, (_, n) => n * 10);
    const outcomes = await Promise.all(lengths.map((length) => read(whole.subarray(0, length))));
    outcomes.forEach(expectSound);
  });
});

describe('what a trick was to bring about does not come about', () => {
  test('an entity is no way to a file or an address', async () => {
    const before =
      '<!DOCTYPE rss [<!ENTITY f SYSTEM "file:///etc/hostname"><!ENTITY % p SYSTEM "http://127.0.0.1:9/"> %p;]>';
    expect(await only(rss('<item><title>[&f;]</title></item>', before))).toMatchObject({ title: '[&f;]' });
  });

  test.each(['\u202e', '\u2066', '\u200b', '\u2060', '\ufeff', '\u00ad'])(
    'a title is what it looks like: %j is left out',
    async (trick) => {
      const title = `정상${trick}회담${trick}`;
      expect(await only(rss(`<item><title>${title}</title></item>`))).toMatchObject({ title: '정상회담' });
    },
  );

  test.each([
    'javascript:alert(1)',
    'data:text/html,x',
    'java\nscript:alert(1)',
    'file:///etc/passwd',
    ' JaVaScRiPt:x',
  ])('%j is no link', async (link) => {
    const fields = `<link>${link}</link><guid>${link}</guid><atom:link href="${link}"/>`;
    expect(await only(rss(`<item><title>x</title>${fields}</item>`))).toMatchObject({
      title: 'x',
      url: null,
    });
    const items = [{ title: 'x', id: link, url: link, external_url: link }];
    expect(await only(JSON.stringify({ items }))).toMatchObject({ title: 'x', url: null });
  });

  test.each([
    '0000-01-01T00:00:00Z',
    '9999-12-31T23:59:59Z',
    '2026-01-15T10:00:00Z',
    '1e9',
    '+275760-09-13',
    '2026-02-30',
  ])('%j is no date of news', async (date) => {
    const feed = rss(`<item><title>x</title><pubDate>${date}</pubDate></item>`);
    expect(await only(feed)).toMatchObject({ published: null });
  });

  test('names of prototypes change none', () => {
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
  });
});

/** How long an event loop without anything to do waits for its turn: what the machine is to blame for. */
const IDLE_LOOP = `
  const delay = require('node:perf_hooks').monitorEventLoopDelay({ resolution: 5 });
  const { parentPort } = require('node:worker_threads');
  delay.enable();
  parentPort.once('message', () => parentPort.postMessage(delay.percentile(99)));`;

const mbOf = (bytes: number): number => bytes / 1024 / 1024;

/** Megabytes resident in the largest of the parsers, all that Node itself takes included; 0 where the system does not tell. */
function parserMb(): number {
  const resident = parserPids().map((pid) => {
    try {
      return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0);
    } catch {
      return 0;
    }
  });
  return Math.max(0, ...resident) / 1024;
}

test('hostile documents, all at once, hold up neither this process nor a feed that is in order', async () => {
  const good = rss('<item><title>정상회담</title></item>'.repeat(30));
  const all = [...HEAVY, ...HOSTILE.slice(0, 4)].map(([, make]) => make());
  const before = process.memoryUsage.rss();
  let [grown, parser] = [0, 0];
  const watch = setInterval(() => {
    grown = Math.max(grown, mbOf(process.memoryUsage.rss() - before));
    parser = Math.max(parser, parserMb());
  }, 20);
  const idle = new Worker(IDLE_LOOP, { eval: true });
  const delay = monitorEventLoopDelay({ resolution: 5 });
  delay.enable();
  const hostile = all.map(read);
  const goods = await Promise.all(Array.from({ length: 20 }, () => readText(good)));
  const outcomes = await Promise.all(hostile);
  delay.disable();
  clearInterval(watch);
  idle.postMessage('tell');
  const [idleDelay] = (await once(idle, 'message')) as [number];
  for (const outcome of goods) expect(outcome).toMatchObject({ kind: 'read' });
  outcomes.forEach(expectSound);
  expect((delay.percentile(99) - idleDelay) / 1e6).toBeLessThan(DELAY_MS_MAX);
  expect(grown).toBeLessThan(MEMORY_MB_MAX);
  expect(parser).toBeLessThan(MEMORY_MB_MAX);
});

test('PostgreSQL takes all that came out', async () => {
  const { db } = places.store;
  await sql`create table hostile (at bigint, texts text[], published timestamptz)`.execute(db);
  const rows = JSON.stringify(cameOut);
  await sql`insert into hostile select at, array(select jsonb_array_elements_text(r -> 'texts')), (r ->> 'published')::timestamptz
    from jsonb_array_elements(${rows}::jsonb) with ordinality as t (r, at)`.execute(db);
  const { rows: kept } = await sql<{ texts: string[] }>`select texts from hostile order by at`.execute(db);
  expect(kept.map(({ texts }) => texts)).toEqual(cameOut.map(({ texts }) => texts));
});
