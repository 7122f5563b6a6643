import { sql } from 'kysely';
import type { RawBuilder } from 'kysely';
import { Temporal } from 'temporal-polyfill';
import type { PublisherId } from '../events/ids.ts';
import type { Db } from '../store/database.ts';
import { NO_LANG, UNKNOWN_COUNTRY } from './facets.ts';
import { QUERY_MS_MAX, reading } from './reading.ts';
import type { SqlFilter } from './sql-filter.ts';
import { ENTITY_KINDS } from './subject-field.ts';
import { conditionOf } from './windows.ts';

export const TIMELINE_UNITS = ['day', 'week'] as const;
export type TimelineUnit = (typeof TIMELINE_UNITS)[number];
export const TIMELINE_SPLITS = ['lang', 'country', 'entity'] as const;
export type TimelineSplit = (typeof TIMELINE_SPLITS)[number];

export interface TimelineBar {
  /** First day of the bar, YYYY-MM-DD in the zone asked for; weeks begin on Monday. */
  readonly from: string;
  readonly items: number;
  /** How many of them by each value of the split; an item counts for each of its entities. Empty without a split. */
  readonly parts: Readonly<Record<string, number>>;
}

export interface TimelineOptions {
  readonly by: TimelineUnit;
  readonly split: TimelineSplit | null;
  /** IANA name of the zone whose days are meant. */
  readonly zone: string;
  /** The country of each publisher, for that split. */
  readonly countries: ReadonlyMap<PublisherId, string>;
  /** Later than this no bar is empty: what has not been yet is no silence. */
  readonly now: Date;
  /** Milliseconds it may take. */
  readonly timeoutMs?: number;
}

const DAY_MS = 86_400_000;
/** Bars a timeline has at most, the newest: thirty years of days. */
export const TIMELINE_BARS_MAX = 11_000;
/** What items without any entity count as: a bar that did not show them would read as silence. */
export const NO_ENTITY = 'none';
/** Values of a split that are counted, the most frequent ones over all. */
export const TIMELINE_PARTS_MAX = 50;

interface Row {
  readonly from: string;
  /** Null in the row that counts all items of a bar. */
  readonly part: string | null;
  readonly items: number;
}

/** What a split counts by, as a column or a set over `hits`. */
function partsOf(split: TimelineSplit): { part: RawBuilder<string>; source: RawBuilder<unknown> } {
  if (split === 'entity') {
    const source = sql`hits left join lateral (
      select subject from unnest(subjects, kinds) as t (subject, kind) where kind = any(${ENTITY_KINDS}::text[])
    ) as entity on true`;
    return { part: sql`coalesce(entity.subject, ${NO_ENTITY}::text)`, source };
  }
  const part = split === 'lang' ? sql<string>`coalesce(lang, ${NO_LANG}::text)` : sql<string>`publisher`;
  return { part, source: sql`hits` };
}

function statement(
  filter: SqlFilter,
  { by, split, zone }: Pick<TimelineOptions, 'by' | 'split' | 'zone'>,
): RawBuilder<Row> {
  const bar = sql`date_trunc(${sql.lit(by)}, i.at at time zone ${zone}::text)::date`;
  const hits = sql`hits as materialized (
    select ${bar} as bar, i.lang, i.publisher, i.subjects, i.kinds from ${filter.from} where ${conditionOf(filter)})`;
  const bars = sql`bars as (
    select bar, count(*) as items from hits group by bar order by bar desc limit ${TIMELINE_BARS_MAX})`;
  const totals = sql`select bar::text as "from", null as part, items from bars`;
  if (split === null) return sql<Row>`with ${hits}, ${bars} ${totals}`;
  const { part, source } = partsOf(split);
  // Countries are told from publishers, of which all are needed.
  const most = split === 'country' ? sql`` : sql`limit ${TIMELINE_PARTS_MAX}`;
  return sql<Row>`
    with ${hits}, ${bars},
         parts as materialized (select bar, ${part} as part, count(*) as items from ${source} group by 1, 2),
         chosen as (select part from parts group by part order by sum(items) desc, part ${most})
    ${totals}
    union all
    select p.bar::text, p.part, p.items from parts p join chosen using (part) join bars using (bar)`;
}

/** A record whose names may be anything that an id may be: `constructor` too. */
function noParts(): Record<string, number> {
  return Object.create(null) as Record<string, number>;
}

/** The first day of the bar that holds a moment. */
function barOf(at: number, { by, zone }: Pick<TimelineOptions, 'by' | 'zone'>): string {
  const day = Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(zone).toPlainDate();
  return (by === 'day' ? day : day.subtract({ days: day.dayOfWeek - 1 })).toString();
}

/** The first and last bar of the time that was asked for, as far as it says one and that has begun. */
function edgesOf({ published }: SqlFilter, options: TimelineOptions): string[] {
  const { since = null, until = null } = published ?? {};
  const now = options.now.getTime();
  if ((since === null && until === null) || (since !== null && since.getTime() > now)) return [];
  const last = Math.min(until === null ? now : until.getTime() - 1, now);
  const edges = since === null ? [last] : [since.getTime(), Math.max(since.getTime(), last)];
  return edges.map((edge) => barOf(edge, options));
}

/**
 * How many items `filter` asks for in each day or week of the zone, oldest first, with the empty ones in between and at
 * the ends of the time that was asked for: silence is part of the picture. Throws QueryTimeout.
 */
export async function timeline(db: Db, filter: SqlFilter, options: TimelineOptions): Promise<TimelineBar[]> {
  const { by, split, countries, timeoutMs = QUERY_MS_MAX } = options;
  const rows = await reading(db, timeoutMs, (ask) => ask(statement(filter, options)));
  const nameOf = (part: string): string =>
    split === 'country' ? (countries.get(part as PublisherId) ?? UNKNOWN_COUNTRY) : part;
  const found = new Map<string, { items: number; parts: Record<string, number> }>();
  for (const { from, part, items } of rows) {
    const bar = found.get(from) ?? { items: 0, parts: noParts() };
    found.set(from, bar);
    if (part === null) bar.items = items;
    else bar.parts[nameOf(part)] = (bar.parts[nameOf(part)] ?? 0) + items;
  }
  return withGaps(found, by, edgesOf(filter, options));
}

function withGaps(
  found: ReadonlyMap<string, Omit<TimelineBar, 'from'>>,
  by: TimelineUnit,
  edges: readonly string[],
): TimelineBar[] {
  const starts = [...found.keys(), ...edges].map((from) => Date.parse(from)).sort((a, b) => a - b);
  const [first] = starts;
  const last = starts.at(-1);
  if (first === undefined || last === undefined) return [];
  const step = by === 'day' ? DAY_MS : 7 * DAY_MS;
  const bars: TimelineBar[] = [];
  for (let at = Math.max(first, last - (TIMELINE_BARS_MAX - 1) * step); at <= last; at += step) {
    const from = new Date(at).toISOString().slice(0, 10);
    bars.push({ from, ...(found.get(from) ?? { items: 0, parts: noParts() }) });
  }
  return bars;
}
