import { sql } from 'kysely';
import { beforeAll, expect, test } from 'vitest';
import { partitionFinding } from '../../src/cli/doctor/partitions.ts';
import { keepAppendOnly } from '../../src/store/append-only.ts';
import { position } from '../../src/events/ids.ts';
import { isPassing, MissingPartition } from '../../src/store/errors.ts';
import { ensureCheckpoint } from '../../src/store/checkpoints.ts';
import { readSeals } from '../../src/store/seals.ts';
import { SEALS_CONSUMER, sealNext } from '../../src/store/seal-log.ts';
import { listPartitions, makePartitionsAhead } from '../../src/store/partitions.ts';
import { head, readAfter } from '../../src/store/read.ts';
import { commandOf, ingested, NOON } from '../support/events.ts';
import { useStore } from '../support/store.ts';

const log = useStore();
const TINY = 10;

const append = (from: number, count: number): Promise<unknown> =>
  log.store.append(
    Array.from({ length: count }, (_, index) => commandOf(ingested(`item ${from + index}`), 0)),
    NOON,
  );

async function ranges(): Promise<(string | number)[][]> {
  return (await listPartitions(log.store.db)).map(({ name, from, to }) => [name, from, to]);
}

beforeAll(async () => {
  await sql`drop table sw_log.events_0001, sw_log.events_0002`.execute(log.store.db);
});

test('partitions are made until a whole one lies ahead, by however many ask for it at once', async () => {
  const made = await Promise.all([1, 2, 3].map(() => makePartitionsAhead(log.store.db, TINY)));
  expect(made.flat().sort()).toEqual(['events_0001', 'events_0002']);
  expect(await ranges()).toEqual([
    ['events_0001', 1, 10],
    ['events_0002', 11, 20],
  ]);
  expect(await makePartitionsAhead(log.store.db, TINY)).toEqual([]);
});

test('an append that runs over the last partition is refused whole, says what to do, and is repeated afterwards', async () => {
  await append(1, 15);
  expect(partitionFinding(await listPartitions(log.store.db), [], await head(log.store.db))).toMatchObject({
    verdict: 'warn',
    seen: 'none lies ahead: room for 5 events, and then appends fail',
  });
  const refused = append(16, 10);
  await expect(refused).rejects.toThrow(MissingPartition);
  await expect(refused).rejects.toThrow('shuttlewatch migrate');
  expect(isPassing(await refused.catch((error: unknown) => error))).toBe(true);
  expect(await head(log.store.db)).toBe(15);
  expect(await makePartitionsAhead(log.store.db, TINY)).toEqual(['events_0003']);
  await append(16, 10);
  const { events, until } = await readAfter(log.store.db, position(0), ['ItemIngested']);
  expect([events.length, until]).toEqual([25, 25]);
});

test('a partition is made beside an open reader and an append under way, and blocks neither', async () => {
  await log.store.db.transaction().execute(async (tx) => {
    await sql`select count(*) from sw_log.events`.execute(tx);
    expect(await makePartitionsAhead(log.store.db, TINY)).toEqual(['events_0004']);
    await append(26, 3);
    await sql`select count(*) from sw_log.events`.execute(tx);
  });
});

test('no seal reaches over two partitions', async () => {
  await ensureCheckpoint(log.store.db, SEALS_CONSUMER, NOON);
  expect(await sealNext(log.store.db, false, NOON)).toEqual({ seals: 2, left: 8 });
  await sealNext(log.store.db, true, NOON);
  expect((await readSeals(log.store.db, 0)).map(({ from, to }) => [from, to])).toEqual([
    [1, 10],
    [11, 20],
    [21, 28],
  ]);
});

test('a new partition carries keys, the refusal of change and of TRUNCATE, and no rights to it', async () => {
  const { rows } = await sql<{ indexes: string[]; triggers: string[]; grants: string[] }>`
    select array(select pg_get_indexdef(indexrelid) from pg_index where indrelid = c.oid order by 1) as indexes,
           array(select tgname::text from pg_trigger where tgrelid = c.oid order by 1) as triggers,
           array(select p from unnest(array['INSERT', 'UPDATE', 'DELETE', 'TRUNCATE']) p
                  where exists (select from aclexplode(c.relacl) a where a.privilege_type = p)) as grants
      from pg_class c where c.oid = 'sw_log.events_0003'::regclass`.execute(log.store.db);
  expect(rows[0]?.indexes).toEqual([
    expect.stringMatching(/UNIQUE INDEX .* \("position"\)/),
    expect.stringMatching(/UNIQUE INDEX .* \(stream_id, version, "position"\)/),
  ]);
  expect(rows[0]?.triggers).toEqual(['events_0003_no_truncate', 'events_append_only']);
  expect(rows[0]?.grants).toEqual(['INSERT']);
});

test('a log restored without privileges loses the rights to change it on the next way in', async () => {
  const acl = async (): Promise<string | null | undefined> =>
    (
      await sql<{ acl: string | null }>`
        select relacl::text as acl from pg_class where oid = 'sw_log.events'::regclass`.execute(log.store.db)
    ).rows[0]?.acl;
  const forbidden = await acl();
  // What a restore leaves can only be had by making the table anew; this leaves the same trace.
  await log.store.db.transaction().execute(async (tx) => {
    await sql`create table sw_log.restored (like sw_log.events) partition by range (position)`.execute(tx);
    await sql`alter table sw_log.events rename to moved`.execute(tx);
    await sql`alter table sw_log.restored rename to events`.execute(tx);
  });
  expect(await acl()).toBeNull();
  await keepAppendOnly(log.store.db);
  expect(await acl()).toBe(forbidden);
  await sql`drop table sw_log.events`.execute(log.store.db);
  await sql`alter table sw_log.moved rename to events`.execute(log.store.db);
});

test('one that leaves a hole, or lies in another, is refused', async () => {
  const last = (await listPartitions(log.store.db)).at(-1);
  const next = (last?.to ?? 0) + 1;
  for (const [from, until] of [
    [next + 1, next + 9],
    [next - 3, next + 9],
    [next, next],
  ]) {
    const made = sql`select sw_log.make_partition(${from}, ${until})`.execute(log.store.db);
    await expect(made).rejects.toMatchObject({ code: 'SW005' });
  }
});
