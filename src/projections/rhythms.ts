import { sql } from 'kysely';
import type { Recorded } from '../events/event.ts';
import type { FeedAdded, FeedRecovered, FeedResumed } from '../events/feed.ts';
import type { FeedId } from '../events/ids.ts';
import type { ItemIngested } from '../events/item.ts';
import { silentTooLongFrom } from '../ingest/expectation.ts';
import { arrived, returned } from '../ingest/rhythm.ts';
import type { Rhythm } from '../ingest/rhythm.ts';
import type { Tx } from '../store/database.ts';
import { tableIn } from './projection.ts';
import type { ReadSchema, TableShape } from './projection.ts';

/** In what rhythm feeds bring something new. It changes with every arrival, and is kept for the present only. */
export const FEED_RHYTHMS: TableShape = {
  columns: `
  feed   text  not null collate "C" primary key,
  -- ingest/rhythm.ts says what it is
  rhythm jsonb not null,
  -- when the present silence is no longer normal; null while nobody knows what is
  silent_too_long_from timestamptz`,
  whenFull: [],
};

type RhythmEvent = ItemIngested | FeedAdded | FeedResumed | FeedRecovered;

const BEGINNINGS: ReadonlySet<string> = new Set(['FeedAdded', 'FeedResumed', 'FeedRecovered']);

export function isRhythmEvent(event: Recorded): event is Recorded<RhythmEvent> {
  // What comes with an archive or a first poll arrived at some other time.
  return event.type === 'ItemIngested' ? event.data.backfill === null : BEGINNINGS.has(event.type);
}

async function readRhythms(
  tx: Tx,
  schema: ReadSchema,
  feeds: readonly FeedId[],
): Promise<Map<FeedId, Rhythm | null>> {
  const { rows } = await sql<{ feed: FeedId; rhythm: Rhythm }>`
    select feed, rhythm from ${sql.table(tableIn(schema, 'sw_read.feed_rhythms'))}
     where feed = any(${feeds}::text[])`.execute(tx);
  return new Map(rows.map(({ feed, rhythm }) => [feed, rhythm]));
}

function dateOf(ms: number | null): Date | null {
  return ms === null ? null : new Date(ms);
}

async function writeRhythms(
  tx: Tx,
  schema: ReadSchema,
  rhythms: readonly (readonly [FeedId, Rhythm | null])[],
): Promise<void> {
  const table = sql.table(tableIn(schema, 'sw_read.feed_rhythms'));
  const gone = rhythms.flatMap(([feed, rhythm]) => (rhythm === null ? feed : []));
  if (gone.length > 0) await sql`delete from ${table} where feed = any(${gone}::text[])`.execute(tx);
  const known = rhythms.flatMap(([feed, rhythm]) => (rhythm === null ? [] : [[feed, rhythm] as const]));
  if (known.length === 0) return;
  await sql`
    insert into ${table} (feed, rhythm, silent_too_long_from)
    select * from unnest(
        ${known.map(([feed]) => feed)}::text[], ${known.map(([, rhythm]) => JSON.stringify(rhythm))}::jsonb[],
        ${known.map(([, rhythm]) => dateOf(silentTooLongFrom(rhythm)))}::timestamptz[])
        on conflict (feed) do update
       set rhythm = excluded.rhythm, silent_too_long_from = excluded.silent_too_long_from`.execute(tx);
}

/** Brings the rhythms of feeds forward over a batch of events, in order; reads and writes each once. */
export async function applyRhythms(
  tx: Tx,
  schema: ReadSchema,
  events: readonly Recorded<RhythmEvent>[],
): Promise<void> {
  if (events.length === 0) return;
  const before = await readRhythms(tx, schema, [...new Set(events.map(({ data }) => data.feed))]);
  const rhythms = new Map(before);
  for (const { type, data, recordedAt } of events) {
    const known = rhythms.get(data.feed) ?? null;
    const time = recordedAt.getTime();
    if (type === 'ItemIngested') rhythms.set(data.feed, arrived(known, time));
    else if (known !== null) rhythms.set(data.feed, returned(known, time));
  }
  await writeRhythms(
    tx,
    schema,
    [...rhythms].filter(([feed, rhythm]) => rhythm !== before.get(feed)),
  );
}
