import { sql } from 'kysely';
import { describe, expect, test, vi } from 'vitest';
import { feedId, itemStream, keyIdOf, publisherId } from '../../src/events/ids.ts';
import type { ItemId } from '../../src/events/ids.ts';
import { ALIAS_GUIDS_MAX, ALIAS_LINKS_MAX } from '../../src/ingest/alias.ts';
import { identify } from '../../src/ingest/identity.ts';
import type { FeedItem } from '../../src/ingest/normalize.ts';
import { addItemKeys, fillItemKeys, ITEM_KEYS_SERVED } from '../../src/projections/item-keys.ts';
import { position } from '../../src/events/ids.ts';
import { explain, findItems } from '../../src/query/why.ts';
import { revisionsOf } from '../../src/query/revisions.ts';
import { claimKeys, findKeys } from '../../src/store/item-keys.ts';
import { head, readAfter, readStream } from '../../src/store/read.ts';
import type { Store } from '../../src/store/store.ts';
import type { Seen } from '../../src/workers/judge-items.ts';
import { recordItems } from '../../src/workers/record-items.ts';
import type { RecordCounts } from '../../src/workers/record-items.ts';
import { takeDown } from '../../src/workers/take-down.ts';
import { anItem } from '../ingest/items.ts';
import { catchUp } from '../query/fill.ts';
import { NOON } from '../support/events.ts';
import { useStore } from '../support/store.ts';

const log = useStore();
const now = (): Date => NOON;
const wire = publisherId('wire');

/** How many wait for a lock of a kind, as PostgreSQL names it. */
async function waiting(kind: 'advisory' | 'relation'): Promise<number> {
  const { rows } = await sql<{ waiting: number }>`
    select count(*)::int as waiting from pg_locks where locktype = ${kind} and not granted
       and database = (select oid from pg_database where datname = current_database())`.execute(log.store.db);
  return rows[0]?.waiting ?? 0;
}

/** An article of its own for each name: words, link and guid. */
function article(name: string, differences: Partial<FeedItem> = {}): FeedItem {
  const title = `${name} delegates gather at ${name} harbour`;
  return anItem({
    url: `https://wire.example/${name}`,
    guid: `g-${name}`,
    title,
    summary: `${title} today.`,
    ...differences,
  });
}

const seen = (item: FeedItem, feed = 'wire-world'): Seen => ({
  ...identify(item, wire),
  feed: feedId(feed),
  backfill: null,
});
const record = (items: readonly Seen[], store: Store = log.store): Promise<RecordCounts> =>
  recordItems(store, items, now);

async function events(item: ItemId): Promise<string[]> {
  return (await readStream(log.store.db, itemStream(item))).map(({ type }) => type);
}

/** How many articles the log has of those called so. */
async function countItems(name: string): Promise<number> {
  const { rows } = await sql<{ items: number }>`
    select count(*) as items from sw_log.events
     where type = 'ItemIngested' and data->>'url' ~ ${`/${name}(-|$)`}`.execute(log.store.db);
  return Number(rows[0]?.items);
}

