import type { FeedFailure } from '../events/feed.ts';
import { feedStream } from '../events/ids.ts';
import type { FeedId } from '../events/ids.ts';
import { getResponse } from '../store/content.ts';
import { MissingContent } from '../store/errors.ts';
import { readStream } from '../store/read.ts';
import type { Store } from '../store/store.ts';

/** The last trouble that the log knows of a feed, over or not. */
export interface LastTrouble {
  readonly at: Date;
  readonly failure: FeedFailure;
  /** Whether the feed has answered well since. */
  readonly isOver: boolean;
}

/** The last trouble of a feed; null where it never had any. */
export async function readLastTrouble({ db }: Store, feed: FeedId): Promise<LastTrouble | null> {
  const events = await readStream(db, feedStream(feed));
  const index = events.findLastIndex(({ type }) => type === 'FeedFailed');
  const failed = events[index];
  if (failed?.type !== 'FeedFailed') return null;
  const isOver = events.slice(index).some(({ type }) => type === 'FeedRecovered');
  return { at: failed.recordedAt, failure: failed.data.failure, isOver };
}

/** The beginning of the body that was the trouble; null where none was kept, or it is gone. */
export async function readEvidence({ db }: Store, { evidence }: FeedFailure): Promise<string | null> {
  if (evidence === null) return null;
  try {
    return (await getResponse(db, evidence)).text;
  } catch (error) {
    if (error instanceof MissingContent) return null;
    throw error;
  }
}
