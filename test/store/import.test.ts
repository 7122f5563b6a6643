import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { sql } from 'kysely';
import { afterEach, beforeAll, expect, test } from 'vitest';
import { PROJECTIONS } from '../../src/projections/all.ts';
import { rebuild } from '../../src/projections/rebuild.ts';
import { settleImport } from '../../src/workers/import-log.ts';
import { ensureCheckpoint } from '../../src/store/checkpoints.ts';
import type { Db } from '../../src/store/database.ts';
import { exportRange } from '../../src/store/export.ts';
import { readIdentity } from '../../src/store/identity.ts';
import { giveUpImport, readImporting, refuseUnfinished } from '../../src/store/importing.ts';
import { ImportRefused } from '../../src/store/import.ts';
import { LINE_BYTES_MAX } from '../../src/store/log-line.ts';
import { head } from '../../src/store/read.ts';
import { position } from '../../src/events/ids.ts';
import { InvalidLogFile } from '../../src/store/read-line.ts';
import { sealNext, SEALS_CONSUMER } from '../../src/store/seal-log.ts';
import type { Store } from '../../src/store/store.ts';
import { commandOf, ingested, NOON } from '../support/events.ts';
import { exported, fillLog, imported, openLog } from '../support/logs.ts';
import { dumpReadTables } from '../support/pipeline.ts';
import { useStore } from '../support/store.ts';

const original = useStore();
/** What export wrote of it. */
let file = '';
/** Empty: nothing that is refused may leave a trace in it. */
const untouched = useStore();
const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

/** The store of another, empty log. */
async function openCopy(): Promise<Store> {
  const { store, close } = await openLog();
  closers.push(close);
  return store;
}

beforeAll(async () => {
  const { store } = original;
  await fillLog(store);
  await ensureCheckpoint(store.db, SEALS_CONSUMER, NOON);
  await sealNext(store.db, true, NOON);
  await store.append([commandOf(ingested('behind the last seal'))], NOON);
  file = await exported(store.db);
});

const lines = (): string[] => file.split('\n').slice(0, -1);

/** A file of these lines, its last one summing them up as export would. */
function whole(...parts: readonly string[]): string {
  const text = parts.map((part) => `${part}\n`).join('');
  const sha256 = createHash('sha256').update(text).digest('hex');
  return text + (lines().at(-1) ?? '').replace(/"sha256":"\w+"/, `"sha256":"${sha256}"`) + '\n';
}

async function rows(db: Db, table: string): Promise<string[]> {
  const found = await sql<{
    row: string;
  }>`select t::text as row from ${sql.table(table)} t order by 1`.execute(db);
  return found.rows.map(({ row }) => row);
}

const lastLine = (): string => lines().at(-1) ?? '';
/** Where the first event of a stream stands that has a second one. */
const at = (part: string): number => lines().findIndex((line) => line.includes(part));

test('exported, imported and exported again, a log is the same to the byte, with its streams, seals and words', async () => {
  const copy = await openCopy();
  expect(await imported(copy.db, file)).toBe(await head(original.store.db));
  expect(await exported(copy.db)).toBe(file);
  for (const table of ['sw_log.events', 'sw_log.streams', 'sw_log.seals', 'sw_log.content'])
    expect(await rows(copy.db, table)).toEqual(await rows(original.store.db, table));
  expect(await readIdentity(copy.db)).toEqual({
    source: (await readIdentity(original.store.db)).source,
    importedTo: await head(original.store.db),
  });
});

test('the file holds what only a database holds as it is, and the microseconds of its clocks', () => {
  expect(file).toContain(`"huge": 1${'0'.repeat(400)}, `);
  expect(file).toContain('"big": 123456789012345678901234567890, "one": 1.0,');
  expect(file).toContain('"time":"2026-01-13T02:59:59.999999Z","recordedtime":"2026-01-13T03:00:01.123457Z"');
  expect(file).toContain('高市首相、奈良で李大統領と会談');
  // Words that two items have stand in front of the first of them.
  expect(file.split('"title": "Lee and Takaichi meet in Nara"')).toHaveLength(2);
});

