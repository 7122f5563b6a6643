import { sql } from 'kysely';
import type { Db, Tx } from '../store/database.ts';
import { HELD_LOCK_MS } from '../store/patiently.ts';

/** How long a switch waits for a batch of the consumer that is in hand. */
export const SWITCH_TURN_MS = 10_000;

/** Tables that are served, by name and version. */
export interface Served {
  readonly name: string;
  readonly version: number;
}

/** Whether the tables of that very version are served. */
export async function isServed(db: Db | Tx, { name, version }: Served): Promise<boolean> {
  return (await servedVersion(db, name)) === version;
}

/** The version whose tables are served; 0 for none. */
export async function servedVersion(db: Db | Tx, name: string): Promise<number> {
  const row = await db
    .selectFrom('sw_work.projections')
    .select('version')
    .where('projection', '=', name)
    .executeTakeFirst();
  return row?.version ?? 0;
}

/** Notes which version of a projection is served from now on. */
export async function noteServed(tx: Tx, { name, version }: Served, now: Date): Promise<void> {
  await tx
    .insertInto('sw_work.projections')
    .values({ projection: name, version, since: now })
    .onConflict((conflict) => conflict.column('projection').doUpdateSet({ version, since: now }))
    .execute();
}

/** Tables of a version that this build does not know: a newer one has made them. */
export class NewerTables extends Error {
  override readonly name = 'NewerTables';
  constructor({ name, version }: Served, found: number) {
    super(
      `the read tables of ${name} are of version ${found}, this build knows ${version}: run the newer shuttlewatch`,
    );
  }
}

/** Keeps everybody away from those of the tables that are there, for this transaction, or gives up soon. */
export async function lockServed(tx: Tx, tables: readonly string[]): Promise<void> {
  await sql`set local lock_timeout = ${sql.lit(HELD_LOCK_MS)}`.execute(tx);
  for (const table of tables) {
    const { rows } = await sql<{ is: boolean }>`select to_regclass(${table}) is not null as is`.execute(tx);
    if (rows[0]?.is === true) await sql`lock table ${sql.table(table)} in access exclusive mode`.execute(tx);
  }
}
