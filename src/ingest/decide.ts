import { eventIdOf } from '../events/ids.ts';
import type { ContentHash, FeedId, ItemId, PublisherId } from '../events/ids.ts';
import type { Backfill, ItemEvent, ItemState } from '../events/item.ts';
import type { FeedItem } from './normalize.ts';
import { isRevised } from './revision.ts';
import type { Words } from './similar.ts';

/**
 * Revisions kept of one item. A page whose headline carries a clock or a counter would otherwise fill the
 * log; what it said last stays as it was at the bound.
 */
export const REVISIONS_MAX = 50;

/** Where an item was seen. */
export interface Sighting {
  readonly feed: FeedId;
  readonly publisher: PublisherId;
  readonly backfill: Backfill | null;
  /** The item that it is (see same-article.ts). */
  readonly itemId: ItemId;
  /** contentOf the item. */
  readonly content: ContentHash;
  /** The words that the log has of it; without them every other text is another. */
  readonly words?: Words | null;
}

/**
 * What a sighting of an item adds to the log: it is ingested when it is unknown, revised when its own feed
 * gives it other words (revision.ts says what is none), and nothing otherwise. One whose words were taken down gets no others. Another
 * feed with other words is not a revision: two feeds of one article would revise it to and fro for ever.
 *
 * Event ids come from the item and, for a revision, its number and words. The same decision twice gives the
 * same event; words that go from A to B, back to A and to B again give an event each time.
 */
export function decideItem(
  known: ItemState,
  item: FeedItem,
  context: Sighting,
  now: Date,
): readonly ItemEvent[] {
  if (known.item === null) return [ingested(item, context, now)];
  const stays = known.takenDown || known.content === context.content;
  if (stays || known.content === null || known.feed !== context.feed || known.revision >= REVISIONS_MAX)
    return [];
  const { words = null } = context;
  if (words !== null && !isRevised(words, item, { publisher: context.publisher, url: item.url })) return [];
  return [revised(known, known.content, item, context, now)];
}

function ingested(item: FeedItem, context: Sighting, now: Date): ItemEvent {
  const { feed, publisher, backfill, itemId, content } = context;
  const { url, guid, lang, published } = item;
  return {
    type: 'ItemIngested',
    id: eventIdOf('ItemIngested', itemId),
    decidedAt: now,
    data: { item: itemId, feed, publisher, url, guid, lang, published, content, backfill },
  };
}

function revised(
  known: ItemState,
  previous: ContentHash,
  item: FeedItem,
  context: Sighting,
  now: Date,
): ItemEvent {
  const { feed, backfill, itemId, content } = context;
  const revision = known.revision + 1;
  return {
    type: 'ItemRevised',
    id: eventIdOf('ItemRevised', itemId, revision, content),
    decidedAt: now,
    // A feed that stops giving a date has not changed when the article appeared.
    data: {
      item: itemId,
      feed,
      revision,
      content,
      previous,
      published: item.published ?? known.published,
      backfill,
    },
  };
}