test('the copy comes to the same read tables', async () => {
  const copy = await openCopy();
  await imported(copy.db, file, { settle: settleImport(() => NOON) });
  const tables = [original.store.db, copy.db].map(async (db) => {
    for (const projection of PROJECTIONS) await rebuild(db, projection, { now: () => NOON });
    return await dumpReadTables(db);
  });
  const [first, second] = await Promise.all(tables);
  expect(second).toEqual(first);
  expect(first?.['sw_read.items']).not.toHaveLength(0);
});

test('compressed or not, and in several files, it is the same log', async () => {
  const copy = await openCopy();
  const { store } = original;
  const last = await head(store.db);
  let rest = '';
  for await (const { text } of exportRange(store.db, { from: position(9), to: last })) rest += text;
  let beginning = '';
  for await (const { text } of exportRange(store.db, { from: position(1), to: position(8) }))
    beginning += text;
  await expect(imported(copy.db, rest)).rejects.toThrow('does not go on where this log ends, at position 0');
  expect(await head(copy.db)).toBe(0);
  expect(await imported(copy.db, gzipSync(beginning))).toBe(8);
  expect(await imported(copy.db, gzipSync(rest))).toBe(last - 8);
  expect(await rows(copy.db, 'sw_log.events')).toEqual(await rows(store.db, 'sw_log.events'));
});

test('given up, an import leaves a log of its own', async () => {
  const copy = await openCopy();
  await expect(imported(copy.db, file.slice(0, file.length / 2), { batchEvents: 5 })).rejects.toThrow();
  expect(await giveUpImport(copy.db)).toMatchObject({ endsAt: await head(original.store.db) });
  await refuseUnfinished(copy.db);
  await copy.append([commandOf(ingested('of its own'))], NOON);
  await expect(imported(copy.db, file)).rejects.toThrow('is another event in this log, which is not empty');
});

test('an import that was cut off goes on with the same file, and words taken down meanwhile stay away', async () => {
  const copy = await openCopy();
  const half = file.slice(0, file.length / 2);
  await expect(imported(copy.db, half, { batchEvents: 5 })).rejects.toThrow('is cut off');
  const there = await head(copy.db);
  expect(there).toBeGreaterThan(0);
  const last = await head(original.store.db);
  expect(await readImporting(copy.db)).toMatchObject({ at: there, endsAt: last, since: NOON });
  await expect(refuseUnfinished(copy.db)).rejects.toThrow(`stopped at position ${there} of ${last}`);
  expect(await imported(copy.db, file)).toBe((await head(original.store.db)) - there);
  await refuseUnfinished(copy.db);
  expect(await exported(copy.db)).toBe(file);
  await sql`delete from sw_log.content`.execute(copy.db);
  expect(await imported(copy.db, file)).toBe(0);
  expect(await rows(copy.db, 'sw_log.content')).toEqual([]);
});

test('a log that holds something else is refused, and stays as it is', async () => {
  const copy = await openCopy();
  await copy.append([commandOf(ingested('its own'))], NOON);
  await expect(imported(copy.db, file)).rejects.toThrow(ImportRefused);
  expect(await head(copy.db)).toBe(1);
});

test('a copy that went on by itself is refused at the first event that is another', async () => {
  const copy = await openCopy();
  await imported(copy.db, file);
  await copy.append([commandOf(ingested('its own'))], NOON);
  await original.store.append([commandOf(ingested('news of the original'))], NOON);
  const next = (await head(original.store.db)).toString();
  await expect(imported(copy.db, await exported(original.store.db))).rejects.toThrow(
    `(position ${next}) is another event in this log`,
  );
});

test('a file without events is a log, too', async () => {
  const copy = await openCopy();
  const empty = await exported((await openCopy()).db);
  expect(empty.split('\n')).toHaveLength(3);
  expect(await imported(copy.db, empty)).toBe(0);
  expect(await exported(copy.db)).toBe(empty);
});

