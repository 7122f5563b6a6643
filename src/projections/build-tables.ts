import { sql } from 'kysely';
import type { Tx } from '../store/database.ts';
import type { ReadTable, TableShape } from './projection.ts';

type Tables = Readonly<Partial<Record<ReadTable, TableShape>>>;

/** Memory that making an index may take. */
const INDEX_MEMORY = '512MB';

const bare = (table: string): string => table.replace('sw_read.', '');

/** Makes the tables, empty and without what only pays once they are full; what an earlier build left of them goes. */
export async function createTables(tx: Tx, tables: Tables): Promise<void> {
  for (const [table, shape] of Object.entries(tables)) {
    const name = sql.table(`sw_build.${bare(table)}`);
    await sql`drop table if exists ${name}`.execute(tx);
    await sql`create table ${name} (${sql.raw(shape.columns)}) ${sql.raw(shape.options ?? '')}`.execute(tx);
  }
}

/** Whether all of the tables are being built. */
export async function areBuilt(tx: Tx, tables: Tables): Promise<boolean> {
  const names = Object.keys(tables).map((table) => `sw_build.${bare(table)}`);
  const { rows } = await sql<{ all: boolean }>`
    select bool_and(to_regclass(name) is not null) as all from unnest(${names}::text[]) as name`.execute(tx);
  return rows[0]?.all === true;
}

/** Adds what pays now that the tables are full; what an earlier try has added stays. Nobody else may finish them meanwhile. */
export async function finishTables(tx: Tx, tables: Tables): Promise<void> {
  await sql`set local maintenance_work_mem = ${sql.lit(INDEX_MEMORY)}`.execute(tx);
  await sql`set local search_path = sw_build`.execute(tx);
  for (const [table, shape] of Object.entries(tables)) {
    for (const statement of shape.whenFull) {
      await sql.raw(statement.replace(/^create index /, 'create index if not exists ')).execute(tx);
    }
    await sql`analyze ${sql.table(bare(table))}`.execute(tx);
  }
}

/** Puts the tables in the place of those that are served, in this transaction. */
export async function serveTables(tx: Tx, tables: Tables): Promise<void> {
  for (const table of Object.keys(tables)) {
    await sql`drop table if exists ${sql.table(table)}`.execute(tx);
    await sql`alter table ${sql.table(`sw_build.${bare(table)}`)} set schema sw_read`.execute(tx);
  }
}
