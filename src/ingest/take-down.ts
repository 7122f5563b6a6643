import { eventIdOf } from '../events/ids.ts';
import type { ContentHash, ItemId } from '../events/ids.ts';
import type { ItemEvent, ItemTakenDown } from '../events/item.ts';

/** Every text that the events of an item speak of, oldest first. */
export function textsOf(events: readonly ItemEvent[]): ContentHash[] {
  const hashes = events.flatMap((event) => {
    if (event.type === 'ItemTextFetched') return [event.data.text];
    return event.type === 'ItemIngested' || event.type === 'ItemRevised' ? [event.data.content] : [];
  });
  return [...new Set(hashes)];
}

export interface TakedownWish {
  readonly reason: string;
  readonly by: string | null;
}

/** What a takedown of `contents` adds to the stream of an item whose words stand. */
export function decideTakedown(
  item: ItemId,
  contents: readonly ContentHash[],
  { reason, by }: TakedownWish,
  now: Date,
): ItemTakenDown {
  return {
    type: 'ItemTakenDown',
    id: eventIdOf('ItemTakenDown', item),
    decidedAt: now,
    data: { item, contents: [...contents], reason, by },
  };
}
