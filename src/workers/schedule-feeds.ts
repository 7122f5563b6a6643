import { isFeedEvent } from '../events/feed.ts';
import type { Consumer } from '../store/follow.ts';
import { reschedule } from '../store/feed-schedule.ts';

/** The consumer that keeps the schedule of feeds in step with what the log says of them. */
export const scheduleFeeds = (now: () => Date): Consumer => ({
  name: 'feed-schedule',
  handles: ['FeedAdded', 'FeedPaused', 'FeedResumed', 'FeedRemoved', 'FeedMoved'],
  async handle(tx, events) {
    for (const event of events) if (isFeedEvent(event)) await reschedule(tx, event, now());
  },
});
