import { cp, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { expect, inject, test } from 'vitest';
import { PROJECTIONS } from '../../src/projections/all.ts';
import { freshen } from '../../src/projections/rebuild.ts';
import { searchItems } from '../../src/query/search.ts';
import { migrate } from '../../src/store/migrate.ts';
import { putContent } from '../../src/store/content.ts';
import { openStore } from '../../src/store/store.ts';
import { filterOf } from '../query/asking.ts';
import { createDatabase } from '../support/database.ts';
import { commandOf, ingested, itemOf, NOON, tagged } from '../support/events.ts';

/** The last migration before items knew what queries look for. */
const BEFORE = '000036';

test('a database of before the query language is searched whole once it is migrated, by many at once', async () => {
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
    const body = { title: '이재명은 나라에서', summary: 'A summit' };
    await putContent(store.db, new Map([[content, { kind: 'item' as const, body }]]));
    await store.append([commandOf(ingested('old'), 0), commandOf(tagged('old', ['nara']), 1)], NOON);
    // As the projection of that time left it.
    await sql`
      insert into sw_read.items (item, position, feed, publisher, recorded_at, at, title, summary, content, revision, tagged)
      values (${itemOf('old')}, 1, 'wire-en', 'wire', ${NOON}, ${NOON}, '이재명은 나라에서', 'A summit', ${content}, 0, ${content})`.execute(
      store.db,
    );
    await migrate(store.db, 'migrations');
    const fresh = (): Promise<void> =>
      freshen(
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
    const { rows } = await sql`select projection from sw_work.stale_projections`.execute(store.db);
    expect(rows).toEqual([]);
  } finally {
    await store.close();
    await database.drop();
    await rm(folder, { recursive: true });
  }
});
