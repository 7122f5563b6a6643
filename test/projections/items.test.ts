import fc from 'fast-check';
import { sql } from 'kysely';
import { expect, test } from 'vitest';
import { contentHashOf, eventIdOf, feedId, itemStream, position, subjectId } from '../../src/events/ids.ts';
import type { Position } from '../../src/events/ids.ts';
import type { ItemEvent } from '../../src/events/item.ts';
import { items } from '../../src/projections/items.ts';
import { tablesOf } from '../../src/projections/projection.ts';
import { ANY_ITEM, asKnownAt } from '../../src/query/sql-filter.ts';
import type { Db } from '../../src/store/database.ts';
import { head, readAfter } from '../../src/store/read.ts';
import { ingested, itemOf, NOON, tagged } from '../support/events.ts';
import { dumpReadTables } from '../support/pipeline.ts';
import { useStore } from '../support/store.ts';

const log = useStore();
const DATES = [null, '2026-01-10T00:00:00.000Z', '2026-01-20T12:00:00.000Z'];

type Move =
  | { readonly kind: 'revised'; readonly date: number }
  | { readonly kind: 'tagged'; readonly subjects: number };
const move: fc.Arbitrary<Move> = fc.oneof(
  fc.record({ kind: fc.constant('revised' as const), date: fc.nat(DATES.length - 1) }),
  fc.record({ kind: fc.constant('tagged' as const), subjects: fc.nat(3) }),
);

function eventOf(name: string, step: Move, count: number): ItemEvent {
  if (step.kind === 'tagged') {
    const subjects = ['nara', 'andong'].filter((_, index) => (step.subjects & (1 << index)) !== 0);
    return { ...tagged(name, subjects.map(subjectId)), id: eventIdOf('ItemTagged', name, count) };
  }
  const content = contentHashOf(name, count.toString());
  const published = DATES[step.date] ?? null;
  const data = {
    item: itemOf(name),
    feed: feedId('wire-en'),
    revision: count,
    content,
    previous: content,
    published,
  };
  return {
    type: 'ItemRevised',
    id: eventIdOf('ItemRevised', name, count),
    decidedAt: NOON,
    data: { ...data, backfill: null },
  };
}

/** The read tables after the log from `from` on is applied in batches of `size`. */
async function applied(db: Db, from: number, size: number): Promise<Record<string, string[]>> {
  for (const table of tablesOf(items)) await db.deleteFrom(table).execute();
  let done = position(from);
  for (;;) {
    const { events, until } = await readAfter(db, done, items.handles, size);
    if (until === done) break;
    await db.transaction().execute((tx) => items.apply(tx, events, 'sw_read'));
    done = until;
  }
  return await dumpReadTables(db);
}

test('items and what they were come out the same wherever the log is cut into batches', async () => {
  let run = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.nat(DATES.length - 1),
      fc.array(move, { minLength: 1, maxLength: 8 }),
      async (date, moves) => {
        const from = await head(log.store.db);
        const name = `cut ${run++}`;
        const first = ingested(name, { published: DATES[date] ?? null });
        const events = [first, ...moves.map((step, index) => eventOf(name, step, index + 1))];
        await log.store.append([{ stream: itemStream(itemOf(name)), expected: 0, events }], NOON);
        const whole = await applied(log.store.db, from, 1_000);
        expect(await applied(log.store.db, from, 1)).toEqual(whole);
        expect(await applied(log.store.db, from, 3)).toEqual(whole);
      },
    ),
    { numRuns: 60 },
  );
});

/** Every item with what queries look into, as it was known at `at`. */
async function knownAt(db: Db, at: Position): Promise<string[]> {
  const then = asKnownAt(ANY_ITEM, at);
  const { rows } = await sql<{ row: string }>`
    select (to_jsonb(i) - 'from_position' - 'to_position')::text as row
      from ${then.from} where ${then.where} order by 1`.execute(db);
  return rows.map(({ row }) => row);
}

test('items as known at any position are those of a log that ends there', async () => {
  const from = await head(log.store.db);
  const steps: Move[] = [
    { kind: 'tagged', subjects: 1 },
    { kind: 'revised', date: 1 },
    { kind: 'tagged', subjects: 3 },
    { kind: 'tagged', subjects: 2 },
    { kind: 'revised', date: 2 },
  ];
  for (const name of ['then a', 'then b']) {
    const events = [ingested(name), ...steps.map((step, index) => eventOf(name, step, index + 1))];
    await log.store.append([{ stream: itemStream(itemOf(name)), expected: 0, events }], NOON);
  }
  const last = await head(log.store.db);
  const then: string[][] = [];
  for (let at = from; at <= last; at = position(at + 1)) {
    for (const table of tablesOf(items)) await log.store.db.deleteFrom(table).execute();
    if (at > from) {
      const { events } = await readAfter(log.store.db, from, items.handles, at - from);
      await log.store.db.transaction().execute((tx) => items.apply(tx, events, 'sw_read'));
    }
    then.push(await knownAt(log.store.db, last));
  }
  for (const [index, expected] of then.entries()) {
    expect(await knownAt(log.store.db, position(from + index))).toEqual(expected);
  }
});
