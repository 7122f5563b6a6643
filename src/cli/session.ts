import { join } from 'node:path';
import { PACKAGE_ROOT } from '../config.ts';
import type { Config } from '../config.ts';
import { startEmbeddedPostgres } from '../embedded/postgres.ts';
import { createLog } from '../log.ts';
import type { Log } from '../log.ts';
import { PROJECTIONS } from '../projections/all.ts';
import { serve } from '../projections/serve.ts';
import { WORDS_SERVED } from '../projections/words.ts';
import { keepAppendOnly } from '../store/append-only.ts';
import { migrate } from '../store/migrate.ts';
import { makePartitionsAhead } from '../store/partitions.ts';
import { reasonOf } from '../store/errors.ts';
import { openStore } from '../store/store.ts';
import type { Store } from '../store/store.ts';
import { within } from '../workers/within.ts';
import { isEnding, leave, onLeaving } from './leaving.ts';
import { messageOf } from './output.ts';
import { Progress } from './progress.ts';
import { settings } from './settings.ts';

const EXIT_FAILED = 1;
/** How long connections may take to end. */
const CLOSE_MS_MAX = 5_000;

/** What a command that needs the log works with. */
export interface Session {
  readonly config: Config;
  readonly log: Log;
  readonly store: Store;
  readonly now: () => Date;
  /** The migrations that were applied on the way in. */
  readonly migrated: readonly string[];
}

interface Place {
  readonly url: string;
  stop(): Promise<void>;
}

async function openPlace(config: Config, log: Log): Promise<Place> {
  if (config.DATABASE_URL !== null) return { url: config.DATABASE_URL, stop: () => Promise.resolve() };
  const { SHUTTLEWATCH_DATA: dataDir, SHUTTLEWATCH_POSTGRES_PORT: port } = config;
  return await startEmbeddedPostgres({ dataDir, port, log });
}

/** Brings the schema up to date, and the log into the state that appends count on. The first contact with a database: what fails here is named after the setting. */
async function enter(store: Store, { DATABASE_URL: url }: Config): Promise<readonly string[]> {
  try {
    const migrated = await migrate(store.db, join(PACKAGE_ROOT, 'migrations'));
    await keepAppendOnly(store.db);
    await makePartitionsAhead(store.db);
    return migrated;
  } catch (error) {
    if (url === null) throw error;
    const { host, pathname } = new URL(url);
    throw new Error(`DATABASE_URL (${host}${pathname}): ${messageOf(error)}`, { cause: error });
  }
}

/** Makes the read tables of this build where others stand, or none: half filled, they would answer wrong without a word. */
async function refill(store: Store): Promise<void> {
  const { stderr } = process;
  const output = { err: (text: string) => void stderr.write(text), interactive: stderr.isTTY };
  const labels = { words: 'words of this version, texts', tables: 'read tables of this version, events' };
  let [progress, of, last] = [new Progress(output, ''), '', 0];
  const finish = (): void => {
    if (progress.told) progress.finish(last);
  };
  await serve(
    store.db,
    PROJECTIONS,
    () => new Date(),
    ({ projection, done, total }) => {
      const what = projection === WORDS_SERVED.name ? labels.words : labels.tables;
      if (what !== of) {
        finish();
        progress = new Progress(output, what);
      }
      [of, last] = [what, done];
      progress.update(done, total);
    },
  );
  finish();
}

/**
 * Runs `work` with the store open and its schema up to date: on DATABASE_URL, or on the embedded Postgres, which is
 * started, or joined where another process runs it. All is closed again however `work` ends.
 */
export async function withSession<T>(
  work: (session: Session) => Promise<T>,
  change: Partial<Config> = {},
): Promise<T> {
  const config = { ...settings(), ...change };
  const log = createLog(config.SHUTTLEWATCH_LOG);
  const opening = openPlace(config, log);
  const stayed = onLeaving(async () => {
    await (await opening).stop();
  });
  const place = await opening;
  try {
    let isClosing = false;
    const store = openStore(place.url, (error) => {
      // Idle connections that the server cuts while they are being closed are no loss.
      if (!isEnding() && !isClosing)
        log.warn({ error: reasonOf(error) }, 'database connection lost, will be replaced');
    });
    try {
      const migrated = await enter(store, config);
      await refill(store);
      return await work({ config, log, store, now: () => new Date(), migrated });
    } finally {
      isClosing = true;
      // A database that hangs would keep the process for ever.
      if (!(await within(store.close(), CLOSE_MS_MAX))) leave(EXIT_FAILED);
    }
  } finally {
    await place.stop();
    stayed();
  }
}
