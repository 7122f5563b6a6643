import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { publisherId } from '../../src/events/ids.ts';
import { readArchive } from '../../src/ingest/archive.ts';
import type { ArchiveEntry } from '../../src/ingest/archive.ts';
import { publisherResolver } from '../../src/ingest/publisher.ts';

const now = new Date('2026-01-20T00:00:00Z');
let folder = '';

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'archive-'));
});
afterEach(async () => {
  await rm(folder, { recursive: true });
});

async function readAll(file: string): Promise<ArchiveEntry[]> {
  const entries: ArchiveEntry[] = [];
  for await (const entry of readArchive(file, now)) entries.push(entry);
  return entries;
}

async function entriesOf(text: string): Promise<ArchiveEntry[]> {
  const file = join(folder, 'items.jsonl');
  await writeFile(file, text);
  return await readAll(file);
}

const line = (fields: Record<string, unknown>): string => `${JSON.stringify(fields)}\n`;

test('a line is an item, with the name of its source', async () => {
  const [entry] = await entriesOf(
    line({
      title: '외교차관 &amp; 협의',
      summary: '<p>두 시간</p>',
      url: 'https://n.example.kr/1?utm_source=x',
      date: '2026年1月12日 18:00',
      source: 'Hanbit',
      lang: 'ko',
      captured: '2026-01-13',
    }),
  );
  expect(entry).toMatchObject({
    kind: 'item',
    source: 'Hanbit',
    line: 1,
    item: {
      guid: null,
      url: 'https://n.example.kr/1',
      title: '외교차관 & 협의',
      summary: '두 시간',
      published: '2026-01-12T09:00:00.000Z',
      lang: 'ko',
    },
  });
});

test('a relative URL is none, and a date may stand among words', async () => {
  const entries = await entriesOf(
    line({ title: 'a', url: '/item?q=1', date: '' }) +
      line({ title: 'b', date: '社説｜みなと新聞｜ 2026年1月5日(月)  08:00', lang: 'ja' }),
  );
  expect(entries).toMatchObject([
    { item: { url: null, published: null } },
    { item: { published: '2026-01-04T23:00:00.000Z' } },
  ]);
});

test('a bad line is a value that names file and line, and the rest is read', async () => {
  const entries = await entriesOf(
    `${line({ title: 'one' })}{"title": "cut of\n\n[1,2]\n${line({ summary: '' })}${'x'.repeat(1_200_000)}\n${line({ title: 'two' })}`,
  );
  expect(entries.map((entry) => [entry.kind, entry.line])).toEqual([
    ['item', 1],
    ['bad', 2],
    ['bad', 4],
    ['bad', 5],
    ['bad', 6],
    ['item', 7],
  ]);
  expect(entries[1]).toMatchObject({
    file: join(folder, 'items.jsonl'),
    reason: expect.stringContaining('not JSON') as string,
  });
});

test('the last line needs no end, the first may have a byte order mark, and letters may lie across chunks', async () => {
  const long = '가나다'.repeat(30_000);
  const entries = await entriesOf(`\ufeff${line({ title: 'a', summary: long })}{"title":"b"}`);
  expect(entries.map((entry) => entry.kind)).toEqual(['item', 'item']);
  expect(JSON.stringify(entries)).not.toContain('\ufffd');
});

test('a file that cannot be read is a value too', async () => {
  const missing = join(folder, 'missing.jsonl');
  expect(await readAll(missing)).toMatchObject([{ kind: 'bad', file: missing }]);
});

test('a publisher is found by the longest host, else by name, else not', () => {
  const publisher = (id: string, name: string, hosts: readonly string[]) => ({
    id: publisherId(id),
    name,
    family: id,
    country: 'KR',
    stateRun: false,
    hosts,
  });
  const resolve = publisherResolver([
    publisher('hanbit', 'Hanbit Daily', ['hanbit.example.kr']),
    publisher('hanbit-en', 'Hanbit English', ['en.hanbit.example.kr']),
  ]);
  expect(resolve('https://www.hanbit.example.kr/1', null)?.id).toBe('hanbit');
  expect(resolve('https://m.hanbit.example.kr/1', null)?.id).toBe('hanbit');
  expect(resolve('https://en.hanbit.example.kr/1', null)?.id).toBe('hanbit-en');
  expect(resolve('https://nothanbit.example.kr/1', 'Hanbit Daily – World')?.id).toBe('hanbit');
  expect(resolve(null, 'hanbit')?.id).toBe('hanbit');
  expect(resolve('https://other.example/1', 'Other')).toBeNull();
  expect(resolve(null, null)).toBeNull();
});
