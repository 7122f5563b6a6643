import { isFeedEvent } from '../events/feed.ts';
import type { Consumer } from '../store/follow.ts';
import { hostsOf, lockPlans, reschedule, spreadFirstPolls } from '../store/feed-schedule.ts';
import { wakeHosts } from '../store/host-turns.ts';

/** The consumer that keeps the schedule of feeds in step with what the log says of them. */
export const scheduleFeeds = (now: () => Date): Consumer => ({
  name: 'feed-schedule',
  handles: ['FeedAdded', 'FeedOptionsChanged', 'FeedPaused', 'FeedResumed', 'FeedRemoved', 'FeedMoved'],
  async handle(tx, events) {
    const feedEvents = events.filter(isFeedEvent);
    const feeds = feedEvents.map((event) => event.data.feed);
    await lockPlans(tx, feeds);
    for (const event of feedEvents) await reschedule(tx, event, now());
    const added = feedEvents.flatMap(({ type, data }) => (type === 'FeedAdded' ? data.feed : []));
    await spreadFirstPolls(tx, added, now());
    // Hosts after feeds, as everybody locks them.
    await wakeHosts(tx, await hostsOf(tx, feeds), now());
  },
});
