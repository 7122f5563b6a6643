import { sql } from 'kysely';
import type { Recorded } from '../src/events/event.ts';
import { items } from '../src/projections/items.ts';
import { putContent } from '../src/store/content.ts';
import { itemText } from '../src/query/item-text.ts';
import type { Store } from '../src/store/store.ts';
import { generate } from './corpus.ts';
import type { GeneratedItem } from './corpus.ts';

/** Events a batch holds, as the log is read. */
const BATCH_EVENTS = 1_000;
const REPORT_MS = 10_000;

async function applyBatch(
  store: Store,
  fresh: readonly GeneratedItem[],
  old: readonly GeneratedItem[],
): Promise<number> {
  await putContent(store.db, new Map(fresh.map(({ hash, content }) => [hash, itemText(content)])));
  const events: Recorded[] = [...old.map((item) => item.tagged), ...fresh.map((item) => item.ingested)];
  const started = performance.now();
  await store.db.transaction().execute((tx) => items.apply(tx, events, 'sw_read'));
  return performance.now() - started;
}

/**
 * Fills the read tables with `count` generated items, through the projection. A tagging comes a batch after its item, as
 * it does behind a queue. Gives the milliseconds that the projection took.
 */
export async function fill(store: Store, count: number, say: (line: string) => void): Promise<number> {
  const half = BATCH_EVENTS / 2;
  const started = performance.now();
  let [spent, told] = [0, started];
  let before: GeneratedItem[] = [];
  for (let done = 0; done < count || before.length > 0; done += half) {
    const fresh = Array.from({ length: Math.max(0, Math.min(half, count - done)) }, (_, n) =>
      generate(done + n, count),
    );
    spent += await applyBatch(store, fresh, before);
    before = fresh;
    const now = performance.now();
    if (now - told > REPORT_MS) {
      told = now;
      const rate = done / ((now - started) / 1_000);
      say(
        `${done} of ${count} items, ${Math.round(rate)} items/s, ${Math.ceil((count - done) / rate)} s left`,
      );
    }
  }
  for (const table of ['items', 'item_versions', 'words'])
    await sql`vacuum analyze ${sql.table(`sw_read.${table}`)}`.execute(store.db);
  return spent;
}
