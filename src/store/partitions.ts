import { sql } from 'kysely';
import { position } from '../events/ids.ts';
import type { Position } from '../events/ids.ts';
import type { Db, Tx } from './database.ts';
import { head } from './read.ts';

/** Positions in one partition, as migrations made the first two. */
export const PARTITION_EVENTS = 50_000_000;

/** A part of the log that can be made, moved and taken away on its own. */
export interface Partition {
  /** Its table in sw_log, or in sw_archive. */
  readonly name: string;
  readonly from: Position;
  /** The last position it can hold. */
  readonly to: Position;
}

/** The partitions of the log, in order. */
export async function listPartitions(db: Db | Tx): Promise<Partition[]> {
  const { rows } = await sql<{ name: string; from: number; to: number }>`
    select name, from_position as "from", to_position as "to" from sw_log.partitions()`.execute(db);
  return rows.map((row) => ({ name: row.name, from: position(row.from), to: position(row.to) }));
}

/** The archived partitions that are in the database, in order; they are read with the log and never written. */
export async function listArchived(db: Db | Tx): Promise<Partition[]> {
  const { rows } = await sql<{ name: string; from: number; to: number }>`
    select name, from_position as "from", to_position as "to" from sw_archive.partitions()`.execute(db);
  return rows.map((row) => ({ name: row.name, from: position(row.from), to: position(row.to) }));
}

/** Whether a whole partition lies empty behind the one that the next event goes to. */
export function isAhead(partitions: readonly Partition[], end: Position): boolean {
  return partitions.some(({ from }) => from > end + 1);
}

/**
 * Makes partitions of `size` positions until a whole one lies empty ahead; gives their names, none when there was nothing to
 * do. Any number of processes may call it at once. Each partition is made in a transaction of its own, and blocks neither
 * appends nor readers.
 */
export async function makePartitionsAhead(db: Db, size: number = PARTITION_EVENTS): Promise<string[]> {
  const made: string[] = [];
  for (;;) {
    const end = await head(db);
    const partitions = await listPartitions(db);
    if (isAhead(partitions, end)) return made;
    const from = (partitions.at(-1)?.to ?? 0) + 1;
    const { rows } = await sql<{ name: string | null }>`
      select sw_log.make_partition(${from}, ${from + size}) as name`.execute(db);
    if (typeof rows[0]?.name === 'string') made.push(rows[0].name);
  }
}
