import { sql } from 'kysely';
import { position } from '../events/ids.ts';
import type { Position } from '../events/ids.ts';
import type { Db, Tx } from './database.ts';
import { ArchivedAway, LogHole } from './errors.ts';

/** What to throw where `expected` should be and `found` is: damage, or an archived partition that is not here any more. */
export async function holeAt(
  db: Db | Tx,
  expected: number,
  found: Position | null,
): Promise<LogHole | ArchivedAway> {
  // A row that is lost leaves its partition behind.
  const { rows } = await sql<{ away: boolean | null }>`
    select ${expected} < (select min(from_position) from sw_log.partitions())
       and not exists (select from sw_archive.partitions() p
                        where ${expected} between p.from_position and p.to_position) as away`.execute(db);
  return rows[0]?.away === true ? new ArchivedAway(expected) : new LogHole(expected, found);
}

/** Positions at the end of the log that are looked through for a hole: a moment's work. */
export const LOOKED_THROUGH_POSITIONS = 100_000;

/**
 * The first position that is missing among the last LOOKED_THROUGH_POSITIONS before `end`; null when none is. What lies before
 * them `verify` looks through.
 */
export async function holeBefore(db: Db, end: Position): Promise<Position | null> {
  const { rows } = await sql<{ missing: number | null }>`
    select min(before + 1) as missing
      from (select e.position, lag(e.position) over (order by e.position) as before
              from sw_log.events e where e.position > ${end - LOOKED_THROUGH_POSITIONS} and e.position <= ${end}) pairs
     where position <> before + 1`.execute(db);
  const missing = rows[0]?.missing ?? null;
  return missing === null ? null : position(missing);
}
