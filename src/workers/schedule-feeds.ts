import type { Recorded } from '../events/event.ts';
import type { FeedEvent } from '../events/feed.ts';
import type { Consumer } from '../store/follow.ts';
import { reschedule } from '../store/feed-schedule.ts';

/** The consumer that keeps the schedule of feeds in step with what the log says of them. */
export const scheduleFeeds: Consumer = {
  name: 'feed-schedule',
  handles: ['FeedAdded', 'FeedPaused', 'FeedResumed', 'FeedRemoved', 'FeedMoved'],
  async handle(tx, events) {
    // Only events of feeds are handled, so only they come.
    for (const event of events) await reschedule(tx, event as Recorded<FeedEvent>);
  },
};
