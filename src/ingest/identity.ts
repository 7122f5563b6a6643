import { itemIdOf, keyIdOf } from '../events/ids.ts';
import type { ItemId, KeyId, PublisherId } from '../events/ids.ts';
import { headlineOf, publisherBehind } from './google-news.ts';
import type { FeedItem } from './normalize.ts';
import type { PublisherResolver } from './publisher.ts';
import { isWhollyOther, tellingParts } from './similar.ts';
import { canonicalUrl, isSiteRoot } from './url.ts';

/** What an item can be known by; null where that says nothing of it. */
export interface ItemKeys {
  /** Its link. */
  readonly link: KeyId | null;
  /** Publisher and guid. */
  readonly guid: KeyId | null;
  /** Publisher, headline and day of publication. */
  readonly title: KeyId | null;
}

/** Everything in one document by what it can be known by, duplicates within it left out. */
export interface Identified {
  /** The first of its keys, in words. */
  readonly key: string;
  /** The item that it is where nobody knows any of its keys. */
  readonly itemId: ItemId;
  readonly keys: ItemKeys;
  readonly publisher: PublisherId;
  readonly item: FeedItem;
}

/** What the other items of the same document say about links and guids. */
export interface Siblings {
  /** Canonical URLs under which this document has more than one article. */
  readonly sharedLinks: ReadonlySet<string>;
  /** Guids, as guidKey gives them, under which it has more than one. */
  readonly sharedGuids: ReadonlySet<string>;
}

/** Headlines under one link that are compared word by word; more than that is a page of many articles. */
const HEADLINES_COMPARED_MAX = 4;
/** Telling parts (similar.ts) of a headline that is enough to know an article by: `Here’s the latest` comes back. */
const TELLING_PARTS_MIN = 4;

/** Blanks, case, width and the marks between words differ between copies of a headline; the words do not. */
function folded(title: string): string {
  return title.normalize('NFKC').toLowerCase().replace(/\s+/g, ' ').trim();
}

/**
 * A guid that is a URL is one like any other: scheme, port and tracking parameters do not make another
 * article. Its fragment does: entries of a live page are told apart by it.
 */
function guidKey(guid: string): string {
  if (!/^https?:\/\//i.test(guid) || !URL.canParse(guid)) return guid;
  return canonicalUrl(guid) + new URL(guid).hash;
}

function grouped(
  items: readonly FeedItem[],
  keyOf: (item: FeedItem) => string | null,
): ReadonlyMap<string, readonly FeedItem[]> {
  const groups = new Map<string, FeedItem[]>();
  for (const item of items) {
    const key = keyOf(item);
    if (key === null) continue;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [item]);
    else group.push(item);
  }
  return groups;
}

/** Whether any two of the headlines are wholly other words; beyond HEADLINES_COMPARED_MAX they are taken to be. */
function hasOtherWords(items: readonly FeedItem[]): boolean {
  const headlines = [...new Map(items.map((item) => [folded(item.title), item])).values()];
  if (headlines.length > HEADLINES_COMPARED_MAX) return true;
  return headlines.some((one, index) =>
    headlines.slice(index + 1).some((other) => isWhollyOther(one, other)),
  );
}

/**
 * Whether a link stands for several articles. The same headline twice is one article listed twice (in two
 * sections, say), and so are two headlines under one guid; another headline under another guid is another
 * article, and the link is only the page they are all on. Where a feed gives no guids, wholly other words
 * tell.
 */
function isSharedLink(items: readonly FeedItem[]): boolean {
  if (items.length < 2) return false;
  if (items.some(({ guid }) => guid === null)) return hasOtherWords(items);
  const guids = new Set(items.map(({ guid }) => guid));
  return guids.size > 1 && new Set(items.map(({ title }) => folded(title))).size > 1;
}

/** Whether a guid stands for several articles: it is given to wholly other words under other links (a section's page, say). */
function isSharedGuid(items: readonly FeedItem[]): boolean {
  return items.length > 1 && new Set(items.map(({ url }) => url)).size > 1 && hasOtherWords(items);
}

const sharedOf = (
  groups: ReadonlyMap<string, readonly FeedItem[]>,
  isShared: (items: readonly FeedItem[]) => boolean,
): ReadonlySet<string> => new Set([...groups].flatMap(([key, items]) => (isShared(items) ? [key] : [])));

/** Finds links and guids that several articles of a document share, whatever their order. */
export function siblingsOf(items: readonly FeedItem[]): Siblings {
  const byLink = grouped(items, ({ url }) => (url === null ? null : canonicalUrl(url)));
  const byGuid = grouped(items, ({ guid }) => (guid === null ? null : guidKey(guid)));
  return { sharedLinks: sharedOf(byLink, isSharedLink), sharedGuids: sharedOf(byGuid, isSharedGuid) };
}

