import { sql } from 'kysely';
import type { ContentHash, ItemId } from '../events/ids.ts';
import type { Db, Tx } from './database.ts';

/** A page that is to be fetched, for the full text of an item's words. */
export interface WantedPage {
  readonly item: ItemId;
  readonly content: ContentHash;
  /** Whose turn the request takes; null where no turns are taken. */
  readonly host: string | null;
}

/** A page in somebody's hands. */
export interface ClaimedPage extends WantedPage {
  /** Requests that failed before. */
  readonly attempts: number;
}

/** Notes pages to be fetched, due at `now`; one for other words of the same item takes its place and begins anew. */
export async function wantPages(tx: Tx, pages: readonly WantedPage[], now: Date): Promise<void> {
  if (pages.length === 0) return;
  // In one order everywhere: two writers in different orders would wait for each other.
  const sorted = [...pages].sort((a, b) => (a.item < b.item ? -1 : 1));
  await sql`
    insert into sw_work.pages as p (item, content, host, next_due_at)
    select item, content, host, ${now}
      from unnest(${sorted.map(({ item }) => item)}::text[], ${sorted.map(({ content }) => content)}::text[],
                  ${sorted.map(({ host }) => host)}::text[]) as w (item, content, host)
        on conflict (item) do update
       set content = excluded.content, host = excluded.host, attempts = 0, next_due_at = excluded.next_due_at,
           claimed_until = null
     where p.content <> excluded.content`.execute(tx);
}

/** Takes pages out of which something came, or nothing will: those for these words, or with null for any of the item. */
export async function forgetPages(
  tx: Db | Tx,
  pages: readonly { readonly item: ItemId; readonly content: ContentHash | null }[],
): Promise<void> {
  if (pages.length === 0) return;
  await sql`
    delete from sw_work.pages p
     using unnest(${pages.map(({ item }) => item)}::text[], ${pages.map(({ content }) => content)}::text[]) as g (item, content)
     where p.item = g.item and p.content = coalesce(g.content, p.content)`.execute(tx);
}

/** A page that is due, and since when. */
export interface DuePage extends ClaimedPage {
  readonly dueAt: Date;
}

/** Up to `limit` pages that are due at `now` and in nobody's hands, one of each host, those that have waited longest. */
export async function duePages(db: Db, now: Date, limit: number): Promise<DuePage[]> {
  const { rows } = await sql<DuePage>`
    select item, content, host, attempts, "dueAt" from (
      select distinct on (coalesce(host, item)) item, content, host, attempts, next_due_at as "dueAt"
        from sw_work.pages
       where next_due_at <= ${now} and (claimed_until is null or claimed_until <= ${now})
       order by coalesce(host, item), next_due_at, item) due
     order by "dueAt", item limit ${limit}`.execute(db);
  return rows;
}

/** Claims the page of `item` for `leaseMs`, if it is due at `now` and in nobody's hands; a claim that nobody honours lapses. */
export async function claimPage(
  db: Db,
  item: ItemId,
  now: Date,
  leaseMs: number,
): Promise<ClaimedPage | null> {
  const { rows } = await sql<ClaimedPage>`
    update sw_work.pages set claimed_until = ${new Date(now.getTime() + leaseMs)}
     where item = ${item} and next_due_at <= ${now} and (claimed_until is null or claimed_until <= ${now})
    returning item, content, host, attempts`.execute(db);
  return rows[0] ?? null;
}

/** Lets a page go until `nextDueAt`, with the attempts made at it by now. */
export async function postponePage(
  db: Db,
  { item, content }: WantedPage,
  nextDueAt: Date,
  attempts: number,
): Promise<void> {
  await sql`
    update sw_work.pages set next_due_at = ${nextDueAt}, attempts = ${attempts}, claimed_until = null
     where item = ${item} and content = ${content}`.execute(db);
}

/** Lets all pages of `host` wait until `freeAt`, when its next turn is: none of them is worth a look before. */
export async function postponeHost(db: Db, host: string, freeAt: Date): Promise<void> {
  await sql`
    update sw_work.pages set next_due_at = ${freeAt}
     where item in (select item from sw_work.pages where host = ${host} and next_due_at < ${freeAt} order by item for update)`.execute(
    db,
  );
}
