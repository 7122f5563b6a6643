import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Migrator, sql } from 'kysely';
import type { Migration, MigrationProvider } from 'kysely';
import { requireVersion } from './database.ts';
import type { Db } from './database.ts';

export const MIGRATION_FILE = /^(\d{6}_[a-z0-9_]+)\.sql$/;

/** Reads `<number>_<object>.sql` files as Kysely migrations, in the order of their numbers. */
function sqlFiles(folder: string): MigrationProvider {
  return {
    async getMigrations(): Promise<Record<string, Migration>> {
      const migrations: Record<string, Migration> = {};
      for (const file of (await readdir(folder)).sort()) {
        const name = MIGRATION_FILE.exec(file)?.[1];
        if (name === undefined) throw new Error(`${join(folder, file)} is not named like 000001_object.sql`);
        const text = await readFile(join(folder, file), 'utf8');
        migrations[name] = {
          up: async (db) => {
            await sql.raw(text).execute(db);
          },
        };
      }
      return migrations;
    },
  };
}

/**
 * Brings the database to the newest schema and gives the names of the migrations it applied. Any number of
 * processes may call it at once: one applies, the others wait. Throws naming the migration that failed; nothing
 * of the whole run is kept then.
 */
export async function migrate(db: Db, folder: string): Promise<string[]> {
  await requireVersion(db);
  const migrator = new Migrator({
    db,
    provider: sqlFiles(folder),
    migrationTableSchema: 'sw_log',
    migrationTableName: 'migrations',
    migrationLockTableName: 'migrations_lock',
  });
  const { error, results = [] } = await migrator.migrateToLatest();
  if (error !== undefined) {
    const failed = results.find((result) => result.status === 'Error');
    throw new Error(
      `migration ${failed?.migrationName ?? 'run'} failed: ${error instanceof Error ? error.message : 'unknown reason'}`,
      { cause: error },
    );
  }
  return results.map((result) => result.migrationName);
}
