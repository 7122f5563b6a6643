import { gzipSync } from 'node:zlib';
import { mkdtemp, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { bytesOf, lookAtFile } from '../../src/ingest/archive-file.ts';
import { identityOf } from '../../src/ingest/archive-identity.ts';
import { readHttpMessage } from '../../src/ingest/http-message.ts';
import { readWarc, WARC_BLOCK_BYTES_MAX } from '../../src/ingest/warc.ts';
import { readWarcFeeds } from '../../src/ingest/warc-feeds.ts';
import type { WarcEntry } from '../../src/ingest/warc-feeds.ts';
import { httpResponse, rssOf, warcRecord } from '../support/warc.ts';

/** The same bytes in pieces of `size`: where a stream is cut must not matter. */
async function* cut(bytes: Uint8Array, size: number): AsyncGenerator<Buffer, void> {
  for (let at = 0; at < bytes.byteLength; at += size) yield Buffer.from(bytes.subarray(at, at + size));
  await Promise.resolve();
}

async function entriesOf(bytes: Uint8Array, size = 1_000, from = 0): Promise<WarcEntry[]> {
  const entries: WarcEntry[] = [];
  for await (const entry of readWarcFeeds(cut(bytes.subarray(from), size), from)) entries.push(entry);
  return entries;
}

/** What an entry is, for a look at many. */
function toldOf(entry: WarcEntry): string {
  if (entry.kind === 'feed') return `feed ${entry.url}`;
  return 'reason' in entry ? `${entry.kind}: ${entry.reason}` : 'other';
}

const FEED_URL = 'https://quay.example/rss';
const feed = (title = 'Quay'): Buffer =>
  warcRecord({ url: FEED_URL, block: httpResponse({ body: rssOf(title) }) });
const page = warcRecord({
  url: 'https://quay.example/',
  block: httpResponse({
    body: '<html><body>channel</body></html>',
    headers: { 'content-type': 'text/html' },
  }),
});

describe('a WARC file', () => {
  test('gives the feeds in it, with address, time and media type, however it is cut into pieces', async () => {
    const bytes = Buffer.concat([
      warcRecord({ type: 'warcinfo', contentType: 'application/warc-fields', block: 'software: x\r\n' }),
      warcRecord({ type: 'request', url: FEED_URL, block: 'GET /rss HTTP/1.1\r\n\r\n' }),
      feed(),
      page,
      warcRecord({
        url: 'dns:quay.example',
        contentType: 'text/dns',
        block: '2026 quay.example. IN A 192.0.2.1',
      }),
      warcRecord({
        type: 'resource',
        url: '<https://quay.example/2>',
        contentType: 'text/xml',
        block: rssOf('Two'),
      }),
      warcRecord({ url: FEED_URL, block: 'HTTP/1.1 304 Not Modified\r\n\r\n' }),
    ]);
    const told = [
      'other',
      'other',
      `feed ${FEED_URL}`,
      'other',
      'other',
      'feed https://quay.example/2',
      'other',
    ];
    for (const size of [1, 7, 100_000]) expect((await entriesOf(bytes, size)).map(toldOf)).toEqual(told);
    const [found] = (await entriesOf(bytes)).filter(({ kind }) => kind === 'feed');
    expect(found).toMatchObject({
      capturedAt: new Date('2026-01-05T08:00:00Z'),
      contentType: 'application/rss+xml; charset=utf-8',
    });
  });

  test('goes on behind any of its entries', async () => {
    const bytes = Buffer.concat([feed('One'), page, feed('Two'), feed('Three')]);
    const all = await entriesOf(bytes);
    for (const [index, entry] of all.entries()) {
      if (entry.kind === 'mended') continue;
      expect(await entriesOf(bytes, 500, entry.end)).toEqual(all.slice(index + 1));
    }
  });

  test('has its bodies unpacked and out of their chunks, unless that was done before it was archived', async () => {
    const body = rssOf('Packed');
    const packed = gzipSync(body);
    const chunked = `${body.length.toString(16)};x=y\r\n${body}\r\n0\r\n\r\n`;
    const headers = [
      [{ 'content-encoding': 'gzip' }, packed],
      [{ 'content-encoding': 'gzip' }, body],
      [{ 'transfer-encoding': 'chunked' }, chunked],
      [{ 'transfer-encoding': 'chunked' }, body],
    ] as const;
    for (const [sent, bytes] of headers) {
      const block = httpResponse({ body: bytes, headers: sent });
      const [entry] = await entriesOf(warcRecord({ url: FEED_URL, block }));
      expect(entry?.kind === 'feed' && Buffer.from(entry.body).toString()).toBe(body);
    }
  });

  test.each([3, 4, 5, 8, 11, 16, 40, 1_000_000])(
    'whose record says that it is %i bytes too long loses none, and says what was mended',
    async (off) => {
      const body = rssOf('Wrong');
      const wrong = warcRecord({ url: FEED_URL, block: httpResponse({ body }), off });
      const unasked = warcRecord({ type: 'request', url: FEED_URL, block: 'GET /rss HTTP/1.1\r\n\r\n', off });
      for (const size of [7, 100_000]) {
        const entries = await entriesOf(
          Buffer.concat([feed(), wrong, feed('Two'), unasked, feed('Three')]),
          size,
        );
        // A length that ends within the line ends between two records harms nobody.
        const isNoticed = off > 3;
        expect(entries.filter(({ kind }) => kind === 'mended')).toHaveLength(isNoticed ? 2 : 0);
        const bodies = entries.flatMap((entry) =>
          entry.kind === 'feed' ? [Buffer.from(entry.body).toString()] : [],
        );
        expect(bodies.map((each) => each.trimEnd())).toEqual([
          rssOf('Quay'),
          body,
          rssOf('Two'),
          rssOf('Three'),
        ]);
        expect(entries.filter(({ kind }) => kind === 'bad')).toEqual([]);
      }
    },
  );

  test.each([
    [
      'too short',
      -40,
      [`feed ${FEED_URL}`, 'bad: its Content-Length is not where it ends', `feed ${FEED_URL}`],
    ],
  ])('whose record says that it is %s loses that record and no other', async (_name, off, told) => {
    const wrong = warcRecord({ url: FEED_URL, block: httpResponse({ body: rssOf('Wrong') }), off });
    const entries = await entriesOf(Buffer.concat([feed(), wrong, feed()]));
    expect(entries.map(toldOf)).toEqual(
      told.map((one): unknown => (typeof one === 'string' ? one : expect.stringMatching(one))),
    );
  });

  test('names what is no record, not whole, in segments, or packed without end, and where', async () => {
    const bomb = httpResponse({
      body: gzipSync(Buffer.alloc(20_000_000)),
      headers: { 'content-encoding': 'gzip' },
    });
    const garbage = Buffer.from('not a record at all\r\n\u0000\u0001\r\n');
    const bytes = Buffer.concat([
      garbage,
      warcRecord({ url: FEED_URL, block: bomb }),
      warcRecord({ url: FEED_URL, block: 'no HTTP' }),
      warcRecord({
        url: FEED_URL,
        block: httpResponse({ body: rssOf('x') }),
        fields: { 'WARC-Segment-Number': '1' },
      }),
      warcRecord({ url: 'javascript:alert(1)', block: httpResponse({ body: rssOf('x') }) }),
      Buffer.from('WARC/1.0\r\nWARC-Type: response\r\nContent-Length: many\r\n\r\n'),
      feed().subarray(0, 300),
    ]);
    const entries = await entriesOf(bytes);
    expect(entries.map(toldOf)).toEqual([
      'bad: no WARC record begins here but "not a record at all"',
      'bad: the unpacked body is larger than 16777216 bytes',
      'bad: no HTTP answer in it',
      'bad: one part of a record in segments, which are not put together',
      'bad: a feed without an address (WARC-Target-URI)',
      'bad: no Content-Length',
      expect.stringMatching(/^bad: cut off/),
    ]);
    expect(entries[1]).toMatchObject({ offset: garbage.byteLength });
  });

  test('never holds a record that is larger than it may be', async () => {
    const length = WARC_BLOCK_BYTES_MAX + 1;
    async function* endless(): AsyncGenerator<Buffer, void> {
      yield Buffer.from(`WARC/1.1\r\nWARC-Type: response\r\nContent-Length: ${length}\r\n\r\n`);
      for (let left = length; left > 0; left -= 65_536) yield Buffer.alloc(Math.min(left, 65_536));
      yield Buffer.concat([Buffer.from('\r\n\r\n'), feed()]);
      await Promise.resolve();
    }
    const kinds: string[] = [];
    for await (const record of readWarc(endless(), new Set(['response'])))
      kinds.push(record.kind === 'bad' ? record.reason : record.type);
    expect(kinds).toEqual([`larger than ${WARC_BLOCK_BYTES_MAX} bytes`, 'response']);
  });

  test('whose records all claim to be the longest costs what it holds, not what they claim', async () => {
    const records = 1_000;
    const claiming = warcRecord({ type: 'request', block: 'GET /', off: WARC_BLOCK_BYTES_MAX - 5 });
    const bytes = Buffer.concat([
      ...Array<Buffer>(records).fill(claiming),
      Buffer.alloc(WARC_BLOCK_BYTES_MAX),
      Buffer.from('\r\n\r\n'),
      feed('Last'),
    ]);
    const before = process.cpuUsage();
    const kinds = (await entriesOf(bytes, 65_536)).map(({ kind }) => kind);
    const { user, system } = process.cpuUsage(before);
    expect(kinds.filter((kind) => kind === 'mended')).toHaveLength(records - 1);
    expect(kinds.slice(-2)).toEqual(['bad', 'feed']);
    // Seconds of the processor: 0.3 as measured, and 9 where what each claims is copied.
    expect((user + system) / 1_000_000).toBeLessThan(3);
  });

  test('whatever its bytes, is read to its end without an error', async () => {
    const piece = fc.oneof(
      fc.uint8Array({ maxLength: 50 }).map((bytes) => Buffer.from(bytes)),
      fc
        .constantFrom('WARC/1.0\r\n', 'Content-Length: 9\r\n', 'WARC-Type: response\r\n', '\r\n', '\n', ' ')
        .map((text) => Buffer.from(text)),
      fc.nat(400).map((end) => feed().subarray(0, end)),
      fc.constant(feed()),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(piece, { maxLength: 12 }), async (pieces) => {
        const bytes = Buffer.concat([...pieces, Buffer.from('\r\n\r\n'), feed('Last')]);
        const entries = await entriesOf(bytes, 64);
        let before = 0;
        for (const entry of entries) {
          if (entry.kind === 'mended') continue;
          const { end } = entry;
          expect(end).toBeGreaterThan(before);
          before = end;
        }
        expect(before).toBeLessThanOrEqual(bytes.byteLength);
      }),
      { numRuns: 60 },
    );
  });
});

