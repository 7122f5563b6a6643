import { sql } from 'kysely';
import { afterEach, describe, expect, test } from 'vitest';
import type { Recorded } from '../../src/events/event.ts';
import { position } from '../../src/events/ids.ts';
import { createLog } from '../../src/log.ts';
import { ensureCheckpoint, readCheckpoints } from '../../src/store/checkpoints.ts';
import { LogHole, UnknownEvent } from '../../src/store/errors.ts';
import { follow, step } from '../../src/store/follow.ts';
import type { Follower } from '../../src/store/alone.ts';
import type { Consumer } from '../../src/store/follow.ts';
import { head, readAfter } from '../../src/store/read.ts';
import { openStore } from '../../src/store/store.ts';
import { withDamage } from '../support/damage.ts';
import { commandOf, ingested, NOON, tagged } from '../support/events.ts';
import { useStore } from '../support/store.ts';

const log = useStore();
const quiet = createLog('silent');
const now = (): Date => NOON;
const HOUR_MS = 3_600_000;
const followers: Follower[] = [];

afterEach(async () => {
  await Promise.all(followers.splice(0).map((follower) => follower.stop()));
});

/** A consumer that notes what it was given, in memory and in a table of its own. */
function collector(
  name: string,
  handles: Consumer['handles'] = ['ItemIngested'],
): Consumer & { seen: number[] } {
  const seen: number[] = [];
  return {
    name,
    handles,
    seen,
    handle(_tx, events) {
      seen.push(...events.map((event) => event.position));
      return Promise.resolve();
    },
  };
}

function start(consumer: Consumer, store = log.store, pollMs?: number): Follower {
  const follower = follow(store, consumer, quiet, now, pollMs === undefined ? {} : { pollMs });
  followers.push(follower);
  return follower;
}

async function append(...names: string[]): Promise<void> {
  await log.store.append(
    names.map((name) => commandOf(ingested(name), 0)),
    NOON,
  );
}

