import { itemStream } from '../events/ids.ts';
import type { ItemId, Position } from '../events/ids.ts';
import { evolveItem, isItemEvent } from '../events/item.ts';
import type { ItemIngested, ItemState, ItemTagged } from '../events/item.ts';
import type { Recorded } from '../events/event.ts';
import { getItemContents } from '../store/content.ts';
import type { ItemContent } from '../store/content.ts';
import type { Db } from '../store/database.ts';
import { readAfter, readLast, READ_EVENTS_MAX, readStreams } from '../store/read.ts';
import { fold } from './items.ts';
import type { KnownItem } from './items.ts';
import { wordsOf } from './tag-items.ts';

/** Items whose words are in memory at once: full texts may be long. */
const PIECE_ITEMS_MAX = 200;

/** An item with the words it has now and the tags they have. */
export interface TaggedItem {
  readonly item: ItemId;
  readonly known: KnownItem;
  readonly tagged: ItemTagged['data'];
  /** Null where they were taken down. */
  readonly words: ItemContent | null;
}

/** Items of the log, in the order in which it got them. */
export interface Piece {
  readonly tagged: readonly TaggedItem[];
  /** Items of it whose words are not tagged. */
  readonly untagged: number;
  /** How far the log was looked through. */
  readonly until: Position;
}

type Found = Omit<TaggedItem, 'words'>;

/**
 * What the first and the last event of an item say of it, where they say all there is to know: one that was tagged last has the
 * words that were tagged, and the first date its source gave stands.
 */
function ofEnds(first: Recorded<ItemIngested>, last: Recorded): Found | null {
  if (last.type !== 'ItemTagged' || (first.data.published === null && last.version > 2)) return null;
  const { content, text, backfill } = last.data;
  const known = fold([first]);
  const state: ItemState = evolveItem({ ...known.state, content, text, backfill }, last);
  // When the words came is nothing that tags depend on.
  return {
    item: first.data.item,
    known: { ...known, state, version: last.version },
    tagged: last.data,
  };
}

/** The same of a whole stream; null where the words it has now are not tagged. */
function ofStream(events: readonly Recorded[]): Found | null {
  const known = fold(events);
  const { item, content, text } = known.state;
  const last = events.findLast((event) => event.type === 'ItemTagged');
  if (item === null || last?.type !== 'ItemTagged') return null;
  if (last.data.content !== content || last.data.text !== text) return null;
  return { item, known, tagged: last.data };
}

async function readWhole(db: Db, items: readonly ItemId[]): Promise<Found[]> {
  if (items.length === 0) return [];
  const streams = await readStreams(db, items.map(itemStream));
  return items.flatMap((item) => ofStream((streams.get(itemStream(item)) ?? []).filter(isItemEvent)) ?? []);
}

async function withWords(db: Db, found: readonly Found[]): Promise<TaggedItem[]> {
  const hashOf = ({ known }: Found) => wordsOf(known.state);
  const contents = await getItemContents(
    db,
    found.flatMap((one) => hashOf(one) ?? []),
  );
  return found.map((one) => {
    const hash = hashOf(one);
    return { ...one, words: (hash === null ? undefined : contents.get(hash)) ?? null };
  });
}

/** `items` as they are now, those of them whose words are tagged. */
export async function readTagged(db: Db, items: readonly ItemId[]): Promise<TaggedItem[]> {
  return await withWords(db, await readWhole(db, items));
}

/** Those of a slice of the log that are tagged: two events of each are read, and the others only where these do not tell all. */
async function foundIn(db: Db, firsts: readonly Recorded<ItemIngested>[]): Promise<Found[]> {
  if (firsts.length === 0) return [];
  const lasts = await readLast(
    db,
    firsts.map(({ stream }) => stream),
  );
  const found: Found[] = [];
  const unclear: ItemId[] = [];
  for (const first of firsts) {
    const last = lasts.get(first.stream);
    const told = last === undefined ? null : ofEnds(first, last);
    if (told !== null) found.push(told);
    else unclear.push(first.data.item);
  }
  return [...found, ...(await readWhole(db, unclear))];
}

/** Items that the log first got after `from` and not after `to`; their words are read as far as `wantsWords` says. */
export async function* taggedItems(
  db: Db,
  { from, to }: { readonly from: Position; readonly to: Position },
  wantsWords: (tagged: ItemTagged['data']) => boolean,
): AsyncGenerator<Piece, void> {
  let at = from;
  while (at < to) {
    const { events, until } = await readAfter(db, at, ['ItemIngested'], Math.min(READ_EVENTS_MAX, to - at));
    if (until === at) return;
    const firsts = events.filter((event) => event.type === 'ItemIngested');
    for (let n = 0; n < firsts.length; n += PIECE_ITEMS_MAX) {
      const some = firsts.slice(n, n + PIECE_ITEMS_MAX);
      const found = await foundIn(db, some);
      const wanted = found.filter(({ tagged }) => wantsWords(tagged));
      const others = found
        .filter(({ tagged }) => !wantsWords(tagged))
        .map((one) => ({ ...one, words: null }));
      const last = some.at(-1)?.position ?? until;
      yield {
        tagged: [...others, ...(await withWords(db, wanted))],
        untagged: some.length - found.length,
        until: n + some.length < firsts.length ? last : until,
      };
    }
    if (firsts.length === 0) yield { tagged: [], untagged: 0, until };
    at = until;
  }
}
