import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { afterEach, expect, inject, test } from 'vitest';
import { createLog } from '../../src/log.ts';
import { readCheckpoints } from '../../src/store/checkpoints.ts';
import { follow } from '../../src/store/follow.ts';
import { workAlone } from '../../src/store/alone.ts';
import type { Follower } from '../../src/store/alone.ts';
import type { Consumer } from '../../src/store/follow.ts';
import { readOwners } from '../../src/store/lease.ts';
import { head } from '../../src/store/read.ts';
import { openStore } from '../../src/store/store.ts';
import type { Store } from '../../src/store/store.ts';
import { createDatabase } from '../support/database.ts';
import { commandOf, ingested, NOON } from '../support/events.ts';
import { programOf } from '../support/program.ts';
import { useStore } from '../support/store.ts';

const log = useStore();
const quiet = createLog('silent');
const TAKEOVER_MS_MAX = 2_000;
const LISTEN_LOST_MS_MAX = 2_000;
const HOUR_MS = 3_600_000;
/** For a machine that does other things too: what has to be quick is asserted. */
const PATIENCE = { timeout: 10_000, interval: 5 };
const stores: Store[] = [];
const followers: Follower[] = [];

afterEach(async () => {
  await Promise.all(followers.splice(0).map((follower) => follower.stop()));
  await Promise.all(stores.splice(0).map((store) => store.close()));
});

interface Worker {
  readonly store: Store;
  readonly follower: Follower;
  readonly seen: number[];
}

/** What a process of its own would be: a store, and a follower under `name`. */
async function start(name: string, pollMs?: number): Promise<Worker> {
  const store = openStore(`${log.url}?application_name=${name}`, () => undefined);
  stores.push(store);
  await store.wakeup.listen();
  const seen: number[] = [];
  const consumer: Consumer = {
    name,
    handles: ['ItemIngested'],
    handle: (_tx, events) => Promise.resolve(void seen.push(...events.map((event) => event.position))),
  };
  const follower = follow(store, consumer, quiet, () => NOON, pollMs === undefined ? {} : { pollMs });
  followers.push(follower);
  return { store, follower, seen };
}

let appended = 0;
async function append(): Promise<number> {
  await log.store.append([commandOf(ingested(`leased ${(appended += 1)}`), 0)], NOON);
  return await head(log.store.db);
}

const positionOf = async (name: string): Promise<number | undefined> =>
  (await readCheckpoints(log.store.db, [name]))[0]?.position;

test('of two that follow under one name one works, and the other from the moment the first stops', async () => {
  const first = await start('taken');
  await expect.poll(() => positionOf('taken'), PATIENCE).toBeDefined();
  const second = await start('taken', HOUR_MS);
  for (let round = 0; round < 5; round++) {
    const position = await append();
    await expect.poll(() => first.seen.at(-1), PATIENCE).toBe(position);
  }
  expect(second.seen).toEqual([]);
  await first.follower.stop();
  const position = await append();
  await expect.poll(() => second.seen.at(-1), PATIENCE).toBe(position);
  expect(second.seen).toEqual([position]);
});

test('a process that loses the connection of its leases owns nothing until it has them again', async () => {
  const one = await start('shaken');
  await expect.poll(() => positionOf('shaken'), PATIENCE).toBeDefined();
  const two = await start('shaken', HOUR_MS);
  const position = await append();
  await expect.poll(() => one.seen.at(-1), PATIENCE).toBe(position);
  await sql`
    select pg_terminate_backend(pid) from pg_locks where locktype = 'advisory' and classid = 7302
       and database = (select oid from pg_database where datname = current_database())`.execute(log.store.db);
  // Whoever is first has it, and only that one.
  const before = one.seen.length + two.seen.length;
  const added = [await append(), await append(), await append()];
  await expect.poll(() => positionOf('shaken'), PATIENCE).toBe(added.at(-1));
  expect([...one.seen, ...two.seen].slice(before).sort((a, b) => a - b)).toEqual(added);
  await expect.poll(async () => (await readOwners(log.store.db, ['shaken'])).size).toBe(1);
});

