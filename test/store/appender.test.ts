import { sql } from 'kysely';
import { describe, expect, test } from 'vitest';
import { ruleId } from '../../src/events/ids.ts';
import type { StreamId } from '../../src/events/ids.ts';
import { appendIn } from '../../src/store/append.ts';
import type { AppendResult } from '../../src/store/append.ts';
import { APPEND_CALLS_MAX, Appender } from '../../src/store/appender.ts';
import { openPool, POOL_CONNECTIONS_MAX } from '../../src/store/database.ts';
import { CommandTooLarge, InvalidEvent, StoreClosed } from '../../src/store/errors.ts';
import { head, readStream } from '../../src/store/read.ts';
import { openStore } from '../../src/store/store.ts';
import type { Store } from '../../src/store/store.ts';
import { commandOf, ingested, NOON, tagged } from '../support/events.ts';
import { useStore } from '../support/store.ts';

const log = useStore();

/** How many events each transaction after `position` left, in the order of their positions. */
async function transactionsAfter(position: number): Promise<number[]> {
  const { rows } = await sql<{ events: number }>`
    select count(*)::int as events from sw_log.events where position > ${position}
     group by xmin::text order by min(position)`.execute(log.store.db);
  return rows.map(({ events }) => events);
}

/** Holds the lock on positions, so that every append waits, until the function it gives is called. */
async function stall(): Promise<() => Promise<void>> {
  let release: () => void = () => undefined;
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  let held: Promise<void> = Promise.resolve();
  await new Promise<void>((resolve, reject) => {
    held = log.store.db.transaction().execute(async (tx) => {
      await sql`select pg_advisory_xact_lock(7301, 1)`.execute(tx);
      resolve();
      await released;
    });
    held.catch(reject);
  });
  return async () => {
    release();
    await held;
  };
}

/** The server processes of appends that wait for the lock on positions, the one that waits longest first. */
async function waitingAppends(): Promise<number[]> {
  const { rows } = await sql<{ pid: number }>`
    select l.pid from pg_locks l join pg_stat_activity a on a.pid = l.pid
     where l.locktype = 'advisory' and l.classid = 7301 and not l.granted and a.datname = current_database()
     order by l.waitstart`.execute(log.store.db);
  return rows.map(({ pid }) => pid);
}

/** Another store on the same log, which may lose connections. */
async function withStore<T>(work: (store: Store) => Promise<T>): Promise<T> {
  const store = openStore(log.url, () => undefined);
  try {
    return await work(store);
  } finally {
    await store.close();
  }
}

