import type { ContentHash, ItemId, Position } from '../events/ids.ts';
import { itemStream } from '../events/ids.ts';
import { isItemEvent } from '../events/item.ts';
import type { ItemEvent } from '../events/item.ts';
import { decideTakedown, textsOf } from '../ingest/take-down.ts';
import type { TakedownWish } from '../ingest/take-down.ts';
import type { Db } from '../store/database.ts';
import type { Consumer } from '../store/follow.ts';
import { refuseUnfinished } from '../store/importing.ts';
import { readStream } from '../store/read.ts';
import type { Store } from '../store/store.ts';
import { forgetTexts, fullTextsOver } from '../store/taken-down.ts';

/** Times to decide again about an item whose stream moved on meanwhile. */
const CONFLICT_RETRIES_MAX = 5;

/** Deletes the words of what was taken down: what makes a takedown happen, whatever becomes of the command that asked for it. */
export const forgetWords: Consumer = {
  name: 'forget-words',
  handles: ['ItemTakenDown'],
  async handle(tx, events) {
    for (const event of events) {
      if (event.type === 'ItemTakenDown') await forgetTexts(tx, event.data.contents, event.position);
    }
  },
};

/** Every text that goes with an item of these events: its own, and the full texts of others under the same words. */
export async function textsGoing(db: Db, events: readonly ItemEvent[]): Promise<ContentHash[]> {
  const own = textsOf(events);
  return [...new Set([...own, ...(await fullTextsOver(db, own))])];
}

export interface Takedown {
  /** Every text that went. */
  readonly contents: readonly ContentHash[];
  /** False where the item had been taken down before. */
  readonly isNew: boolean;
}

async function forget(
  store: Store,
  contents: readonly ContentHash[],
  at: Position,
  isNew: boolean,
): Promise<Takedown> {
  await store.db.transaction().execute((tx) => forgetTexts(tx, contents, at));
  return { contents, isNew };
}

/**
 * Takes the words of an item down: the event first, then the words at once. A crash between the two leaves them to the
 * consumer forget-words, or to the command given again. Throws when the log has never seen the item.
 */
export async function takeDown(
  store: Store,
  item: ItemId,
  wish: TakedownWish,
  now: () => Date,
): Promise<Takedown> {
  await refuseUnfinished(store.db);
  const stream = itemStream(item);
  for (let attempt = 0; attempt <= CONFLICT_RETRIES_MAX; attempt++) {
    const events = (await readStream(store.db, stream)).filter(isItemEvent);
    const last = events.at(-1);
    if (last === undefined) throw new Error(`no item ${item} in the log`);
    const before = events.find((event) => event.type === 'ItemTakenDown');
    if (before !== undefined) return await forget(store, before.data.contents, before.position, false);
    const event = decideTakedown(item, await textsGoing(store.db, events), wish, now());
    const [result] = await store.append([{ stream, expected: last.version, events: [event] }], now());
    const at = result?.position;
    if (result?.status === 'conflict' || at === undefined || at === null) continue;
    return await forget(store, event.data.contents, at, true);
  }
  throw new Error(`item ${item} kept changing under our hands`);
}
