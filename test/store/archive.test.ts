import { createHash } from 'node:crypto';
import { mkdtemp, readFile, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { contentHashOf, position } from '../../src/events/ids.ts';
import { items } from '../../src/projections/items.ts';
import { rebuild } from '../../src/projections/rebuild.ts';
import { itemText } from '../../src/query/item-text.ts';
import { positionBefore } from '../../src/query/pulse.ts';
import { explain } from '../../src/query/why.ts';
import { archive } from '../../src/store/archive.ts';
import type { Archiving, ArchiveOptions } from '../../src/store/archive.ts';
import { putContent } from '../../src/store/content.ts';
import { ensureCheckpoint, moveCheckpoint } from '../../src/store/checkpoints.ts';
import { ArchivedAway, ArchiveRefused, LogHole, StreamCut } from '../../src/store/errors.ts';
import { exportRange, wholeLog } from '../../src/store/export.ts';
import { listArchived, listPartitions, makePartitionsAhead } from '../../src/store/partitions.ts';
import { positionAt, recordedAt } from '../../src/store/position-at.ts';
import { head, readAfter, readStreams } from '../../src/store/read.ts';
import { SEALS_CONSUMER } from '../../src/store/seal-log.ts';
import { readSeals } from '../../src/store/seals.ts';
import { verify } from '../../src/store/verify.ts';
import { withDamage } from '../support/damage.ts';
import { commandOf, ingested, itemOf, NOON, tagged } from '../support/events.ts';
import { useStore } from '../support/store.ts';

const log = useStore();
const TINY = 10;
const ITEM_COUNT = 20;
const FOLLOWER = 'some-follower';
let folder = '';

const item = (index: number) => commandOf(ingested(`item ${index}`), 0);
/** The first event of each stream is in the first half of the log, the second in the other. */
const tag = (index: number) => commandOf(tagged(`item ${index}`, []), 1);
/** With its words, which verify looks for. */
async function appendItem(index: number, at: Date): Promise<void> {
  const name = `item ${index}`;
  await putContent(
    log.store.db,
    new Map([[contentHashOf(name, ''), itemText({ title: name, summary: '' })]]),
  );
  await log.store.append([item(index)], at);
}
const minute = (minutes: number): Date => new Date(NOON.getTime() + minutes * 60_000);

const archiveTo = (until: number, change: Partial<ArchiveOptions> = {}): Promise<Archiving> =>
  archive(log.store, { until: position(until), folder, now: () => NOON, ...change });

const fileOf = (from: number, to: number): string => join(folder, `events-${from}-${to}.jsonl.gz`);

async function moveFollower(from: number, to: number): Promise<void> {
  await log.store.db
    .transaction()
    .execute((tx) => moveCheckpoint(tx, FOLLOWER, position(from), position(to), NOON));
}

async function eventsOf(from: number): Promise<unknown[]> {
  const found: unknown[] = [];
  for (let at = position(from); ;) {
    const { events, until } = await readAfter(log.store.db, at, ['ItemIngested', 'ItemTagged'], 7);
    if (until === at) return found;
    found.push(...events);
    at = until;
  }
}

/** All that anybody can ask of the log, however it is kept. */
async function answers() {
  const { db } = log.store;
  const streams = Array.from({ length: ITEM_COUNT }, (_, index) => item(index).stream);
  const texts: string[] = [];
  for await (const { text } of exportRange(db, await wholeLog(db))) texts.push(text);
  const moments = [-1, 0, 5, 30, 99].map(minute);
  const verified = { ...(await verify(db)), archivedTo: null };
  return {
    head: await head(db),
    streams: [...(await readStreams(db, streams))],
    tags: [...(await readStreams(db, streams, ['ItemTagged']))],
    slices: await Promise.all([0, 4, 10, 15, 33].map(eventsOf)),
    file: texts.join(''),
    at: await Promise.all(moments.map((moment) => positionAt(db, moment))),
    before: await Promise.all(moments.map((moment) => positionBefore(db, moment))),
    recorded: await Promise.all([1, 10, 11, 40].map((at) => recordedAt(db, position(at)))),
    verified,
  };
}

async function rebuiltItems(): Promise<unknown[]> {
  await rebuild(log.store.db, items, { now: () => NOON });
  return (await sql`select * from sw_read.items order by item`.execute(log.store.db)).rows;
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'shuttlewatch-archive-'));
  const { db } = log.store;
  await sql`drop table sw_log.events_0001, sw_log.events_0002`.execute(db);
  for (let index = 0; index < 6; index += 1)
    await sql`select sw_log.make_partition(${index * TINY + 1}, ${(index + 1) * TINY + 1})`.execute(db);
  for (let index = 0; index < ITEM_COUNT; index += 1) await appendItem(index, minute(index));
  for (let index = 0; index < ITEM_COUNT; index += 1)
    await log.store.append([tag(index)], minute(20 + index));
  // Of the read tables, which are empty yet.
  await sql`delete from sw_log.checkpoints`.execute(db);
  await ensureCheckpoint(db, FOLLOWER, NOON);
});
afterAll(() => rm(folder, { recursive: true }));

