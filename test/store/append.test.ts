import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { sql } from 'kysely';
import { describe, expect, test } from 'vitest';
import { eventIdOf, itemStream, position } from '../../src/events/ids.ts';
import { appendIn } from '../../src/store/append.ts';
import { InvalidEvent } from '../../src/store/errors.ts';
import { head, readAfter, readStream } from '../../src/store/read.ts';
import { commandOf, ingested, itemOf, NOON, tagged } from '../support/events.ts';
import { programOf } from '../support/program.ts';
import { useStore } from '../support/store.ts';

const run = promisify(execFile);
const log = useStore();

async function positionsAreDense(): Promise<boolean> {
  const { rows } = await sql<{ count: number; max: number }>`
    select count(*) as count, coalesce(max(position), 0) as max from sw_log.events`.execute(log.store.db);
  return rows[0]?.count === rows[0]?.max;
}

describe('append', () => {
  test('gives a new event the next position and its stream version 1', async () => {
    const before = await head(log.store.db);
    const [result] = await log.store.append([commandOf(ingested('first'), 0)], NOON);
    expect(result).toMatchObject({ status: 'appended', version: 1, position: before + 1 });
  });

  test('answers duplicate to the same append and leaves one event', async () => {
    const command = commandOf(ingested('twice'), 0);
    await log.store.append([command], NOON);
    const again = await log.store.append([command], new Date(NOON.getTime() + 5_000));
    expect(again.map((result) => result.status)).toEqual(['duplicate']);
    expect(await readStream(log.store.db, command.stream)).toHaveLength(1);
  });

  test('answers duplicate to an earlier event of a stream that has moved on', async () => {
    const first = commandOf(ingested('moved on'), 0);
    await log.store.append([first, commandOf(tagged('moved on', ['nara']))], NOON);
    const [again] = await log.store.append([first], NOON);
    expect(again).toMatchObject({ status: 'duplicate', version: 2 });
  });

  test('answers conflict to a decision made on an older version, without costing its neighbours anything', async () => {
    await log.store.append([commandOf(ingested('contested'), 0)], NOON);
    const rival = { ...ingested('contested'), id: eventIdOf('ItemIngested', 'another cause') };
    const results = await log.store.append([commandOf(rival, 0), commandOf(ingested('neighbour'), 0)], NOON);
    expect(results.map((result) => result.status)).toEqual(['conflict', 'appended']);
    expect(await positionsAreDense()).toBe(true);
  });

  test('gives many new streams their positions in order, and again where one of them is there already', async () => {
    const names = Array.from({ length: 30 }, (_, n) => `new ${n}`);
    const before = await head(log.store.db);
    const results = await log.store.append(
      names.map((name) => commandOf(ingested(name), 0)),
      NOON,
    );
    expect(results).toEqual(
      names.map((name, at) => ({
        stream: itemStream(itemOf(name)),
        status: 'appended',
        version: 1,
        position: before + at + 1,
      })),
    );
    const mixed = await log.store.append(
      ['newer', 'new 7', 'newest'].map((name) => commandOf(ingested(name), 0)),
      NOON,
    );
    expect(mixed.map(({ status, position: at }) => [status, at])).toEqual([
      ['appended', before + 31],
      ['duplicate', before + 8],
      ['appended', before + 32],
    ]);
    expect(await readStream(log.store.db, itemStream(itemOf('newest')))).toHaveLength(1);
    expect(await positionsAreDense()).toBe(true);
  });

  test('refuses a call that begins one stream twice, and keeps nothing of it', async () => {
    const before = await head(log.store.db);
    const rival = { ...ingested('doubled'), id: eventIdOf('ItemIngested', 'doubled cause') };
    const commands = [commandOf(ingested('doubled'), 0), commandOf(rival, 0)];
    const appending = log.store.db.transaction().execute((tx) => appendIn(tx, commands, NOON));
    await expect(appending).rejects.toMatchObject({ code: 'SW004' });
    expect(await head(log.store.db)).toBe(before);
  });

  test('keeps the order of commands that name one stream twice', async () => {
    const results = await log.store.append(
      [commandOf(ingested('both'), 0), commandOf(tagged('both', ['nara']), 1)],
      NOON,
    );
    expect(results.map((result) => result.version)).toEqual([1, 2]);
  });

  test('never lets recorded time run back in position order', async () => {
    const later = new Date('2026-01-14T00:00:00.000Z');
    const earlier = new Date('2026-01-13T23:59:00.000Z');
    await log.store.append([commandOf(ingested('on time'), 0)], later);
    await log.store.append([commandOf(ingested('clock set back'), 0)], earlier);
    const [event] = await readStream(log.store.db, itemStream(itemOf('clock set back')));
    expect(event?.recordedAt).toEqual(later);
  });

  test('refuses text that Postgres cannot hold before anything is written, and names the stream', async () => {
    const before = await head(log.store.db);
    for (const guid of ['a\u0000b', 'half \ud83d pair']) {
      const bad = ingested('unstorable', { guid });
      await expect(
        log.store.append([commandOf(ingested('fine'), 0), commandOf(bad, 0)], NOON),
      ).rejects.toThrow(InvalidEvent);
    }
    expect(await head(log.store.db)).toBe(before);
    const escaped = ingested('only looks like it', { guid: 'a\\u0000b \\ud83d 😀' });
    const [result] = await log.store.append([commandOf(escaped, 0)], NOON);
    expect(result?.status).toBe('appended');
  });

  test('refuses to run where its lock would be held by a longer transaction', async () => {
    const inTransaction = log.store.db.transaction().execute(async (tx) => {
      await tx.deleteFrom('sw_work.rule_book').execute();
      await sql`create temporary table t (i int)`.execute(tx);
      await sql`select * from sw_log.append('{}','{}','{}','{}','{}','{}','{}','{}','{}', now())`.execute(tx);
    });
    await expect(inTransaction).rejects.toMatchObject({ code: 'SW003' });
  });

  test('refuses repeatable read, whose snapshot could be older than the lock', async () => {
    const old = log.store.db
      .transaction()
      .setIsolationLevel('repeatable read')
      .execute((tx) =>
        sql`select * from sw_log.append('{}','{}','{}','{}','{}','{}','{}','{}','{}', now())`.execute(tx),
      );
    await expect(old).rejects.toMatchObject({ code: 'SW002' });
  });
});

