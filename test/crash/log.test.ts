import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { random } from '../../bench/random.ts';
import { makePartitionsAhead } from '../../src/store/partitions.ts';
import { IMPORT_EVENTS_MAX } from '../../src/store/read-log.ts';
import { head } from '../../src/store/read.ts';
import { NOON } from '../support/events.ts';
import { useStore } from '../support/store.ts';
import { exportFile } from './copies.ts';
import { Crew } from './crew.ts';
import type { Job } from './log-jobs.ts';
import { brokenAfter, comeToRest, wrongCopies } from './log-laws.ts';
import { pointsOf } from './log-points.ts';
import type { PointedJob } from './log-points.ts';
import { endAll } from './talk.ts';

const ITEMS = 800;
/** A writer has to wait for the third partition; by then there is enough for an export and an import of two batches. */
const PARTITION_EVENTS = 550;
/** On a quiet machine seconds; each failpoint costs the start of a process. */
const MS_MAX = 120_000;

const log = useStore();
const copy = useStore();
let crew: Crew;
let folder: string;

beforeAll(async () => {
  await sql`drop table sw_log.events_0001, sw_log.events_0002`.execute(log.store.db);
  await makePartitionsAhead(log.store.db, PARTITION_EVENTS);
  crew = new Crew(log.url, ITEMS, random(1));
  crew.desk.limit = ITEMS;
  folder = await mkdtemp(join(tmpdir(), 'shuttlewatch-exports-'));
});
afterAll(async () => {
  await crew.end();
  endAll();
  await rm(folder, { recursive: true });
});

/** Runs a process for each failpoint of a kind of work, to be killed at the `nth` time; gives those at which none was. */
async function survived(kind: PointedJob, job: () => Job | null, nth = 1): Promise<string[]> {
  const names: string[] = [];
  for (const name of pointsOf(kind)) {
    const given = job();
    if (given === null || !(await crew.killAt(given, name, nth))) names.push(name);
  }
  return names;
}

describe('processes that are killed', { timeout: MS_MAX }, () => {
  test('while they append', async () => {
    expect(await survived('append', crew.writing)).toEqual([]);
  });
  test('while they make a partition that a writer waits for', async () => {
    crew.post(crew.writing);
    await expect.poll(() => head(log.store.db), { timeout: MS_MAX }).toBeGreaterThan(IMPORT_EVENTS_MAX);
    const job = { kind: 'partition', partitionEvents: PARTITION_EVENTS } as const;
    expect(await survived('partition', () => job)).toEqual([]);
  });
  test('while they rebuild or seal', async () => {
    const [rebuilding, sealing] = await Promise.all([
      survived('rebuild', () => ({ kind: 'rebuild', projection: 'items' })),
      survived('seal', () => ({ kind: 'seal' })),
    ]);
    expect(await survived('rebuild words', () => ({ kind: 'rebuild words' }))).toEqual([]);
    expect([...rebuilding, ...sealing]).toEqual([]);
  });
  test('while they export or import', async () => {
    const file = join(folder, 'log.jsonl.gz');
    // The second time is in the middle of the file.
    expect(await survived('export', () => ({ kind: 'export', file }), 2)).toEqual([]);
    expect(existsSync(file)).toBe(false);
    await exportFile(log.store.db, file, () => NOON);
    expect(await survived('import', () => ({ kind: 'import', file, into: copy.url }))).toEqual([]);
    expect(await head(copy.store.db)).toBe(IMPORT_EVENTS_MAX);
  });
  test('leave a log that the next ones make whole, and a copy as well', async () => {
    crew.post(() => ({ kind: 'follow', partitionEvents: PARTITION_EVENTS }));
    await expect.poll(() => crew.desk.isDone, { timeout: MS_MAX }).toBe(true);
    await crew.end();
    await comeToRest(log.store.db);
    expect(await brokenAfter(log.store.db, crew.ledger, ITEMS)).toEqual([]);
    expect(await wrongCopies(log.store, { copy: copy.url }, folder)).toEqual([]);
    expect(crew.complaints).toEqual([]);
  });
});