describe('callers that append at the same time', () => {
  test('share one transaction, and each gets its own answer', async () => {
    await log.store.append([commandOf(ingested('known'), 0)], NOON);
    await log.store.append([commandOf(ingested('moved'), 0)], NOON);
    const before = await head(log.store.db);
    const answers = await Promise.all(
      [
        commandOf(ingested('new one'), 0),
        commandOf(ingested('known'), 0),
        commandOf(tagged('moved', ['nara']), 7),
        commandOf(ingested('new two'), 0),
      ].map((command) => log.store.append([command], NOON)),
    );
    expect(answers.flat().map(({ status }) => status)).toEqual([
      'appended',
      'duplicate',
      'conflict',
      'appended',
    ]);
    expect(answers.flat().map(({ position }) => position)).toEqual([
      before + 1,
      before - 1,
      before,
      before + 2,
    ]);
    expect(await transactionsAfter(before)).toEqual([2]);
  });

  test('make calls of at most 500 commands, whoever they are from', async () => {
    const before = await head(log.store.db);
    const lists = [700, 1, 500].map((count, list) =>
      Array.from({ length: count }, (_, index) => commandOf(ingested(`cap ${list} ${index}`), 0)),
    );
    const answers = await Promise.all(lists.map((commands) => log.store.append(commands, NOON)));
    expect(answers.map((results) => results.map(({ stream }) => stream))).toEqual(
      lists.map((commands) => commands.map(({ stream }) => stream)),
    );
    for (const results of answers) {
      const positions = results.map(({ position }) => position ?? 0);
      expect(positions).toEqual([...positions].sort((a, b) => a - b));
    }
    const transactions = await transactionsAfter(before);
    expect(Math.max(...transactions)).toBe(500);
    expect(transactions.reduce((sum, events) => sum + events, 0)).toBe(1_201);
    expect(transactions.length).toBeLessThanOrEqual(4);
  });

  test('and name one stream come to it in the order they came', async () => {
    const answers = await Promise.all([
      log.store.append([commandOf(ingested('line'), 0)], NOON),
      log.store.append([commandOf(ingested('beside'), 0), commandOf(tagged('line', ['nara']), 1)], NOON),
      log.store.append([commandOf(tagged('line', ['beijing'], { dossier: 'd2' }), 2)], NOON),
    ]);
    expect(answers.flat().map(({ status, version }) => [status, version])).toEqual([
      ['appended', 1],
      ['appended', 1],
      ['appended', 2],
      ['appended', 3],
    ]);
  });

  test('are recorded at the latest of their clocks', async () => {
    const later = new Date(NOON.getTime() + 60_000);
    const [one] = await Promise.all([
      log.store.append([commandOf(ingested('early'), 0)], NOON),
      log.store.append([commandOf(ingested('late'), 0)], later),
    ]);
    const [event] = await readStream(log.store.db, one[0]?.stream as StreamId);
    expect(event?.recordedAt).toEqual(later);
  });

  test('do not suffer from one whose event cannot be stored, whether we see it or only the database', async () => {
    const before = await head(log.store.db);
    const fine = ingested('fine');
    const nowhere = { ...commandOf(ingested('nowhere'), 0), stream: 'item-\0' as StreamId };
    const answers = await Promise.allSettled([
      log.store.append([commandOf(fine, 0)], NOON),
      log.store.append([commandOf(ingested('good part')), commandOf(ingested('nul', { guid: '\0' }))], NOON),
      log.store.append([nowhere], NOON),
      log.store.append([commandOf(ingested('fine too'), 0)], NOON),
    ]);
    expect(answers.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'rejected', 'fulfilled']);
    expect(answers[1]).toMatchObject({ reason: expect.any(InvalidEvent) as unknown });
    expect(answers[2]).toMatchObject({ reason: { code: '22021' } });
    expect(await head(log.store.db)).toBe(before + 2);
  });

  test('get through while consumers hold every connection of the main pool, and wait for it', async () => {
    await withStore(async (store) => {
      let holding = 0;
      let go: () => void = () => undefined;
      const allHold = new Promise<void>((resolve) => {
        go = resolve;
      });
      const consumers = Array.from({ length: POOL_CONNECTIONS_MAX }, (_, index) =>
        store.db.transaction().execute(async (tx) => {
          await sql`select 1`.execute(tx);
          holding += 1;
          if (holding === POOL_CONNECTIONS_MAX) go();
          await allHold;
          return await store.append([commandOf(ingested(`consumer ${index}`), 0)], NOON);
        }),
      );
      expect((await Promise.all(consumers)).flat()).toHaveLength(POOL_CONNECTIONS_MAX);
    });
  });
});

test('a command that one call could not carry is refused with a word on its size, and nothing of the list is written', async () => {
  const before = await head(log.store.db);
  const event = ingested('huge');
  const huge = { ...commandOf(event), events: Array.from({ length: 5_001 }, () => event) };
  await expect(log.store.append([commandOf(ingested('before it')), huge], NOON)).rejects.toThrow(
    CommandTooLarge,
  );
  expect(await head(log.store.db)).toBe(before);
});

