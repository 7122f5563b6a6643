import { randomBytes } from 'node:crypto';
import pg from 'pg';

/** The migrated database that test files copy. */
export const TEMPLATE = 'shuttlewatch_template';

/** `url` with another database. */
export function databaseUrl(url: string, database: string): string {
  const parsed = new URL(url);
  parsed.pathname = `/${database}`;
  return parsed.href;
}

/** A database of its own, copied from `template` of the server at `serverUrl`; `drop` ends its connections too. */
export async function createDatabase(
  serverUrl: string,
  template = TEMPLATE,
): Promise<{ url: string; drop: () => Promise<void> }> {
  const name = `test_${randomBytes(6).toString('hex')}`;
  const run = async (...statements: readonly string[]): Promise<void> => {
    const client = new pg.Client({ connectionString: serverUrl });
    await client.connect();
    try {
      for (const statement of statements) await client.query(statement);
    } finally {
      await client.end();
    }
  };
  // Copying files takes half the time of copying pages through the log of the server, which is what is done unless told.
  await run(`create database ${name} template ${template} strategy file_copy`);
  return {
    url: databaseUrl(serverUrl, name),
    // `with (force)` would do, were it not refused when autovacuum happens to be at work in the database: its worker is
    // nobody's, and ours is no superuser. A plain drop sends that one away by itself, and waits for it.
    drop: () =>
      run(
        `alter database ${name} allow_connections false`,
        `select pg_terminate_backend(pid) from pg_stat_activity where datname = '${name}' and usename = current_user`,
        `drop database if exists ${name}`,
      ),
  };
}
