import { decideRuleList } from '../alerts/rule-list.ts';
import type { Dossier } from '../dossier/dossier.ts';
import type { FeedEvent } from '../events/feed.ts';
import { feedStream, ruleStream } from '../events/ids.ts';
import type { FeedId } from '../events/ids.ts';
import { decideFeedList } from '../ingest/feeds.ts';
import type { AppendResult, Command } from '../store/append.ts';
import type { Store } from '../store/store.ts';
import { FEED_STREAM, readFeeds } from './feeds.ts';
import { readRules } from './rules.ts';

/** What bringing the log to a dossier changed. */
export interface SyncCounts {
  readonly feeds: number;
  readonly rules: number;
}

/** Times to decide again when a running process appended to a feed's stream meanwhile. */
const CONFLICT_RETRIES_MAX = 5;

/**
 * Brings the feeds and rules of the log to what `dossier` lists. Any number of processes may do it at once: the ids of
 * the events follow from what was known, so each change is made once.
 */
export async function syncDossier(store: Store, dossier: Dossier, now: Date): Promise<SyncCounts> {
  const counts = { feeds: 0, rules: 0 };
  for (let attempt = 0; attempt < CONFLICT_RETRIES_MAX; attempt++) {
    const results = await syncOnce(store, dossier, now);
    const appended = results.filter(({ status }) => status === 'appended');
    const feeds = appended.filter(({ stream }) => stream.startsWith(FEED_STREAM)).length;
    counts.feeds += feeds;
    counts.rules += appended.length - feeds;
    if (results.every(({ status }) => status !== 'conflict')) return counts;
  }
  throw new Error(`the feeds of ${dossier.name} kept changing while the dossier was brought in; try again`);
}

/** What was decided on one state of a feed goes into the log together. */
function byFeed(events: readonly FeedEvent[]): Map<FeedId, FeedEvent[]> {
  const found = new Map<FeedId, FeedEvent[]>();
  for (const event of events) {
    const { feed } = event.data;
    const earlier = found.get(feed);
    if (earlier === undefined) found.set(feed, [event]);
    else earlier.push(event);
  }
  return found;
}

async function syncOnce(store: Store, dossier: Dossier, now: Date): Promise<AppendResult[]> {
  const knownFeeds = await readFeeds(store.db);
  const feeds = decideFeedList(knownFeeds, dossier.feeds, dossier.version, now);
  const knownRules = await readRules(store.db);
  const rules = decideRuleList(knownRules, dossier.rules, dossier.version, now);
  const commands: Command[] = [
    ...[...byFeed(feeds)].map(([feed, events]) => ({
      stream: feedStream(feed),
      expected: knownFeeds.get(feed)?.version ?? 0,
      events,
    })),
    ...rules.map((event) => ({
      stream: ruleStream(event.data.rule),
      expected: knownRules.get(event.data.rule)?.version ?? 0,
      events: [event],
    })),
  ];
  return await store.append(commands, now);
}
