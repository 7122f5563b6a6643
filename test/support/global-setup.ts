import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import pg from 'pg';
import type { TestProject } from 'vitest/node';
import { startEmbeddedPostgres } from '../../src/embedded/postgres.ts';
import { createLog } from '../../src/log.ts';
import { PROJECTIONS } from '../../src/projections/all.ts';
import { serve } from '../../src/projections/serve.ts';
import { migrate } from '../../src/store/migrate.ts';
import { openStore } from '../../src/store/store.ts';
import { build } from './build.ts';
import { databaseUrl, TEMPLATE } from './database.ts';
import { debianPostgres, startServer } from './debian-postgres.ts';
import { buildPrograms } from './program.ts';
import { debianRedis, startRedis } from './redis.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** The URL of the one Postgres of this project. */
    postgresUrl: string;
    /** The Redis that the queues of this project are in; null where they are in Postgres. */
    redisUrl: string | null;
  }
}

interface Service {
  readonly url: string;
  stop(): Promise<void>;
}

/**
 * Keeps the password as it is under one round of hashing instead of 4,096: being random it is not guessed either way, and each of
 * some thousand connections would take 1.3 ms for it.
 */
async function hashOnce(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query('set scram_iterations = 1');
  await client.query(`alter role current_user password ${pg.escapeLiteral(client.password ?? '')}`);
  await client.end();
}

async function embeddedPostgres(): Promise<Service> {
  const folder = await mkdtemp(join(tmpdir(), 'shuttlewatch-test-'));
  const postgres = await startEmbeddedPostgres({ dataDir: folder, log: createLog('warn'), durable: false });
  await hashOnce(postgres.url);
  return {
    url: postgres.url,
    async stop() {
      await postgres.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** The oldest PostgreSQL; vitest.config.ts has looked that it is there. */
async function oldestPostgres(): Promise<Service> {
  const bin = await debianPostgres();
  if (bin === null) throw new Error('there is no PostgreSQL in /usr/lib/postgresql');
  return await startServer(bin);
}

async function redis(): Promise<Service> {
  const binary = debianRedis();
  if (binary === null) throw new Error('there is no redis-server');
  return await startRedis(binary);
}

/** A migrated database that every test file copies. */
async function makeTemplate(serverUrl: string): Promise<void> {
  const { sql } = await import('kysely');
  const fail = (error: Error): never => {
    throw error;
  };
  const admin = openStore(serverUrl, fail);
  await sql`create database ${sql.ref(TEMPLATE)}`.execute(admin.db);
  await admin.close();
  const template = openStore(databaseUrl(serverUrl, TEMPLATE), fail);
  await migrate(template.db, resolve('migrations'));
  await serve(
    template.db,
    PROJECTIONS,
    () => new Date(),
    () => undefined,
  );
  await template.close();
}

/** One Postgres a project, and a Redis where its queues live in one. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  if (project.name === 'embedded') await build();
  await buildPrograms();
  const postgres = await (project.name === 'postgres-15' ? oldestPostgres() : embeddedPostgres());
  await makeTemplate(postgres.url);
  const queues = project.name === 'redis' ? await redis() : null;
  project.provide('postgresUrl', postgres.url);
  project.provide('redisUrl', queues?.url ?? null);
  return async () => {
    await queues?.stop();
    await postgres.stop();
  };
}
