import { createHash } from 'node:crypto';
import { sql } from 'kysely';
import type { FeedId } from '../events/ids.ts';
import type { Db } from './database.ts';

/**
 * - wanted: the hub has not been asked yet
 * - pending: it was asked and has not called back
 * - active: it called back, and pushes until the lease is over
 * - denied: it does not want us, and is asked again much later
 * - ending: it is to be told that we want no more
 * - ended: it was told, or is not worth telling
 */
export type SubscriptionState = 'wanted' | 'pending' | 'active' | 'denied' | 'ending' | 'ended';

/** What has to be known to speak with a hub about a subscription, or to believe what comes from it. */
export interface Subscription {
  /** Names the subscription; the token, which the callback's path ends with, is not to be shown. */
  readonly digest: string;
  readonly token: string;
  /** Signs pushes; not to be shown either. */
  readonly secret: string;
  readonly feed: FeedId;
  readonly hub: string;
  readonly topic: string;
  /** The URL that the callback's path begins with. */
  readonly callback: string;
  readonly state: SubscriptionState;
  /** Requests since the hub last called back, the one in hand among them. */
  readonly attempts: number;
  /** Whether its feed, and so its hub, may be on the own machine or network. */
  readonly allowPrivate: boolean;
}

/** What only the hub and we know of a subscription. */
interface Credentials {
  readonly token: string;
  readonly secret: string;
}

/** How long a callback may go unanswered before its subscriptions are given up: a restart is no reason to. */
const UNANSWERED_MS_MAX = 10 * 60_000;
/** No feed makes us ask for a subscription more often, however often it changes its mind about its hub. */
const SUBSCRIBE_EVERY_MS = 60 * 60_000;
/** How long an ended subscription is remembered: at least as long as its hub may go on pushing. */
const ENDED_KEPT_MS = 30 * 24 * 60 * 60_000;

const COLUMNS = sql`
  s.digest, s.token, s.secret, s.feed, s.hub, s.topic, s.callback, s.state, s.attempts,
  coalesce((select f.allow_private from sw_work.feed_schedule f where f.feed = s.feed), false) as "allowPrivate"`;

const ago = (now: Date, ms: number): Date => new Date(now.getTime() - ms);

/** Under what a token is looked up. */
export function digestOf(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}

/**
 * Ends what is no longer wanted: of feeds that are not polled any more, that offer this hub no more, or whose callback nobody
 * answers. Those that a hub may know of are to be told to it. Forgets what was ended long ago.
 */
export async function endUnwanted(db: Db, now: Date): Promise<void> {
  const known = sql`s.state in ('pending', 'active')`;
  await sql`
    update sw_work.subscriptions s
       set state = case when ${known} then 'ending' else 'ended' end,
           next_due_at = case when ${known} then ${now}::timestamptz end,
           attempts = 0, claimed_until = null, changed_at = ${now}
     where s.state not in ('ending', 'ended')
       and (not exists (select from sw_work.callbacks c
                         where c.url = s.callback and c.answered_until > ${ago(now, UNANSWERED_MS_MAX)})
            or not exists (select from sw_work.hubs h join sw_work.feed_schedule f on f.feed = h.feed
                            where h.feed = s.feed and f.enabled and h.hub = s.hub and h.topic = s.topic))`.execute(
    db,
  );
  await sql`
    delete from sw_work.subscriptions
     where state = 'ended' and changed_at < ${ago(now, ENDED_KEPT_MS)}`.execute(db);
}

/** Wants a subscription, due at once, for at most `limit` feeds that offer a hub and have none. */
export async function wantOffered(
  db: Db,
  callback: string,
  now: Date,
  limit: number,
  credentials: () => Credentials,
): Promise<number> {
  const { rows } = await sql<{ feed: FeedId; hub: string; topic: string }>`
    select h.feed, h.hub, h.topic
      from sw_work.hubs h join sw_work.feed_schedule f on f.feed = h.feed and f.enabled
     where not exists (select from sw_work.subscriptions s
                        where s.feed = h.feed
                          and (s.state not in ('ending', 'ended') or s.created_at > ${ago(now, SUBSCRIBE_EVERY_MS)}))
     order by h.feed limit ${limit}`.execute(db);
  if (rows.length === 0) return 0;
  const wanted = rows.map(({ feed, hub, topic }) => {
    const { token, secret } = credentials();
    const times = { created_at: now, changed_at: now, next_due_at: now };
    return {
      ...{ digest: digestOf(token), token, secret, feed, hub, topic, callback },
      ...{ state: 'wanted' as const, ...times },
    };
  });
  // Another process may have wanted them meanwhile.
  await db
    .insertInto('sw_work.subscriptions')
    .values(wanted)
    .onConflict((conflict) => conflict.doNothing())
    .execute();
  return rows.length;
}

