import { sql } from 'kysely';
import type { ItemId } from '../events/ids.ts';
import type { Db } from './database.ts';

/**
 * Items whose words nobody has tagged, oldest first: what a lost job leaves behind, and what is in hand. Read off the
 * items projection, so that one that lags merely makes the answer late.
 */
export async function untaggedItems(db: Db, limit: number): Promise<ItemId[]> {
  const { rows } = await sql<{ item: ItemId }>`
    select item from sw_read.items
     where tagged is distinct from content order by position limit ${limit}`.execute(db);
  return rows.map((row) => row.item);
}

/** How many items have words that nobody has tagged. */
export async function countUntagged(db: Db): Promise<number> {
  const { rows } = await sql<{ items: number }>`
    select count(*) as items from sw_read.items where tagged is distinct from content`.execute(db);
  return rows[0]?.items ?? 0;
}