test.each<[string, () => string | Buffer, RegExp]>([
  ['nothing', () => '', /^line 1 is missing: the file is cut off/],
  ['something else', () => 'a,b\n', /^line 1 is no line of an exported log/],
  ['no first line', () => whole(...lines().slice(1, -1)), /^line 1 is not the first line/],
  ['no last line', () => lines().slice(0, -1).join('\n') + '\n', /^line \d+ is missing: the file is cut off/],
  ['half a last line', () => file.slice(0, -9), /^line \d+ is cut off/],
  ['cut off compression', () => gzipSync(file).subarray(0, -20), /^line \d+ is cut off/],
  ['damaged compression', () => damaged(gzipSync(file)), /^line \d+ /],
  ['a hole', () => whole(...without(at('"position":"9"'))), /^line \d+ holds position 10 where 9 should be/],
  [
    'a repeated line',
    () => whole(...lines().slice(0, 2), ...lines().slice(1, -1)),
    /^line 3 holds position 1 where 2/,
  ],
  ['swapped lines', () => whole(...swapped(at('"position":"4"'))), /^line \d+ holds position 5 where 4/],
  ['something behind the end', () => `${file}\n`, /^line \d+ stands behind the last line/],
  [
    'a changed letter',
    () => file.replace('"title": "이재명', '"title": "이재밍'),
    /^line \d+ holds other words than its hash/,
  ],
  [
    'a changed event',
    () => file.replace('"status": 500', '"status": 501'),
    /^line \d+ (?:names another sha256|seals other events)/,
  ],
  [
    'a changed event, summed up',
    () => edited('"status": 500', '"status": 501'),
    /^line \d+ seals other events than positions 1 to/,
  ],
  [
    'an unknown type',
    () => edited('.FeedMoved"', '.FeedSwum"'),
    /^line \d+ holds FeedSwum version 1, which this build does not know/,
  ],
  [
    'a version to come',
    () => edited('"schemaversion":2', '"schemaversion":9'),
    /^line \d+ holds \w+ version 9, which/,
  ],
  [
    'a wrong stream version',
    () => edited(/("time":"2026-01-13T02:59:59.999999Z".*"streamversion":)"2"/, '$1"3"'),
    /^line \d+ \(position \d+\) does not follow in its stream: expected version 2/,
  ],
  [
    'an event of another log',
    () => whole(lines()[0] ?? '', (lines()[1] ?? '').replace(/urn:uuid:./, 'urn:uuid:g')),
    /^line 2 is of another log/,
  ],
  [
    'a time that runs back',
    () => edited('"recordedtime":"2026-01-13T03:00:01', '"recordedtime":"2025-01-13T03:00:01'),
    /^line \d+ was recorded before/,
  ],
  [
    'no such day',
    () => edited('"time":"2026-01-13T02:59:59', '"time":"2026-02-30T02:59:59'),
    /^line \d+ cannot be stored: date\/time/,
  ],
  [
    'NUL',
    () => edited('"status": 500', '"status": "\\u0000"'),
    /^line \d+ cannot be stored: unsupported Unicode/,
  ],
  [
    'bytes that are no UTF-8',
    () => Buffer.concat([Buffer.from(`${lines()[0] ?? ''}\n`), Buffer.from([0xff, 0x0a])]),
    /^line 2 is not UTF-8/,
  ],
  [
    'a line without an end that swells',
    () => gzipSync(Buffer.alloc(LINE_BYTES_MAX + 100_000, 'a'), { level: 1 }),
    /^line 1 is longer than 16777216 bytes/,
  ],
])('%s is refused, with the line', async (_, made, reason) => {
  const answer = imported(untouched.store.db, made());
  await expect(answer).rejects.toThrow(reason);
  await expect(answer).rejects.toThrow(InvalidLogFile);
  expect(await head(untouched.store.db)).toBe(0);
});

/** The file with something else in its lines, and a last line that sums that up. */
function edited(from: string | RegExp, to: string): string {
  const before = lines().slice(0, -1);
  const after = before.map((line) => line.replace(from, to));
  expect(after).not.toEqual(before);
  return whole(...after);
}

function without(index: number): string[] {
  return [...lines().slice(0, index), ...lines().slice(index + 1, -1)];
}

function swapped(index: number): string[] {
  const all = lines().slice(0, -1);
  return [...all.slice(0, index), all[index + 1] ?? '', all[index] ?? '', ...all.slice(index + 2)];
}

function damaged(bytes: Buffer): Buffer {
  bytes.writeUInt8(bytes.readUInt8(bytes.length >> 1) ^ 0xff, bytes.length >> 1);
  return bytes;
}

test('the last line counts and hashes what is in front of it', () => {
  const told = JSON.parse(lastLine()) as { data: Record<string, unknown> };
  const events = lines().filter((line) => line.includes('"position":')).length;
  expect(told.data).toMatchObject({ to: events, events, seals: 1 });
  expect(whole(...lines().slice(0, -1))).toBe(file);
});
