import { sql } from 'kysely';
import type { Recorded } from '../events/event.ts';
import { FEED_EVENT_TYPES, isFeedEvent } from '../events/feed.ts';
import type { FeedEvent } from '../events/feed.ts';
import type { FeedId } from '../events/ids.ts';
import type { Tx } from '../store/database.ts';
import { tableIn } from './projection.ts';
import type { Projection, ReadSchema, TableShape } from './projection.ts';

const FEEDS: TableShape = {
  columns: `
  feed          text        not null collate "C" primary key,
  url           text        not null,
  title         text        not null,
  publisher     text        not null collate "C",
  lang          text        collate "C",
  status        text        not null collate "C",
  -- why it is paused or removed, as whoever did it says; null for one that is polled
  status_reason text,
  failure       jsonb,
  failing_since timestamptz,
  added_at      timestamptz not null,
  items         int         not null,
  revisions     int         not null,
  last_item_at  timestamptz`,
  whenFull: [],
};

interface Counts {
  items: number;
  revisions: number;
  lastItemAt: Date | null;
}

async function addCounts(tx: Tx, counts: ReadonlyMap<FeedId, Counts>, schema: ReadSchema): Promise<void> {
  const changes = [...counts];
  if (changes.length === 0) return;
  await sql`
    update ${sql.table(tableIn(schema, 'sw_read.feeds'))} f
       set items = f.items + c.items, revisions = f.revisions + c.revisions,
           last_item_at = greatest(f.last_item_at, c.last_item_at)
      from unnest(
        ${changes.map(([feed]) => feed)}::text[], ${changes.map(([, count]) => count.items)}::int[],
        ${changes.map(([, count]) => count.revisions)}::int[],
        ${changes.map(([, count]) => count.lastItemAt)}::timestamptz[]
      ) as c (feed, items, revisions, last_item_at)
     where f.feed = c.feed`.execute(tx);
}

async function applyFeedEvent(tx: Tx, event: Recorded<FeedEvent>, schema: ReadSchema): Promise<void> {
  const { feed } = event.data;
  const table = tableIn(schema, 'sw_read.feeds');
  const row = tx.updateTable(table).where('feed', '=', feed);
  switch (event.type) {
    case 'FeedAdded': {
      const { url, title, publisher, lang } = event.data;
      const listed = {
        url,
        title,
        publisher,
        lang,
        status: 'active' as const,
        status_reason: null,
        failure: null,
        failing_since: null,
      };
      await tx
        .insertInto(table)
        .values({ feed, ...listed, added_at: event.recordedAt, items: 0, revisions: 0, last_item_at: null })
        .onConflict((conflict) => conflict.column('feed').doUpdateSet(listed))
        .execute();
      return;
    }
    case 'FeedPaused':
      await row.set({ status: 'paused', status_reason: event.data.reason }).execute();
      return;
    case 'FeedResumed':
      await row.set({ status: 'active', status_reason: null }).execute();
      return;
    case 'FeedRemoved':
      await row.set({ status: 'removed', status_reason: event.data.reason }).execute();
      return;
    case 'FeedMoved':
      await row.set({ url: event.data.to }).execute();
      return;
    case 'FeedFailed':
      await row
        .set({
          failure: JSON.stringify(event.data.failure),
          failing_since: sql<Date>`coalesce(failing_since, ${event.recordedAt})`,
        })
        .execute();
      return;
    case 'FeedRecovered':
      await row.set({ failure: null, failing_since: null }).execute();
  }
}

/** Feeds as they stand: what they brought, and what is wrong with them. */
export const feeds: Projection = {
  name: 'feeds',
  version: 1,
  tables: { 'sw_read.feeds': FEEDS },
  handles: [...FEED_EVENT_TYPES, 'ItemIngested', 'ItemRevised'],
  async apply(tx, events, schema) {
    const counts = new Map<FeedId, Counts>();
    const feedEvents: Recorded<FeedEvent>[] = [];
    for (const event of events) {
      if (event.type === 'ItemIngested' || event.type === 'ItemRevised') {
        const count = counts.get(event.data.feed) ?? { items: 0, revisions: 0, lastItemAt: null };
        if (event.type === 'ItemRevised') count.revisions += 1;
        else {
          count.items += 1;
          count.lastItemAt = event.recordedAt;
        }
        counts.set(event.data.feed, count);
      } else if (isFeedEvent(event)) {
        feedEvents.push(event);
      }
    }
    // A feed's row comes before its items in the log, so rows first; counts do not depend on the feed's state.
    for (const event of feedEvents) await applyFeedEvent(tx, event, schema);
    await addCounts(tx, counts, schema);
  },
};
