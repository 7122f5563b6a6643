import { sql } from 'kysely';
import type { FeedId } from '../events/ids.ts';
import { normalSilenceMs } from '../ingest/expectation.ts';
import type { Rhythm } from '../ingest/rhythm.ts';
import type { Db } from '../store/database.ts';

/** What is normal for a feed at a moment, and what is. */
export interface Expectation {
  /** Since when nothing new has come: the last arrival, or when the feed came back after it. */
  readonly silentFrom: Date;
  /** How long it had been silent when it was last read; what happened since then nobody knows. */
  readonly silentMs: number;
  /** The longest silence that is normal in these hours of the week; null while that is not known. */
  readonly normalSilenceMs: number | null;
  /** It is silent for longer than is normal. */
  readonly silentTooLong: boolean;
}

interface RhythmRow {
  readonly feed: FeedId;
  readonly rhythm: Rhythm;
  readonly silent_too_long_from: Date | null;
  readonly read_at: Date;
}

/**
 * Of the feeds that are polled. Silence is measured until the last good poll: of a feed that cannot be read it is not known
 * whether it is silent, and that it cannot be read is told elsewhere.
 */
async function readRhythms(db: Db, now: Date, tooLongOnly: boolean): Promise<RhythmRow[]> {
  const { rows } = await sql<RhythmRow>`
    select r.feed, r.rhythm, r.silent_too_long_from, least(s.last_good_at, ${now}) as read_at
      from sw_read.feed_rhythms r
      join sw_read.feeds f on f.feed = r.feed and f.to_position is null and f.status = 'active'
      join sw_work.feed_schedule s on s.feed = r.feed and s.enabled and s.last_good_at is not null
     where not ${tooLongOnly} or r.silent_too_long_from <= least(s.last_good_at, ${now})
     order by r.feed`.execute(db);
  return rows;
}

function expectationOf({ rhythm, silent_too_long_from: from, read_at: readAt }: RhythmRow): Expectation {
  const { silentFrom } = rhythm;
  return {
    silentFrom: new Date(silentFrom),
    silentMs: Math.max(readAt.getTime() - silentFrom, 0),
    normalSilenceMs: normalSilenceMs(rhythm, readAt.getTime()),
    silentTooLong: from !== null && from <= readAt,
  };
}

/** What is normal, at `now`, for each feed that is polled and has brought something new. */
export async function expectations(db: Db, now: Date): Promise<Map<FeedId, Expectation>> {
  const rows = await readRhythms(db, now, false);
  return new Map(rows.map((row) => [row.feed, expectationOf(row)]));
}

/** The feeds that answer, but have brought nothing new for longer than is normal for them, by id. */
export async function silentFeeds(db: Db, now: Date): Promise<Map<FeedId, Expectation>> {
  const rows = await readRhythms(db, now, true);
  return new Map(rows.map((row) => [row.feed, expectationOf(row)]));
}
