import { resolve } from 'node:path';
import { PROJECTIONS } from '../../src/projections/all.ts';
import { serve } from '../../src/projections/serve.ts';
import type { Db } from '../../src/store/database.ts';
import { exportRange, wholeLog } from '../../src/store/export.ts';
import { importLog } from '../../src/store/import.ts';
import { readLogFile, writeLogFile } from '../../src/store/log-file.ts';
import { migrate } from '../../src/store/migrate.ts';
import { readLog } from '../../src/store/read-log.ts';
import { sealAll } from '../../src/store/seal-log.ts';
import { openStore } from '../../src/store/store.ts';
import { settleImport } from '../../src/workers/import-log.ts';
import { createDatabase } from '../support/database.ts';

/** What `export` does. */
export async function exportFile(db: Db, file: string, now: () => Date): Promise<void> {
  const sealed = await sealAll(db, now);
  const range = { ...(await wholeLog(db)), to: sealed };
  await writeLogFile(
    file,
    (async function* () {
      for await (const { text } of exportRange(db, range)) yield text;
    })(),
  );
}

/** Throws when the file is not whole; gives the events in it. */
export async function countExported(file: string): Promise<number> {
  let count = 0;
  for await (const { events } of readLog(readLogFile(file))) count += events.length;
  return count;
}

/** What `import` does to the log; read tables are filled by whoever follows it. */
export async function importFile(db: Db, file: string, now: () => Date): Promise<void> {
  await countExported(file);
  const batches = importLog(db, readLog(readLogFile(file)), settleImport(now), now);
  while ((await batches.next()).done !== true);
}

/** An empty log on the server at `serverUrl`. */
export async function openEmptyLog(serverUrl: string): Promise<string> {
  const { url } = await createDatabase(serverUrl, 'template0');
  const copy = openStore(url, () => undefined);
  try {
    await migrate(copy.db, resolve('migrations'));
    await serve(
      copy.db,
      PROJECTIONS,
      () => new Date(),
      () => undefined,
    );
  } finally {
    await copy.close();
  }
  return url;
}
