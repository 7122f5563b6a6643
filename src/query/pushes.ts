import { sql } from 'kysely';
import type { FeedId } from '../events/ids.ts';
import type { Db } from '../store/database.ts';

/** A hub that a feed offers, and what became of it. */
export interface ListedPush {
  readonly feed: FeedId;
  readonly hub: string;
  /** Null while nobody has asked for a subscription. */
  readonly state: 'wanted' | 'pending' | 'active' | 'denied' | null;
  /** When the lease ends. */
  readonly until: Date | null;
  readonly lastPushAt: Date | null;
  /** Polls in a row that found what had not been pushed. */
  readonly missed: number;
  /** Pushes that were not signed with our secret. */
  readonly unsigned: number;
  readonly lastError: string | null;
  /** Until when the callback is held to be answered by some process. */
  readonly answeredUntil: Date | null;
}

/** What the feeds that are polled offer by WebSub, by feed. It is known for the present only. */
export async function listPushes(db: Db): Promise<ListedPush[]> {
  const { rows } = await sql<ListedPush>`
    select h.feed, coalesce(s.hub, h.hub) as hub, s.state, s.lease_until as until, s.last_push_at as "lastPushAt",
           coalesce(s.missed, 0) as missed, coalesce(s.unsigned, 0) as unsigned, s.last_error as "lastError",
           c.answered_until as "answeredUntil"
      from sw_work.hubs h
      join sw_work.feed_schedule f on f.feed = h.feed and f.enabled
      left join sw_work.subscriptions s on s.feed = h.feed and s.state not in ('ending', 'ended')
      left join sw_work.callbacks c on c.url = s.callback
     order by h.feed`.execute(db);
  return rows;
}
