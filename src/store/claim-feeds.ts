import { sql } from 'kysely';
import type { FeedId } from '../events/ids.ts';
import type { Db, Tx } from './database.ts';

/** Hosts that one claim looks at: more than it can claim feeds of, since some only have to be put right. */
const HOSTS_LOOKED_MAX = 500;

/** Feeds that may be claimed at a time, by all processes: what is claimed long before it is polled lapses in the queue. */
const FEEDS_CLAIMED_MAX = 1_000;

/** How many feeds more may be claimed, and where any may be due. One statement, since most looks find nothing. */
async function look(
  db: Db,
  now: Date,
): Promise<{ readonly room: number; readonly byTurn: boolean; readonly free: boolean }> {
  const { rows } = await sql<{ claimed: number; turn: boolean; free: boolean }>`
    select (select count(*) from sw_work.feed_schedule where claimed_until > ${now}) as claimed,
           exists (select from sw_work.hosts where look_at <= ${now}) as turn,
           exists (select from sw_work.feed_schedule
                    where enabled and host is null and next_due_at <= ${now}) as free`.execute(db);
  const { claimed = 0, turn = false, free = false } = rows[0] ?? {};
  return { room: Math.max(FEEDS_CLAIMED_MAX - claimed, 0), byTurn: turn, free };
}

/** Claims up to `limit` feeds of hosts that take no turns. */
async function claimFree(db: Db, now: Date, limit: number, until: Date): Promise<FeedId[]> {
  const { rows } = await sql<{ feed: FeedId }>`
    update sw_work.feed_schedule set claimed_until = ${until}
     where feed in (
       select feed from sw_work.feed_schedule
        where enabled and host is null and next_due_at <= ${now} and (claimed_until is null or claimed_until <= ${now})
        order by next_due_at, feed for update skip locked limit ${limit})
    returning feed`.execute(db);
  return rows.map((row) => row.feed);
}

/** Locks the hosts that may have something due, those that may have had for longest first. Never waits for anybody. */
async function lockHosts(tx: Tx, now: Date): Promise<string[]> {
  const { rows } = await sql<{ host: string }>`
    select host from sw_work.hosts where look_at <= ${now}
     order by look_at limit ${HOSTS_LOOKED_MAX} for update skip locked`.execute(tx);
  return rows.map(({ host }) => host);
}

/** Claims the feed that has been due for longest of each of `hosts` whose turn it is, `limit` at most. */
async function claimOldest(
  tx: Tx,
  hosts: readonly string[],
  now: Date,
  limit: number,
  until: Date,
): Promise<{ feed: FeedId; host: string }[]> {
  const { rows } = await sql<{ feed: FeedId; host: string }>`
    update sw_work.feed_schedule set claimed_until = ${until}
     where feed in (
       select f.feed
         from unnest(${hosts}::text[]) as l (host)
         join sw_work.hosts h on h.host = l.host and h.free_at <= ${now}
        cross join lateral (
          select feed, next_due_at from sw_work.feed_schedule
           where enabled and host = h.host and next_due_at <= ${now} and (claimed_until is null or claimed_until <= ${now})
           order by next_due_at, feed limit 1 for update skip locked) as f
        order by f.next_due_at, f.feed limit ${limit})
    returning feed, host`.execute(tx);
  return rows;
}

/** Gives the turns of `claimed` until `until`, and notes for the other `hosts` when to look at them again. */
async function giveTurns(
  tx: Tx,
  hosts: readonly string[],
  claimed: readonly string[],
  now: Date,
  until: Date,
): Promise<void> {
  await sql`
    update sw_work.hosts h
       set free_at = case when h.host = any(${claimed}::text[]) then ${until} else h.free_at end,
           look_at = case when h.host = any(${claimed}::text[]) then ${until}
                          when h.free_at > ${now} then h.free_at
                          else coalesce((select next_due_at from sw_work.feed_schedule f
                                          where f.enabled and f.host = h.host
                                          order by next_due_at limit 1), 'infinity') end
     where h.host = any(${hosts}::text[])`.execute(tx);
}

/**
 * One feed of each host whose turn it is. Statement by statement and not all in one: whoever makes a feed due says so to its
 * host in the same transaction, and once the host is locked the next statement sees either both or neither. So no host is put
 * to sleep over a feed that was just made due.
 */
async function claimByTurn(db: Db, now: Date, limit: number, until: Date): Promise<FeedId[]> {
  return await db.transaction().execute(async (tx) => {
    const hosts = await lockHosts(tx, now);
    if (hosts.length === 0) return [];
    const claimed = await claimOldest(tx, hosts, now, limit, until);
    await giveTurns(
      tx,
      hosts,
      claimed.map(({ host }) => host),
      now,
      until,
    );
    return claimed.map(({ feed }) => feed);
  });
}

/**
 * Claims up to `limit` feeds that are due at `now`, for `leaseMs`: no other process gets them meanwhile. Of a host that takes
 * turns (see host-turns.ts) one at a time, the one that has been due for longest; its turn goes with the claim. Whoever polls
 * one calls recordPoll, which ends both; a claim that nobody honours lapses with the turn, and the feed is due again. What it
 * costs depends on what is due and not on how many feeds there are.
 */
export async function claimDueFeeds(db: Db, now: Date, limit: number, leaseMs: number): Promise<FeedId[]> {
  const until = new Date(now.getTime() + leaseMs);
  const looked = await look(db, now);
  const room = Math.min(limit, looked.room);
  if (room === 0) return [];
  const byTurn = looked.byTurn ? await claimByTurn(db, now, room, until) : [];
  const free =
    looked.free && byTurn.length < room ? await claimFree(db, now, room - byTurn.length, until) : [];
  return [...byTurn, ...free];
}
