import { itemStream } from '../events/ids.ts';
import type { ContentHash, FeedId, ItemId, PublisherId } from '../events/ids.ts';
import type { Backfill } from '../events/item.ts';
import { decideItem } from '../ingest/decide.ts';
import type { Identified } from '../ingest/identity.ts';
import { contentOf } from '../ingest/normalize.ts';
import { itemText } from '../query/item-text.ts';
import { appendIn } from '../store/append.ts';
import type { AppendResult, Command } from '../store/append.ts';
import { putContent, takeBackContent } from '../store/content.ts';
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
  readonly hash: ContentHash;
  readonly content: Content;
}

interface DecidedBatch {
  readonly ingested: readonly Decided[];
  readonly revised: readonly Decided[];
}

async function decideBatch(store: Store, batch: readonly Seen[], now: Date): Promise<DecidedBatch> {
  const known = await readItems(
    store.db,
    batch.map((seen) => seen.itemId),
  );
  const decided = batch.flatMap((seen): Decided[] => {
    const { state, version } = known.get(seen.itemId) ?? UNKNOWN_ITEM;
    const hash = contentOf(seen.item);
    const events = decideItem(state, seen.item, { ...seen, content: hash }, now);
    if (events.length === 0) return [];
    const content = itemText({ title: seen.item.title, summary: seen.item.summary });
    return [{ seen, hash, content, command: { stream: itemStream(seen.itemId), expected: version, events } }];
  });
  return {
    ingested: decided.filter(isIngested),
    revised: decided.filter((one) => !isIngested(one)),
  };
}

const isIngested = ({ command }: Decided): boolean => command.events[0]?.type === 'ItemIngested';
const contentsOf = (decided: readonly Decided[]): Map<ContentHash, Content> =>
  new Map(decided.map(({ hash, content }) => [hash, content]));
const commandsOf = (decided: readonly Decided[]): Command[] => decided.map(({ command }) => command);

/** Words before the event that names them: a crash in between leaves words without an event, which hurts nobody. */
async function appendIngested(
  store: Store,
  decided: readonly Decided[],
  now: Date,
): Promise<readonly AppendResult[]> {
  await putContent(store.db, contentsOf(decided));
  return await store.append(commandsOf(decided), now);
}

/**
 * Words and events together, and no words whose event is refused: it may be a takedown that came first. That knows nothing of
 * them, and they would stay for good, named by no event.
 */
async function appendRevised(
  store: Store,
  decided: readonly Decided[],
  now: Date,
): Promise<readonly AppendResult[]> {
  if (decided.length === 0) return [];
  const results = await store.db.transaction().execute(async (tx) => {
    await putContent(tx, contentsOf(decided));
    const appended = await appendIn(tx, commandsOf(decided), now);
    const isRefused = (index: number): boolean => appended[index]?.status === 'conflict';
    const named = new Set(decided.filter((_, index) => !isRefused(index)).map(({ hash }) => hash));
    const refused = decided.filter((_, index) => isRefused(index)).map(({ hash }) => hash);
    await takeBackContent(
      tx,
      refused.filter((hash) => !named.has(hash)),
    );
    return appended;
  });
  if (results.some(({ status }) => status === 'appended')) store.wakeup.appended();
  return results;
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
  const { ingested, revised } = await decideBatch(store, batch, now);
  const again: Seen[] = [];
  const count = (
    decided: readonly Decided[],
    results: readonly AppendResult[],
    kind: 'ingested' | 'revised',
  ): void => {
    decided.forEach(({ seen }, index) => {
      const status = results[index]?.status;
      if (status === 'conflict') again.push(seen);
      else if (status === 'appended') counts[kind] += 1;
    });
  };
  count(ingested, await appendIngested(store, ingested, now), 'ingested');
  count(revised, await appendRevised(store, revised, now), 'revised');
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
