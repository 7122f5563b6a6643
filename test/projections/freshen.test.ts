import { cp, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { expect, inject, test } from 'vitest';
import { PROJECTIONS } from '../../src/projections/all.ts';
import { serve } from '../../src/projections/serve.ts';
import { searchItems } from '../../src/query/search.ts';
import { ensureCheckpoint } from '../../src/store/checkpoints.ts';
import { migrate } from '../../src/store/migrate.ts';
import { openStore } from '../../src/store/store.ts';
import { filterOf } from '../query/asking.ts';
import { createDatabase } from '../support/database.ts';
import { commandOf, ingested, itemOf, NOON, tagged } from '../support/events.ts';

/** The last migration before projections made their own tables. */
const BEFORE = '000051';

test('a database of before projections made their tables is searched whole once it is migrated, by many at once', async () => {
  const database = await createDatabase(inject('postgresUrl'), 'template0');
  const store = openStore(database.url, (error) => {
    throw error;
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
    await store.append([commandOf(ingested('old'), 0), commandOf(tagged('old', ['nara']), 1)], NOON);
    // As far as the projection of that time had come.
    await ensureCheckpoint(store.db, 'projection:items', NOON);
    await sql`update sw_log.checkpoints set position = 1`.execute(store.db);
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
    await database.drop();
    await rm(folder, { recursive: true });
  }
});
