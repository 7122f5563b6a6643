import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Dossier } from '../dossier/dossier.ts';
import { joinLists, updateList } from '../dossier/opml-list.ts';
import type { FeedNow } from '../dossier/opml-list.ts';
import { readFeedList } from '../dossier/read-list.ts';
import type { ListEntry } from '../dossier/read-list.ts';
import { readXmlTree } from '../dossier/xml-tree.ts';
import type { XmlDocument } from '../dossier/xml-tree.ts';
import type { ContentHash, FeedId } from '../events/ids.ts';
import { feedIdFor, feedKeyOf } from '../ingest/feed-name.ts';
import type { ListedFeed } from '../query/lists.ts';
import type { Store } from '../store/store.ts';
import { readList } from '../workers/feed-lists.ts';
import { readFeeds } from '../workers/feeds.ts';

/** Where feeds stand in one list: by the number of the outline, null for one that is gone. */
type Places = ReadonlyMap<number, ListedFeed | null>;

/** What a feed is now, as far as reading the list again would not say so. */
function nowOf(feed: ListedFeed, entry: ListEntry): FeedNow {
  const { feed: id, url, status, statusReason, options } = feed;
  const read = entry.id ?? feedIdFor(url, () => false);
  return {
    url: feedKeyOf(entry.url) === feedKeyOf(url) ? entry.url : url,
    id: read === id ? null : id,
    paused: status === 'paused' ? (statusReason ?? 'paused') : null,
    options,
  };
}

/** A list as it was imported, with what has become of its feeds. */
function asItIsNow(text: string, places: Places): XmlDocument | null {
  const list = readXmlTree(text);
  if (typeof list === 'string') return null;
  const { entries } = readFeedList(text);
  const now = new Map(
    entries.flatMap((entry): [number, FeedNow | null][] => {
      const feed = places.get(entry.outline);
      if (feed === undefined) return [];
      return [[entry.outline, feed === null ? null : nowOf(feed, entry)]];
    }),
  );
  return updateList(list, now);
}

/** The dossier's own list, where feeds of it are among `there`; those that are not are left out of it. */
async function dossierList(
  dossier: Pick<Dossier, 'feeds' | 'folder'>,
  there: ReadonlyMap<FeedId, ListedFeed>,
): Promise<{ list: XmlDocument; feeds: readonly FeedId[] } | null> {
  const listed = dossier.feeds.map(({ id }) => id).filter((id) => there.has(id));
  if (listed.length === 0) return null;
  const text = await readFile(join(dossier.folder, 'feeds.opml'), 'utf8');
  const places = new Map(
    readFeedList(text).entries.map(({ outline, id }) => [
      outline,
      id === null ? null : (there.get(id) ?? null),
    ]),
  );
  const list = asItIsNow(text, places);
  return list === null ? null : { list, feeds: listed };
}

/** The feeds of lists that were imported: by list, and where in it. A feed that has left one is gone there. */
async function importedPlaces(
  store: Store,
  there: ReadonlyMap<FeedId, ListedFeed>,
): Promise<ReadonlyMap<ContentHash, Map<number, ListedFeed | null>>> {
  const lists = new Map<ContentHash, Map<number, ListedFeed | null>>();
  for (const [id, { state }] of await readFeeds(store.db)) {
    if (state.outline === null) continue;
    const { list, outline } = state.outline;
    const places = lists.get(list) ?? new Map<number, ListedFeed | null>();
    lists.set(list, places.set(outline, there.get(id) ?? null));
  }
  return lists;
}

/**
 * The lists that feeds came with, as they are now, joined to one: the dossier's first, then imported ones; `rest` are the feeds
 * that stand in none.
 */
export async function exportedLists(
  store: Store,
  dossier: Pick<Dossier, 'feeds' | 'folder'>,
  feeds: readonly ListedFeed[],
): Promise<{ readonly list: XmlDocument | null; readonly rest: readonly ListedFeed[] }> {
  const there = new Map(feeds.map((feed) => [feed.feed, feed]));
  const left = new Map(there);
  const lists: XmlDocument[] = [];
  const own = await dossierList(dossier, there);
  if (own !== null) {
    lists.push(own.list);
    for (const id of own.feeds) left.delete(id);
  }
  for (const [hash, places] of [...(await importedPlaces(store, there))].sort(([a], [b]) =>
    a < b ? -1 : 1,
  )) {
    // What the dossier lists stands there.
    const here = new Map(
      [...places].map(([at, feed]) => [at, feed !== null && left.has(feed.feed) ? feed : null]),
    );
    const text = [...here.values()].some((feed) => feed !== null) ? await readList(store, hash) : null;
    const list = text === null ? null : asItIsNow(text, here);
    if (list === null) continue;
    lists.push(list);
    for (const feed of here.values()) if (feed !== null) left.delete(feed.feed);
  }
  const [first, ...others] = lists;
  return { list: first === undefined ? null : joinLists([first, ...others]), rest: [...left.values()] };
}
