import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import pg from 'pg';
import { startEmbeddedPostgres } from '../../src/embedded/postgres.ts';
import type { EmbeddedPostgres } from '../../src/embedded/postgres.ts';
import { markOf } from '../../src/embedded/process-mark.ts';
import { createLog } from '../../src/log.ts';
import { PROJECTIONS } from '../../src/projections/all.ts';
import { serve } from '../../src/projections/serve.ts';
import { migrate } from '../../src/store/migrate.ts';
import { openStore } from '../../src/store/store.ts';
import type { Store } from '../../src/store/store.ts';
import { until } from '../embedded/support.ts';
import { steadyPort } from '../support/free-port.ts';

/** A database server of its own, to be killed. */
export interface Place {
  /** The same however often the server is started again. */
  readonly url: string;
  /** Kills its first process, as a machine without memory would, and starts it again. */
  killPostmaster(): Promise<void>;
  /** Ends up to `count` of the connections to it, whoever has them; gives how many. */
  endConnections(count: number): Promise<number>;
  /** Runs one statement. */
  run(statement: string): Promise<void>;
  /** Gives `work` a store of its own. */
  withStore<T>(work: (store: Store) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

async function ask(url: string, statement: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => undefined);
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(statement)).rows;
  } finally {
    await client.end();
  }
}

/** Starts a server in a temporary folder, with the schema of the log in it. */
export async function startPlace(): Promise<Place> {
  const dataDir = await mkdtemp(join(tmpdir(), 'shuttlewatch-place-'));
  const port = await steadyPort();
  const started: EmbeddedPostgres[] = [];
  const start = async (): Promise<string> => {
    const postgres = await startEmbeddedPostgres({ dataDir, port, log: createLog('error'), durable: false });
    started.push(postgres);
    return postgres.url;
  };
  const url = await start();
  const withStore: Place['withStore'] = async (work) => {
    const store = openStore(url, () => undefined);
    try {
      return await work(store);
    } finally {
      await store.close();
    }
  };
  await withStore(async ({ db }) => {
    await migrate(db, resolve('migrations'));
    await serve(
      db,
      PROJECTIONS,
      () => new Date(),
      () => undefined,
    );
  });
  return {
    url,
    withStore,
    async killPostmaster() {
      const [row] = await ask(url, 'show data_directory');
      const pid = Number(
        (await readFile(join(String(row?.['data_directory']), 'postmaster.pid'), 'utf8')).split('\n')[0],
      );
      process.kill(pid, 'SIGKILL');
      await until(() => markOf(pid) === null);
      const again = await start();
      if (again !== url) throw new Error('the server came back at another address');
    },
    async endConnections(count) {
      const rows = await ask(
        url,
        `select pg_terminate_backend(pid) from pg_stat_activity
          where backend_type = 'client backend' and usename = current_user and pid <> pg_backend_pid()
          order by random() limit ${count}`,
      );
      return rows.length;
    },
    async run(statement) {
      await ask(url, statement);
    },
    async close() {
      for (const postgres of started) await postgres.stop();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}
