import { FEED_ITEMS_MAX } from './parsed.ts';

/**
 * Reads a document of an archive to its end, FEED_ITEMS_MAX items at a time, so that no part takes longer or more memory than a feed may;
 * at most `itemsMax` of them. `read` is given how many items are to be passed over; `behindOf` says how many are left then.
 */
export async function* inParts<Part>(
  read: (itemsFrom: number) => Promise<Part>,
  behindOf: (part: Part) => number,
  itemsMax: number,
): AsyncGenerator<Part, void> {
  for (let from = 0; from < itemsMax; from += FEED_ITEMS_MAX) {
    const part = await read(from);
    yield part;
    if (behindOf(part) === 0) return;
  }
}
