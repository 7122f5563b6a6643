import { resolve } from 'node:path';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { PROJECTIONS } from '../../src/projections/all.ts';
import { readVersions, serve } from '../../src/projections/serve.ts';
import { migrate } from '../../src/store/migrate.ts';
import { openStore } from '../../src/store/store.ts';
import type { Store } from '../../src/store/store.ts';
import { debianPostgres, startServer } from '../support/debian-postgres.ts';
import { commandOf, ingested, NOON } from '../support/events.ts';
import { countEvents, dumpReadTables, keepingChannel, startPipeline } from '../support/pipeline.ts';

const bin = await debianPostgres();
if (bin === null && process.env['CI'] === 'true')
  throw new Error('CI needs a PostgreSQL of Debian, and there is none');

/** The lower end of what is supported, where Debian's package is at hand; the embedded server is the upper end. */
describe.skipIf(bin === null)('on the oldest PostgreSQL at hand (skipped: no /usr/lib/postgresql)', () => {
  let store: Store;
  let stop: () => Promise<void> = () => Promise.resolve();

  beforeAll(async () => {
    const server = await startServer(bin ?? '');
    stop = server.stop;
    store = openStore(server.url, () => undefined);
    await store.wakeup.listen();
  });
  afterAll(async () => {
    await store.close();
    await stop();
  });

  test('migrators that start together apply each migration once', async () => {
    const applied = await Promise.all([1, 2, 3].map(() => migrate(store.db, resolve('migrations'))));
    const names = applied.flat();
    expect(names.length).toBeGreaterThan(30);
    expect(new Set(names).size).toBe(names.length);
    const starting = [1, 2, 3].map(() =>
      serve(
        store.db,
        PROJECTIONS,
        () => NOON,
        () => undefined,
      ),
    );
    await Promise.all(starting);
    const { rows } = await sql`select projection from sw_work.projections`.execute(store.db);
    expect(rows.length).toBe(readVersions().size);
  });

  test('appends are appended, repeated and contested as on the newest, and the log refuses change', async () => {
    const command = commandOf(ingested('old server'), 0);
    const statuses = [];
    for (let round = 0; round < 2; round++) statuses.push((await store.append([command], NOON))[0]?.status);
    expect(statuses).toEqual(['appended', 'duplicate']);
    await expect(sql`delete from sw_log.events`.execute(store.db)).rejects.toMatchObject({ code: 'SW001' });
  });

  test('the whole pipeline gives what it gives on the newest', async () => {
    const channel = keepingChannel();
    const pipeline = await startPipeline(store, channel);
    await pipeline.round();
    pipeline.server.setEdition(2);
    await pipeline.round();
    await pipeline.stop();
    const counts = await countEvents(store.db);
    expect(counts['ItemTagged']).toBe((counts['ItemIngested'] ?? 0) + (counts['ItemRevised'] ?? 0));
    expect(channel.sent.length).toBe(counts['AlertRaised']);
    expect(Object.values(await dumpReadTables(store.db)).every((rows) => rows.length > 0)).toBe(true);
  });
});
