import fc from 'fast-check';
import { sql } from 'kysely';
import { expect, test } from 'vitest';
import type { Tx } from '../../src/store/database.ts';
import { positionAt } from '../../src/store/position-at.ts';
import { NOON } from '../support/events.ts';
import { useStore } from '../support/store.ts';

const place = useStore();
const MICROSECONDS_PER_MS = 1_000;
/** The last position of the first partition. */
const PARTITION_END = 50_000_000;

class RollBack extends Error {}

/** Runs `work` on a log that is gone afterwards. */
async function onLog(work: (tx: Tx) => Promise<void>): Promise<void> {
  const run = place.store.db.transaction().execute(async (tx) => {
    await work(tx);
    throw new RollBack();
  });
  await run.catch((error: unknown) => {
    if (!(error instanceof RollBack)) throw error;
  });
}

/** Fills the log from position `first` on, with an event at each of `times` (microseconds after NOON). */
async function fill(tx: Tx, first: number, times: readonly number[]): Promise<void> {
  await sql`
    insert into sw_log.events (position, stream_id, version, event_id, type, schema_version, decided_at, recorded_at, data)
    select ${first}::bigint + o - 1, 'item-x', o, gen_random_uuid(), 'ItemTagged', 1, ${NOON},
           ${NOON}::timestamptz + us * interval '1 microsecond', '{}'
      from unnest(${times}::bigint[]) with ordinality as t (us, o)`.execute(tx);
}

const after = (ms: number): Date => new Date(NOON.getTime() + ms);

test('the position at a time is what counting finds, for any log, its beginning archived or not', async () => {
  await fc.assert(
    fc.asyncProperty(
      // Gaps of 0 make batches that share their time; most are shorter than a millisecond.
      fc.array(fc.integer({ min: 0, max: 3_000 }), { maxLength: 40 }),
      fc.constantFrom(1, 2, PARTITION_END - 10),
      fc.array(fc.integer({ min: -2, max: 130 }), { minLength: 1, maxLength: 8 }),
      async (gaps, first, asked) => {
        let us = 0;
        const times = gaps.map((gap) => (us += gap));
        await onLog(async (tx) => {
          await fill(tx, first, times);
          for (const ms of asked) {
            const count = times.filter((time) => Math.floor(time / MICROSECONDS_PER_MS) <= ms).length;
            const before = first === 1 || times.length === 0 ? 0 : null;
            expect(await positionAt(tx, after(ms))).toBe(count === 0 ? before : first + count - 1);
          }
        });
      },
    ),
    { numRuns: 60 },
  );
});

test('a thousand times the events cost ten probes more', async () => {
  const scans = async (tx: Tx): Promise<number> => {
    const { rows } = await sql<{ scans: number }>`
      select sum(idx_scan)::bigint as scans from pg_stat_xact_user_tables
       where schemaname = 'sw_log' and relname like 'events%'`.execute(tx);
    return rows[0]?.scans ?? 0;
  };
  const probes = async (events: number): Promise<number> => {
    let found = 0;
    await onLog(async (tx) => {
      await fill(
        tx,
        1,
        Array.from({ length: events }, (_, index) => index * MICROSECONDS_PER_MS),
      );
      const before = await scans(tx);
      expect(await positionAt(tx, after(events / 2))).toBe(events / 2 + 1);
      found = (await scans(tx)) - before;
    });
    return found;
  };
  const few = await probes(10);
  expect(few).toBeGreaterThan(2);
  expect(await probes(10_000)).toBeLessThanOrEqual(few + 11);
});

test('a hole in the log is no answer', async () => {
  await onLog(async (tx) => {
    await fill(tx, 1, [0, 1_000]);
    await fill(tx, 4, [2_000]);
    await expect(positionAt(tx, after(1))).rejects.toThrow('the log should hold position 3');
  });
});
