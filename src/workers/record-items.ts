import { itemStream } from '../events/ids.ts';
import type { ContentHash, FeedId, ItemId, PublisherId } from '../events/ids.ts';
import type { Backfill } from '../events/item.ts';
import { decideItem } from '../ingest/decide.ts';
import type { Identified } from '../ingest/identity.ts';
import { contentOf } from '../ingest/normalize.ts';
import { itemText } from '../query/item-text.ts';
import type { Command } from '../store/append.ts';
import { putContent } from '../store/content.ts';
import type { Content } from '../store/content.ts';
import type { Store } from '../store/store.ts';
import { readItems, UNKNOWN_ITEM } from './items.ts';

/** Items decided on together: one read, one append. */
export const RECORD_ITEMS_MAX = 500;
/** Times to decide again about an item whose stream moved on meanwhile. */
const CONFLICT_RETRIES_MAX = 5;

export interface Seen extends Identified {
  readonly feed: FeedId;
  readonly publisher: PublisherId;
  readonly backfill: Backfill | null;
}

/** What became of items that were seen. */
export interface RecordCounts {
  ingested: number;
  revised: number;
  /** Known already, with the same words. */
  unchanged: number;
}

interface Decided {
  readonly seen: Seen;
  readonly command: Command;
}

async function decideBatch(
  store: Store,
  batch: readonly Seen[],
  now: Date,
): Promise<{ decided: Decided[]; contents: Map<ContentHash, Content> }> {
  const known = await readItems(
    store.db,
    batch.map((seen) => seen.itemId),
  );
  const contents = new Map<ContentHash, Content>();
  const decided: Decided[] = [];
  for (const seen of batch) {
    const { state, version } = known.get(seen.itemId) ?? UNKNOWN_ITEM;
    const content = contentOf(seen.item);
    const events = decideItem(state, seen.item, { ...seen, content }, now);
    if (events.length === 0) continue;
    contents.set(content, itemText({ title: seen.item.title, summary: seen.item.summary }));
    decided.push({ seen, command: { stream: itemStream(seen.itemId), expected: version, events } });
  }
  return { decided, contents };
}

/** The first sighting of each item, and the others: those are judged when the log knows the first. */
function firstSightings(batch: readonly Seen[]): { first: Seen[]; later: Seen[] } {
  const items = new Set<ItemId>();
  const first: Seen[] = [];
  const later: Seen[] = [];
  for (const seen of batch) {
    (items.has(seen.itemId) ? later : first).push(seen);
    items.add(seen.itemId);
  }
  return { first, later };
}

/** One round over `batch`, no item twice; gives the sightings that must be decided again. */
async function recordOnce(
  store: Store,
  batch: readonly Seen[],
  now: Date,
  counts: RecordCounts,
): Promise<Seen[]> {
  const { decided, contents } = await decideBatch(store, batch, now);
  // Words before the event that names them: a crash in between leaves words without an event, which hurts nobody.
  await putContent(store.db, contents);
  const results = await store.append(
    decided.map(({ command }) => command),
    now,
  );
  const again: Seen[] = [];
  decided.forEach(({ seen, command }, index) => {
    if (results[index]?.status === 'conflict') again.push(seen);
    else if (results[index]?.status !== 'appended') return;
    else if (command.events[0]?.type === 'ItemIngested') counts.ingested += 1;
    else counts.revised += 1;
  });
  return again;
}

/**
 * Decides what each sighting adds to the log and appends it. Safe to repeat, and for any number of processes at once:
 * what is known already adds nothing.
 */
export async function recordItems(
  store: Store,
  items: readonly Seen[],
  now: () => Date,
): Promise<RecordCounts> {
  const counts: RecordCounts = { ingested: 0, revised: 0, unchanged: 0 };
  for (let start = 0; start < items.length; start += RECORD_ITEMS_MAX) {
    let left: readonly Seen[] = items.slice(start, start + RECORD_ITEMS_MAX);
    let conflicts = 0;
    while (left.length > 0) {
      const { first, later } = firstSightings(left);
      const again = await recordOnce(store, first, now(), counts);
      if (again.length > 0) conflicts += 1;
      if (conflicts > CONFLICT_RETRIES_MAX) {
        throw new Error(`${again.length} items kept changing under our hands, first ${again[0]?.key ?? ''}`);
      }
      left = [...again, ...later];
    }
  }
  counts.unchanged = items.length - counts.ingested - counts.revised;
  return counts;
}