test('a body whose chunks break off is read as far as it goes', () => {
  const message = readHttpMessage(
    Buffer.from('HTTP/1.1 200 OK\nTransfer-Encoding: chunked\n\n5\r\nhello\r\nff\r\nwor'),
  );
  expect(message?.body.toString()).toBe('hellowor');
});

test('a file is unpacked across its members, from any byte on; one that is cut off fails where it ends', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'warc-'));
  try {
    const members = [feed('One'), page, feed('Two')];
    const [path, broken] = [join(folder, 'a.warc.gz'), join(folder, 'b.warc.gz')];
    const packed = Buffer.concat(members.map((member) => gzipSync(member)));
    await writeFile(path, packed);
    await writeFile(broken, packed.subarray(0, -40));
    const file = await lookAtFile(path);
    const from = members[0]?.byteLength ?? 0;
    const read: Buffer[] = [];
    for await (const chunk of bytesOf(file, from, () => undefined)) read.push(chunk);
    expect(Buffer.concat(read).equals(Buffer.concat(members.slice(1)))).toBe(true);
    const all = async (): Promise<void> => {
      for await (const chunk of bytesOf(await lookAtFile(broken), 0, () => undefined)) read.push(chunk);
    };
    await expect(all()).rejects.toThrow('unexpected end of file');
  } finally {
    await rm(folder, { recursive: true });
  }
});

test('a file is known by all that is in it, a large one by pieces of it and its time', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'identity-'));
  try {
    const bytes = Buffer.alloc(300_000, 'line\n');
    const path = join(folder, 'a.jsonl');
    const known = new Set<string>();
    for (const changed of [null, 0, 150_001, 299_999]) {
      const other = Buffer.from(bytes);
      if (changed !== null) other[changed] = 0x21;
      await writeFile(path, other);
      known.add(await identityOf(path));
      await utimes(path, 1, 1);
      known.add(await identityOf(path));
      known.add(await identityOf(path, { wholeBytesMax: 200_000 }));
    }
    await utimes(path, 2, 2);
    known.add(await identityOf(path, { wholeBytesMax: 200_000 }));
    // Four contents whole, four in pieces, and one of those at another time.
    expect(known.size).toBe(9);
  } finally {
    await rm(folder, { recursive: true });
  }
});
