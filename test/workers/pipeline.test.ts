import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { sql } from 'kysely';
import { listAlerts, listFeeds } from '../../src/query/lists.ts';
import type { ListedAlert } from '../../src/query/lists.ts';
import { countItems, searchItems } from '../../src/query/search.ts';
import type { FoundItem } from '../../src/query/search.ts';
import { ANY_ITEM } from '../../src/query/sql-filter.ts';
import { createLog } from '../../src/log.ts';
import { PROJECTIONS } from '../../src/projections/all.ts';
import { rebuild } from '../../src/projections/rebuild.ts';
import { getResponse } from '../../src/store/content.ts';
import type { ContentHash } from '../../src/events/ids.ts';
import { head } from '../../src/store/read.ts';
import { countUntagged } from '../../src/store/undone.ts';
import { reconcile } from '../../src/workers/reconcile.ts';
import { countEvents, dumpReadTables, FIXTURES, keepingChannel, startPipeline } from '../support/pipeline.ts';
import type { Pipeline } from '../support/pipeline.ts';
import { loseQueues } from '../support/queue-place.ts';
import { useStore } from '../support/store.ts';

interface Expected {
  readonly items: readonly {
    readonly link: string;
    readonly edition: number;
    readonly must: readonly string[];
    readonly mustNot: readonly string[];
    readonly revised?: unknown;
  }[];
  readonly alerts: {
    readonly raised: readonly { readonly rule: string; readonly oneOf: readonly string[] }[];
    readonly allowed: readonly { readonly rule: string; readonly link: string }[];
  };
}

const log = useStore();
const channel = keepingChannel();
let expected: Expected;
let pipeline: Pipeline;

beforeAll(async () => {
  expected = JSON.parse(await readFile(join(FIXTURES, 'expected.json'), 'utf8')) as Expected;
  pipeline = await startPipeline(log.store, channel);
});

afterAll(async () => {
  await pipeline.stop();
});

const alerts = (status: 'raised' | 'suppressed'): Promise<ListedAlert[]> =>
  listAlerts(log.store.db, { status, rule: null, item: null, limit: 1_000 });

async function itemsByLink(): Promise<Map<string | null, FoundItem>> {
  return new Map(
    (await searchItems(log.store.db, ANY_ITEM, { limit: 10_000, after: null })).items.map((item) => [
      item.url,
      item,
    ]),
  );
}

async function positionsAreDense(): Promise<boolean> {
  const { rows } = await sql<{ events: number }>`select count(*) as events from sw_log.events`.execute(
    log.store.db,
  );
  return rows[0]?.events === (await head(log.store.db));
}

// One story in order: each test goes on from where the one before it left the log.
describe('the first poll', () => {
  beforeAll(() => pipeline.round());

  test('brings in every item of the fixtures', async () => {
    const found = await itemsByLink();
    const links = expected.items.filter((item) => item.edition === 1).map((item) => item.link);
    expect(links.filter((link) => !found.has(link))).toEqual([]);
    expect((await countItems(log.store.db, ANY_ITEM)).items).toBe(links.length);
  });

  test('sends nothing: what would have fired is held back as backfill', async () => {
    expect(channel.sent).toEqual([]);
    expect(await alerts('raised')).toEqual([]);
    const held = await alerts('suppressed');
    expect(held.length).toBeGreaterThan(10);
    expect(new Set(held.map((alert) => JSON.stringify(alert.reason)))).toEqual(
      new Set([JSON.stringify({ kind: 'backfill', backfill: 'first-poll' })]),
    );
  });

  test('tells a dead feed from a broken one, and both from a slow one', async () => {
    const feeds = new Map((await listFeeds(log.store.db)).map((feed) => [feed.feed as string, feed]));
    expect(feeds.get('gone')?.failure).toMatchObject({ kind: 'hard', status: 404 });
    expect(feeds.get('broken')?.failure?.reason).toContain('a web page, not a feed');
    const evidence = feeds.get('broken')?.failure?.evidence;
    expect((await getResponse(log.store.db, evidence ?? ('' as ContentHash))).text).toContain('<html');
    expect(feeds.get('lighthouse')?.failure).toBeNull();
  });
});

