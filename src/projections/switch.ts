import { setTimeout } from 'node:timers/promises';
import { sql } from 'kysely';
import type { Db, Tx } from '../store/database.ts';

/** How long a switch waits for a batch of the consumer that is in hand. */
export const SWITCH_TURN_MS = 10_000;
/** How long it waits for those who read the tables: whoever comes after it waits for it meanwhile. */
const SWITCH_LOCK_MS = 100;
/** How long it lets others go first before it tries again, and how often it tries: a dump of all tables takes its time. */
const SWITCH_PAUSE_MS = 2_000;
const SWITCH_TRIES_MAX = 300;
const LOCK_NOT_AVAILABLE = '55P03';

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

/** Somebody reads the tables all the time, so that others cannot take their place. */
export class TablesHeld extends Error {
  override readonly name = 'TablesHeld';
  constructor(tables: readonly string[], holders: readonly number[], options: ErrorOptions) {
    super(
      `${tables.join(', ')} could not be put in place, as they are being read all the time` +
        (holders.length === 0 ? '' : ` (by the server processes ${holders.join(', ')})`) +
        ': try again when that has ended',
      options,
    );
  }
}

/** Keeps everybody away from those of the tables that are there, for this transaction, or gives up soon. */
export async function lockServed(tx: Tx, tables: readonly string[]): Promise<void> {
  await sql`set local lock_timeout = ${sql.lit(SWITCH_LOCK_MS)}`.execute(tx);
  for (const table of tables) {
    const { rows } = await sql<{ is: boolean }>`select to_regclass(${table}) is not null as is`.execute(tx);
    if (rows[0]?.is === true) await sql`lock table ${sql.table(table)} in access exclusive mode`.execute(tx);
  }
}

async function holdersOf(db: Db, tables: readonly string[]): Promise<number[]> {
  const { rows } = await sql<{ pid: number }>`
    select distinct l.pid from pg_locks l join unnest(${tables}::text[]) as t (name) on l.relation = to_regclass(t.name)
     where l.granted and l.pid <> pg_backend_pid() order by 1`.execute(db);
  return rows.map(({ pid }) => pid);
}

function isHeldUp(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === LOCK_NOT_AVAILABLE;
}

/** Tries again while those who read `tables` do not let go of them. Throws TablesHeld when they never do. */
export async function patiently<T>(
  db: Db,
  tables: readonly string[],
  work: () => Promise<T>,
  { tries, pauseMs }: Patience = { tries: SWITCH_TRIES_MAX, pauseMs: SWITCH_PAUSE_MS },
): Promise<T> {
  for (let left = tries; ; left--) {
    try {
      return await work();
    } catch (error) {
      if (!isHeldUp(error)) throw error;
      if (left <= 1) throw new TablesHeld(tables, await holdersOf(db, tables), { cause: error });
      await setTimeout(pauseMs);
    }
  }
}

export interface Patience {
  readonly tries: number;
  readonly pauseMs: number;
}