test('a partition stays while a consumer has not seen its end, and while it reaches beyond what was asked', async () => {
  await moveFollower(0, 9);
  expect(await archiveTo(40)).toMatchObject({
    archived: [],
    stays: { from: 1, to: 10, why: { kind: 'not yet followed', consumer: FOLLOWER, position: 9 } },
  });
  await moveFollower(9, 40);
  expect(await archiveTo(9)).toMatchObject({
    archived: [],
    stays: { to: 10, why: { kind: 'reaches beyond' } },
  });
  expect(await readdir(folder)).toEqual([]);
});

test('what is archived answers like what is not: streams, slices, duplicates, moments, exports, verify, a rebuild', async () => {
  const { db } = log.store;
  const before = await answers();
  const rows = await rebuiltItems();
  expect(rows).toHaveLength(ITEM_COUNT);
  const done = await archiveTo(25);
  expect(done).toMatchObject({
    archived: [
      { name: 'events_0001', from: 1, to: 10, file: fileOf(1, 10), fileWasThere: false },
      { name: 'events_0002', from: 11, to: 20, file: fileOf(11, 20), fileWasThere: false },
    ],
    stays: { from: 21, to: 30, why: { kind: 'reaches beyond' } },
  });
  expect((await listArchived(db)).map(({ name }) => name)).toEqual(['events_0001', 'events_0002']);
  expect((await listPartitions(db))[0]?.name).toBe('events_0003');
  expect((await readSeals(db, 0)).map(({ from, to }) => [from, to])).toEqual([
    [1, 10],
    [11, 20],
    [21, 30],
    [31, 40],
  ]);
  // Sealed meanwhile, which export and verify tell.
  const unlike = { verified: null, file: null };
  expect({ ...(await answers()), ...unlike }).toEqual({ ...before, ...unlike });
  expect(await verify(db)).toMatchObject({ archivedTo: 20, damages: [] });
  expect(await rebuiltItems()).toEqual(rows);
  const [first, second] = await log.store.append([item(3), commandOf(ingested('item 4'), null)], minute(99));
  expect([first?.status, second?.status]).toEqual(['duplicate', 'duplicate']);
  expect(
    (await log.store.append([commandOf(ingested('item 3', { guid: 'else' }), 0)], NOON))[0]?.status,
  ).toBe('duplicate');
});

test('cut off between file and move it goes on with the same file, and refuses one that was altered', async () => {
  const { db } = log.store;
  const before = await answers();
  const killed = new Error('killed');
  const onProgress: ArchiveOptions['onProgress'] = (_partition, stage) => {
    if (stage === 'checked') throw killed;
  };
  await expect(archiveTo(30, { onProgress })).rejects.toBe(killed);
  expect(await answers()).toEqual(before);
  const file = fileOf(21, 30);
  const right = await readFile(file);
  const text = gunzipSync(right).toString();
  const altered = text.replace('"cause": "ingested"', '"cause": "ingasted"');
  expect(altered).not.toBe(text);
  const start = altered.lastIndexOf('\n', altered.length - 2) + 1;
  const sum = createHash('sha256').update(altered.slice(0, start)).digest('hex');
  const forged =
    altered.slice(0, start) + altered.slice(start).replace(/"sha256":"[0-9a-f]{64}"/, `"sha256":"${sum}"`);
  for (const [bytes, why] of [
    [gzipSync(altered), 'names another sha256'],
    [gzipSync(forged), 'seals other events than positions 21 to 30'],
    [await readFile(fileOf(11, 20)), 'announces positions 11 to 20, not 21 to 30'],
    [right.subarray(0, right.length - 40), 'cut off'],
  ] as const) {
    await writeFile(file, bytes);
    const refused = archiveTo(30);
    await expect(refused).rejects.toThrow(ArchiveRefused);
    await expect(refused).rejects.toThrow(why);
  }
  expect(await answers()).toEqual(before);
  await writeFile(file, right);
  const { mtimeMs } = await stat(file);
  const { archived } = await archiveTo(30);
  expect(archived).toMatchObject([{ from: 21, to: 30, fileWasThere: true }]);
  expect((await stat(file)).mtimeMs).toBe(mtimeMs);
  expect(await answers()).toEqual(before);
  expect((await listArchived(db)).at(-1)).toMatchObject({ to: 30 });
});

