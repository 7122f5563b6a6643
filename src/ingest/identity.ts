import { itemIdOf } from '../events/ids.ts';
import type { ItemId, PublisherId } from '../events/ids.ts';
import type { FeedItem } from './normalize.ts';
import { canonicalUrl, isSiteRoot } from './url.ts';

/** Key and item of everything in one document, duplicates within it left out. */
export interface Identified {
  readonly key: string;
  readonly itemId: ItemId;
  readonly item: FeedItem;
}

/** What the other items of the same document say about a link. */
export interface Siblings {
  /** Canonical URLs under which this document has more than one article. */
  readonly sharedLinks: ReadonlySet<string>;
}

/** Blanks, case and width differ between copies of a headline; the words do not. */
function folded(title: string): string {
  return title.normalize('NFKC').toLowerCase().replace(/\s+/g, ' ').trim();
}

/**
 * Finds links that several articles of a document share. The same headline twice under one link is one
 * article listed twice (in two sections, say); another headline under another guid is another article, and
 * the link is only the page they are all on.
 */
export function siblingsOf(items: readonly FeedItem[]): Siblings {
  const seen = new Map<string, FeedItem>();
  const sharedLinks = new Set<string>();
  for (const item of items) {
    if (item.url === null) continue;
    const link = canonicalUrl(item.url);
    const first = seen.get(link);
    if (first === undefined) seen.set(link, item);
    else if (first.guid !== item.guid && folded(first.title) !== folded(item.title)) sharedLinks.add(link);
  }
  return { sharedLinks };
}

/**
 * A guid that is a URL is one like any other: scheme, port and tracking parameters do not make another
 * article.
 */
function guidKey(guid: string): string {
  return /^https?:\/\//i.test(guid) && URL.canParse(guid) ? canonicalUrl(guid) : guid;
}

/**
 * What is equal for two sightings of one article, by the first of these that applies:
 *
 * 1. its link, unless that is a bare site (some feeds give every item the home page) or shared by several
 *    articles of the document. The link comes before the guid because publishers change guids when they
 *    change their software, which would post everything again, and because several feeds of a publisher carry
 *    one article under guids of their own;
 * 2. publisher and guid: guids are unique within a publisher at best (`12345`);
 * 3. publisher, headline and day of publication: a headline alone comes back (`Morning briefing`).
 *
 * Nothing in it depends on the port a feed is served from.
 */
export function itemKeyOf(item: FeedItem, publisher: PublisherId, siblings: Siblings): string {
  if (item.url !== null && !isSiteRoot(item.url)) {
    const link = canonicalUrl(item.url);
    if (!siblings.sharedLinks.has(link)) return `url ${link}`;
  }
  if (item.guid !== null) return `guid ${publisher} ${guidKey(item.guid)}`;
  return `title ${publisher} ${item.published?.slice(0, 10) ?? ''} ${folded(item.title)}`;
}

/**
 * Identifies all items of one document. Where two are the same article the first stays: reading both would
 * revise the article to and fro.
 */
export function identifyItems(items: readonly FeedItem[], publisher: PublisherId): readonly Identified[] {
  const siblings = siblingsOf(items);
  const identified = new Map<string, Identified>();
  for (const item of items) {
    const key = itemKeyOf(item, publisher, siblings);
    if (!identified.has(key)) identified.set(key, { key, itemId: itemIdOf(key), item });
  }
  return [...identified.values()];
}
