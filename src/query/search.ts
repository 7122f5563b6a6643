import assert from 'node:assert/strict';
import { sql } from 'kysely';
import type { RawBuilder } from 'kysely';
import type { EventType } from '../events/event-type.ts';
import type { FeedId, ItemId, PublisherId, SubjectId } from '../events/ids.ts';
import type { Backfill, SubjectKind } from '../events/item.ts';
import type { Db } from '../store/database.ts';
import { cursorOf, placeOf } from './cursor.ts';
import type { Cursor, Place } from './cursor.ts';
import type { QueryEvent } from './item.ts';
import { QUERY_MS_MAX, reading } from './reading.ts';
import type { SqlFilter } from './sql-filter.ts';
import { inWindows } from './windows.ts';

/** Items a page of a search holds at most. */
export const SEARCH_ITEMS_MAX = 10_000;
export const SEARCH_ITEMS_DEFAULT = 20;
/** Items that are counted one by one at most. */
export const COUNT_ITEMS_MAX = 10_000;

interface FoundTag {
  readonly id: SubjectId;
  readonly kind: SubjectKind;
  readonly salience: number;
}

export interface FoundItem {
  readonly item: ItemId;
  readonly position: number;
  readonly at: Date;
  readonly published: Date | null;
  readonly recordedAt: Date;
  readonly title: string;
  readonly summary: string;
  readonly url: string | null;
  readonly lang: string | null;
  readonly publisher: PublisherId;
  readonly feed: FeedId;
  readonly revision: number;
  /** Whether its full text is known, and was looked into. */
  readonly fullText: boolean;
  readonly backfill: Backfill | null;
  /** 0..1, to the dossier; null where that was not asked. */
  readonly relevance: number | null;
  /** What it reports; null where that is none of the acts that are told apart. */
  readonly event: QueryEvent | null;
  /** Most salient first. */
  readonly tags: readonly FoundTag[];
}

export interface Page {
  readonly items: readonly FoundItem[];
  /** Where the next page begins; null when there is none. */
  readonly next: Cursor | null;
}

export interface PageOptions {
  /** At most SEARCH_ITEMS_MAX count. */
  readonly limit: number;
  /** The end of the page before; null for the first. */
  readonly after: Cursor | null;
  /** Milliseconds it may take. */
  readonly timeoutMs?: number;
}

interface Row extends Omit<FoundItem, 'tags' | 'event'> {
  readonly event: EventType | null;
  readonly from: readonly SubjectId[];
  readonly to: readonly SubjectId[];
  /** Its moment, as exactly as the database tells moments apart. */
  readonly micros: number;
  readonly subjects: readonly SubjectId[];
  readonly kinds: readonly SubjectKind[];
  readonly saliences: readonly number[];
}

function itemOf({
  micros,
  subjects,
  kinds,
  saliences,
  event: type,
  from,
  to,
  fullText,
  ...item
}: Row): FoundItem {
  assert(micros >= item.at.getTime() * 1_000, 'an item and its place are of one moment');
  const tags = subjects.map((id, index) => ({
    id,
    kind: kinds[index] ?? 'topic',
    salience: saliences[index] ?? 0,
  }));
  const event = type === null ? null : { type, from, to };
  // An item always has a title: without one its words were taken down, and its full text with them.
  return { ...item, fullText: fullText && item.title !== '', tags, event };
}

/** The newest `limit` items that meet `condition`. Hits come as keys first, so that only a page's rows are read whole. */
function pageOf({ from, stands }: SqlFilter, condition: RawBuilder<boolean>, limit: number): RawBuilder<Row> {
  return sql<Row>`
    with hits as materialized (select i.item, i.at, i.position from ${from} where ${condition}),
         page as (select item from hits order by at desc, position desc limit ${limit})
    select i.item, i.position, i.at, i.published, i.recorded_at as "recordedAt",
           coalesce(c.body ->> 'title', '') as title, coalesce(c.body ->> 'summary', '') as summary, i.url, i.lang,
           i.publisher, i.feed, i.revision, i.full_text is not null as "fullText", i.backfill, i.relevance, i.event, i.event_from as "from", i.event_to as "to", i.subjects, i.kinds, i.saliences,
           (extract(epoch from i.at) * 1000000)::bigint as micros
      from page join ${from} on i.item = page.item and ${stands} left join sw_log.content c on c.hash = i.content
     order by i.at desc, i.position desc`;
}

/**
 * The items that `filter` asks for, newest first by the source's clock (by ours where the source has none), those of one
 * moment the latest in the log first. Throws InvalidCursor, QueryTimeout.
 */
export async function searchItems(
  db: Db,
  filter: SqlFilter,
  { limit, after, timeoutMs = QUERY_MS_MAX }: PageOptions,
): Promise<Page> {
  const most = Math.min(limit, SEARCH_ITEMS_MAX);
  const place = after === null ? null : placeOf(after);
  const rows = await reading(db, timeoutMs, async (ask) => {
    const found: Row[] = [];
    // One more than the page holds tells that there is another.
    await inWindows(ask, filter, place, most + 1, async (condition) => {
      const page = await ask(pageOf(filter, condition, most + 1 - found.length));
      found.push(...page);
      return page.length;
    });
    return found;
  });
  const last: Place | undefined = rows[most - 1];
  const items = rows.slice(0, most).map(itemOf);
  return { items, next: rows.length > most && last !== undefined ? cursorOf(last) : null };
}

export interface Count {
  readonly items: number;
  /** False when there are more than `items`, which is then the most that was counted. */
  readonly exact: boolean;
}

/** How many items `filter` asks for, exactly up to `max` of them. Throws QueryTimeout. */
export async function countItems(
  db: Db,
  filter: SqlFilter,
  max = COUNT_ITEMS_MAX,
  timeoutMs = QUERY_MS_MAX,
): Promise<Count> {
  const items = await reading(db, timeoutMs, async (ask) => {
    let counted = 0;
    await inWindows(ask, filter, null, max + 1, async (condition) => {
      const [row] = await ask(
        sql<{ items: number }>`select count(*) as items from ${filter.from} where ${condition}`,
      );
      counted += row?.items ?? 0;
      return row?.items ?? 0;
    });
    return counted;
  });
  return { items: Math.min(items, max), exact: items <= max };
}
