import { sql } from 'kysely';
import { expect, test } from 'vitest';
import { openStore } from '../../src/store/store.ts';
import { useStore } from '../support/store.ts';

const log = useStore();

test('a connection that breaks between two statements of a transaction fails that transaction and nothing else', async () => {
  const errors: Error[] = [];
  const store = openStore(log.url, (error) => errors.push(error));
  const broken = store.db.transaction().execute(async (tx) => {
    const { rows } = await sql<{ pid: number }>`select pg_backend_pid() as pid`.execute(tx);
    await sql`select pg_terminate_backend(${rows[0]?.pid ?? 0})`.execute(log.store.db);
    // The break is heard while no statement is running, as when a handler is busy with something else.
    await expect.poll(() => errors.length).toBeGreaterThan(0);
    await sql`select 1`.execute(tx);
  });
  await expect(broken).rejects.toThrow();
  expect((await sql`select 1 as one`.execute(store.db)).rows).toEqual([{ one: 1 }]);
  await store.close();
});
