import { sql } from 'kysely';
import type { FeedId } from '../events/ids.ts';
import type { Db } from './database.ts';

/** A hub that a feed offers, and the topic to ask it for. */
interface Offer {
  readonly hub: string;
  readonly topic: string;
}

/** Notes what `feed` offers now; null when its document names no hub. */
export async function noteOffer(db: Db, feed: FeedId, offer: Offer | null): Promise<void> {
  if (offer === null) {
    await db.deleteFrom('sw_work.hubs').where('feed', '=', feed).execute();
    return;
  }
  const { hub, topic } = offer;
  await sql`
    insert into sw_work.hubs as h (feed, hub, topic) values (${feed}, ${hub}, ${topic})
    on conflict (feed) do update set hub = excluded.hub, topic = excluded.topic
     where (h.hub, h.topic) is distinct from (excluded.hub, excluded.topic)`.execute(db);
}

/** Says that a process answers hubs under `url`, until it says so again or `until` has passed. */
export async function answerUnder(db: Db, url: string, until: Date): Promise<void> {
  await sql`
    insert into sw_work.callbacks as c (url, answered_until) values (${url}, ${until})
    on conflict (url) do update set answered_until = greatest(c.answered_until, excluded.answered_until)`.execute(
    db,
  );
}

/** Until when `url` is held to be answered by some process; null when none ever did. */
export async function answeredUntil(db: Db, url: string): Promise<Date | null> {
  const row = await db
    .selectFrom('sw_work.callbacks')
    .select('answered_until')
    .where('url', '=', url)
    .executeTakeFirst();
  return row?.answered_until ?? null;
}
