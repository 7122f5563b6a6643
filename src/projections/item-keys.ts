import { sql } from 'kysely';
import { position } from '../events/ids.ts';
import type { ItemId, KeyId, Position } from '../events/ids.ts';
import type { Recorded } from '../events/event.ts';
import { keysOfKnown } from '../ingest/identity.ts';
import { getItemContents } from '../store/content.ts';
import type { ItemContent } from '../store/content.ts';
import type { Db, Tx } from '../store/database.ts';
import { putKeys } from '../store/item-keys.ts';
import { head, readAfter, READ_EVENTS_MAX } from '../store/read.ts';
import { isServed, noteServed } from './switch.ts';

/** Goes up when keys come to be others (ingest/identity.ts, ingest/url.ts): then those of the whole log are made anew. */
const ITEM_KEYS_VERSION = 1;
/** Named like a projection wherever versions are told. */
export const ITEM_KEYS_SERVED = { name: 'item-keys', version: ITEM_KEYS_VERSION };

const FILL_LOCK = sql`7301, 4`;
const HANDLES = ['ItemIngested', 'ItemAliased'] as const;

type Words = ReadonlyMap<string, ItemContent>;

/** The keys that lead to an item from this event on: those it takes over, and those it has where nobody had them before. */
interface EventKeys {
  readonly item: ItemId;
  readonly taken: readonly (KeyId | null)[];
  readonly free: readonly (KeyId | null)[];
}

function keysOf(event: Recorded, words: Words): EventKeys | null {
  if (event.type === 'ItemIngested') {
    const { item, content } = event.data;
    const keys = keysOfKnown({ ...event.data, title: words.get(content)?.title ?? null });
    return { item, taken: [keys.link, keys.guid], free: [keys.title] };
  }
  if (event.type !== 'ItemAliased') return null;
  const { item } = event.data;
  const keys = keysOfKnown({ ...event.data, published: null, title: null });
  return { item, taken: [], free: [keys.link, keys.guid] };
}

/** Adds the keys of what lies after `from` and not after `to`, as record-items claims them for what it appends; gives how far it came. */
async function addSlice(tx: Tx, from: Position, to: Position): Promise<Position> {
  const { events, until } = await readAfter(tx, from, HANDLES, Math.min(READ_EVENTS_MAX, to - from));
  const hashes = events.flatMap((event) => (event.type === 'ItemIngested' ? [event.data.content] : []));
  const words: Words = await getItemContents(tx, hashes);
  const taken = new Map<KeyId, ItemId>();
  const free = new Map<KeyId, ItemId>();
  for (const event of events) {
    const keys = keysOf(event, words);
    if (keys === null) continue;
    for (const key of keys.taken) if (key !== null) taken.set(key, keys.item);
    for (const key of keys.free) if (key !== null && !free.has(key)) free.set(key, keys.item);
  }
  await putKeys(tx, taken, 'take over');
  await putKeys(tx, free, 'leave');
  return until;
}

/** Adds the keys of what lies after `from`, up to `to`: for events that came by another way than record-items. */
export async function addItemKeys(
  tx: Tx,
  from: Position,
  to: Position,
  onProgress: (done: Position) => void = () => undefined,
): Promise<void> {
  let at = from;
  while (at < to) {
    const until = await addSlice(tx, at, to);
    if (until === at) return;
    at = until;
    onProgress(at);
  }
}

export interface ItemKeysOptions {
  readonly now: () => Date;
  /** Whether keys that are of this version already are left as they are. */
  readonly onlyOlder?: boolean;
  readonly onProgress: (progress: { projection: string; done: number; total: number }) => void;
}

/**
 * Makes the table of keys anew from the log: in one transaction, which whoever claims keys waits for. One process at a time; one
 * that is killed begins again. Gives how many events the log had; 0 where the keys were left as they are.
 */
export async function fillItemKeys(db: Db, options: ItemKeysOptions): Promise<number> {
  const { now, onlyOlder = false, onProgress } = options;
  return await db.transaction().execute(async (tx) => {
    await sql`select pg_advisory_xact_lock(${FILL_LOCK})`.execute(tx);
    if (onlyOlder && (await isServed(tx, ITEM_KEYS_SERVED))) return 0;
    await sql`lock table sw_work.item_keys in share row exclusive mode`.execute(tx);
    // Keys of items the log has not heard of yet are claimed by a process that is about to append: they stay.
    await sql`
      delete from sw_work.item_keys
       where exists (select from sw_log.streams where stream_id = 'item-' || replace(item::text, '-', ''))`.execute(
      tx,
    );
    const total = await head(tx);
    await addItemKeys(tx, position(0), total, (done) => {
      onProgress({ projection: ITEM_KEYS_SERVED.name, done, total });
    });
    await noteServed(tx, ITEM_KEYS_SERVED, now());
    return total;
  });
}
