import { sql } from 'kysely';
import type { FeedId } from '../events/ids.ts';
import type { Db } from '../store/database.ts';

/** Why a feed that is due is not polled yet: it is not the turn of its host, or others of the host come first. */
export interface HostWait {
  readonly host: string;
  /** Feeds of the host that are due, this one included. */
  readonly feeds: number;
  /** From when on the host may be asked again. */
  readonly freeAt: Date;
}

/** The feeds that were due by `dueBy` and wait for their hosts at `now`. */
export async function hostWaits(db: Db, now: Date, dueBy: Date): Promise<Map<FeedId, HostWait>> {
  const { rows } = await sql<{ feed: FeedId; host: string; feeds: number; free_at: Date }>`
    select s.feed, h.host, h.free_at, count(*) over (partition by h.host) as feeds
      from sw_work.feed_schedule s join sw_work.hosts h on h.host = s.host
     where s.enabled and s.host is not null and s.next_due_at <= ${dueBy}
       and (s.claimed_until is null or s.claimed_until <= ${now})`.execute(db);
  const waits = rows.filter(({ feeds, free_at: freeAt }) => feeds > 1 || freeAt > now);
  return new Map(waits.map(({ feed, host, feeds, free_at: freeAt }) => [feed, { host, feeds, freeAt }]));
}
