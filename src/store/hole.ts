import { sql } from 'kysely';
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
