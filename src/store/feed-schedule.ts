import { sql } from 'kysely';
import type { Selectable, SqlBool } from 'kysely';
import type { FeedEvent, FeedOptions } from '../events/feed.ts';
import type { FeedId } from '../events/ids.ts';
import type { Db, Tx } from './database.ts';
import { hostOf } from './host-turns.ts';
import type { Tables } from './tables.ts';

/** When and how a feed is to be polled next, and how the last poll went. */
export interface FeedPlan {
  readonly feed: FeedId;
  readonly url: string;
  readonly enabled: boolean;
  readonly options: FeedOptions;
  readonly nextDueAt: Date;
  /** Until when whoever has it in hand holds it; null while nobody does, and lapsed once it is past. */
  readonly claimedUntil: Date | null;
  /** The host whose turn its polls take; null where no turns are taken. */
  readonly host: string | null;
  /** Null until the first good poll: what that one brings is backfill. */
  readonly firstPolledAt: Date | null;
  readonly lastPolledAt: Date | null;
  readonly lastGoodAt: Date | null;
  /** One line about the last poll, for people. */
  readonly lastOutcome: string | null;
  /** Failed polls since the last good one. */
  readonly failures: number;
  readonly etag: string | null;
  readonly lastModified: string | null;
  /** What its server has said is so for good, and has yet to say again. */
  readonly said: { readonly word: string; readonly since: Date } | null;
  /** What the feed said of its own rhythm when it was last read; null where it was not. */
  readonly hints: PlanHints | null;
}

/** What a feed says of its own rhythm, as ingest reads it. */
export interface PlanHints {
  readonly ttlMinutes: number | null;
  readonly updateMinutes: number | null;
  readonly skipHours: readonly number[];
  readonly skipDays: readonly number[];
}

/** Only these can be polled; a feed that stands for an imported archive has another scheme and no schedule. */
const POLLABLE = /^https?:\/\//i;

/** What is known of a feed that has not been polled. */
const FRESH = {
  claimed_until: null,
  first_polled_at: null,
  last_polled_at: null,
  last_good_at: null,
  last_outcome: null,
  failures: 0,
  etag: null,
  last_modified: null,
  said_word: null,
  said_since: null,
  hints: null,
} as const;

/**
 * Locks the rows of `feeds` by id, as everything does that changes several: in another order two writers would wait
 * for each other.
 */
export async function lockPlans(tx: Tx, feeds: readonly FeedId[]): Promise<void> {
  await sql`
    select feed from sw_work.feed_schedule where feed = any(${feeds}::text[]) order by feed for update`.execute(
    tx,
  );
}

const columnsOf = (options: FeedOptions): { full_text: boolean; allow_private: boolean } => ({
  full_text: options.fullText,
  allow_private: options.allowPrivate,
});

/**
 * Follows what happens to feeds: a new one is due at `now`, a paused or removed one never. `now` and not the time of
 * recording, which may be ahead of this clock. Whoever calls it has wakeHosts do the rest (see hostsOf).
 */
export async function reschedule(tx: Tx, event: FeedEvent, now: Date): Promise<void> {
  const { feed } = event.data;
  const schedule = tx.updateTable('sw_work.feed_schedule').where('feed', '=', feed);
  switch (event.type) {
    case 'FeedAdded': {
      const { url, options } = event.data;
      if (!POLLABLE.test(url)) return;
      // Nothing is kept of what stood under this id before: what a feed holds when it comes (back) is old news.
      const place = { url, host: hostOf(url), ...columnsOf(options) };
      const fresh = { ...FRESH, ...place, enabled: true, next_due_at: now };
      await tx
        .insertInto('sw_work.feed_schedule')
        .values({ feed, ...fresh })
        .onConflict((conflict) => conflict.column('feed').doUpdateSet(fresh))
        .execute();
      return;
    }
    case 'FeedOptionsChanged':
      await schedule.set(columnsOf(event.data.options)).execute();
      return;
    case 'FeedPaused':
    case 'FeedRemoved':
      await schedule.set({ enabled: false }).execute();
      return;
    case 'FeedResumed':
      await schedule
        .set({
          enabled: true,
          next_due_at: now,
          claimed_until: null,
          failures: 0,
          said_word: null,
          said_since: null,
        })
        .execute();
      return;
    case 'FeedMoved':
      // Another address has other validators; one that the dossier gives may be another list, old news at first, and the troubles
      // of the old one are not its own.
      await schedule
        .set({
          url: event.data.to,
          host: hostOf(event.data.to),
          etag: null,
          last_modified: null,
          said_word: null,
          said_since: null,
          hints: null,
          next_due_at: now,
          claimed_until: null,
          ...(event.data.cause === 'dossier' && { first_polled_at: null, failures: 0 }),
        })
        .execute();
      return;
    case 'FeedListed':
    case 'FeedFailed':
    case 'FeedRecovered':
      return;
  }
}

