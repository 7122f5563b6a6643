import { sql } from 'kysely';
import type { Recorded } from '../events/event.ts';
import { FEED_EVENT_TYPES, isFeedEvent } from '../events/feed.ts';
import type { FeedEvent } from '../events/feed.ts';
import type { FeedId } from '../events/ids.ts';
import type { ItemIngested, ItemRevised } from '../events/item.ts';
import type { Tx } from '../store/database.ts';
import { tableIn } from './projection.ts';
import type { Projection, ReadSchema, TableShape } from './projection.ts';
import { applyRhythms, FEED_RHYTHMS, isRhythmEvent } from './rhythms.ts';
import { applyVersions } from './versions.ts';
import type { Versioned, VersionRow } from './versions.ts';

const FEEDS: TableShape = {
  columns: `
  feed          text        not null collate "C",
  url           text        not null,
  title         text        not null,
  publisher     text        not null collate "C",
  lang          text        collate "C",
  status        text        not null collate "C",
  -- why it is paused or removed, as whoever did it says; null for one that is polled
  status_reason text,
  -- what it is allowed and asked, by name
  options       jsonb       not null,
  failure       jsonb,
  failing_since timestamptz,
  added_at      timestamptz not null,
  -- so from this event until that one; null while it is so
  from_position bigint      not null,
  to_position   bigint,
  primary key (feed, from_position)`,
  whenFull: ['create index feeds_now on feeds (feed) where to_position is null'],
};

/** What feeds brought so far. It changes with every item: what it was is counted from the items (query/lists.ts). */
const FEED_COUNTS: TableShape = {
  columns: `
  feed         text not null collate "C" primary key,
  items        int  not null,
  revisions    int  not null,
  last_item_at timestamptz`,
  whenFull: [],
};

type Brought = Recorded<ItemIngested> | Recorded<ItemRevised>;

interface Counts {
  items: number;
  revisions: number;
  lastItemAt: Date | null;
}

function countsOf(events: readonly Brought[]): ReadonlyMap<FeedId, Counts> {
  const counts = new Map<FeedId, Counts>();
  for (const { type, data, recordedAt } of events) {
    const count = counts.get(data.feed) ?? { items: 0, revisions: 0, lastItemAt: null };
    if (type === 'ItemRevised') count.revisions += 1;
    else {
      count.items += 1;
      count.lastItemAt = recordedAt;
    }
    counts.set(data.feed, count);
  }
  return counts;
}

async function addCounts(tx: Tx, counts: ReadonlyMap<FeedId, Counts>, schema: ReadSchema): Promise<void> {
  const changes = [...counts];
  if (changes.length === 0) return;
  await sql`
    insert into ${sql.table(tableIn(schema, 'sw_read.feed_counts'))} as f (feed, items, revisions, last_item_at)
    select * from unnest(
        ${changes.map(([feed]) => feed)}::text[], ${changes.map(([, count]) => count.items)}::int[],
        ${changes.map(([, count]) => count.revisions)}::int[],
        ${changes.map(([, count]) => count.lastItemAt)}::timestamptz[])
        on conflict (feed) do update
       set items = f.items + excluded.items, revisions = f.revisions + excluded.revisions,
           last_item_at = greatest(f.last_item_at, excluded.last_item_at)`.execute(tx);
}

type FeedRow = VersionRow<'sw_read.feeds'>;

/** Of a feed that is there. */
function changed(feed: FeedRow, event: Recorded<FeedEvent>): FeedRow {
  switch (event.type) {
    case 'FeedAdded': {
      const { url, title, publisher, lang, options } = event.data;
      const fresh = { status: 'active', status_reason: null, failure: null, failing_since: null } as const;
      return { ...feed, url, title, publisher, lang, options, ...fresh };
    }
    case 'FeedOptionsChanged':
      return { ...feed, options: event.data.options };
    // Only an export asks where a feed stands in a list, and reads that from its stream.
    case 'FeedListed':
      return feed;
    case 'FeedPaused':
      return { ...feed, status: 'paused', status_reason: event.data.reason };
    case 'FeedResumed':
      return { ...feed, status: 'active', status_reason: null };
    case 'FeedRemoved':
      return { ...feed, status: 'removed', status_reason: event.data.reason };
    case 'FeedMoved':
      return { ...feed, url: event.data.to };
    case 'FeedFailed':
      return {
        ...feed,
        failure: event.data.failure,
        failing_since: feed.failing_since ?? event.recordedAt,
      };
    case 'FeedRecovered':
      return { ...feed, failure: null, failing_since: null };
  }
}

function feedAfter(known: FeedRow | undefined, event: Recorded<FeedEvent>): FeedRow | undefined {
  if (known !== undefined) return changed(known, event);
  if (event.type !== 'FeedAdded') return undefined;
  const { feed, url, title, publisher, lang, options } = event.data;
  return {
    ...{ feed, url, title, publisher, lang, status: 'active', status_reason: null },
    ...{ options, failure: null, failing_since: null, added_at: event.recordedAt },
    ...{ from_position: event.position, to_position: null },
  };
}

const VERSIONS: Versioned<'sw_read.feeds', FeedEvent> = {
  table: 'sw_read.feeds',
  key: 'feed',
  keyOf: ({ data }) => data.feed,
  evolve: feedAfter,
};

/** Feeds as they stand and as they stood, what is wrong with them, what they brought so far, and in what rhythm. */
export const feeds: Projection = {
  name: 'feeds',
  version: 3,
  tables: {
    'sw_read.feeds': FEEDS,
    'sw_read.feed_counts': FEED_COUNTS,
    'sw_read.feed_rhythms': FEED_RHYTHMS,
  },
  handles: [...FEED_EVENT_TYPES, 'ItemIngested', 'ItemRevised'],
  async apply(tx, events, schema) {
    await applyVersions(
      tx,
      schema,
      VERSIONS,
      events.filter((event) => isFeedEvent(event)),
    );
    const brought = events.filter((event) => event.type === 'ItemIngested' || event.type === 'ItemRevised');
    await addCounts(tx, countsOf(brought), schema);
    await applyRhythms(tx, schema, events.filter(isRhythmEvent));
  },
};
