import { sql } from 'kysely';
import type { FeedId } from '../events/ids.ts';
import type { Db } from './database.ts';

/** Polls in a row that found what no push had brought, after which a hub is held to be silent. */
export const MISSED_POLLS_MAX = 3;
/** Pushes make a feed be polled no more often than this. */
const PING_GAP_MS = 60_000;

/** What a poll has to know of pushes. */
export interface PushState {
  /** Pushes that arrived so far, to see whether one came while a poll was in hand; null without a subscription. */
  readonly arrivals: number | null;
  /** The same of pings, which say that something is new and not what. */
  readonly pings: number | null;
  /** Whether what is new comes by push, so that polling may be slower. */
  readonly subscribed: boolean;
}

/** Whether a push came between the two: what a poll was answered meanwhile may be older than what is known by it. */
export function isOvertaken(before: PushState, after: PushState): boolean {
  return (before.arrivals ?? 0) !== (after.arrivals ?? 0);
}

/** Whether a push or a ping came between the two: what it was about may not be in what a poll was answered meanwhile. */
export function hasNews(before: PushState, after: PushState): boolean {
  return isOvertaken(before, after) || (before.pings ?? 0) !== (after.pings ?? 0);
}

const NO_PUSHES: PushState = { arrivals: null, pings: null, subscribed: false };

/**
 * How `feed` is pushed at `now`. It counts as subscribed once a push has come, as long as the lease runs, somebody answers the
 * callback, and no poll since the last push has found what was not pushed: a hub that verifies us has not yet shown that it
 * pushes.
 */
export async function readPushState(db: Db, feed: FeedId, now: Date): Promise<PushState> {
  const { rows } = await sql<PushState>`
    select s.arrivals, s.pings,
           coalesce(s.state = 'active' and s.lease_until > ${now} and c.answered_until > ${now}
                    and s.last_push_at is not null and s.missed = 0, false) as subscribed
      from sw_work.subscriptions s left join sw_work.callbacks c on c.url = s.callback
     where s.feed = ${feed} and s.state not in ('ending', 'ended')`.execute(db);
  return rows[0] ?? NO_PUSHES;
}

/** Notes that a signed push came, before its items are recorded: a poll in hand must not take older words for newer ones. */
export async function noteArrival(db: Db, digest: string, now: Date): Promise<void> {
  await sql`
    update sw_work.subscriptions set arrivals = arrivals + 1, last_push_at = ${now}
     where digest = ${digest}`.execute(db);
}

/**
 * Takes it that something about `feed` is new, on the word of somebody who knows its callback: counts that, for a poll in hand,
 * which would set the feed's next one by itself, and makes the feed due. It says nothing of whether the hub pushes.
 */
export async function notePing(
  db: Db,
  { feed, digest }: { readonly feed: FeedId; readonly digest: string },
  now: Date,
): Promise<void> {
  await sql`update sw_work.subscriptions set pings = pings + 1 where digest = ${digest}`.execute(db);
  await pollSoon(db, feed, now);
}

/** Notes that a push is in the log: its hub is not silent. */
export async function noteRecorded(db: Db, digest: string, error: string | null): Promise<void> {
  await sql`
    update sw_work.subscriptions set missed = 0, last_error = ${error} where digest = ${digest}`.execute(db);
}

/** Counts a push that was not signed with our secret. */
export async function noteUnsigned(db: Db, digest: string, error: string): Promise<void> {
  await sql`
    update sw_work.subscriptions set unsigned = unsigned + 1, last_error = ${error}
     where digest = ${digest}`.execute(db);
}

/** A hub that has fallen silent. */
export interface SilentHub {
  readonly hub: string;
  readonly lastPushAt: Date | null;
}

/**
 * Notes that a poll of `feed` at `now` found what was not pushed. Gives the hub when it is held to be silent by that; it is then
 * asked again, as it may have forgotten us.
 */
export async function noteMissed(db: Db, feed: FeedId, now: Date): Promise<SilentHub | null> {
  const { rows } = await sql<{ hub: string; missed: number; lastPushAt: Date | null }>`
    update sw_work.subscriptions
       set missed = missed + 1,
           next_due_at = case when missed + 1 = ${MISSED_POLLS_MAX}::int then ${now}::timestamptz else next_due_at end
     where feed = ${feed} and state = 'active' and lease_until > ${now}
    returning hub, missed, last_push_at as "lastPushAt"`.execute(db);
  const [row] = rows;
  return row?.missed === MISSED_POLLS_MAX ? { hub: row.hub, lastPushAt: row.lastPushAt } : null;
}

/**
 * Makes `feed` due, because something about it was pushed that only a poll can tell: at `now`, or once PING_GAP_MS have passed
 * since its last poll. A feed in trouble keeps the pause that it, or its server, asked for.
 */
export async function pollSoon(db: Db, feed: FeedId, now: Date): Promise<void> {
  await sql`
    with due as (
      update sw_work.feed_schedule
         set next_due_at = least(next_due_at, greatest(${now}::timestamptz,
               coalesce(last_polled_at + ${PING_GAP_MS} * interval '1 millisecond', '-infinity')))
       where feed = ${feed} and enabled and failures = 0
      returning host, next_due_at)
    update sw_work.hosts h set look_at = least(h.look_at, due.next_due_at) from due where h.host = due.host`.execute(
    db,
  );
}
