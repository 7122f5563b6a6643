import type { FeedId } from '../events/ids.ts';
import type { Db } from '../store/database.ts';

/** Every feed that the log has heard of, those that were added by hand and those that are gone too. */
export async function knownFeeds(db: Db): Promise<ReadonlySet<FeedId>> {
  const rows = await db.selectFrom('sw_read.feeds').select('feed').distinct().execute();
  return new Set(rows.map(({ feed }) => feed));
}
