import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { startEmbeddedPostgres } from '../../src/embedded/postgres.ts';
import type { EmbeddedPostgres } from '../../src/embedded/postgres.ts';
import { createLog } from '../../src/log.ts';
import { openFolder } from './support.ts';

/** A fresh Postgres in a temporary folder for one run of the tests; stop() removes both. */
export async function postgresForTests(): Promise<EmbeddedPostgres> {
  const folder = await openFolder();
  const dataDir = join(folder, 'data');
  const postgres = await startEmbeddedPostgres({ dataDir, log: createLog('warn'), durable: false });
  return {
    url: postgres.url,
    async stop() {
      await postgres.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
