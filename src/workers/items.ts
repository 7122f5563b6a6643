import { evolveItem, initialItem, isItemEvent } from '../events/item.ts';
import type { ItemEvent, ItemState } from '../events/item.ts';
import { itemStream } from '../events/ids.ts';
import type { ItemId } from '../events/ids.ts';
import type { Recorded } from '../events/event.ts';
import type { Db, Tx } from '../store/database.ts';
import { readStreams } from '../store/read.ts';

/** An item as the log knows it, and the version of its stream to decide on. */
export interface KnownItem {
  readonly state: ItemState;
  readonly version: number;
  /** When the log first got it; null while it has not. */
  readonly recordedAt: Date | null;
  /** When the words it has now were decided on; null while it has none. */
  readonly wordsAt: Date | null;
  /** The version of the stream with the event that brought them; 0 while there is none. */
  readonly wordsVersion: number;
}

export const UNKNOWN_ITEM: KnownItem = {
  state: initialItem,
  version: 0,
  recordedAt: null,
  wordsAt: null,
  wordsVersion: 0,
};

const isWords = ({ type }: ItemEvent): boolean => type === 'ItemIngested' || type === 'ItemRevised';

/** An item as these events of its stream tell it. */
export function fold(events: readonly Recorded[]): KnownItem {
  let known = UNKNOWN_ITEM;
  for (const event of events) {
    if (isItemEvent(event)) {
      const { version } = event;
      const recordedAt = known.recordedAt ?? event.recordedAt;
      const { wordsAt, wordsVersion } = isWords(event)
        ? { wordsAt: event.decidedAt, wordsVersion: version }
        : known;
      known = { state: evolveItem(known.state, event), version, recordedAt, wordsAt, wordsVersion };
    }
  }
  return known;
}

/** What the log knows of each of `items`; UNKNOWN_ITEM for one it has never seen. */
export async function readItems(db: Db | Tx, items: readonly ItemId[]): Promise<Map<ItemId, KnownItem>> {
  const streams = await readStreams(db, items.map(itemStream));
  return new Map(items.map((item) => [item, fold(streams.get(itemStream(item)) ?? [])]));
}
