import { sql } from 'kysely';
import type { ContentHash, ItemId } from '../events/ids.ts';
import type { Db } from './database.ts';

/** One look at what is undone at a time, in all processes together; the log's own lock is (7301, 1). */
const LOOK_LOCK = sql`7301, 2`;
/** The words that an item `i` has now, the full text included. */
const WORDS = sql`coalesce(i.full_text, i.content)`;
/** Characters kept of why an item could not be tagged. */
const REASON_CHARS_MAX = 1_000;

/**
 * Items whose words nobody has tagged, oldest first: what a lost job leaves behind, and what is in hand. Read off the
 * items projection, so that one that lags merely makes the answer late.
 */
export async function untaggedItems(db: Db, limit: number): Promise<ItemId[]> {
  const { rows } = await sql<{ item: ItemId }>`
    select item from sw_read.items
     where tagged is distinct from coalesce(full_text, content) order by position limit ${limit}`.execute(db);
  return rows.map((row) => row.item);
}

/** How many items have words that nobody has tagged. */
export async function countUntagged(db: Db): Promise<number> {
  const { rows } = await sql<{ items: number }>`
    select count(*) as items from sw_read.items where tagged is distinct from coalesce(full_text, content)`.execute(
    db,
  );
  return rows[0]?.items ?? 0;
}

/** An item whose words have been untagged for too long. */
export interface Forgotten {
  readonly item: ItemId;
  /** Its words. */
  readonly content: ContentHash;
  /** How often it has been queued again, this time included. */
  readonly tries: number;
  /** Why it could not be tagged; null where nobody has tried, or lived to tell. */
  readonly reason: string | null;
}

export interface Patience {
  /** How long words may be untagged before they count as forgotten; doubled with every try. */
  readonly firstMs: number;
  readonly maxMs: number;
  /** Items noted, and given, at most. */
  readonly limit: number;
}

/**
 * Notes what is untagged at `now`, and claims what has been for too long: each item is given to one process, and again
 * only after twice the time. Empty also when another process is looking.
 */
export async function claimForgotten(
  db: Db,
  now: Date,
  { firstMs, maxMs, limit }: Patience,
): Promise<Forgotten[]> {
  return await db.transaction().execute(async (tx) => {
    const { rows: locks } = await sql<{ mine: boolean }>`
      select pg_try_advisory_xact_lock(${LOOK_LOCK}) as mine`.execute(tx);
    if (locks[0]?.mine !== true) return [];
    await sql`
      delete from sw_work.untagged u where not exists (
        select from sw_read.items i
         where i.item = u.item and ${WORDS} = u.content and i.tagged is distinct from ${WORDS})`.execute(tx);
    await sql`
      insert into sw_work.untagged (item, content, next_due_at)
      select i.item, ${WORDS}, ${new Date(now.getTime() + firstMs)} from sw_read.items i
       where i.tagged is distinct from ${WORDS}
         and not exists (select from sw_work.untagged u where u.item = i.item)
       order by i.position limit ${limit}
          on conflict (item) do nothing`.execute(tx);
    const { rows } = await sql<Forgotten>`
      update sw_work.untagged u
         set tries = u.tries + 1,
             next_due_at = ${now}::timestamptz
               + least(${firstMs}::float8 * 2 ^ (u.tries + 1), ${maxMs}::float8) * interval '1 millisecond'
        from (select item from sw_work.untagged where next_due_at <= ${now}
               order by next_due_at, item limit ${limit} for update) due
       where u.item = due.item
      returning u.item, u.content, u.tries, u.reason`.execute(tx);
    return rows;
  });
}

/** Takes back a claim of `items` that could not be queued: the try does not count, and they are due at once. */
export async function unclaimForgotten(db: Db, items: readonly ItemId[], now: Date): Promise<void> {
  await sql`
    update sw_work.untagged set tries = greatest(tries - 1, 0), next_due_at = ${now}
     where item = any(${items}::text[])`.execute(db);
}

/**
 * Notes why the words `content` of `item` could not be tagged. Gives whether that is news: the first time that these words
 * failed.
 */
export async function noteUntaggable(
  db: Db,
  item: ItemId,
  content: ContentHash,
  reason: string,
  now: Date,
): Promise<boolean> {
  const { rows } = await sql<{ news: boolean }>`
    with known as (
      select reason from sw_work.untagged where item = ${item} and content = ${content}
    )
    insert into sw_work.untagged as u (item, content, next_due_at, reason)
    values (${item}, ${content}, ${now}, ${reason.slice(0, REASON_CHARS_MAX)})
        on conflict (item) do update set
           content = excluded.content, reason = excluded.reason,
           tries = case when u.content = excluded.content then u.tries else 0 end
    returning (select reason from known) is null as news`.execute(db);
  return rows[0]?.news === true;
}

/** Items of which tagging has failed and is still to succeed, the most often tried first. */
export async function untaggable(db: Db, limit: number): Promise<Forgotten[]> {
  const { rows } = await sql<Forgotten>`
    select u.item, u.content, u.tries, u.reason from sw_work.untagged u
      join sw_read.items i on i.item = u.item and ${WORDS} = u.content
     where u.reason is not null and i.tagged is distinct from ${WORDS}
     order by u.tries desc, u.item limit ${limit}`.execute(db);
  return rows;
}
