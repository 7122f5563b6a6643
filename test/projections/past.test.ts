import fc from 'fast-check';
import { sql } from 'kysely';
import { expect, test } from 'vitest';
import { EVENT_TYPES } from '../../src/events/event.ts';
import type { Recorded } from '../../src/events/event.ts';
import type { Position } from '../../src/events/ids.ts';
import { PROJECTIONS } from '../../src/projections/all.ts';
import { tablesOf } from '../../src/projections/projection.ts';
import { countSubjects, findAlerts, listAlerts, listFeeds, listRules } from '../../src/query/lists.ts';
import { ANY_ITEM, asKnownAt } from '../../src/query/sql-filter.ts';
import { findItems } from '../../src/query/why.ts';
import type { Db } from '../../src/store/database.ts';
import { readAfter } from '../../src/store/read.ts';
import { dumpReadTables } from '../support/pipeline.ts';
import { useStore } from '../support/store.ts';
import { happen, move } from './history.ts';

const log = useStore();

async function empty(db: Db): Promise<void> {
  const tables = PROJECTIONS.flatMap(tablesOf);
  await sql.raw(tables.map((table) => `delete from ${table}`).join(';')).execute(db);
}

async function apply(db: Db, events: readonly Recorded[]): Promise<void> {
  await db.transaction().execute(async (tx) => {
    for (const projection of PROJECTIONS) {
      const own = events.filter(({ type }) => projection.handles.includes(type));
      if (own.length > 0) await projection.apply(tx, own, 'sw_read');
    }
  });
}

/** The read tables after `events` came in batches of `size`. */
async function appliedIn(db: Db, events: readonly Recorded[], size: number): Promise<unknown> {
  await empty(db);
  for (let start = 0; start < events.length; start += size) {
    await apply(db, events.slice(start, start + size));
  }
  return await dumpReadTables(db);
}

/** All that lists say, now or as known at a position. */
async function told(db: Db, at: Position | null, events: readonly Recorded[]): Promise<unknown> {
  const filter = { status: null, rule: null, item: null, limit: 100 } as const;
  const all = new Set(events.flatMap((event) => ('item' in event.data ? [event.data.item] : [])));
  return await Promise.all([
    listAlerts(db, filter, at),
    listAlerts(db, { ...filter, status: 'unacknowledged' }, at),
    findAlerts(db, events.find((event) => 'alert' in event.data)?.stream.slice('alert-'.length) ?? '', 2, at),
    Promise.all([...all].map((item) => findItems(db, item, at))),
    listFeeds(db, at),
    listRules(db, at),
    countSubjects(db, at === null ? ANY_ITEM : asKnownAt(ANY_ITEM, at)),
  ]);
}

test('what lists say as known at any position is what they say of a log that ends there; batches change nothing', async () => {
  const { db } = log.store;
  await fc.assert(
    fc.asyncProperty(fc.array(move, { minLength: 1, maxLength: 14 }), async (moves) => {
      const from = await happen(log.store, moves);
      const { events } = await readAfter(db, from, EVENT_TYPES);
      expect(events).toHaveLength(moves.length);
      await empty(db);
      const then: unknown[] = [];
      for (const event of events) {
        await apply(db, [event]);
        then.push(await told(db, null, events));
      }
      const one = await dumpReadTables(db);
      expect(await appliedIn(db, events, 3)).toEqual(one);
      expect(await appliedIn(db, events, 1_000)).toEqual(one);
      for (const [index, { position }] of events.entries()) {
        expect(await told(db, position, events)).toEqual(then[index]);
      }
    }),
    { numRuns: 15 },
  );
});
