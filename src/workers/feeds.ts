import type { Recorded } from '../events/event.ts';
import { evolveFeed, initialFeed, isFeedEvent } from '../events/feed.ts';
import { feedId, feedStream } from '../events/ids.ts';
import type { FeedId } from '../events/ids.ts';
import type { KnownFeed } from '../ingest/feed.ts';
import type { Db } from '../store/database.ts';
import { readStreams, streamsLike } from '../store/read.ts';

const UNKNOWN_FEED: KnownFeed = { state: initialFeed, version: 0 };
/** What the names of feed streams begin with. */
export const FEED_STREAM = 'feed-';

function fold(events: readonly Recorded[]): KnownFeed {
  let known = UNKNOWN_FEED;
  for (const event of events) {
    if (!isFeedEvent(event)) throw new Error(`position ${event.position}: ${event.type} in a feed's stream`);
    known = { state: evolveFeed(known.state, event), version: event.version };
  }
  return known;
}

/** What the log knows of one feed. */
export async function readFeed(db: Db, feed: FeedId): Promise<KnownFeed> {
  return fold((await readStreams(db, [feedStream(feed)])).get(feedStream(feed)) ?? []);
}

/** Every feed the log knows. */
export async function readFeeds(db: Db): Promise<Map<FeedId, KnownFeed>> {
  const streams = await readStreams(db, await streamsLike(db, FEED_STREAM));
  return new Map(
    [...streams].map(([stream, events]) => [feedId(stream.slice(FEED_STREAM.length)), fold(events)]),
  );
}