describe('an article that changes its names', () => {
  test('is one item under a moved link, and then under the new link alone', async () => {
    const first = seen(article('moved'));
    await record([first]);
    const moved = article('moved', { url: 'https://wire.example/articles/moved-2' });
    expect(await record([seen(moved)])).toMatchObject({ ingested: 0, unchanged: 1 });
    expect(await record([seen(moved)])).toMatchObject({ unchanged: 1 });
    const alone = { ...moved, guid: null, title: 'moved delegates part', published: null };
    expect(await record([seen(alone)])).toMatchObject({ ingested: 0, revised: 1 });
    expect(await events(first.itemId)).toEqual(['ItemIngested', 'ItemAliased', 'ItemRevised']);
  });

  test('is found by every link it has, and its revisions are told word by word, as known then', async () => {
    const first = seen(article('found', { title: 'Ministers meet in Seoul' }));
    await record([first]);
    const before = await head(log.store.db);
    const mobile = 'https://m.wire.example/found-mobile';
    await record([seen(article('found', { url: mobile, title: 'Ministers part in Seoul' }))]);
    await catchUp(log.store);
    for (const url of [mobile, 'https://wire.example/found-mobile/amp', 'https://wire.example/found?amp=1']) {
      expect(await findItems(log.store.db, url)).toMatchObject([{ item: first.itemId }]);
    }
    const explained = await explain(log.store.db, first.itemId);
    const [revision] = explained === null ? [] : revisionsOf(explained);
    expect(revision?.words?.title).toEqual([
      { kind: 'kept', text: 'Ministers ' },
      { kind: 'deleted', text: 'meet' },
      { kind: 'added', text: 'part' },
      { kind: 'kept', text: ' in Seoul' },
    ]);
    const then = await explain(log.store.db, first.itemId, before);
    expect(then === null ? null : revisionsOf(then)).toEqual([]);
    await takeDown(log.store, first.itemId, { reason: 'court order', by: null }, now);
    const taken = await explain(log.store.db, first.itemId);
    expect(taken === null ? null : revisionsOf(taken)).toMatchObject([{ words: null }]);
  });

  test('is another item when its guid is used again, and the guid is the newer’s from then on', async () => {
    const first = seen(article('number', { guid: '7' }));
    const second = seen(
      article('reuse', { guid: '7', title: 'Typhoon closes ports', summary: 'Ferries stay.' }),
    );
    await record([first]);
    expect(await record([second])).toMatchObject({ ingested: 1 });
    const again = { ...second.item, url: 'https://wire.example/reuse-2' };
    expect(await record([seen(again), first])).toMatchObject({ ingested: 0, unchanged: 2 });
    expect(await events(second.itemId)).toEqual(['ItemIngested', 'ItemAliased']);
    expect(await events(first.itemId)).toEqual(['ItemIngested']);
  });

  test('is another item each day under one link that is used again, however often it is seen', async () => {
    const day = (date: number, title: string): Seen =>
      seen(
        article('daily', {
          guid: `daily-${date}`,
          title,
          summary: '',
          published: `2026-01-${date}T06:00:00.000Z`,
        }),
      );
    const days = [day(12, 'Vice-ministers meet in Seoul'), day(13, 'Typhoon closes Jeju ports')];
    for (const one of [...days, ...days, ...days]) await record([one]);
    expect(await countItems('daily')).toBe(2);
  });

  test('is named anew a bounded number of times by a feed that makes up a guid at every poll', async () => {
    const first = seen(article('random'));
    for (let poll = 0; poll < ALIAS_GUIDS_MAX + 4; poll += 1) {
      await record([seen(article('random', { guid: `poll-${poll}` }))]);
    }
    expect(await events(first.itemId)).toEqual([
      'ItemIngested',
      ...Array.from({ length: ALIAS_GUIDS_MAX }, () => 'ItemAliased'),
    ]);
  });

  test('does not come back under a moved link when it was taken down', async () => {
    const first = seen(article('secret'));
    await record([first]);
    await takeDown(log.store, first.itemId, { reason: 'court order', by: null }, now);
    const moved = article('secret', { url: 'https://wire.example/secret-2', title: 'Wholly other words' });
    expect(await record([seen(moved)])).toMatchObject({ ingested: 0, revised: 0 });
    expect(await countItems('secret')).toBe(1);
  });

  test('listed twice in a document under two links and one guid is one item', async () => {
    const twice = ['twice', 'twice-mobile'].map((path) =>
      seen(article('twice', { url: `https://wire.example/${path}` })),
    );
    expect(await record(twice)).toMatchObject({ ingested: 1, unchanged: 1 });
  });
});

