import { sql } from 'kysely';
import { expect, inject, test } from 'vitest';
import { inspectDatabase, refusalOf } from '../../src/store/inspect.ts';
import { openStore } from '../../src/store/store.ts';
import { createDatabase } from '../support/database.ts';

const now = (): Date => new Date();

test('a user without rights is told what he lacks, where the server lets us make one', async (context) => {
  const made = await createDatabase(inject('postgresUrl'));
  const store = openStore(made.url, () => undefined);
  try {
    const { rows } = await sql<{ may: boolean }>`
      select rolcreaterole as may from pg_roles where rolname = current_user`.execute(store.db);
    // The role of the embedded server may not; the tests on PostgreSQL 15 are run by a superuser, without passwords.
    if (rows[0]?.may !== true) context.skip();
    const role = `plain_${new URL(made.url).pathname.slice(1)}`;
    await sql`create role ${sql.ref(role)} login`.execute(store.db);
    const url = new URL(made.url);
    url.username = role;
    expect(await inspectDatabase(url.href, now)).toMatchObject({ kind: 'refused', why: 'rights' });
    await sql`grant usage on schema sw_log to ${sql.ref(role)}`.execute(store.db);
    expect(await inspectDatabase(url.href, now)).toMatchObject({
      kind: 'open',
      lacks: ['read and append to sw_log.events', 'update sw_log.checkpoints'],
    });
    await sql`revoke connect on database ${sql.ref(url.pathname.slice(1))} from public`.execute(store.db);
    expect(await inspectDatabase(url.href, now)).toMatchObject({ kind: 'refused', why: 'access' });
    await sql`revoke usage on schema sw_log from ${sql.ref(role)}`.execute(store.db);
    await sql`drop role ${sql.ref(role)}`.execute(store.db);
  } finally {
    await store.close();
    await made.drop();
  }
});

test('a refused look leaves no connection behind that others would wait for', async () => {
  const url = new URL(inject('postgresUrl'));
  url.username = 'nobody_of_that_name';
  url.password = '';
  expect(await inspectDatabase(url.href, now)).toMatchObject({ kind: 'refused' });
  const store = openStore(inject('postgresUrl'), () => undefined);
  const halfway = async (): Promise<number | undefined> => {
    const { rows } = await sql<{ starting: number }>`
      select count(*) as starting from pg_stat_activity where state = 'starting' or usename = 'nobody_of_that_name'
    `.execute(store.db);
    return rows[0]?.starting;
  };
  await expect.poll(halfway).toBe(0);
  await store.close();
});

test('what an error says is read off its code, else off its words', () => {
  const error = (message: string, code?: string): Error => Object.assign(new Error(message), { code });
  expect(refusalOf(error('sorry, too many clients already', '53300')).why).toBe('full');
  expect(refusalOf(error('the database system is starting up', '57P03')).why).toBe('not-now');
  expect(refusalOf(error('timeout expired')).why).toBe('silent');
  expect(refusalOf(error('The server does not support SSL connections')).why).toBe('tls');
  expect(refusalOf(new AggregateError([error('connect ECONNREFUSED', 'ECONNREFUSED')])).why).toBe('down');
  expect(refusalOf('odd')).toEqual({ kind: 'refused', why: 'other', message: 'odd' });
});