describe('an append whose connection is lost', () => {
  test('is rejected with those in its call alone, and appending again gives what it would have given', async () => {
    await withStore(async (store) => {
      const resume = await stall();
      const one = commandOf(ingested('cut off'), 0);
      const first = Promise.allSettled([
        store.append([one], NOON),
        store.append([commandOf(ingested('cut off too'), 0)], NOON),
      ]);
      await expect.poll(waitingAppends).toHaveLength(1);
      const second = store.append([commandOf(ingested('in the second call'), 0)], NOON);
      await expect.poll(waitingAppends).toHaveLength(APPEND_CALLS_MAX);
      const third = store.append([commandOf(ingested('not sent yet'), 0)], NOON);
      const [pid] = await waitingAppends();
      await sql`select pg_terminate_backend(${pid})`.execute(log.store.db);
      expect((await first).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
      await resume();
      expect([...(await second), ...(await third)].map(({ status }) => status)).toEqual([
        'appended',
        'appended',
      ]);
      const again = [...(await store.append([one], NOON)), ...(await store.append([one], NOON))];
      expect(again.map(({ status }) => status)).toEqual(['appended', 'duplicate']);
    });
  });
});

describe('while the database stands still', () => {
  test('what waits stays within its limit, and all is appended afterwards in the order it came', async () => {
    const room = { events: 40, chars: 40 * 1_000 };
    let most = 0;
    const appender: Appender = new Appender(
      openPool(log.url, APPEND_CALLS_MAX, () => undefined),
      () => {
        most = Math.max(most, appender.load.events);
      },
      room,
    );
    const resume = await stall();
    const appends: Promise<AppendResult[]>[] = [];
    for (let caller = 0; caller < 300; caller++) {
      appends.push(appender.append([commandOf(ingested(`patient ${caller}`), 0)], NOON));
    }
    appends.push(
      appender.append(
        Array.from({ length: 100 }, (_, index) => commandOf(ingested(`long ${index}`), 0)),
        NOON,
      ),
    );
    await expect.poll(waitingAppends).toHaveLength(1);
    expect(appender.load.events).toBe(room.events);
    await resume();
    const results = (await Promise.all(appends)).flat();
    expect(results.every(({ status }) => status === 'appended')).toBe(true);
    const positions = results.map(({ position }) => position ?? 0);
    expect(positions).toEqual([...positions].sort((a, b) => a - b));
    expect(most).toBeLessThanOrEqual(room.events);
    expect(appender.load).toEqual({ events: 0, chars: 0 });
    await appender.close();
  });
});

test('close answers what was accepted, and refuses what comes later', async () => {
  const store = openStore(log.url, () => undefined);
  const resume = await stall();
  const accepted = Array.from({ length: 30 }, (_, index) =>
    store.append([commandOf(ingested(`last ${index}`), 0)], NOON),
  );
  const closed = store.close();
  await expect(store.append([commandOf(ingested('too late'), 0)], NOON)).rejects.toThrow(StoreClosed);
  await resume();
  await closed;
  expect((await Promise.all(accepted)).flat().map(({ status }) => status)).toEqual(
    accepted.map(() => 'appended'),
  );
});

describe('appending in a transaction of its own', () => {
  const manage = (name: string, fail: boolean): Promise<AppendResult[]> =>
    log.store.db.transaction().execute(async (tx) => {
      const row = { rule: ruleId(name), version: 'v1', definition: '{}' };
      await tx.insertInto('sw_work.rule_book').values(row).execute();
      const results = await appendIn(tx, [commandOf(ingested(name), 0)], NOON);
      if (fail) throw new Error('thought better of it');
      return results;
    });

  const noted = async (): Promise<string[]> =>
    (await log.store.db.selectFrom('sw_work.rule_book').select('rule').execute()).map(({ rule }) => rule);

  test('keeps the events with what else it wrote', async () => {
    expect(await manage('managed', false)).toMatchObject([{ status: 'appended', version: 1 }]);
    expect(await noted()).toContain('managed');
  });

  test('takes the events back with what else it wrote, and leaves no hole', async () => {
    const before = await head(log.store.db);
    await expect(manage('taken-back', true)).rejects.toThrow('thought better of it');
    expect(await noted()).not.toContain('taken-back');
    const [next] = await log.store.append([commandOf(ingested('taken-back'), 0)], NOON);
    expect(next).toMatchObject({ status: 'appended', position: before + 1 });
  });
});
