import { sql } from 'kysely';
import { itemStream, position } from '../events/ids.ts';
import type { ContentHash, ItemId, Position } from '../events/ids.ts';
import type { Recorded } from '../events/event.ts';
import { isItemEvent } from '../events/item.ts';
import type { ItemEvent, ItemTakenDown } from '../events/item.ts';
import { linkKeyIdOf } from '../ingest/identity.ts';
import { textsOf } from '../ingest/take-down.ts';
import { absoluteUrl, publicUrl } from '../ingest/url.ts';
import { getItemContents } from '../store/content.ts';
import type { ItemContent } from '../store/content.ts';
import type { Db } from '../store/database.ts';
import { ArchivedAway } from '../store/errors.ts';
import { findKeys } from '../store/item-keys.ts';
import { readAfter, readStream } from '../store/read.ts';
import { takedownsOf } from '../store/taken-down.ts';
import { itemOf, listAlerts, titleOf } from './lists.ts';
import type { ListedAlert } from './lists.ts';

/** Everything the log can say about one item. */
export interface Explanation {
  readonly item: ItemId;
  readonly events: readonly Recorded<ItemEvent>[];
  /** The words each event speaks of; those taken down are missing. */
  readonly contents: ReadonlyMap<ContentHash, ItemContent>;
  /** Of the missing ones those that went with another item, which had the same. */
  readonly takenDown: ReadonlyMap<ContentHash, Recorded<ItemTakenDown>>;
  readonly alerts: readonly ListedAlert[];
}

/** Matches shown when a reference is ambiguous. */
export const CANDIDATES_MAX = 10;
const ALERTS_MAX = 200;
const ID_PREFIX = /^[0-9a-f]{4,32}$/;

/** An item that a reference may mean. */
export interface Candidate {
  readonly item: ItemId;
  readonly title: string;
}

/** The items with that very URL; where there are none, the one that is known by it too: its mobile or AMP page, where it was moved to. */
async function itemsAt(db: Db, url: string): Promise<readonly ItemId[]> {
  const found = await db
    .selectFrom('sw_read.items')
    .select('item')
    .where('url', '=', publicUrl(url))
    .orderBy('item')
    .limit(CANDIDATES_MAX)
    .execute();
  if (found.length > 0) return found.map(({ item }) => item);
  const key = linkKeyIdOf(url);
  return key === null ? [] : [...(await findKeys(db, [key])).values()];
}

/**
 * The items that `reference` may mean: an item id, the first characters of one (at least 4), or an article's URL,
 * tracking parameters and all. At most CANDIDATES_MAX; several mean that it is ambiguous. With `at` only those that the log
 * knew at that position, as they were then.
 */
export async function findItems(db: Db, reference: string, at: Position | null = null): Promise<Candidate[]> {
  const url = absoluteUrl(reference, null);
  const prefix = reference.toLowerCase();
  if (url === null && !ID_PREFIX.test(prefix)) return [];
  // What it is found by never changes, and is indexed where items are as they are now.
  const known = url === null ? [] : await itemsAt(db, url);
  const found = db
    .selectFrom('sw_read.items')
    .select('item')
    .where(
      url === null ? sql<boolean>`item like ${`${prefix}%`}` : sql<boolean>`item = any(${known}::text[])`,
    )
    .$if(at !== null, (query) => query.where('position', '<=', at))
    .orderBy('item')
    .limit(CANDIDATES_MAX);
  return await db
    .selectFrom(found.as('f'))
    .innerJoinLateral(itemOf('f.item', at).as('i'), (join) => join.onTrue())
    .leftJoin('sw_log.content as c', 'c.hash', 'i.content')
    .select(['f.item', titleOf.as('title')])
    .orderBy('f.item')
    .execute();
}

/** The takedowns of other items that texts of `item` went with. An event that is archived and gone tells nothing. */
async function takenElsewhere(
  db: Db,
  item: ItemId,
  missing: readonly ContentHash[],
): Promise<Map<ContentHash, Recorded<ItemTakenDown>>> {
  const found = new Map<ContentHash, Recorded<ItemTakenDown>>();
  for (const [hash, at] of await takedownsOf(db, missing)) {
    for (const event of await takedownAt(db, at))
      if (event.type === 'ItemTakenDown' && event.data.item !== item) found.set(hash, event);
  }
  return found;
}

/** The takedown at a position; nothing where it was archived and is gone. */
async function takedownAt(db: Db, at: Position): Promise<readonly Recorded[]> {
  try {
    return (await readAfter(db, position(at - 1), ['ItemTakenDown'], 1)).events;
  } catch (error) {
    if (error instanceof ArchivedAway) return [];
    throw error;
  }
}

/**
 * What happened to `item` and why, from the log itself, and with `at` no further than that position; null when the log had not
 * seen it.
 */
export async function explain(db: Db, item: ItemId, at: Position | null = null): Promise<Explanation | null> {
  const events = (await readStream(db, itemStream(item)))
    .filter(isItemEvent)
    .filter(({ position }) => at === null || position <= at);
  if (events.length === 0) return null;
  const texts = textsOf(events);
  const contents = await getItemContents(db, texts);
  return {
    item,
    events,
    contents,
    takenDown: await takenElsewhere(
      db,
      item,
      texts.filter((text) => !contents.has(text)),
    ),
    alerts: await listAlerts(db, { status: null, rule: null, item, limit: ALERTS_MAX }, at),
  };
}
