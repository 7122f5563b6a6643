import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { TestProject } from 'vitest/node';
import { startEmbeddedPostgres } from '../../src/embedded/postgres.ts';
import { createLog } from '../../src/log.ts';
import { migrate } from '../../src/store/migrate.ts';
import { openStore } from '../../src/store/store.ts';
import { databaseUrl, TEMPLATE } from './database.ts';
import { debianPostgres } from './debian-postgres.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** The URL of the one Postgres of this run. */
    postgresUrl: string;
  }
}

/** One embedded Postgres a run, with a migrated template that every test file copies. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(tmpdir(), 'shuttlewatch-test-'));
  const postgres = await startEmbeddedPostgres({ dataDir: folder, log: createLog('warn'), durable: false });
  const admin = openStore(postgres.url, (error) => {
    throw error;
  });
  const { sql } = await import('kysely');
  await sql`create database ${sql.ref(TEMPLATE)}`.execute(admin.db);
  await admin.close();
  const template = openStore(databaseUrl(postgres.url, TEMPLATE), (error) => {
    throw error;
  });
  await migrate(template.db, resolve('migrations'));
  await template.close();
  project.provide('postgresUrl', postgres.url);
  if ((await debianPostgres()) === null) {
    process.stderr.write(
      '\nSKIPPED: the tests on the oldest PostgreSQL, as there is none in /usr/lib/postgresql\n\n',
    );
  }
  return async () => {
    await postgres.stop();
    await rm(folder, { recursive: true, force: true });
  };
}
