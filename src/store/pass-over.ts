import { sql } from 'kysely';
import type { Position } from '../events/ids.ts';
import type { Tx } from './database.ts';

/**
 * Moves the checkpoints called `names` on to `to`, in the transaction that put the events in front of it there: nobody will
 * handle them under these names. One that is further stays.
 */
export async function passOver(tx: Tx, names: readonly string[], to: Position, now: Date): Promise<void> {
  await sql`
    insert into sw_log.checkpoints as c (name, position, updated_at)
    select name, ${to}::bigint, ${now}::timestamptz from unnest(${[...names].sort()}::text[]) as name
    on conflict (name) do update set
      position = greatest(c.position, excluded.position), updated_at = excluded.updated_at`.execute(tx);
}
