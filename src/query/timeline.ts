import { sql } from 'kysely';
import type { Db } from '../store/database.ts';
import { filtered } from './search.ts';
import type { ItemFilter } from './search.ts';

export const TIMELINE_UNITS = ['day', 'week'] as const;
export type TimelineUnit = (typeof TIMELINE_UNITS)[number];

export interface TimelineBar {
  /** First day of the bar, YYYY-MM-DD (UTC; weeks begin on Monday). */
  readonly from: string;
  readonly items: number;
}

const DAY_MS = 86_400_000;
/** Bars a timeline has at most, the newest: thirty years of days. */
export const TIMELINE_BARS_MAX = 11_000;

/**
 * How many items `filter` asks for in each day or week (UTC), oldest first, with the empty ones in between: silence
 * is part of the picture.
 */
export async function timeline(db: Db, filter: ItemFilter, by: TimelineUnit): Promise<TimelineBar[]> {
  const day = sql<string>`date_trunc(${sql.lit(by)}, i.at at time zone 'UTC')::date::text`;
  const found = await filtered(
    db.selectFrom('sw_read.items as i').select([day.as('from'), sql<number>`count(*)`.as('items')]),
    filter,
  )
    .groupBy(day)
    .orderBy('from', 'desc')
    .limit(TIMELINE_BARS_MAX)
    .execute();
  return withGaps(found.reverse(), by);
}

function withGaps(found: readonly TimelineBar[], by: TimelineUnit): TimelineBar[] {
  const first = found[0];
  const last = found[found.length - 1];
  if (first === undefined || last === undefined) return [];
  const step = by === 'day' ? DAY_MS : 7 * DAY_MS;
  const counts = new Map(found.map((bar) => [bar.from, bar.items]));
  const bars: TimelineBar[] = [];
  for (
    let at = Math.max(Date.parse(first.from), Date.parse(last.from) - (TIMELINE_BARS_MAX - 1) * step);
    at <= Date.parse(last.from);
    at += step
  ) {
    const from = new Date(at).toISOString().slice(0, 10);
    bars.push({ from, items: counts.get(from) ?? 0 });
  }
  return bars;
}
