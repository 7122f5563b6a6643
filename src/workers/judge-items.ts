import { itemOfKey } from '../events/ids.ts';
import type { ContentHash, FeedId, ItemId, KeyId } from '../events/ids.ts';
import { initialItem } from '../events/item.ts';
import type { Backfill } from '../events/item.ts';
import { unfamiliar } from '../ingest/alias.ts';
import type { Unfamiliar } from '../ingest/alias.ts';
import type { Identified } from '../ingest/identity.ts';
import { contentOf } from '../ingest/normalize.ts';
import { sameArticle } from '../ingest/same-article.ts';
import type { Candidate, Candidates, Verdict } from '../ingest/same-article.ts';
import type { Words } from '../ingest/similar.ts';
import { getItemContents } from '../store/content.ts';
import type { Db, Tx } from '../store/database.ts';
import { findKeys } from '../store/item-keys.ts';
import type { KeyClaim } from '../store/item-keys.ts';
import { readItems, UNKNOWN_ITEM } from './items.ts';
import type { KnownItem } from './items.ts';

/** An item of a document, and where that came from. */
export interface Seen extends Identified {
  readonly feed: FeedId;
  readonly backfill: Backfill | null;
  /** When the document was captured, where it came by an import that knows. */
  readonly capturedAt?: Date | null;
}

/** A sighting, and the item that it is. */
export interface Judged {
  readonly seen: Seen;
  /** contentOf the sighting. */
  readonly content: ContentHash;
  readonly verdict: Verdict;
  readonly known: KnownItem;
  /** The words the item has now, where they are others than those seen and matter. */
  readonly words: Words | null;
  /** Which of its keys are new for a known item. */
  readonly news: Unfamiliar;
  /** Keys that are to lead to the item. */
  readonly claims: readonly KeyClaim[];
}

/** The keys of a sighting that say something of it. */
export const keysOf = ({ keys }: Seen): KeyId[] =>
  [keys.link, keys.guid, keys.title].filter((key) => key !== null);

type Rows = ReadonlyMap<KeyId, ItemId>;
type Items = ReadonlyMap<ItemId, KnownItem>;
type Texts = ReadonlyMap<ContentHash, Words>;

/** The item that a key leads to. One that is named after the key needs no row: those of logs from before there were rows have none. */
function itemBehind(key: KeyId | null, rows: Rows, items: Items): ItemId | null {
  if (key === null) return null;
  const implied = itemOfKey(key);
  return rows.get(key) ?? ((items.get(implied)?.version ?? 0) > 0 ? implied : null);
}

interface Behind {
  readonly link: ItemId | null;
  readonly guid: ItemId | null;
  readonly title: ItemId | null;
}

function behind({ keys }: Seen, rows: Rows, items: Items): Behind {
  const of = (key: KeyId | null): ItemId | null => itemBehind(key, rows, items);
  return { link: of(keys.link), guid: of(keys.guid), title: of(keys.title) };
}

/** The texts that a verdict, or the decision after it, compares the sighting with. */
function textsAsked(
  seen: Seen,
  content: ContentHash,
  { link, guid, title }: Behind,
  items: Items,
): ContentHash[] {
  const isClear = link !== null && (guid === link || seen.keys.guid === null);
  const asked = isClear ? [link] : [link, guid, title];
  return asked.flatMap((item) => {
    const state = (item === null ? undefined : items.get(item)?.state) ?? initialItem;
    if (state.content === null || state.content === content) return [];
    return isClear && state.feed !== seen.feed ? [] : [state.content];
  });
}

function candidate(
  item: ItemId | null,
  seen: Seen,
  content: ContentHash,
  items: Items,
  texts: Texts,
): Candidate | null {
  if (item === null) return null;
  const state = items.get(item)?.state ?? initialItem;
  const words =
    state.content === content ? seen.item : state.content === null ? null : texts.get(state.content);
  return { item, state, words: words ?? null };
}

/** The keys that are to lead to `item` and do not: only such as an event carries, so that the log gives the same table. Those that lead to another are taken only where that is what the verdict says. */
function claimsOf(
  { keys }: Seen,
  { item, by }: Verdict,
  news: Unfamiliar,
  rows: Rows,
  isKnown: boolean,
): KeyClaim[] {
  const isNew = by === 'new' || by === 'reused';
  const claim = (key: KeyId | null, takes: boolean): KeyClaim[] => {
    if (key === null) return [];
    const was = rows.get(key) ?? null;
    return was === item || (was !== null && !takes) ? [] : [{ key, item, was }];
  };
  return [
    ...(isNew || news.link || !isKnown ? claim(keys.link, isNew) : []),
    ...(isNew || news.guid || !isKnown ? claim(keys.guid, isNew) : []),
    ...(isNew || !isKnown ? claim(keys.title, false) : []),
  ];
}

/**
 * Which item each sighting is, by its keys, and by words where these do not say. One look at the keys, one at the items, and one at the
 * words of those that need it.
 */
export async function judgeItems(db: Db | Tx, batch: readonly Seen[]): Promise<Judged[]> {
  const rows = await findKeys(db, batch.flatMap(keysOf));
  const items = await readItems(db, [...batch.map(({ itemId }) => itemId), ...rows.values()]);
  const sightings = batch.map((seen) => {
    const content = contentOf(seen.item);
    const found = behind(seen, rows, items);
    return { seen, content, found, asked: textsAsked(seen, content, found, items) };
  });
  const texts: Texts = await getItemContents(
    db,
    sightings.flatMap(({ asked }) => asked),
  );
  const judged = sightings.map(({ seen, content, found }) => {
    const of = (item: ItemId | null): Candidate | null => candidate(item, seen, content, items, texts);
    const candidates: Candidates = { link: of(found.link), guid: of(found.guid), title: of(found.title) };
    return { seen, content, candidates, verdict: sameArticle(seen, candidates) };
  });
  // The next article under a key that is used again has an id that no key leads to before it is claimed.
  const missing = judged.map(({ verdict }) => verdict.item).filter((item) => !items.has(item));
  const all: Items = missing.length === 0 ? items : new Map([...items, ...(await readItems(db, missing))]);
  return judged.map(({ seen, content, candidates, verdict }) => {
    const known = all.get(verdict.item) ?? UNKNOWN_ITEM;
    const { link: byLink, guid: byGuid, title: byTitle } = candidates;
    const words = [byLink, byGuid, byTitle].find((one) => one?.item === verdict.item)?.words ?? null;
    const isFree = (key: KeyId | null): boolean =>
      key === null || (rows.get(key) ?? verdict.item) === verdict.item;
    const { link, guid } = unfamiliar(known.state, seen);
    const news = { link: link && isFree(seen.keys.link), guid: guid && isFree(seen.keys.guid) };
    const claims = claimsOf(seen, verdict, news, rows, known.version > 0);
    return { seen, content, verdict, known, words, news, claims };
  });
}