const NO_SIBLINGS: Siblings = { sharedLinks: new Set(), sharedGuids: new Set() };

function linkKeyOf({ url }: Pick<FeedItem, 'url'>, { sharedLinks }: Siblings): string | null {
  if (url === null || isSiteRoot(url)) return null;
  const link = canonicalUrl(url);
  return sharedLinks.has(link) ? null : `url ${link}`;
}

function guidKeyOf(
  { guid }: Pick<FeedItem, 'guid'>,
  publisher: PublisherId,
  { sharedGuids }: Siblings,
): string | null {
  if (guid === null) return null;
  const folding = guidKey(guid);
  return sharedGuids.has(folding) ? null : `guid ${publisher} ${folding}`;
}

const titleKeyOf = (item: Pick<FeedItem, 'url' | 'title' | 'published'>, publisher: PublisherId): string =>
  `title ${publisher} ${item.published?.slice(0, 10) ?? ''} ${folded(headlineOf(item))}`;

const isTelling = (item: Pick<FeedItem, 'url' | 'title' | 'published'>): boolean =>
  item.published !== null && tellingParts(headlineOf(item)).size >= TELLING_PARTS_MIN;

const keyId = (key: string | null): KeyId | null => (key === null ? null : keyIdOf(key));

/**
 * What an item can be known by, and which of it comes first:
 *
 * 1. its link, unless that is a bare site (some feeds give every item the home page) or shared by several
 *    articles of the document. The link comes before the guid because publishers change guids when they
 *    change their software, which would post everything again, and because several feeds of a publisher carry
 *    one article under guids of their own;
 * 2. publisher and guid: guids are unique within a publisher at best (`12345`);
 * 3. publisher, headline and day of publication: a headline alone comes back (`Morning briefing`). As a
 *    further key of an item that has others it counts only where the headline says enough, and has a date.
 *
 * Nothing in it depends on the port a feed is served from. What follows when the keys of a sighting lead to
 * several items, or to one with wholly other words, is same-article.ts.
 */
export function identify(
  item: FeedItem,
  publisher: PublisherId,
  siblings: Siblings = NO_SIBLINGS,
): Identified {
  const link = linkKeyOf(item, siblings);
  const guid = guidKeyOf(item, publisher, siblings);
  const title = titleKeyOf(item, publisher);
  const key = link ?? guid ?? title;
  const keys = {
    link: keyId(link),
    guid: keyId(guid),
    title: key === title || isTelling(item) ? keyIdOf(title) : null,
  };
  return { key, itemId: itemIdOf(key), keys, publisher, item };
}

/** The key of the article that a URL leads to; null for a bare site. */
export function linkKeyIdOf(url: string): KeyId | null {
  return keyId(linkKeyOf({ url }, NO_SIBLINGS));
}

/** What an event says of an item that a key can be made of. */
export interface Known extends Pick<FeedItem, 'url' | 'guid' | 'published'> {
  readonly item: ItemId;
  readonly publisher: PublisherId;
  /** Null where the words were taken down. */
  readonly title: string | null;
}

/**
 * The keys of an item that the log has, to fill the table of keys with. Its document is gone; but whether its
 * link or guid was shared there shows in its id, which then comes from a later key.
 */
export function keysOfKnown(known: Known): ItemKeys {
  const { item, publisher, title } = known;
  const link = keyId(linkKeyOf(known, NO_SIBLINGS));
  const guid = keyId(guidKeyOf(known, publisher, NO_SIBLINGS));
  const words = title === null ? null : { ...known, title };
  const byTitle = words === null ? null : keyIdOf(titleKeyOf(words, publisher));
  const isByTitle = byTitle !== null && (byTitle as string) === item;
  const isByGuid = guid !== null && (guid as string) === item;
  return {
    link: isByGuid || isByTitle ? null : link,
    guid: isByTitle ? null : guid,
    title: isByTitle || (words !== null && isTelling(words)) ? byTitle : null,
  };
}

/**
 * Identifies all items of one document. Where two have the same first key the first stays: reading both would
 * revise the article to and fro.
 */
export function identifyItems(items: readonly FeedItem[], publisher: PublisherId): readonly Identified[] {
  const siblings = siblingsOf(items);
  const identified = new Map<string, Identified>();
  for (const item of items) {
    const found = identify(item, publisher, siblings);
    if (!identified.has(found.key)) identified.set(found.key, found);
  }
  return [...identified.values()];
}

/**
 * What came by way of Google News, under the publisher that it names; every other item as it is. Told apart from
 * reading, which happens where no dossier is.
 */
export function attributed(found: Identified, resolve: PublisherResolver): Identified {
  const publisher = publisherBehind(found.item, resolve);
  return publisher === null ? found : identify(found.item, publisher);
}
