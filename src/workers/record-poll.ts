import type { FeedId } from '../events/ids.ts';
import type { Log } from '../log.ts';
import { isOvertaken, noteMissed, readPushState } from '../store/pushes.ts';
import type { PushState } from '../store/pushes.ts';
import type { Store } from '../store/store.ts';
import { recordItems, recordNew } from './record-items.ts';
import type { Seen } from './judge-items.ts';

export interface RecordPollDeps {
  readonly store: Store;
  readonly now: () => Date;
  readonly log: Log;
}

/** What a poll brought. */
export interface Polling {
  readonly feed: FeedId;
  readonly seen: readonly Seen[];
  /** How the feed was pushed when it was asked for. */
  readonly before: PushState;
  /** Whether it was the first poll, which tells nothing of a hub. */
  readonly isFirst: boolean;
}

/** What became of it, in words; `overtaken` when a push came while it was on its way, so that it has to be polled again. */
interface PollRecorded {
  readonly line: string;
  readonly overtaken: boolean;
}

/**
 * Records what a poll brought, beside what hubs push. A push that came while the answer was on its way may have brought later
 * words than it: then only what is new is taken of it. What is new to a poll of a feed that is pushed was missed by its hub.
 */
export async function recordPolled(
  { store, now, log }: RecordPollDeps,
  { feed, seen, before, isFirst }: Polling,
): Promise<PollRecorded> {
  if (isOvertaken(before, await readPushState(store.db, feed, now()))) {
    const { ingested, changed } = await recordNew(store, seen, now);
    return { line: `${ingested} new, ${changed} changed, overtaken by a push`, overtaken: true };
  }
  const { ingested, revised, unchanged } = await recordItems(store, seen, now);
  // One that came between may have had its later words revised by these: the next poll brings them back.
  if (isOvertaken(before, await readPushState(store.db, feed, now()))) {
    return { line: `${ingested} new, ${revised} revised, overtaken by a push`, overtaken: true };
  }
  if (before.arrivals !== null && ingested > 0 && !isFirst) {
    const silent = await noteMissed(store.db, feed, now());
    if (silent !== null) log.warn({ feed, ...silent }, 'hub is silent: polls find what it does not push');
  }
  return { line: `${ingested} new, ${revised} revised, ${unchanged} known`, overtaken: false };
}
