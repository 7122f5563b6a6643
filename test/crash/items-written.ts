import { generate } from '../../bench/corpus.ts';
import type { GeneratedItem } from '../../bench/corpus.ts';
import type { ItemEvent } from '../../src/events/item.ts';
import { itemText } from '../../src/query/item-text.ts';
import type { AppendResult, Command } from '../../src/store/append.ts';
import { putContent } from '../../src/store/content.ts';
import type { Store } from '../../src/store/store.ts';

/** Items whose events go into one call. */
const BATCH_ITEMS = 40;

/** Some of the generated items: `from` up to, and not with, `to`, of `of`. */
export interface Range {
  readonly from: number;
  readonly to: number;
  readonly of: number;
}

/** An event that the store said is in the log, and where; null where all it said is that it was there already. */
export type Acknowledged = readonly [id: string, position: number | null];

/** Of ten items one is appended with its tags in one command, which has to be there whole or not at all. */
const isWhole = (index: number): boolean => index % 10 === 0;

const command = ({ ingested }: GeneratedItem, expected: number, events: readonly ItemEvent[]): Command => ({
  stream: ingested.stream,
  expected,
  events,
});

function acknowledgedBy({ events, stream }: Command, result: AppendResult): Acknowledged[] {
  const { status, position } = result;
  if (status === 'conflict' || position === null) throw new Error(`${stream}: ${JSON.stringify(result)}`);
  return events.map(({ id }, index) => [
    id,
    status === 'appended' ? position - events.length + 1 + index : null,
  ]);
}

/**
 * Appends the events of a range, item after item: each with its words before it, and tagged in the call after. What is there
 * already, of a process that was killed or of one that does the same at the same time, is passed over by the store.
 */
export async function writeItems(
  store: Store,
  { from, to, of }: Range,
  now: () => Date,
  said: (acknowledged: readonly Acknowledged[]) => void,
): Promise<void> {
  let untagged: readonly Command[] = [];
  for (let start = from; start < to || untagged.length > 0; start += BATCH_ITEMS) {
    const count = Math.max(0, Math.min(BATCH_ITEMS, to - start));
    const items = Array.from({ length: count }, (_, offset) => ({
      isWhole: isWhole(start + offset),
      item: generate(start + offset, of),
    }));
    await putContent(store.db, new Map(items.map(({ item }) => [item.hash, itemText(item.content)])));
    const first = items.map(({ isWhole: whole, item }) =>
      command(item, 0, whole ? [item.ingested, item.tagged] : [item.ingested]),
    );
    const commands = [...first, ...untagged];
    const results = await store.append(commands, now());
    said(results.flatMap((result, index) => acknowledgedBy(commands[index] as Command, result)));
    untagged = items.flatMap(({ isWhole: whole, item }) => (whole ? [] : [command(item, 1, [item.tagged])]));
  }
}
