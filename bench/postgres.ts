/** The embedded Postgres of one run, in a folder of its own, and what it costs. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { startEmbeddedPostgres } from '../src/embedded/postgres.ts';
import { createLog } from '../src/log.ts';
import { onSignal } from './cleanup.ts';
import { parentOf, treeCpuSeconds } from './processes.ts';

export interface Postgres {
  /** The folder to give as SHUTTLEWATCH_DATA: the children join this server. */
  readonly dataDir: string;
  readonly url: string;
  /** Seconds of CPU of the server and all its processes. */
  cpuSeconds(): Promise<number>;
  stop(): Promise<void>;
}

/** The process that all others of a local server descend from. */
async function postmasterOf(url: string): Promise<number> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const { rows } = await client.query<{ pid: number }>('select pg_backend_pid() as pid');
    return await parentOf(rows[0]?.pid ?? 0);
  } finally {
    await client.end();
  }
}

export async function startPostgres(): Promise<Postgres> {
  const dataDir = await mkdtemp(join(tmpdir(), 'shuttlewatch-bench-'));
  const server = await startEmbeddedPostgres({ dataDir, log: createLog('warn') });
  const postmaster = await postmasterOf(server.url);
  const stop = async (): Promise<void> => {
    stopped();
    await server.stop();
    await rm(dataDir, { recursive: true, force: true });
  };
  const stopped = onSignal(stop);
  return { dataDir, url: server.url, cpuSeconds: () => treeCpuSeconds(postmaster), stop };
}
