import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { beforeEach, expect, test } from 'vitest';
import { announce, beat, forget, listProcesses } from '../../src/store/processes.ts';
import type { Announcement } from '../../src/store/processes.ts';
import { useStore } from '../support/store.ts';

const log = useStore();

function processOf(change: Partial<Announcement> = {}): Announcement {
  return {
    id: randomUUID(),
    host: 'loom',
    pid: 7,
    roles: ['ingest'],
    version: '1.2.3',
    halted: [],
    ...change,
  };
}

async function age(id: string, seconds: number): Promise<void> {
  await sql`
    update sw_work.processes set seen_at = seen_at - ${seconds} * interval '1 second',
           own_clock = own_clock - ${seconds} * interval '1 second'
     where id = ${id}`.execute(log.store.db);
}

beforeEach(async () => {
  await log.store.db.deleteFrom('sw_work.processes').execute();
});

test('a process that has announced itself is listed with what it said, until it is forgotten', async () => {
  const one = processOf({ roles: ['ingest', 'follow'] });
  await announce(log.store.db, one, new Date());
  const [listed, ...others] = await listProcesses(log.store.db);
  expect(listed).toMatchObject(one);
  expect(listed?.silentMs).toBeLessThan(5_000);
  expect(others).toEqual([]);
  await forget(log.store.db, one.id);
  expect(await listProcesses(log.store.db)).toEqual([]);
});

test('a beat brings back a row that is gone, and says what has halted since', async () => {
  const one = processOf();
  await beat(log.store.db, one, new Date());
  await age(one.id, 60);
  await beat(log.store.db, { ...one, halted: ['rules'] }, new Date());
  const [listed] = await listProcesses(log.store.db);
  expect(listed?.halted).toEqual(['rules']);
  expect(listed?.silentMs).toBeLessThan(5_000);
});

test('how far a clock is off is told by the database, not by whoever asks', async () => {
  await announce(log.store.db, processOf(), new Date(Date.now() + 90_000));
  const [listed] = await listProcesses(log.store.db);
  expect(listed?.clockAheadMs).toBeGreaterThan(85_000);
  expect(listed?.clockAheadMs).toBeLessThan(95_000);
  expect(listed?.silentMs).toBeLessThan(5_000);
});

test('an announcement clears what was silent for long and what it replaces, and nothing else', async () => {
  const old = processOf({ host: 'other', pid: 1 });
  const killed = processOf();
  const namesake = processOf({ pid: 8 });
  const elsewhere = processOf({ host: 'other' });
  for (const one of [old, killed, namesake, elsewhere]) await beat(log.store.db, one, new Date());
  await age(old.id, 11 * 60);
  await age(killed.id, 16);
  await age(elsewhere.id, 16);
  const fresh = processOf();
  await announce(log.store.db, fresh, new Date());
  const ids = (await listProcesses(log.store.db)).map(({ id }) => id).sort();
  expect(ids).toEqual([namesake.id, elsewhere.id, fresh.id].sort());
});