/**
 * Lets claims go that nobody will honour: the feeds are due again at once, and the turns of their hosts begin at `freeAt`. Of
 * feeds that are not claimed nothing is let go.
 */
export async function releaseFeeds(db: Db, feeds: readonly FeedId[], freeAt: Date): Promise<void> {
  await sql`
    with released as (
      update sw_work.feed_schedule set claimed_until = null
       where feed in (select feed from sw_work.feed_schedule
                       where feed = any(${feeds}::text[]) and claimed_until is not null order by feed for update)
      returning host),
    locked as (
      select host from sw_work.hosts where host in (select host from released) order by host for update)
    update sw_work.hosts set free_at = ${freeAt}, look_at = least(look_at, ${freeAt})
     where host in (select host from locked)`.execute(db);
}

export interface PollRecord {
  /** The URL that was polled. */
  readonly url: string;
  /** The claim under which it was, as the plan had it. */
  readonly claimedUntil: Date | null;
  readonly at: Date;
  readonly good: boolean;
  readonly outcome: string;
  readonly nextDueAt: Date;
  /** From when on the host may be asked again. */
  readonly hostFreeAt: Date;
  /** Validators of a body that has been appended; undefined leaves the stored ones. */
  readonly validators?: Validators;
  /** What its server has said is so for good by now; undefined leaves what is remembered. */
  readonly said?: FeedPlan['said'];
  /** Undefined leaves the stored ones. */
  readonly hints?: PlanHints;
}

/** What a server gave with a body, to be sent with the next request to the same URL. */
interface Validators {
  readonly etag: string | null;
  readonly lastModified: string | null;
}

/**
 * Notes how a poll went and when the next is due, and lets the claim go and the turn of the host. Nothing is noted of a feed
 * that has moved meanwhile, was added or resumed anew, or was claimed by another when the claim had lapsed: what was polled is
 * not what it is now, and it is due. The turn is ended where it is still the one that came with the claim.
 */
export async function recordPoll(db: Db, feed: FeedId, poll: PollRecord): Promise<void> {
  const noted = db
    .updateTable('sw_work.feed_schedule')
    .where('feed', '=', feed)
    .where('url', '=', poll.url)
    .where(sql<SqlBool>`claimed_until is not distinct from ${poll.claimedUntil}::timestamptz`)
    .set({
      last_polled_at: poll.at,
      last_outcome: poll.outcome,
      next_due_at: poll.nextDueAt,
      claimed_until: null,
      ...(poll.said !== undefined && {
        said_word: poll.said?.word ?? null,
        said_since: poll.said?.since ?? null,
      }),
      ...(poll.good
        ? {
            last_good_at: poll.at,
            first_polled_at: sql<Date>`coalesce(first_polled_at, ${poll.at})`,
            failures: 0,
          }
        : { failures: sql<number>`failures + 1` }),
      ...(poll.validators && { etag: poll.validators.etag, last_modified: poll.validators.lastModified }),
      ...(poll.hints && { hints: JSON.stringify(poll.hints) }),
    })
    .returning('feed');
  const { hostFreeAt, claimedUntil } = poll;
  // Asked how many were noted, it is not begun before they are: everybody locks feeds before hosts.
  await db
    .with('noted', () => noted)
    .updateTable('sw_work.hosts')
    .where('host', '=', hostOf(poll.url))
    .where(sql<SqlBool>`(select count(*) from noted) >= 0`)
    .where(sql<SqlBool>`(${claimedUntil}::timestamptz is null or free_at = ${claimedUntil}::timestamptz)`)
    .set({ free_at: hostFreeAt, look_at: sql<Date>`least(look_at, ${hostFreeAt})` })
    .execute();
}