describe('the second poll, with new items', () => {
  beforeAll(async () => {
    pipeline.server.setEdition(2);
    await pipeline.round();
  });

  test('tags every item with what it must carry and with nothing that it must not', async () => {
    const found = await itemsByLink();
    const wrong = expected.items.flatMap(({ link, must, mustNot }) => {
      const tags = new Set<string>(found.get(link)?.tags.map((tag) => tag.id));
      const missing = must.filter((id) => !tags.has(id));
      const extra = mustNot.filter((id) => tags.has(id));
      return missing.length + extra.length > 0 ? [{ link, missing, extra }] : [];
    });
    expect(wrong).toEqual([]);
  });

  test('raises the alerts that the rules ask for, one for each group of copies, and no others', async () => {
    const raised = (await alerts('raised')).map(({ rule, url }) => `${rule} ${url ?? ''}`);
    const allowed = new Set(expected.alerts.allowed.map(({ rule, link }) => `${rule} ${link}`));
    for (const { rule, oneOf } of expected.alerts.raised) {
      expect(raised.filter((alert) => oneOf.some((link) => alert === `${rule} ${link}`))).toHaveLength(1);
    }
    const asked = expected.alerts.raised.flatMap(({ rule, oneOf }) => oneOf.map((link) => `${rule} ${link}`));
    expect(raised.filter((alert) => !allowed.has(alert) && !asked.includes(alert))).toEqual([]);
  });

  test('delivers each raised alert once, under the id of its event', async () => {
    const raised = await alerts('raised');
    expect(channel.sent.map((message) => message.alert).sort()).toEqual(
      raised.map(({ alert }) => alert).sort(),
    );
    expect(raised.every(({ deliveries }) => deliveries[0]?.status === 'delivered')).toBe(true);
  });

  test('holds copies back and says of which item they are copies', async () => {
    const copies = (await alerts('suppressed')).filter(({ reason }) => reason?.kind === 'copy');
    expect(copies.length).toBeGreaterThan(0);
    const spoken = new Set((await alerts('raised')).map(({ item }) => item as string));
    for (const { reason } of copies) expect(reason?.kind === 'copy' && spoken.has(reason.of)).toBe(true);
  });

  test('keeps a revised headline as a revision of the same item', async () => {
    const counts = await countEvents(log.store.db);
    expect(counts['ItemRevised']).toBe(expected.items.filter((item) => item.revised !== undefined).length);
    expect(counts['ItemIngested']).toBe(expected.items.length);
  });
});

describe('whatever is done again', () => {
  test('polling again adds no event about an item and sends nothing', async () => {
    const before = await countEvents(log.store.db);
    const sent = channel.sent.length;
    await pipeline.round();
    expect(await countEvents(log.store.db)).toEqual(before);
    expect(channel.sent).toHaveLength(sent);
  });

  test('reading the feeds from another port makes no item new', async () => {
    const before = await countEvents(log.store.db);
    await pipeline.stop();
    pipeline = await startPipeline(log.store, channel);
    pipeline.server.setEdition(2);
    const sent = channel.sent.length;
    await pipeline.round();
    const { FeedMoved: moved, ...rest } = await countEvents(log.store.db);
    expect(rest).toEqual(before);
    expect(moved).toBe(pipeline.dossier.feeds.length);
    expect(channel.sent).toHaveLength(sent);
  });

  test('losing every queue loses no work: what the log says is undone is queued again', async () => {
    await pipeline.stop();
    // Items come in while nobody tags, and then all of BullMQ's tables are gone.
    pipeline = await startPipeline(log.store, channel, { roles: ['ingest', 'follow'] });
    await log.store.db
      .updateTable('sw_work.feed_schedule')
      .set({ etag: null, last_modified: null })
      .execute();
    await recordUntagged(3);
    // What has not been queued yet cannot be lost.
    await expect.poll(() => pipeline.queues.depth('classify')).toBeGreaterThan(0);
    await pipeline.stop();
    await loseQueues(log.store.db);
    pipeline = await startPipeline(log.store, channel);
    pipeline.server.setEdition(2);
    await expect.poll(() => countUntagged(log.store.db)).toBe(3);
    const look = (inMs: number): Promise<number> => {
      const { queues } = pipeline;
      const now = (): Date => new Date(Date.now() + inMs);
      return reconcile({ store: log.store, queues, now, log: createLog('silent') });
    };
    // What is untagged half a minute after a look has been forgotten, what is in hand has not.
    expect(await look(0)).toBe(0);
    expect(await look(31_000)).toBe(3);
    await pipeline.settled();
    const {
      ItemIngested: ingested,
      ItemRevised: revised,
      ItemTagged: tagged,
    } = await countEvents(log.store.db);
    expect(tagged).toBe((ingested ?? 0) + (revised ?? 0));
  });

  test('rebuilding gives the same read tables, byte for byte, and sends nothing', async () => {
    const before = await dumpReadTables(log.store.db);
    expect(Object.values(before).every((rows) => rows.length > 0)).toBe(true);
    const sent = channel.sent.length;
    const end = await head(log.store.db);
    for (const projection of PROJECTIONS) {
      await rebuild(log.store.db, projection, { now: () => new Date() });
    }
    expect(await dumpReadTables(log.store.db)).toEqual(before);
    expect(await head(log.store.db)).toBe(end);
    expect(channel.sent).toHaveLength(sent);
  });

  test('and positions stay dense throughout', async () => {
    expect(await positionsAreDense()).toBe(true);
    expect([...pipeline.running.halted]).toEqual([]);
  });
});

async function recordUntagged(count: number): Promise<void> {
  const { Importer } = await import('../../src/workers/import-items.ts');
  const importer = new Importer({ store: log.store, dossier: pipeline.dossier, now: () => new Date() });
  for (let index = 0; index < count; index++) {
    const title = `Nara hears nothing, part ${index}`;
    const url = `https://harbourwire.example/lost/${index}`;
    const item = { guid: null, url, title, summary: '', published: '2026-02-10T00:00:00.000Z', lang: 'en' };
    await importer.add({ item, source: 'lost' });
  }
  await importer.flush();
}