/**
 * Claims at most `limit` subscriptions about which a request to the hub is due, one a hub and none of a hub that another
 * process speaks with, for `leaseMs`. They count as asked from here on: a hub may call back before it answers.
 */
export async function claimDueRequests(
  db: Db,
  now: Date,
  limit: number,
  leaseMs: number,
): Promise<Subscription[]> {
  const free = sql`next_due_at <= ${now} and (claimed_until is null or claimed_until <= ${now})`;
  // What is asked of the rows stands outside as well: there it is asked again of a row that another process just changed.
  const { rows } = await sql<Subscription>`
    update sw_work.subscriptions s
       set claimed_until = ${new Date(now.getTime() + leaseMs)}, attempts = s.attempts + 1,
           state = case when s.state in ('wanted', 'denied') or (s.state = 'active' and s.lease_until <= ${now})
                        then 'pending' else s.state end
     where ${free}
       and digest in (
         select digest from (
           select distinct on (hub) digest, next_due_at as due from sw_work.subscriptions
            where ${free} and hub not in (select hub from sw_work.subscriptions where claimed_until > ${now})
            order by hub, next_due_at) a
          order by due limit ${limit})
    returning ${COLUMNS}`.execute(db);
  return rows;
}

/** Lets a claim go whose request could not be made; it is due at `until`. */
export async function postponeRequest(db: Db, digest: string, until: Date): Promise<void> {
  await sql`
    update sw_work.subscriptions
       set attempts = attempts - 1, claimed_until = null, next_due_at = ${until}
     where digest = ${digest} and attempts > 0`.execute(db);
}

/** How a request went: taken by the hub, to be repeated, or refused for good. */
export interface AskedRecord {
  readonly result: 'accepted' | 'failed' | 'refused';
  readonly error: string | null;
  /** When to ask again, unless the hub calls back before. */
  readonly nextDueAt: Date;
  /** True for the last of an unsubscription's requests: whatever comes of it, it is over. */
  readonly last: boolean;
}

/** Notes how a request went and lets the claim go; where the hub has called back meanwhile, what it said stands. */
export async function recordAsked(db: Db, digest: string, asked: AskedRecord, now: Date): Promise<void> {
  const { result, error, nextDueAt, last } = asked;
  const over = sql`state = 'ending' and (${last}::bool or ${result}::text = 'refused')`;
  await sql`
    update sw_work.subscriptions
       set claimed_until = null, last_error = ${error},
           next_due_at = case when ${over} then null else ${nextDueAt}::timestamptz end,
           state = case when ${over} then 'ended' when ${result}::text = 'refused' then 'denied' else state end,
           changed_at = ${now}
     where digest = ${digest} and attempts > 0`.execute(db);
  await db
    .updateTable('sw_work.subscriptions')
    .set({ claimed_until: null })
    .where('digest', '=', digest)
    .execute();
}

/** The subscription whose callback ends with `token`; null when there is none. */
export async function findSubscription(db: Db, token: string): Promise<Subscription | null> {
  const { rows } = await sql<Subscription>`
    select ${COLUMNS} from sw_work.subscriptions s where s.digest = ${digestOf(token)}`.execute(db);
  return rows[0] ?? null;
}

/** Notes that the hub confirms a subscription, which must still be wanted; false when it is not. */
export async function activate(
  db: Db,
  digest: string,
  lease: { readonly until: Date; readonly renewAt: Date },
  now: Date,
): Promise<boolean> {
  const { numAffectedRows } = await sql`
    update sw_work.subscriptions
       set missed = case when state = 'active' then missed else 0 end, state = 'active', attempts = 0,
           lease_until = ${lease.until}, next_due_at = ${lease.renewAt}, last_error = null, changed_at = ${now}
     where digest = ${digest} and state in ('pending', 'active')`.execute(db);
  return (numAffectedRows ?? 0n) > 0n;
}

/** Notes that the hub ends a subscription, which must have been ended here; false when it was not. */
export async function confirmEnd(db: Db, digest: string, now: Date): Promise<boolean> {
  const { numAffectedRows } = await sql`
    update sw_work.subscriptions set state = 'ended', attempts = 0, next_due_at = null, changed_at = ${now}
     where digest = ${digest} and state in ('ending', 'ended')`.execute(db);
  return (numAffectedRows ?? 0n) > 0n;
}

/** Notes that the hub does not want us, why, and when to ask again. */
export async function deny(
  db: Db,
  digest: string,
  reason: string,
  nextDueAt: Date,
  now: Date,
): Promise<void> {
  await sql`
    update sw_work.subscriptions
       set state = 'denied', attempts = 0, lease_until = null, next_due_at = ${nextDueAt}, last_error = ${reason},
           changed_at = ${now}
     where digest = ${digest} and state in ('pending', 'active')`.execute(db);
}