/** First polls of new feeds: ten thousand at once would be met by nobody's patience, least of all ours. */
const FIRST_POLLS_PER_SECOND = 100;

/**
 * Spreads the first polls of feeds that are new: one after the other, behind those that are still to come of others, in an order
 * that has nothing to do with their hosts. The first is due at `now`.
 */
export async function spreadFirstPolls(tx: Tx, feeds: readonly FeedId[], now: Date): Promise<void> {
  if (feeds.length === 0) return;
  const gap = `${1_000 / FIRST_POLLS_PER_SECOND} milliseconds`;
  await sql`
    with start as (
      select greatest(max(next_due_at) + ${gap}::interval, ${now}) as at from sw_work.feed_schedule
       where enabled and last_polled_at is null and feed <> all(${feeds}::text[])),
    turn as (
      select feed, (row_number() over (order by md5(feed)) - 1) * ${gap}::interval as later
        from unnest(${feeds}::text[]) as f (feed))
    update sw_work.feed_schedule s set next_due_at = start.at + turn.later
      from start, turn where s.feed = turn.feed and s.last_polled_at is null`.execute(tx);
}

/** The hosts of `feeds` that take turns. */
export async function hostsOf(db: Db, feeds: readonly FeedId[]): Promise<Set<string>> {
  const { rows } = await sql<{ host: string }>`
    select distinct host from sw_work.feed_schedule
     where feed = any(${feeds}::text[]) and enabled and host is not null`.execute(db);
  return new Set(rows.map(({ host }) => host));
}

/** Makes every enabled feed due at `now`, as soon as it is the turn of its host. */
export async function makeAllDue(db: Db, now: Date): Promise<void> {
  await sql`
    with due as (
      update sw_work.feed_schedule set next_due_at = ${now}, claimed_until = null
       where feed in (select feed from sw_work.feed_schedule where enabled order by feed for update)
      returning host),
    locked as (
      select host from sw_work.hosts where host in (select host from due) order by host for update)
    update sw_work.hosts set look_at = least(look_at, ${now}) where host in (select host from locked)`.execute(
    db,
  );
}

function planOf(row: Selectable<Tables['sw_work.feed_schedule']>): FeedPlan {
  return {
    feed: row.feed,
    url: row.url,
    enabled: row.enabled,
    options: { fullText: row.full_text, allowPrivate: row.allow_private },
    nextDueAt: row.next_due_at,
    claimedUntil: row.claimed_until,
    host: row.host,
    firstPolledAt: row.first_polled_at,
    lastPolledAt: row.last_polled_at,
    lastGoodAt: row.last_good_at,
    lastOutcome: row.last_outcome,
    failures: row.failures,
    etag: row.etag,
    lastModified: row.last_modified,
    said:
      row.said_word === null || row.said_since === null
        ? null
        : { word: row.said_word, since: row.said_since },
    hints: row.hints as PlanHints | null,
  };
}

/** The plans of all feeds, by id. */
export async function readPlans(db: Db): Promise<FeedPlan[]> {
  const rows = await db.selectFrom('sw_work.feed_schedule').selectAll().orderBy('feed').execute();
  return rows.map(planOf);
}

/** The plan of one feed, with its rhythm as far as the read tables know it (see ingest/rhythm.ts). */
export interface PlanToPoll extends FeedPlan {
  readonly rhythm: object | null;
}

/** The plan of one feed, to poll it; null when it has none. */
export async function readPlanToPoll(db: Db, feed: FeedId): Promise<PlanToPoll | null> {
  const row = await db
    .selectFrom('sw_work.feed_schedule as s')
    .leftJoin('sw_read.feed_rhythms as r', 'r.feed', 's.feed')
    .selectAll('s')
    .select('r.rhythm')
    .where('s.feed', '=', feed)
    .executeTakeFirst();
  return row === undefined ? null : { ...planOf(row), rhythm: row.rhythm };
}

/** The plan of one feed; null when it has none. */
export async function readPlan(db: Db, feed: FeedId): Promise<FeedPlan | null> {
  const row = await db
    .selectFrom('sw_work.feed_schedule')
    .selectAll()
    .where('feed', '=', feed)
    .executeTakeFirst();
  return row === undefined ? null : planOf(row);
}
