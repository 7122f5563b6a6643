import { itemStream } from '../src/events/ids.ts';
import { itemText } from '../src/query/item-text.ts';
import type { Command } from '../src/store/append.ts';
import { putContent } from '../src/store/content.ts';
import type { Store } from '../src/store/store.ts';
import { generate } from './corpus.ts';
import type { GeneratedItem } from './corpus.ts';

const BATCH_ITEMS = 250;
const SAY_EVERY_ITEMS = 25_000;

const commandsOf = (
  batch: readonly GeneratedItem[],
  expected: number,
  of: 'ingested' | 'tagged',
): Command[] =>
  batch.map((item) => ({ stream: itemStream(item.ingested.data.item), expected, events: [item[of]] }));

/** Appends the items of one writer, a batch of taggings after the batch of its items, as behind a queue. */
async function write(
  store: Store,
  items: number,
  { next }: { next: (count: number) => number },
  now: () => Date,
): Promise<void> {
  for (let from = next(BATCH_ITEMS); from < items; from = next(BATCH_ITEMS)) {
    const length = Math.min(BATCH_ITEMS, items - from);
    const batch = Array.from({ length }, (_, n) => generate(from + n, items));
    await putContent(store.db, new Map(batch.map(({ hash, content }) => [hash, itemText(content)])));
    await store.append(commandsOf(batch, 0, 'ingested'), now());
    await store.append(commandsOf(batch, 1, 'tagged'), now());
  }
}

/** Fills the log with `events` events of generated items, each ingested and then tagged, their texts and words beside them. */
export async function fillLog(
  store: Store,
  events: number,
  { writers, say }: { readonly writers: number; readonly say: (line: string) => void },
): Promise<void> {
  const items = Math.floor(events / 2);
  let [given, told] = [0, 0];
  const next = (count: number): number => {
    const from = given;
    given += count;
    if (from - told >= SAY_EVERY_ITEMS) {
      told = from;
      say(`${2 * from} of ${events} events appended`);
    }
    return from;
  };
  const now = (): Date => new Date();
  await Promise.all(Array.from({ length: writers }, () => write(store, items, { next }, now)));
}
