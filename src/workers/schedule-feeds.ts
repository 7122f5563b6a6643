import { isFeedEvent } from '../events/feed.ts';
import type { Consumer } from '../store/follow.ts';
import { lockPlans, reschedule } from '../store/feed-schedule.ts';

/** The consumer that keeps the schedule of feeds in step with what the log says of them. */
export const scheduleFeeds = (now: () => Date): Consumer => ({
  name: 'feed-schedule',
  handles: ['FeedAdded', 'FeedPaused', 'FeedResumed', 'FeedRemoved', 'FeedMoved'],
  async handle(tx, events) {
    const feedEvents = events.filter(isFeedEvent);
    await lockPlans(
      tx,
      feedEvents.map((event) => event.data.feed),
    );
    for (const event of feedEvents) await reschedule(tx, event, now());
  },
});
