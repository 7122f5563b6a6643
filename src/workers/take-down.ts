import type { ContentHash, ItemId, Position } from '../events/ids.ts';
import { itemStream, position } from '../events/ids.ts';
import { isItemEvent } from '../events/item.ts';
import type { ItemEvent } from '../events/item.ts';
import { decideTakedown, textsOf } from '../ingest/take-down.ts';
import type { TakedownWish } from '../ingest/take-down.ts';
import { items } from '../projections/items.ts';
import { consumerOf } from '../projections/projection.ts';
import { appendIn } from '../store/append.ts';
import { readCheckpoints } from '../store/checkpoints.ts';
import type { Db, Tx } from '../store/database.ts';
import type { Consumer } from '../store/follow.ts';
import { refuseUnfinished } from '../store/importing.ts';
import { head, readAfter, readStream } from '../store/read.ts';
import type { Store } from '../store/store.ts';
import { forgetTexts, fullTextsOver, holdTexts } from '../store/taken-down.ts';

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

/** Full texts that the log has over some words, as far as it was looked through. */
interface Looked {
  readonly texts: readonly ContentHash[];
  readonly until: Position;
}

/** Where the read tables end: the full texts up to there are theirs to tell. */
async function readTablesEnd(db: Db | Tx): Promise<Looked> {
  const [checkpoint] = await readCheckpoints(db, [consumerOf(items).name]);
  return { texts: [], until: checkpoint?.position ?? position(0) };
}

/** The full texts over these words that the log has behind `earlier`, and those of `earlier`. */
async function lookOn(db: Db | Tx, words: readonly ContentHash[], earlier: Looked): Promise<Looked> {
  const wanted = new Set(words);
  const texts = [...earlier.texts];
  const to = await head(db);
  let from = earlier.until;
  while (from < to) {
    const { events, until } = await readAfter(db, from, ['ItemTextFetched']);
    for (const event of events)
      if (event.type === 'ItemTextFetched' && wanted.has(event.data.content)) texts.push(event.data.text);
    if (until === from) break;
    from = until;
  }
  return { texts, until: from };
}

/**
 * Every text that goes with an item of these events: its own, and the full texts of others under the same words. What the log was
 * looked through before is not read again.
 */
export async function textsGoing(
  db: Db | Tx,
  events: readonly ItemEvent[],
  before: Looked | null = null,
): Promise<ContentHash[]> {
  const own = textsOf(events);
  // The log first: what the read tables learn meanwhile is in both then, and not in neither.
  const { texts } = await lookOn(db, own, before ?? (await readTablesEnd(db)));
  return [...new Set([...own, ...(await fullTextsOver(db, own)), ...texts])];
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

interface Standing {
  readonly item: ItemId;
  readonly events: readonly ItemEvent[];
  readonly expected: number;
}

/**
 * Event and words in one, while nobody can keep a text: a full text of the same words that is recorded at this moment is either in
 * the log by then, and goes, or finds its words gone. Gives the texts that went; null where the stream has moved on.
 */
async function appendTakedown(
  store: Store,
  { item, events, expected }: Standing,
  wish: TakedownWish,
  now: Date,
): Promise<readonly ContentHash[] | null> {
  // The read tables may be far behind: while texts are held only the rest of the log is read.
  const before = await lookOn(store.db, textsOf(events), await readTablesEnd(store.db));
  const contents = await store.db.transaction().execute(async (tx) => {
    await holdTexts(tx);
    const event = decideTakedown(item, await textsGoing(tx, events, before), wish, now);
    const [result] = await appendIn(tx, [{ stream: itemStream(item), expected, events: [event] }], now);
    if (result?.status !== 'appended' || result.position === null) return null;
    await forgetTexts(tx, event.data.contents, result.position);
    return event.data.contents;
  });
  if (contents !== null) store.wakeup.appended();
  return contents;
}

/**
 * Takes the words of an item down, event and words together. What is left where the event came from elsewhere is up to the
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
    const contents = await appendTakedown(store, { item, events, expected: last.version }, wish, now());
    if (contents !== null) return { contents, isNew: true };
  }
  throw new Error(`item ${item} kept changing under our hands`);
}
