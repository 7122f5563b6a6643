import { sql } from 'kysely';
import type { KyselyPlugin } from 'kysely';
import { describe, expect, test, vi } from 'vitest';
import { feedId, itemIdOf, itemStream, keyIdOf, position, publisherId } from '../../src/events/ids.ts';
import type { ContentHash, ItemId } from '../../src/events/ids.ts';
import { isItemEvent } from '../../src/events/item.ts';
import { contentOf } from '../../src/ingest/normalize.ts';
import { decideTakedown, textsOf } from '../../src/ingest/take-down.ts';
import { rebuildWords } from '../../src/projections/words.ts';
import { searchItems } from '../../src/query/search.ts';
import { explain } from '../../src/query/why.ts';
import { appendIn } from '../../src/store/append.ts';
import { ensureCheckpoint } from '../../src/store/checkpoints.ts';
import { getItemContents, wordsIdOf } from '../../src/store/content.ts';
import { step } from '../../src/store/follow.ts';
import { readStream } from '../../src/store/read.ts';
import { forgetTexts, holdTexts, sharersOf } from '../../src/store/taken-down.ts';
import { verify } from '../../src/store/verify.ts';
import { recordItems } from '../../src/workers/record-items.ts';
import type { Seen } from '../../src/workers/judge-items.ts';
import { recordText } from '../../src/workers/record-text.ts';
import { forgetWords, takeDown, textsGoing } from '../../src/workers/take-down.ts';
import { filterOf } from '../query/asking.ts';
import { catchUp } from '../query/fill.ts';
import { NOON } from '../support/events.ts';
import { useStore } from '../support/store.ts';

const log = useStore();
const now = (): Date => NOON;
const WISH = { reason: 'court order 12/26', by: 'legal desk' };

function seen(name: string, title: string, feed = 'wire-en'): Seen {
  const url = `https://${name}.example/`;
  const item = { guid: name, url, title, summary: 'by our own reporter', published: null, lang: 'en' };
  const key = `url ${name}.example`;
  return {
    key,
    keys: { link: keyIdOf(key), guid: null, title: null },
    itemId: itemIdOf(key),
    item,
    feed: feedId(feed),
    publisher: publisherId('wire'),
    backfill: null,
  };
}

const record = (...items: readonly Seen[]): Promise<unknown> => recordItems(log.store, items, now);
const types = async (item: ItemId): Promise<string[]> =>
  (await readStream(log.store.db, itemStream(item))).map(({ type }) => type);
const textsKept = async (...items: readonly Seen[]): Promise<number> =>
  (
    await getItemContents(
      log.store.db,
      items.map(({ item }) => contentOf(item)),
    )
  ).size;

async function wordsKept({ item }: Seen): Promise<number> {
  const id = wordsIdOf(contentOf(item));
  return (await log.store.db.selectFrom('sw_read.words').select('id').where('id', '=', id).execute()).length;
}

/** How many wait for the lock on positions. */
async function countWaiting(): Promise<number | undefined> {
  const { rows } = await sql<{ waiting: number }>`
    select count(*) as waiting from pg_locks where locktype = 'advisory' and classid = 7301 and not granted
       and database = (select oid from pg_database where datname = current_database())`.execute(log.store.db);
  return rows[0]?.waiting;
}

/** Whether somebody waits to keep a text. */
async function isTextWaitedFor(): Promise<boolean> {
  const { rows } = await sql<{ is: boolean }>`
    select exists (select from pg_locks where relation = 'sw_log.content'::regclass and not granted
       and database = (select oid from pg_database where datname = current_database())) as is`.execute(
    log.store.db,
  );
  return rows[0]?.is === true;
}

async function found(query: string): Promise<string[]> {
  await catchUp(log.store);
  const page = await searchItems(log.store.db, filterOf(query), { limit: 10, after: null });
  return page.items.map(({ item }) => item);
}

/** Runs the consumer as a follower would, from the beginning of the log. */
async function forget(): Promise<void> {
  await ensureCheckpoint(log.store.db, forgetWords.name, NOON);
  await step(log.store.db, forgetWords, now);
}

