import { sql } from 'kysely';
import type { FeedId } from '../events/ids.ts';
import type { Db } from './database.ts';
import { hostOf, wakeHosts } from './host-turns.ts';

/**
 * Corrects hosts in the schedule that are not those of their URLs, and gives how many it corrected. Migration 000137 took them from the
 * text of the URL, which cannot know that `例え.jp` is `xn--r8jz45g.jp`, or which @ ends a password: the turns of such a feed
 * would be taken of a host that nobody ends them of. What was scheduled since then has the host of hostOf. For the start of a process;
 * safe to repeat, and for several at once.
 */
export async function mendHosts(db: Db, now: Date): Promise<number> {
  const { rows } = await sql<{ feed: FeedId; url: string; host: string | null }>`
    select feed, url, host from sw_work.feed_schedule order by feed`.execute(db);
  const wrong = rows.flatMap(({ feed, url, host }) =>
    hostOf(url) === host ? [] : [{ feed, url, host: hostOf(url) }],
  );
  for (const { feed, url, host } of wrong)
    await sql`update sw_work.feed_schedule set host = ${host} where feed = ${feed} and url = ${url}`.execute(
      db,
    );
  await wakeHosts(db, new Set(wrong.flatMap(({ host }) => host ?? [])), now);
  return wrong.length;
}