test.each(['headline', 'guid'])(
  'items of one %s under other links are recorded in a few rounds',
  async (shared) => {
    const items = Array.from({ length: 1000 }, (_, index) => {
      const guid = shared === 'guid' ? 'crowd' : `crowd-${index}`;
      const url = `https://wire.example/crowd-${shared}-${index}`;
      const words = { title: `Crowd of delegates gather under one ${shared}`, summary: `Number ${index}.` };
      return seen(article('crowd', { ...words, url, guid }));
    });
    let rounds = 0;
    const store: Store = {
      ...log.store,
      append: async (commands, at) => {
        rounds += 1;
        return await log.store.append(commands, at);
      },
    };
    await record(items, store);
    expect(rounds).toBeLessThanOrEqual(4);
    expect((await record(items)).unchanged).toBe(1000);
  },
);

describe('workers that see one article at once', () => {
  test('under other links and guids in every combination come to one item', async () => {
    const names = Array.from({ length: 30 }, (_, index) => `both${index}`);
    const sightings = names.map((name) => {
      const under = (url: string, guid: string): Seen =>
        seen(article(name, { url: `https://wire.example/${url}`, guid }));
      return [
        under(name, name),
        under(`${name}-m`, name),
        under(name, `${name}-b`),
        under(`${name}-m`, `${name}-b`),
      ];
    });
    const workers = [0, 1, 2, 3].map((shift) =>
      record(sightings.map((ways) => ways[shift]).filter((one) => one !== undefined)),
    );
    const counts = await Promise.all(workers);
    expect(counts.reduce((sum, { ingested }) => sum + ingested, 0)).toBe(names.length);
    for (const name of names) expect(await countItems(name)).toBe(1);
  });

  test('and one that was killed between claiming keys and appending leaves the item to the next', async () => {
    const item = article('killed');
    const store: Store = { ...log.store, append: () => Promise.reject(new Error('killed here')) };
    await expect(record([seen(item)], store)).rejects.toThrow('killed here');
    const moved = { ...item, url: 'https://wire.example/killed-2' };
    expect(await record([seen(moved), seen(item)])).toMatchObject({ ingested: 1, unchanged: 1 });
    expect(await countItems('killed')).toBe(1);
  });

  test('a claim that is refused in part leaves nothing of itself', async () => {
    const [key, free, item] = [keyIdOf('taken'), keyIdOf('free'), seen(article('claims')).itemId];
    const other = seen(article('claimed')).itemId;
    const claim = (lists: Parameters<typeof claimKeys>[1]): Promise<ReadonlySet<number>> =>
      log.store.db.transaction().execute((tx) => claimKeys(tx, lists));
    expect(await claim([[{ key, item: other, was: null }]])).toEqual(new Set());
    const refused = await claim([
      [
        { key, item, was: null },
        { key: free, item, was: null },
      ],
    ]);
    expect(refused).toEqual(new Set([0]));
    expect(await findKeys(log.store.db, [key, free])).toEqual(new Map([[key, other]]));
    expect(await claim([[{ key, item, was: item }]])).toEqual(new Set([0]));
    expect(await claim([[{ key, item, was: other }]])).toEqual(new Set());
  });
});