describe('a follower', () => {
  test('is given every event of its types once, in order, from its checkpoint', async () => {
    await append('f1', 'f2');
    await log.store.append([commandOf(tagged('f1', ['nara']))], NOON);
    const consumer = collector('once');
    const first = start(consumer);
    await expect.poll(() => consumer.seen.length).toBe(2);
    await first.stop();
    await append('f3');
    start(consumer);
    await expect.poll(() => consumer.seen.length).toBe(3);
    expect(consumer.seen).toEqual([...consumer.seen].sort((a, b) => a - b));
    expect(new Set(consumer.seen).size).toBe(3);
  });

  test('wakes on the append of another process, without its poll', async () => {
    const consumer = collector('woken');
    start(consumer, log.store, HOUR_MS);
    await expect
      .poll(async () => (await readCheckpoints(log.store.db, ['woken']))[0]?.position)
      .toBe(await head(log.store.db));
    const other = openStore(log.url, () => undefined);
    await other.wakeup.listen();
    for (let round = 0; round < 5; round++) {
      const before = consumer.seen.length;
      await other.append([commandOf(ingested(`woken ${round}`), 0)], NOON);
      await expect.poll(() => consumer.seen.length, { interval: 2 }).toBe(before + 1);
    }
    await other.close();
  });

  test('keeps effect and checkpoint together: what a failed batch wrote is gone', async () => {
    await append('atomic');
    let fail = true;
    const consumer: Consumer = {
      name: 'atomic',
      handles: ['ItemIngested'],
      async handle(tx) {
        await tx
          .insertInto('sw_work.rule_book')
          .values({ rule: 'atomic' as never, version: '1', definition: '{}' })
          .execute();
        if (fail) throw Object.assign(new Error('deadlock detected'), { code: '40P01' });
      },
    };
    await expect(stepAll(consumer)).rejects.toThrow('deadlock');
    expect(await countRules()).toBe(0);
    fail = false;
    await stepAll(consumer);
    expect(await countRules()).toBe(1);
  });

  test('halts alone on an event it cannot handle, says so at its checkpoint, and goes on after a restart', async () => {
    await append('poison');
    const told: (Error | null)[] = [];
    let poisoned = true;
    const bad: Consumer = {
      name: 'bad',
      handles: ['ItemIngested'],
      handle: () => (poisoned ? Promise.reject(new Error('cannot digest')) : Promise.resolve()),
    };
    const good = collector('good');
    const halted = follow(log.store, bad, quiet, now, { onHalt: (error) => told.push(error) });
    followers.push(halted);
    start(good);
    await expect.poll(() => told.map(String)).toEqual([expect.stringContaining('cannot digest')]);
    await expect
      .poll(async () => (await readCheckpoints(log.store.db, ['bad']))[0])
      .toMatchObject({ status: 'halted', position: 0, error: 'Error: cannot digest' });
    await expect.poll(() => good.seen.length).toBeGreaterThan(0);
    poisoned = false;
    await halted.stop();
    start(bad);
    await expect
      .poll(async () => (await readCheckpoints(log.store.db, ['bad']))[0])
      .toMatchObject({ status: 'running', error: null, position: await head(log.store.db) });
  });

  test('shares its work with a second process without either handling an event twice', async () => {
    const other = openStore(log.url, () => undefined);
    const one = collector('shared');
    const two = collector('shared');
    start(one);
    const second = start(two, other);
    for (let round = 0; round < 20; round++) await append(`shared ${round} a`, `shared ${round} b`);
    const end = await head(log.store.db);
    await expect.poll(async () => (await readCheckpoints(log.store.db, ['shared']))[0]?.position).toBe(end);
    const all = [...one.seen, ...two.seen];
    expect(new Set(all).size).toBe(all.length);
    await second.stop();
    await other.close();
  });

  test('outlives the loss of all its connections', async () => {
    const errors: Error[] = [];
    const shaken = openStore(`${log.url}?application_name=shaken`, (error) => errors.push(error));
    await shaken.wakeup.listen();
    const consumer = collector('shaken');
    start(consumer, shaken);
    // Not only handed over: what is cut before its commit is handed over again, as it should be.
    const end = await head(log.store.db);
    await expect.poll(async () => (await readCheckpoints(log.store.db, ['shaken']))[0]?.position).toBe(end);
    await sql`
      select pg_terminate_backend(pid) from pg_stat_activity
       where application_name = 'shaken'`.execute(log.store.db);
    const before = consumer.seen.length;
    await expect
      .poll(
        async () => {
          await append('after the loss').catch(() => undefined);
          return consumer.seen.length;
        },
        { timeout: 10_000 },
      )
      .toBe(before + 1);
    await followers.pop()?.stop();
    await shaken.close();
  });
});

async function stepAll(consumer: Consumer): Promise<void> {
  await ensureCheckpoint(log.store.db, consumer.name, NOON);
  await step(log.store.db, consumer, now);
}

async function countRules(): Promise<number> {
  return (await log.store.db.selectFrom('sw_work.rule_book').select('rule').execute()).length;
}

describe('reading the log', () => {
  test('stops at a hole instead of deriving anything past it', async () => {
    await append('hole 1', 'hole 2', 'hole 3');
    const last = await head(log.store.db);
    await withDamage(log.store.db, `delete from sw_log.events where position = ${last - 1}`, async (tx) => {
      await expect(readAfter(tx, position(0), ['ItemIngested'], 100_000)).rejects.toThrow(LogHole);
    });
  });

  test('names a type or a shape that this build does not know', async () => {
    await append('future');
    const last = await head(log.store.db);
    for (const change of [`type = 'ItemForetold'`, 'schema_version = 9']) {
      await withDamage(
        log.store.db,
        `update sw_log.events set ${change} where position = ${last}`,
        async (tx) => {
          const reading = readAfter(tx, position(last - 1), ['ItemIngested']);
          await expect(reading).rejects.toThrow(UnknownEvent);
          await expect(reading).rejects.toThrow(`position ${last}`);
        },
      );
    }
  });
});

describe('the events that are handed over', () => {
  test('carry their three clocks, stream and version as they were appended', async () => {
    await append('clocks');
    const last = await head(log.store.db);
    const { events } = await readAfter(log.store.db, position(last - 1), ['ItemIngested']);
    expect(events).toEqual([
      {
        ...ingested('clocks'),
        position: last,
        stream: commandOf(ingested('clocks')).stream,
        version: 1,
        recordedAt: NOON,
      } satisfies Recorded,
    ]);
  });
});
