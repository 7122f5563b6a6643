import { sql } from 'kysely';
import { beforeAll, expect, test } from 'vitest';
import { contentHashOf, itemStream } from '../../src/events/ids.ts';
import { outcomeText } from '../../src/cli/alert-text.ts';
import { createLog } from '../../src/log.ts';
import { itemText } from '../../src/query/item-text.ts';
import { listAlerts } from '../../src/query/lists.ts';
import { putContent } from '../../src/store/content.ts';
import type { Db } from '../../src/store/database.ts';
import { countUntagged } from '../../src/store/undone.ts';
import { AFTER_IMPORT, settleImport } from '../../src/workers/import-log.ts';
import { requeueUntagged } from '../../src/workers/reconcile.ts';
import { ingested, itemOf } from '../support/events.ts';
import { exported, imported } from '../support/logs.ts';
import { keepingChannel, startPipeline } from '../support/pipeline.ts';
import { useStore } from '../support/store.ts';

const original = useStore();
const copy = useStore();
const DAY_MS = 86_400_000;
const log = createLog('silent');
const now = (): Date => new Date();

async function rows(db: Db, table: string): Promise<string[]> {
  const found = await sql<{ row: string }>`
    select to_jsonb(t)::text as row from ${sql.table(table)} t order by 1`.execute(db);
  return found.rows.map(({ row }) => row);
}

/** New words about what a rule asks for, as a live poll brings them; nobody tags them. */
async function leaveUntagged(): Promise<void> {
  const body = {
    title: 'Lee and Takaichi agree on Nara summit declaration',
    summary: 'Shuttle diplomacy resumes in Nara.',
  };
  const content = contentHashOf(body.title, body.summary);
  await putContent(original.store.db, new Map([[content, itemText(body)]]));
  const event = ingested('untagged', { content });
  await original.store.append([{ stream: itemStream(event.data.item), expected: 0, events: [event] }], now());
}

const knows = async (db: Db, item: string): Promise<boolean> =>
  (await rows(db, 'sw_read.items')).some((row) => row.includes(item));

const raisedIn = async (db: Db): Promise<string[]> =>
  (await listAlerts(db, { status: 'raised', rule: null, item: null, limit: 1_000 })).map(
    ({ alert }) => alert,
  );

beforeAll(async () => {
  // Nothing gets through: what was raised is the original's to send again.
  const failing = keepingChannel(() => ({ kind: 'again', reason: 'down', notBeforeMs: DAY_MS }));
  const pipeline = await startPipeline(original.store, failing);
  try {
    await pipeline.round();
    pipeline.server.setEdition(2);
    await pipeline.round();
  } finally {
    await pipeline.stop();
  }
  await leaveUntagged();
  const file = await exported(original.store.db);
  await imported(copy.store.db, file, { settle: settleImport(now), batchEvents: 50 });
}, 120_000);

test('what rules go by on the copy is what they went by on the original', async () => {
  expect((await raisedIn(original.store.db)).length).toBeGreaterThan(0);
  for (const table of ['sw_work.rule_book', 'sw_work.alert_copies', 'sw_read.words'])
    expect(await rows(copy.store.db, table)).toEqual(await rows(original.store.db, table));
});

test('a copy that is put to work sends nothing of the past, and holds back what was not judged there', async () => {
  const channel = keepingChannel();
  const pipeline = await startPipeline(copy.store, channel);
  try {
    // For every consumer it has been decided what it does about an import; another one has to be thought about first.
    expect(pipeline.consumers.filter((name) => !Object.hasOwn(AFTER_IMPORT, name))).toEqual([]);
    // What is untagged is told by the read tables, which follow: all of it once they hold the last item of the log, whose words
    // are the only ones. Before that other items are untagged for a moment, as their tags come behind them.
    await expect.poll(() => knows(copy.store.db, itemOf('untagged')), { timeout: 20_000 }).toBe(true);
    expect(await countUntagged(copy.store.db)).toBe(1);
    await requeueUntagged({ store: copy.store, queues: pipeline.queues, now, log });
    pipeline.server.setEdition(2);
    await pipeline.round();
  } finally {
    await pipeline.stop();
  }
  expect(channel.sent).toEqual([]);
  const all = { status: 'raised', rule: null, item: null, limit: 1_000 } as const;
  const came = await listAlerts(copy.store.db, all);
  // As if the file had been written before anything was tried.
  expect([...new Set(came.map((alert) => outcomeText({ ...alert, deliveries: [] })))]).toEqual([
    'raised, and not delivered when this log was imported: nothing is sent from it',
  ]);
  expect((await listAlerts(original.store.db, all)).some((alert) => alert.imported)).toBe(false);
  expect(await rows(copy.store.db, 'sw_work.deliveries')).toEqual([]);
  expect(await raisedIn(copy.store.db)).toEqual(await raisedIn(original.store.db));
  const about = { status: 'suppressed', rule: null, item: itemOf('untagged'), limit: 10 } as const;
  const held = await listAlerts(copy.store.db, about);
  expect(held.map(({ reason }) => reason)).toContainEqual({ kind: 'backfill', backfill: 'archive' });
});
