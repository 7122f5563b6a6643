import { sql } from 'kysely';
import type { RawBuilder } from 'kysely';
import { beforeAll, describe, expect, test } from 'vitest';
import type { ItemId } from '../../src/events/ids.ts';
import type { Cursor } from '../../src/query/cursor.ts';
import { countItems, searchItems } from '../../src/query/search.ts';
import type { ItemFilter } from '../../src/query/understand.ts';
import type { Store } from '../../src/store/store.ts';
import { useStore } from '../support/store.ts';
import { filterOf } from './asking.ts';

/** Enough that search goes back in windows rather than asking for all of time at once. */
const ITEMS = 9_000;
/** Every so many items have a word of their own. */
const ONE_IN_RARE = 300;
const log = useStore();
const atOnce = useStore();

/** Items, `at` the moments of an expression over their number `n`: the old half has a word, the new one another, and one in ONE_IN_RARE a third. */
async function fill({ db }: Store, at: RawBuilder<Date>): Promise<void> {
  await sql`
    insert into sw_read.items (item, position, from_position, feed, publisher, lang, published, recorded_at, at, content, words,
                               revision, terms, event_from, event_to, salience, subjects, kinds, saliences)
    select md5(n::text), n, n, 'wire-en', 'wire', 'en', at, at, at, 'hash', md5(n::text)::uuid, 0,
           '''#everywhere'''::tsvector, '{}', '{}', 0, '{}', '{}', '{}'
      from (select n, ${at} as at from generate_series(1, ${ITEMS}::int) as n) as rows`.execute(db);
  await sql`
    insert into sw_read.words (id, terms)
    select md5(n::text)::uuid, (case when n <= ${ITEMS}::int / 2 then '''old'':1A' else '''new'':1A' end ||
                                case when n % ${ONE_IN_RARE}::int = 0 then ' ''rare'':2A' else '' end)::tsvector
      from generate_series(1, ${ITEMS}::int) as n`.execute(db);
  await sql`analyze sw_read.items, sw_read.words`.execute(db);
}

beforeAll(async () => {
  // Three items a moment; most of them in one month, a few over the ten years before; the old half alone has a word.
  await fill(
    log.store,
    sql`case when n % 10 = 0 then timestamptz '2016-01-01' + n * interval '8 hours'
             else timestamptz '2026-01-01' + (n / 3) * interval '10 minutes' end`,
  );
  await fill(atOnce.store, sql`timestamptz '2026-01-01'`);
});

async function paged(filter: ItemFilter, limit: number, { db } = log.store): Promise<ItemId[]> {
  const found: ItemId[] = [];
  let after: Cursor | null = null;
  do {
    const page = await searchItems(db, filter, { limit, after });
    expect(page.items.length).toBeLessThanOrEqual(limit);
    found.push(...page.items.map((item) => item.item));
    after = page.next;
  } while (after !== null);
  return found;
}

async function plainly(filter: ItemFilter, { db } = log.store): Promise<ItemId[]> {
  const { rows } = await sql<{ item: ItemId }>`
    select i.item from sw_read.items i where ${filter.where} order by i.at desc, i.position desc`.execute(db);
  return rows.map((row) => row.item);
}

describe('going back in windows', () => {
  test.each([
    ['subject:everywhere', 700],
    ['subject:everywhere published:<2026-01-20', 1_000],
    ['old', 450],
    ['new', 450],
    ['subject:everywhere published:[2017 TO 2026-01-02]', 100],
    ['*', 1_999],
  ])('gives %s in pages of %i as a plain query does at once', async (query, limit) => {
    const filter = filterOf(query);
    const expected = await plainly(filter);
    expect(expected.length).toBeGreaterThan(500);
    expect(await paged(filter, limit)).toEqual(expected);
    expect(await countItems(log.store.db, filter)).toEqual({ items: expected.length, exact: true });
  });

  test.each([
    ['rare', 450],
    ['subject:everywhere', 1_999],
  ])('gives %s in pages of %i once each where all items are of one moment', async (query, limit) => {
    const filter = filterOf(query);
    const expected = await plainly(filter, atOnce.store);
    expect(expected.length).toBeGreaterThan(20);
    expect(await paged(filter, limit, atOnce.store)).toEqual(expected);
  });

  test('counts no further than it is asked to', async () => {
    expect(await countItems(log.store.db, filterOf('subject:everywhere'), 3_000)).toEqual({
      items: 3_000,
      exact: false,
    });
  });
});
