import type { Read } from './found.ts';
import type { ParsedItem } from './parsed.ts';
import { readByFeedsmith } from './read-feedsmith.ts';
import type { FeedsmithOptions } from './read-feedsmith.ts';

/**
 * UTF-16 units of a document that is worth a second reading: what one reader takes lightly, another may choke
 * on, and the first reading should not be lost over it.
 */
const SECOND_READING_CHARS_MAX = 1024 * 1024;

// Not global: it only tells whether there is one.
const ITEM_TAG = /<(?:[\w.-]{1,40}:)?(?:item|entry)[\s/>]/i;

/** Whether a document seems to have items at all. */
export function hasItemTags(text: string): boolean {
  return ITEM_TAG.test(text);
}

/** Whether an item lacks what nearly every item has. */
export function hasGap({ link, title, published }: ParsedItem): boolean {
  return link === null || title === '' || published === null;
}

/**
 * What feedsmith makes of a document; null when it cannot read it or when it is too long to be read twice.
 * `itemsFrom` items are passed over before the first that is wanted. Its errors say nothing beyond that, and the first reader's are kept.
 */
export function secondReading(text: string, options: FeedsmithOptions, itemsFrom = 0): Read | null {
  if (text.length > SECOND_READING_CHARS_MAX) return null;
  try {
    // Feedsmith takes a document from its first tag on.
    const from = text.slice(Math.max(0, text.indexOf('<')));
    const read = readByFeedsmith(from, { ...options, itemsMax: itemsFrom + options.itemsMax });
    return read === null ? null : { ...read, items: read.items.slice(itemsFrom) };
  } catch (error) {
    if (error instanceof Error) return null;
    throw error;
  }
}

/** The first reading with what only the second found; the first itself when the second adds nothing. */
export function filled(first: Read, second: Read): Read {
  // Other counts mean other items under one number.
  if (first.items.length !== second.items.length) return first;
  const items = first.items.map((item, index) => {
    const other = second.items[index];
    if (other === undefined || !hasGap(item)) return item;
    const link = item.link ?? other.link;
    const published = item.published ?? other.published;
    const title = item.title === '' ? other.title : item.title;
    if (link === item.link && published === item.published && title === item.title) return item;
    return { ...item, link, title, published };
  });
  return items.some((item, index) => item !== first.items[index]) ? { ...first, items } : first;
}