describe('a takedown', () => {
  const first = seen('spy', 'Zebrafish diplomacy exposed');
  const second = seen('spy', 'Quokka diplomacy exposed');

  test('deletes the words of every revision, is an event itself, and leaves the facts', async () => {
    await record(first);
    await record(second);
    expect(await found('zebrafish OR quokka')).toEqual([first.itemId]);
    const { contents, isNew } = await takeDown(log.store, first.itemId, WISH, now);
    expect([contents, isNew]).toEqual([[contentOf(first.item), contentOf(second.item)], true]);
    expect(await textsKept(first, second)).toBe(0);
    expect(await found('zebrafish OR quokka OR diplomacy')).toEqual([]);
    expect(await found('feed:wire-en')).toEqual([first.itemId]);
    const last = (await readStream(log.store.db, itemStream(first.itemId))).at(-1);
    expect(last).toMatchObject({ type: 'ItemTakenDown', data: { ...WISH, item: first.itemId, contents } });
  });

  test('is not undone by polls: not with the words it had, not with others, not through another feed', async () => {
    const copy = seen('copy', 'Quokka diplomacy exposed', 'other-en');
    await record(first);
    await record(second);
    await record(seen('spy', 'Numbat diplomacy exposed'));
    expect(await types(first.itemId)).toEqual(['ItemIngested', 'ItemRevised', 'ItemTakenDown']);
    await record(copy);
    expect(await types(copy.itemId)).toEqual(['ItemIngested']);
    expect(await textsKept(first, second, copy)).toBe(0);
    expect(await found('quokka OR numbat')).toEqual([]);
  });

  test('asked for again is no second event', async () => {
    expect(await takeDown(log.store, first.itemId, { reason: 'again', by: null }, now)).toMatchObject({
      isNew: false,
    });
    expect((await types(first.itemId)).filter((type) => type === 'ItemTakenDown')).toHaveLength(1);
  });

  test('is counted by verify, and no fault', async () => {
    expect(await verify(log.store.db)).toMatchObject({ damages: [], takenDown: 2 });
  });
});

test('a takedown whose process died after the event is completed by the consumer, once and again', async () => {
  const item = seen('crashed', 'Pangolin summit');
  await record(item);
  await takeDown(log.store, item.itemId, WISH, now);
  // As if the command had come no further than the event.
  const put = sql`insert into sw_log.content (hash, kind, body)
    values (${contentOf(item.item)}, 'item', '{"title": "Pangolin summit", "summary": "by our own reporter"}')`;
  await put.execute(log.store.db);
  await log.store.db.deleteFrom('sw_work.taken_down').execute();
  await forget();
  expect(await textsKept(item)).toBe(0);
  await log.store.db.deleteFrom('sw_log.checkpoints').where('name', '=', forgetWords.name).execute();
  await forget();
  await record(seen('elsewhere', 'Pangolin summit'));
  expect(await textsKept(item)).toBe(0);
});

test('words that come amid a takedown are not kept, except where another item has them', async () => {
  const [alone, shared] = [seen('amid', 'Dugong talks begin'), seen('amid too', 'Tapir talks begin')];
  const revised = [seen('amid', 'Dugong talks end'), seen('amid too', 'Tapir talks end')] as const;
  await record(alone, shared, seen('amid elsewhere', 'Tapir talks end', 'other-en'));
  const recording = await log.store.db.transaction().execute(async (tx) => {
    for (const { itemId } of revised) {
      const stream = itemStream(itemId);
      const events = (await readStream(tx, stream)).filter(isItemEvent);
      await appendIn(
        tx,
        [{ stream, expected: 1, events: [decideTakedown(itemId, textsOf(events), WISH, NOON)] }],
        NOON,
      );
    }
    // Decided on what stood before, it waits for the lock on positions.
    const started = record(...revised);
    await expect.poll(countWaiting, { interval: 5, timeout: 5_000 }).toBe(1);
    return { started };
  });
  await recording.started;
  await forget();
  for (const { itemId } of revised) expect(await types(itemId)).toEqual(['ItemIngested', 'ItemTakenDown']);
  const [gone, kept] = revised;
  expect([await textsKept(alone, gone), await wordsKept(gone)]).toEqual([0, 0]);
  expect([await textsKept(shared), await textsKept(kept), await wordsKept(kept)]).toEqual([0, 1, 1]);
});

test('items that share the words are named, as long as there is something to lose', async () => {
  const [one, other] = [seen('one', 'Shared capybara'), seen('two', 'Shared capybara', 'other-en')];
  await record(one, other);
  await catchUp(log.store);
  const hashes: ContentHash[] = [contentOf(one.item)];
  expect(await sharersOf(log.store.db, one.itemId, hashes)).toEqual([other.itemId]);
  await takeDown(log.store, one.itemId, WISH, now);
  expect(await sharersOf(log.store.db, one.itemId, hashes)).toEqual([]);
});

test('an item whose words went with those of another tells with whose, and why', async () => {
  const [one, other] = [seen('asked', 'Shared saola'), seen('not asked', 'Shared saola', 'other-en')];
  await record(one, other);
  await catchUp(log.store);
  await takeDown(log.store, one.itemId, WISH, now);
  const told = (await explain(log.store.db, other.itemId))?.takenDown.get(contentOf(other.item));
  expect(told?.data).toMatchObject({ item: one.itemId, reason: WISH.reason });
  // Its own takedown is among its events.
  expect((await explain(log.store.db, one.itemId))?.takenDown.size).toBe(0);
});