test('a process that fails when its lease has passed on does not halt the one that has it now', async () => {
  const name = 'passed';
  const store = openStore(log.url, () => undefined);
  stores.push(store);
  const told: (Error | null)[] = [];
  let isAtWork = false;
  let fail: (error: Error) => void = () => undefined;
  const turn = (): Promise<never> =>
    new Promise((_resolve, reject) => {
      isAtWork = true;
      fail = reject;
    });
  const onHalt = (error: Error | null): void => void told.push(error);
  const late = workAlone({ name, turn }, { store, log: quiet, now: () => NOON, onHalt });
  followers.push(late);
  await expect.poll(() => isAtWork, PATIENCE).toBe(true);
  const next = await start(name);
  await sql`
    select pg_terminate_backend(pid) from pg_locks where locktype = 'advisory' and classid = 7302
       and database = (select oid from pg_database where datname = current_database())`.execute(log.store.db);
  const position = await append();
  await expect.poll(() => next.seen.at(-1), PATIENCE).toBe(position);
  fail(new TypeError('cannot go on'));
  await late.stop();
  expect(told).toEqual([]);
  expect((await readCheckpoints(log.store.db, [name]))[0]).toMatchObject({ status: 'running', error: null });
});

test('a process that is killed is followed within two seconds by one that waits', async () => {
  const name = 'killed';
  const program = programOf(join(import.meta.dirname, '../support/follow-log.ts'));
  const child = spawn(process.execPath, [program, log.url, name], { stdio: 'inherit' });
  const ownerOf = async (): Promise<number | undefined> =>
    (await readOwners(log.store.db, [name])).get(name)?.pid;
  await expect.poll(ownerOf, PATIENCE).toBe(child.pid);
  const waiting = await start(name);
  const handled = await append();
  await expect.poll(() => positionOf(name), PATIENCE).toBe(handled);
  expect(waiting.seen).toEqual([]);
  const killed = performance.now();
  child.kill('SIGKILL');
  await once(child, 'exit');
  const left = await append();
  await expect.poll(() => waiting.seen, PATIENCE).toEqual([left]);
  expect(performance.now() - killed).toBeLessThan(TAKEOVER_MS_MAX);
  expect((await readOwners(log.store.db, [name])).get(name)).toEqual({ host: hostname(), pid: process.pid });
});

test('writes that stay open, here and in another database, neither hide an event nor lose one', async () => {
  const elsewhere = await createDatabase(inject('postgresUrl'));
  const other = openStore(elsewhere.url, () => undefined);
  const { seen } = await start('patient', HOUR_MS);
  await expect.poll(() => positionOf('patient'), PATIENCE).toBeDefined();
  const rule = { rule: 'open' as never, version: '1', definition: '{}' };
  const leave = new Error('undo');
  const nested = log.store.db.transaction().execute(async (here) => {
    await here.insertInto('sw_work.rule_book').values(rule).execute();
    await other.db.transaction().execute(async (there) => {
      await there.insertInto('sw_work.rule_book').values(rule).execute();
      for (let round = 0; round < 3; round++) {
        const position = await append();
        await expect.poll(() => seen.at(-1), PATIENCE).toBe(position);
      }
    });
    throw leave;
  });
  await expect(nested).rejects.toBe(leave);
  // One that has appended and stays open holds the others up; when it comes to nothing it leaves no hole.
  const before = await head(log.store.db);
  const client = await log.store.db.connection().execute(async (held) => {
    await sql`begin`.execute(held);
    await sql`select pg_advisory_xact_lock(7301, 1)`.execute(held);
    await sql`insert into sw_log.events select position + 1, 'item-undone', 1, gen_random_uuid(), type, schema_version,
      decided_at, recorded_at, data from sw_log.events where position = ${before}`.execute(held);
    const waiting = append();
    await expect
      .poll(async () => {
        const { rows } = await sql<{ waiting: number }>`
          select count(*) as waiting from pg_locks where locktype = 'advisory' and classid = 7301 and not granted
             and database = (select oid from pg_database where datname = current_database())`.execute(
          log.store.db,
        );
        return rows[0]?.waiting;
      })
      .toBe(1);
    expect(seen.at(-1)).toBe(before);
    await sql`rollback`.execute(held);
    return waiting;
  });
  expect(client).toBe(before + 1);
  await expect.poll(() => seen.at(-1), PATIENCE).toBe(before + 1);
  await other.close();
  await elsewhere.drop();
});

test('an append of another process is found within a second or so where LISTEN is lost', async () => {
  const { seen } = await start('deaf', HOUR_MS);
  await expect.poll(() => positionOf('deaf'), PATIENCE).toBe(await head(log.store.db));
  const { rows } = await sql`
    select pg_terminate_backend(pid) from pg_stat_activity
     where application_name = 'deaf' and query ~ '^(listen|select position from sw_log.events)'`.execute(
    log.store.db,
  );
  expect(rows).toHaveLength(1);
  const began = performance.now();
  const position = await append();
  await expect.poll(() => seen.at(-1), PATIENCE).toBe(position);
  expect(performance.now() - began).toBeLessThan(LISTEN_LOST_MS_MAX);
});