test('readers and appends that are at it while partitions move miss nothing', async () => {
  expect(await archiveTo(40)).toMatchObject({
    archived: [],
    stays: { to: 40, why: { kind: 'holds the end' } },
  });
  for (let index = 0; index < 12; index += 1) await appendItem(100 + index, minute(60));
  await sql`update sw_log.checkpoints set position = 52 where name <> ${SEALS_CONSUMER}`.execute(
    log.store.db,
  );
  let isDone = false;
  const archiving = archiveTo(50).finally(() => {
    isDone = true;
  });
  let rounds = 0;
  const streams = Array.from({ length: ITEM_COUNT }, (_, index) => item(index).stream);
  const read = async (): Promise<void> => {
    while (!isDone) {
      expect(await eventsOf(28)).toHaveLength(24);
      expect([...(await readStreams(log.store.db, streams)).values()].flat()).toHaveLength(40);
      expect((await log.store.append([item(7)], NOON))[0]?.status).toBe('duplicate');
      rounds += 1;
    }
  };
  const [{ archived }] = await Promise.all([archiving, read(), read()]);
  expect(archived.map(({ to }) => to)).toEqual([40, 50]);
  expect(rounds).toBeGreaterThan(1);
  expect(await makePartitionsAhead(log.store.db, TINY)).toEqual(['events_0007']);
});

test('the archive refuses change, and verify finds what was done to it all the same', async () => {
  const { db } = log.store;
  for (const change of [
    'update sw_archive.events set version = 7',
    'delete from sw_archive.events_0001',
    'truncate sw_archive.events',
    'truncate sw_archive.events_0001',
  ]) {
    const changed = db.transaction().execute(async (tx) => {
      await sql`grant update, delete, truncate on sw_archive.events, sw_archive.events_0001 to current_user`.execute(
        tx,
      );
      await sql.raw(change).execute(tx);
    });
    await expect(changed, change).rejects.toMatchObject({ code: 'SW001' });
  }
  await withDamage(db, 'delete from sw_archive.events where position = 15', async (tx) => {
    expect((await verify(tx)).damages).toMatchObject([{ kind: 'event removed', position: 15 }]);
    await expect(readAfter(tx, position(12), ['ItemTagged'])).rejects.toThrow(LogHole);
  });
});

test('where an archived partition was dropped, readers of its events say so and others go on', async () => {
  await withDamage(log.store.db, 'drop table sw_archive.events_0001', async (tx) => {
    await expect(readAfter(tx, position(0), ['ItemTagged'])).rejects.toThrow(ArchivedAway);
    await expect(readAfter(tx, position(0), ['ItemTagged'])).rejects.toThrow('position 1 was archived');
    expect((await readAfter(tx, position(10), ['ItemIngested'])).events[0]).toMatchObject({ position: 11 });
    await expect(readStreams(tx, [item(3).stream])).rejects.toThrow(StreamCut);
    expect([...(await readStreams(tx, [item(13).stream]))]).toHaveLength(1);
    expect(await positionAt(tx, minute(5))).toBeNull();
    expect(await positionAt(tx, minute(15))).toBe(16);
    expect((await verify(tx)).damages).toMatchObject([{ kind: 'event removed', position: 1 }]);
  });
});

test('an item whose words went with another one’s takedown is explained though that is archived away', async () => {
  const damage = `
    insert into sw_work.taken_down (hash, position) values ('${contentHashOf('item 13', '')}', 5);
    delete from sw_log.content where hash = '${contentHashOf('item 13', '')}';
    drop table sw_archive.events_0001`;
  await withDamage(log.store.db, damage, async (tx) => {
    const explanation = await explain(tx, itemOf('item 13'));
    expect(explanation?.events).toHaveLength(2);
    expect(explanation?.takenDown.size).toBe(0);
  });
});
