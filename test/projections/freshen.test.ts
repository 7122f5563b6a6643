import { cp, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { expect, inject, test } from 'vitest';
import { itemStream } from '../../src/events/ids.ts';
import type { ItemEvent } from '../../src/events/item.ts';
import { PROJECTIONS } from '../../src/projections/all.ts';
import { serve } from '../../src/projections/serve.ts';
import { searchItems } from '../../src/query/search.ts';
import type { Db } from '../../src/store/database.ts';
import { migrate } from '../../src/store/migrate.ts';
import { openStore } from '../../src/store/store.ts';
import { filterOf } from '../query/asking.ts';
import { createDatabase } from '../support/database.ts';
import { ingested, itemOf, NOON, tagged } from '../support/events.ts';

/** The last migration before projections made their own tables. */
const BEFORE = '000051';

/** Appends to one stream as builds of that time did, through the function as it was. */
async function appendAsThen(db: Db, events: readonly ItemEvent[]): Promise<void> {
  await sql`
    select * from sw_log.append(
      ${[itemStream(itemOf('old'))]}::text[], ${[0]}::bigint[], ${[1]}::int[], ${[events.length]}::int[],
      ${events.map(({ id }) => id)}::uuid[], ${events.map(({ type }) => type)}::text[],
      ${events.map(() => 1)}::smallint[], ${events.map(() => NOON.toISOString())}::timestamptz[],
      ${events.map(({ data }) => JSON.stringify(data))}::jsonb[], ${NOON.toISOString()}::timestamptz)`.execute(
    db,
  );
}

test('a database of before projections made their tables is searched whole once it is migrated, by many at once', async () => {
  const database = await createDatabase(inject('postgresUrl'), 'template0');
  let isClosed = false;
  const store = openStore(database.url, (error) => {
    // Ending a pool does not wait for the server's side: dropping the database may still cut a connection.
    if (!isClosed) throw error;
  });
  const folder = await mkdtemp(join(tmpdir(), 'shuttlewatch-migrations-'));
  try {
    for (const file of await readdir('migrations')) {
      if (file.slice(0, 6) <= BEFORE) await cp(join('migrations', file), join(folder, file));
    }
    await migrate(store.db, folder);
    const { content } = ingested('old').data;
    const body = JSON.stringify({ title: '이재명은 나라에서', summary: 'A summit' });
    await sql`insert into sw_log.content (hash, kind, body) values (${content}, 'item', ${body})`.execute(
      store.db,
    );
    await appendAsThen(store.db, [ingested('old'), tagged('old', ['nara'])]);
    // As far as the projection of that time had come.
    await sql`
      insert into sw_log.checkpoints (name, position, updated_at) values ('projection:items', 1, ${NOON})`.execute(
      store.db,
    );
    await migrate(store.db, 'migrations');
    const fresh = (): Promise<void> =>
      serve(
        store.db,
        PROJECTIONS,
        () => NOON,
        () => undefined,
      );
    await Promise.all([fresh(), fresh(), fresh()]);
    for (const query of ['이재명', 'summits', 'subject:nara', 'publisher:wire', 'entity:*']) {
      const page = await searchItems(store.db, filterOf(query), { limit: 5, after: null });
      expect(page.items.map((item) => item.item)).toEqual([itemOf('old')]);
    }
    const { rows } = await sql`select projection from sw_work.builds`.execute(store.db);
    expect(rows).toEqual([]);
  } finally {
    await store.close();
    isClosed = true;
    await database.drop();
    await rm(folder, { recursive: true });
  }
});
