import { sql } from 'kysely';
import type { ItemId } from '../events/ids.ts';
import type { Db, Tx } from './database.ts';

/** When the words were captured that an item got with an event. */
export interface Captured {
  readonly item: ItemId;
  /** Of the item's stream, with that event. */
  readonly version: number;
  /** The latest capture that had them. */
  readonly capturedAt: Date;
}

/** What is known of the captures of `items`, of words that may be theirs no longer; those without are not in the answer. */
export async function readCaptured(
  db: Db | Tx,
  items: readonly ItemId[],
): Promise<ReadonlyMap<ItemId, Captured>> {
  if (items.length === 0) return new Map();
  const { rows } = await sql<Captured>`
    select replace(item::text, '-', '') as item, version, captured_at as "capturedAt"
      from sw_work.captured where item = any(${[...new Set(items)]}::uuid[])`.execute(db);
  return new Map(rows.map((row) => [row.item, row]));
}

/**
 * Notes captures, no item twice: in the transaction that appends what a capture brought, or alone where one only had the words
 * again. What is known of later words, or of a later capture of the same, stays.
 */
export async function putCaptured(db: Db | Tx, captured: readonly Captured[]): Promise<void> {
  if (captured.length === 0) return;
  // In one order everywhere: two writers of the same rows in another order would wait for each other.
  const sorted = [...captured].sort((a, b) => (a.item < b.item ? -1 : 1));
  await sql`
    insert into sw_work.captured as c (item, version, captured_at)
    select * from unnest(${sorted.map(({ item }) => item)}::uuid[], ${sorted.map(({ version }) => version)}::bigint[],
                         ${sorted.map(({ capturedAt }) => capturedAt)}::timestamptz[])
        on conflict (item) do update set version = excluded.version, captured_at = excluded.captured_at
     where (c.version, c.captured_at) < (excluded.version, excluded.captured_at)`.execute(db);
}
