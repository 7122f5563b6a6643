import { resolve } from 'node:path';
import { sql } from 'kysely';
import { expect, inject, test } from 'vitest';
import type { TestContext } from 'vitest';
import { ensureCheckpoint } from '../../src/store/checkpoints.ts';
import { inspectDatabase } from '../../src/store/inspect.ts';
import { migrate } from '../../src/store/migrate.ts';
import { SEALS_CONSUMER, sealNext } from '../../src/store/seal-log.ts';
import { openStore } from '../../src/store/store.ts';
import type { Store } from '../../src/store/store.ts';
import { verify } from '../../src/store/verify.ts';
import { settleImport } from '../../src/workers/import-log.ts';
import { createDatabase } from '../support/database.ts';
import { commandOf, ingested, NOON } from '../support/events.ts';
import { exported, imported, openLog } from '../support/logs.ts';
import { countEvents, keepingChannel, startPipeline } from '../support/pipeline.ts';
import { useStore } from '../support/store.ts';

const log = useStore();

const CHANGES = [
  'update sw_log.events set version = 7',
  'delete from sw_log.events_0001',
  'truncate sw_log.events',
  'drop table sw_log.events_0002',
  'alter table sw_log.events disable trigger all',
  'alter table sw_log.events detach partition sw_log.events_0002',
  'create or replace function sw_log.refuse_change() returns trigger language sql as $$ select null $$',
  'delete from sw_log.seals',
  'update sw_log.content set kind = kind',
  'delete from sw_log.streams',
  'drop schema sw_log cascade',
];

interface Roles {
  readonly owner: Store;
  /** Connects as `role`, made for this test, with no right at all. */
  readonly app: Store;
  readonly role: string;
  readonly url: string;
  readonly close: () => Promise<void>;
}

/** A database of its own with a role beside its owner; skips the test where roles cannot be made. */
async function openRoles(context: TestContext): Promise<Roles> {
  const made = await createDatabase(inject('postgresUrl'));
  const owner = openStore(made.url, () => undefined);
  const { rows } = await sql<{ may: boolean }>`
    select rolsuper as may from pg_roles where rolname = current_user`.execute(owner.db);
  // The role of the embedded server makes no others; the tests on PostgreSQL 15 are run by a superuser.
  if (rows[0]?.may !== true) {
    await owner.close();
    await made.drop();
    context.skip();
  }
  const role = `app_${new URL(made.url).pathname.slice(1)}`;
  await sql`create role ${sql.ref(role)} login`.execute(owner.db);
  const url = new URL(made.url);
  url.username = role;
  const app = openStore(url.href, () => undefined);
  const close = async (): Promise<void> => {
    await app.close();
    await sql`drop owned by ${sql.ref(role)} cascade`.execute(owner.db);
    await sql`drop role ${sql.ref(role)}`.execute(owner.db);
    await owner.close();
    await made.drop();
  };
  return { owner, app, role, url: url.href, close };
}

const grantApp = async ({ owner, role }: Roles): Promise<unknown> =>
  await sql`select sw_log.grant_app(${role}::regrole)`.execute(owner.db);

test('an application role runs the whole product and cannot change what the log holds', async (context) => {
  const roles = await openRoles(context);
  const { app, url } = roles;
  await grantApp(roles);
  await app.wakeup.listen();
  expect(await inspectDatabase(url, () => new Date())).toMatchObject({ kind: 'open', lacks: [] });
  expect(await migrate(app.db, resolve('migrations'))).toEqual([]);
  const pipeline = await startPipeline(app, keepingChannel());
  await pipeline.round();
  await pipeline.stop();
  const { ItemTagged = 0 } = await countEvents(app.db);
  expect(ItemTagged).toBeGreaterThan(0);
  expect(await app.db.selectFrom('sw_read.items').select('item').execute()).not.toEqual([]);
  await ensureCheckpoint(app.db, SEALS_CONSUMER, NOON);
  await sealNext(app.db, true, NOON);
  await sql`select sw_log.make_partition(100000001, 100000101)`.execute(app.db);
  for (const change of CHANGES) {
    await expect(sql.raw(change).execute(app.db), change).rejects.toMatchObject({ code: '42501' });
  }
  expect(await verify(app.db)).toMatchObject({ damages: [], unsealed: 0 });
  await roles.close();
});

test('an application role imports a log, and no other role says which log this is', async (context) => {
  const roles = await openRoles(context);
  const { owner, app, role } = roles;
  const source = await openLog();
  await source.store.append([commandOf(ingested('imported'))], NOON);
  const file = await exported(source.store.db);
  await source.close();
  const takeOver = sql`select sw_log.take_over(gen_random_uuid(), 0)`;
  await sql`grant usage on schema sw_log to ${sql.ref(role)}`.execute(owner.db);
  await expect(takeOver.execute(app.db)).rejects.toMatchObject({ code: '42501' });

  await grantApp(roles);
  expect(await imported(app.db, file, { settle: settleImport(() => NOON) })).toBe(1);
  expect(await exported(app.db)).toBe(file);
  // A log with events stays the log it is, whatever the caller puts in its way.
  await app.db.connection().execute(async (own) => {
    await sql`create temporary table events (position bigint)`.execute(own);
    await expect(takeOver.execute(own)).rejects.toMatchObject({ code: 'SW007' });
  });
  const rename = sql`update sw_log.identity set log = gen_random_uuid()`;
  await expect(rename.execute(app.db)).rejects.toMatchObject({ code: '42501' });
  await roles.close();
});

/** What make_partition looks into, itself and by the functions it calls. */
const LOOKED_INTO = ['pg_class', 'pg_inherits'];

test.for(LOOKED_INTO)(
  'a temporary view called %s runs nothing with the rights of the owner',
  async (name, context) => {
    const roles = await openRoles(context);
    const { owner, app } = roles;
    await grantApp(roles);
    const { rows } = await sql<{ next: number }>`
    select max(to_position) + 1 as next from sw_log.partitions()`.execute(owner.db);
    const next = rows[0]?.next ?? 0;
    await app.db.connection().execute(async (own) => {
      await sql`
      create function pg_temp.note() returns boolean language plpgsql as $$
      begin
        perform set_config('attack.ran_as', current_user, false);
        return true;
      end $$`.execute(own);
      const view = `create temporary view ${name} as select t.* from pg_catalog.${name} t where pg_temp.note()`;
      await sql.raw(view).execute(own);
      await sql`select sw_log.make_partition(${next}, ${next + 100})`.execute(own);
      const ran = await sql`select current_setting('attack.ran_as', true) as role`.execute(own);
      expect(ran.rows).toEqual([{ role: null }]);
    });
    await roles.close();
  },
);

test('no function that runs with the rights of its owner looks into temporary tables first, or is open to all', async () => {
  const { db } = log.store;
  const { rows } = await sql<{ name: string; path: string | null; isOpen: boolean }>`
    select p.oid::regprocedure::text as name,
           (select c from unnest(p.proconfig) c where c like 'search_path=%') as path,
           p.proacl is null or exists (select from aclexplode(p.proacl) a where a.grantee = 0) as "isOpen"
      from pg_proc p join pg_namespace n on n.oid = p.pronamespace
     where p.prosecdef and n.nspname like 'sw_%'`.execute(db);
  expect(rows.map(({ name }) => name).sort()).toEqual([
    'sw_log.make_partition(bigint,bigint)',
    'sw_log.take_over(uuid,bigint)',
  ]);
  for (const { name, path, isOpen } of rows) {
    expect({ name, path, isOpen }).toEqual({ name, path: 'search_path=pg_catalog, pg_temp', isOpen: false });
  }
});
