import { setTimeout } from 'node:timers/promises';
import { sql } from 'kysely';
import type { Db } from './database.ts';

/** How long to wait for a lock that keeps everybody out: whoever comes after waits for it meanwhile. */
export const HELD_LOCK_MS = 100;
/** How long to let others go first before the next try, and how many there are: a dump of all tables takes its time. */
const PAUSE_MS = 2_000;
const TRIES_MAX = 300;
const LOCK_NOT_AVAILABLE = '55P03';

export interface Patience {
  readonly tries: number;
  readonly pauseMs: number;
}

/** Somebody reads the tables all the time, so that others cannot take their place. */
export class TablesHeld extends Error {
  override readonly name = 'TablesHeld';
  constructor(tables: readonly string[], holders: readonly number[], options: ErrorOptions) {
    super(
      `${tables.join(', ')} could not be had alone, as others work with them all the time` +
        (holders.length === 0 ? '' : ` (by the server processes ${holders.join(', ')})`) +
        ': try again when that has ended',
      options,
    );
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

/**
 * Does `work`, which gives up a lock on `tables` after HELD_LOCK_MS, again while those who work with them do not let go. Throws
 * TablesHeld when they never do.
 */
export async function patiently<T>(
  db: Db,
  tables: readonly string[],
  work: () => Promise<T>,
  { tries, pauseMs }: Patience = { tries: TRIES_MAX, pauseMs: PAUSE_MS },
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
