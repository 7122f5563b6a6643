import { sql } from 'kysely';
import { position } from '../events/ids.ts';
import type { Position } from '../events/ids.ts';
import type { Db, Tx } from './database.ts';
import { EVERY_EVENT } from './every-event.ts';

/**
 * The last position recorded at or before `time`; 0 when that is before the first event. Null when that event lies in the
 * beginning of the log that is no longer in the database. A Date has milliseconds: what was recorded within the one named counts as
 * at it.
 *
 * One round trip, about log2(n) probes of the primary key (see migrations/000090_position_before.sql).
 */
export async function positionAt(db: Db | Tx, time: Date): Promise<Position | null> {
  const after = new Date(time.getTime() + 1);
  const { rows } = await sql<{ at: number | null }>`
    select sw_log.position_before(${after.toISOString()}::timestamptz) as at`.execute(db);
  const at = rows[0]?.at ?? null;
  return at === null ? null : position(at);
}

/** When the event at `at` was recorded; null where there is none. */
export async function recordedAt(db: Db | Tx, at: Position): Promise<Date | null> {
  const { rows } = await sql<{ recorded_at: Date }>`
    select recorded_at from ${EVERY_EVENT} e where position = ${at}`.execute(db);
  return rows[0]?.recorded_at ?? null;
}