describe('the table of keys', () => {
  const rows = async (): Promise<unknown> =>
    (await sql`select key, item from sw_work.item_keys order by key`.execute(log.store.db)).rows;

  test('comes to the same from the log, and an article is known after it was lost', async () => {
    await sql`delete from sw_work.item_keys`.execute(log.store.db);
    const { events: all } = await readAfter(log.store.db, position(0), ['ItemIngested'], 10_000);
    const items = ['kept', 'filled'].map((name) => seen(article(name)));
    const from = await head(log.store.db);
    await record(items);
    await record([seen(article('kept', { url: 'https://wire.example/kept-2', guid: 'kept-b' }))]);
    expect(all.length).toBeGreaterThan(0);
    const before = await rows();
    await sql`delete from sw_work.item_keys`.execute(log.store.db);
    const to = await head(log.store.db);
    await log.store.db.transaction().execute((tx) => addItemKeys(tx, from, to));
    expect(await rows()).toEqual(before);
    const byGuid = article('kept', { url: 'https://wire.example/kept-3', guid: 'kept-b' });
    expect(await record([seen(byGuid)])).toMatchObject({ ingested: 0 });
  });

  test('comes to the same where links were found by headline, through Google News and beyond the bound', async () => {
    await sql`delete from sw_work.item_keys`.execute(log.store.db);
    const from = await head(log.store.db);
    const first = seen(article('headline'));
    await record([first]);
    const google = 'https://news.google.com/rss/articles/CBMiAU_yqLM';
    const title = `${first.item.title} - Wire`;
    const byGoogle = article('headline', { url: google, guid: null, title, summary: '' });
    await record([seen(byGoogle)]);
    for (let link = 0; link < ALIAS_LINKS_MAX + 2; link += 1) {
      await record([seen(article('headline', { url: `https://wire.example/h-${link}`, guid: null }))]);
    }
    const named = await events(first.itemId);
    expect(named).toEqual(['ItemIngested', ...Array.from({ length: ALIAS_LINKS_MAX }, () => 'ItemAliased')]);
    const before = await rows();
    await sql`delete from sw_work.item_keys`.execute(log.store.db);
    const to = await head(log.store.db);
    await log.store.db.transaction().execute((tx) => addItemKeys(tx, from, to));
    expect(await rows()).toEqual(before);
    const later = article('headline', {
      url: google,
      guid: null,
      title: 'Wholly other words',
      published: null,
    });
    expect(await record([seen(later)])).toMatchObject({ ingested: 0 });
  });

  test('made anew keeps what a process has claimed that is about to append, and loses keys of before', async () => {
    const known = seen(article('renewed'));
    await record([known]);
    const [claimed, stale] = [keyIdOf('claimed meanwhile'), keyIdOf('of an older version')];
    const coming = seen(article('coming')).itemId;
    await log.store.db.transaction().execute(async (tx) => {
      await claimKeys(tx, [[{ key: claimed, item: coming, was: null }]]);
      await claimKeys(tx, [[{ key: stale, item: known.itemId, was: null }]]);
    });
    await sql`delete from sw_work.projections where projection = ${ITEM_KEYS_SERVED.name}`.execute(
      log.store.db,
    );
    await fillItemKeys(log.store.db, { now, onProgress: () => undefined });
    expect(await findKeys(log.store.db, [claimed, stale])).toEqual(new Map([[claimed, coming]]));
    const { link } = known.keys;
    expect(link === null ? null : await findKeys(log.store.db, [link])).toEqual(
      new Map([[link, known.itemId]]),
    );
  });

  test('made anew while a known article gets another name does not lose that name', async () => {
    const { item } = seen(article('renamed'));
    await record([seen(item)]);
    const moved = seen({ ...item, url: 'https://wire.example/renamed-and-moved' });
    // Whoever appends waits here, with all that it does before.
    let letGo = (): void => undefined;
    const promise = new Promise<void>((resolve) => {
      letGo = resolve;
    });
    const held = log.store.db.transaction().execute(async (tx) => {
      await sql`select pg_advisory_xact_lock(7301, 1)`.execute(tx);
      await promise;
    });
    const recorded = record([moved]);
    await vi.waitUntil(async () => (await waiting('advisory')) > 0);
    await sql`delete from sw_work.projections where projection = ${ITEM_KEYS_SERVED.name}`.execute(
      log.store.db,
    );
    const filled = fillItemKeys(log.store.db, { now, onProgress: () => undefined });
    await vi.waitUntil(async () => (await waiting('relation')) > 0);
    letGo();
    await Promise.all([held, recorded, filled]);
    const { link } = moved.keys;
    if (link === null) throw new Error('it has a link');
    expect(await findKeys(log.store.db, [link])).toEqual(new Map([[link, seen(item).itemId]]));
  });

  test('may be missing: an article is known by the key that its id comes from', async () => {
    const item = article('unfilled');
    await record([seen(item)]);
    await sql`delete from sw_work.item_keys`.execute(log.store.db);
    expect(await record([seen(item)])).toMatchObject({ ingested: 0, unchanged: 1 });
  });
});