describe('the log', () => {
  test.each([
    'update sw_log.events set version = 7',
    'delete from sw_log.events',
    'truncate sw_log.events',
    'delete from sw_log.events_0001',
    'update sw_log.events_0001 set version = 7',
    'truncate sw_log.events_0001',
    'truncate sw_log.events_0002',
  ])(
    'refuses %s to its owner, by rights; and by trigger, should he give them back to himself',
    async (statement) => {
      await log.store.append([commandOf(ingested('kept'), null)], NOON);
      const before = await head(log.store.db);
      // A superuser has every right, and only the triggers hold him up.
      const refused = expect.stringMatching(/^(?:42501|SW001)$/) as string;
      await expect(sql.raw(statement).execute(log.store.db)).rejects.toMatchObject({ code: refused });
      const tables = 'sw_log.events, sw_log.events_0001, sw_log.events_0002';
      const entitled = log.store.db.transaction().execute(async (tx) => {
        await sql.raw(`grant update, delete, truncate on ${tables} to current_user`).execute(tx);
        await sql.raw(statement).execute(tx);
      });
      await expect(entitled).rejects.toMatchObject({ code: 'SW001' });
      expect(await head(log.store.db)).toBe(before);
    },
  );

  test('stays dense and single under two processes that append the same items at once', async () => {
    const program = programOf(join(import.meta.dirname, '../support/append-many.ts'));
    const go = (): Promise<{ stdout: string }> => run(process.execPath, [program, log.url, '40', '25']);
    const before = await head(log.store.db);
    const [one, two] = await Promise.all([go(), go()]);
    const counts = [one, two].map(
      ({ stdout }) => JSON.parse(stdout) as { appended: number; duplicate: number },
    );
    expect(counts.reduce((sum, count) => sum + count.appended, 0)).toBe(1000);
    expect(counts.reduce((sum, count) => sum + count.duplicate, 0)).toBe(1000);
    expect(await head(log.store.db)).toBe(before + 1000);
    expect(await positionsAreDense()).toBe(true);
  });

  test('stays dense under writers of one process that mix new, repeated and conflicting commands', async () => {
    const writer = async (seed: number): Promise<void> => {
      for (let round = 0; round < 10; round++) {
        const names = Array.from({ length: 20 }, (_, index) => `mix ${(seed * 7 + round * 3 + index) % 60}`);
        await log.store.append(
          [...new Set(names)].map((name) => commandOf(ingested(name), 0)),
          NOON,
        );
      }
    };
    await Promise.all([1, 2, 3, 4].map(writer));
    expect(await positionsAreDense()).toBe(true);
    const { until } = await readAfter(log.store.db, position(0), ['ItemIngested'], 100_000);
    expect(until).toBe(await head(log.store.db));
  });
});
