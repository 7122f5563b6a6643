import type { PublisherId } from '../events/ids.ts';
import { troubleOf } from './feed.ts';
import type { PollTrouble } from './feed.ts';
import { identifyItems } from './identity.ts';
import type { Identified } from './identity.ts';
import { normalizeItem } from './normalize.ts';
import { parseFeed } from './parse.ts';
import { FeedParseError } from './parsed.ts';
import type { FeedHints, ParsedFeed } from './parsed.ts';
import { zoneOffsetOf } from './zone.ts';

/** Where a document came from, as far as it is known. */
export interface DocumentSource {
  readonly url: string | null;
  readonly contentType: string | null;
  /** The HTTP status it came with; null when it came from a file. */
  readonly status: number | null;
  readonly publisher: PublisherId;
  /** The publisher's, ISO 3166-1 alpha-2: dates without a zone are taken in its. */
  readonly country: string;
  /** The feed's usual language, where the document names none. */
  readonly lang: string | null;
  /** Items to pass over before the first that is read: for what is read in parts. */
  readonly itemsFrom?: number;
}

export type DocumentOutcome =
  | {
      readonly kind: 'read';
      readonly title: string;
      /** As the document writes it; null when it names none. */
      readonly language: string | null;
      readonly items: readonly Identified[];
      /** What it says of its own rhythm. */
      readonly hints: FeedHints;
      /** Items with nothing to read in them, and second copies of one article. */
      readonly dropped: number;
      /** Items behind the last that was read. */
      readonly behind: number;
      /** The WebSub hubs it names, and the address it gives as its own. */
      readonly hubs: readonly string[];
      readonly self: string | null;
    }
  | { readonly kind: 'unreadable'; readonly trouble: PollTrouble };

async function parsed(body: Uint8Array, source: DocumentSource): Promise<ParsedFeed | FeedParseError> {
  const { url, contentType, country, itemsFrom = 0 } = source;
  try {
    return await parseFeed(body, { url, contentType, zoneOffsetMinutes: zoneOffsetOf(country), itemsFrom });
  } catch (error) {
    if (error instanceof FeedParseError) return error;
    throw error;
  }
}

/**
 * A feed's document from its bytes to identified items, in the order of the document; or why it cannot be
 * read.
 */
export async function readDocument(
  body: Uint8Array,
  source: DocumentSource,
  now: Date,
): Promise<DocumentOutcome> {
  const feed = await parsed(body, source);
  if (feed instanceof FeedParseError) {
    return { kind: 'unreadable', trouble: troubleOf(feed, body, source.status) };
  }
  const lang = feed.language ?? source.lang;
  const items = feed.items.flatMap((item) => normalizeItem(item, { lang }, now) ?? []);
  const identified = identifyItems(items, source.publisher);
  return {
    kind: 'read',
    title: feed.title,
    language: feed.language,
    items: identified,
    hints: feed.hints,
    dropped: feed.items.length - identified.length,
    behind: feed.behind,
    hubs: feed.hubs,
    self: feed.self,
  };
}