test('the full text of another item under the same words goes too, in every revision, and that item is named', async () => {
  const [one, other] = [seen('lead', 'Shared okapi'), seen('whole', 'Shared okapi', 'other-en')];
  const content = contentOf(one.item);
  const hashes: ContentHash[] = [];
  const fetch = async (text: string, of = content): Promise<void> => {
    const fetched = { kind: 'fetched', url: 'https://whole.example/', cut: false, canonical: null } as const;
    const wanted = { item: other.itemId, content: of, host: null };
    await recordText({ store: log.store, now }, wanted, { ...fetched, text });
    const last = (await readStream(log.store.db, itemStream(other.itemId))).at(-1);
    if (last?.type !== 'ItemTextFetched') throw new Error('not fetched');
    hashes.push(last.data.text);
  };
  await record(one, other);
  await fetch('An okapi was seen at the embassy.');
  const revised = seen('whole', 'Unshared tenrec', 'other-en');
  await record(revised);
  await fetch('A tenrec was seen as well.', contentOf(revised.item));
  const [going, staying] = hashes;
  expect(await found('okapi OR tenrec')).toHaveLength(2);
  const events = (await readStream(log.store.db, itemStream(one.itemId))).filter(isItemEvent);
  expect(await textsGoing(log.store.db, events)).toEqual([content, going]);
  expect(await sharersOf(log.store.db, one.itemId, [content, going as ContentHash])).toEqual([other.itemId]);
  const { contents } = await takeDown(log.store, one.itemId, WISH, now);
  expect(contents).toEqual([content, going]);
  expect([...(await getItemContents(log.store.db, [content, ...hashes])).keys()]).toEqual([staying]);
  expect(await found('okapi')).toEqual([]);
  expect(await found('tenrec')).toEqual([other.itemId]);
});

test('a full text that is recorded at the same moment goes with the words, or is not kept', async () => {
  const [one, unread, late] = [
    seen('one-lory', 'Hurried lory'),
    seen('two-lory', 'Hurried lory', 'b-en'),
    seen('three-lory', 'Hurried lory', 'c-en'),
  ];
  const content = contentOf(one.item);
  await record(one, unread, late);
  await found('lory');
  const record1 = (of: Seen): Promise<void> =>
    recordText(
      { store: log.store, now },
      { item: of.itemId, content, host: null },
      {
        kind: 'fetched',
        url: 'https://lory.example/',
        cut: false,
        canonical: null,
        text: `A lory of ${of.key}.`,
      },
    );
  // The read tables have not heard of this one.
  await record1(unread);
  // This one has decided, and waits behind the takedown of the words it would repeat.
  let recording: Promise<void> = Promise.resolve();
  await log.store.db.transaction().execute(async (tx) => {
    await holdTexts(tx);
    recording = record1(late);
    await vi.waitUntil(async () => await isTextWaitedFor());
    const events = (await readStream(tx, itemStream(one.itemId))).filter(isItemEvent);
    const going = await textsGoing(tx, events);
    expect(going).toHaveLength(2);
    await forgetTexts(tx, going, events.at(-1)?.position ?? position(0));
  });
  await recording;
  expect(await types(late.itemId)).toEqual(['ItemIngested']);
  expect((await getItemContents(log.store.db, [content])).size).toBe(0);
});

test('the log that the read tables have not read is looked through before texts are held, not while', async () => {
  const [one, unread] = [seen('one-kiwi', 'Unread kiwi'), seen('two-kiwi', 'Unread kiwi', 'b-en')];
  await record(one, unread);
  const page = { kind: 'fetched', url: 'https://kiwi.example/', cut: false, canonical: null } as const;
  const wanted = { item: unread.itemId, content: contentOf(one.item), host: null };
  await recordText({ store: log.store, now }, wanted, { ...page, text: 'A kiwi of the second.' });
  const order: string[] = [];
  const heard: KyselyPlugin = {
    transformQuery: ({ node }) => {
      const text = 'sqlFragments' in node ? String(node.sqlFragments) : '';
      if (text.includes('lock table sw_log.content')) order.push('held');
      if (text.includes('with kinds as')) order.push('read');
      return node;
    },
    transformResult: ({ result }) => Promise.resolve(result),
  };
  const store = { ...log.store, db: log.store.db.withPlugin(heard) };
  const { contents } = await takeDown(store, one.itemId, WISH, now);
  expect(contents).toHaveLength(2);
  expect(order[0]).toBe('read');
  expect(order.lastIndexOf('read')).toBeLessThan(order.indexOf('held'));
});

test('words being cut anew do not bring back what is taken down meanwhile', async () => {
  const item = seen('recut', 'Axolotl envoy');
  await record(item);
  let started: Promise<unknown> | undefined;
  await rebuildWords(log.store.db, {
    now,
    onProgress: () => {
      // Between reading the texts and serving their words: exactly where it would slip through.
      started ??= takeDown(log.store, item.itemId, WISH, now);
    },
  });
  await started;
  expect(await found('axolotl')).toEqual([]);
  const { rows } = await sql<{ words: number }>`
    select count(*) as words from sw_read.words w
     where not exists (select from sw_log.content c where left(c.hash, 32)::uuid = w.id)`.execute(
    log.store.db,
  );
  expect(rows[0]?.words).toBe(0);
});
