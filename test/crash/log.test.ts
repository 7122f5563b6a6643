import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { random } from '../../bench/random.ts';
import { makePartitionsAhead } from '../../src/store/partitions.ts';
import { head } from '../../src/store/read.ts';
import { useStore } from '../support/store.ts';
import { Crew } from './crew.ts';
import type { Job } from './log-jobs.ts';
import { brokenAfter, comeToRest } from './log-laws.ts';
import { pointsOf } from './log-points.ts';
import type { PointedJob } from './log-points.ts';
import { endAll } from './talk.ts';

const ITEMS = 600;
/** A writer has to wait for the third partition, and there are four in the end. */
const PARTITION_EVENTS = 300;
/** On a quiet machine seconds; each failpoint costs the start of a process. */
const MS_MAX = 120_000;

const log = useStore();
let crew: Crew;

beforeAll(async () => {
  await sql`drop table sw_log.events_0001, sw_log.events_0002`.execute(log.store.db);
  await makePartitionsAhead(log.store.db, PARTITION_EVENTS);
  crew = new Crew(log.url, ITEMS, random(1));
  crew.desk.limit = ITEMS;
});
afterAll(async () => {
  await crew.end();
  endAll();
});

/** Runs a process for each failpoint of a kind of work, and gives the failpoints at which none was killed. */
async function survived(kind: PointedJob, job: () => Job | null): Promise<string[]> {
  const names: string[] = [];
  for (const name of pointsOf(kind)) {
    const given = job();
    if (given === null || !(await crew.killAt(given, name, 1))) names.push(name);
  }
  return names;
}

describe('processes that are killed', () => {
  test(
    'while they append',
    async () => {
      expect(await survived('append', crew.writing)).toEqual([]);
    },
    MS_MAX,
  );
  test(
    'while they make a partition that a writer waits for',
    async () => {
      crew.post(crew.writing);
      await expect.poll(() => head(log.store.db), { timeout: MS_MAX }).toBeGreaterThan(PARTITION_EVENTS);
      const job = { kind: 'partition', partitionEvents: PARTITION_EVENTS } as const;
      expect(await survived('partition', () => job)).toEqual([]);
    },
    MS_MAX,
  );
  test(
    'while they rebuild or seal',
    async () => {
      const [rebuilding, sealing] = await Promise.all([
        survived('rebuild', () => ({ kind: 'rebuild', projection: 'items' })),
        survived('seal', () => ({ kind: 'seal' })),
      ]);
      expect(await survived('rebuild words', () => ({ kind: 'rebuild words' }))).toEqual([]);
      expect([...rebuilding, ...sealing]).toEqual([]);
    },
    MS_MAX,
  );
  test(
    'leave a log that the next ones make whole',
    async () => {
      crew.post(() => ({ kind: 'follow', partitionEvents: PARTITION_EVENTS }));
      await expect.poll(() => crew.desk.isDone, { timeout: MS_MAX }).toBe(true);
      await crew.end();
      await comeToRest(log.store.db);
      expect(await brokenAfter(log.store.db, crew.ledger, ITEMS)).toEqual([]);
      expect(crew.complaints).toEqual([]);
    },
    MS_MAX,
  );
});
