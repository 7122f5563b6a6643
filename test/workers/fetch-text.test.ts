import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { sql } from 'kysely';
import { createTagger } from '../../src/classify/tagger.ts';
import {
  feedId,
  itemIdOf,
  keyIdOf,
  alertIdOf,
  alertStream,
  itemStream,
  publisherId,
  ruleId,
} from '../../src/events/ids.ts';
import type { ItemId } from '../../src/events/ids.ts';
import { endIdleParsers } from '../../src/ingest/apart.ts';
import { decideOptions } from '../../src/ingest/hand-feeds.ts';
import { createLog } from '../../src/log.ts';
import { createHttpClient } from '../../src/net/http.ts';
import type { HttpClient } from '../../src/net/http.ts';
import { Robots } from '../../src/net/robots.ts';
import { PROJECTIONS } from '../../src/projections/all.ts';
import { rebuild } from '../../src/projections/rebuild.ts';
import { searchItems } from '../../src/query/search.ts';
import { ensureCheckpoint } from '../../src/store/checkpoints.ts';
import { exportRange, wholeLog } from '../../src/store/export.ts';
import { step } from '../../src/store/follow.ts';
import type { Consumer } from '../../src/store/follow.ts';
import { claimPage, duePages } from '../../src/store/pages.ts';
import { readStream } from '../../src/store/read.ts';
import { verify } from '../../src/store/verify.ts';
import { fetchText, PAGE_LEASE_MS, PAGE_TRIES_MAX, retryDelayMs } from '../../src/workers/fetch-text.ts';
import type { PageRobots } from '../../src/workers/fetch-text.ts';
import { addFeeds, changeFeeds } from '../../src/workers/hand-feeds.ts';
import { addRules } from '../../src/workers/hand-rules.ts';
import { planPages } from '../../src/workers/plan-pages.ts';
import { raiseAlerts } from '../../src/workers/raise-alerts.ts';
import { recordItems } from '../../src/workers/record-items.ts';
import type { Seen } from '../../src/workers/judge-items.ts';
import { recordText } from '../../src/workers/record-text.ts';
import { tagItems } from '../../src/workers/tag-items.ts';
import { takeDown } from '../../src/workers/take-down.ts';
import { rule } from '../alerts/support.ts';
import { filterOf } from '../query/asking.ts';
import { catchUp } from '../query/fill.ts';
import { NOON } from '../support/events.ts';
import { dumpReadTables } from '../support/pipeline.ts';
import { useStore } from '../support/store.ts';
import { articlePage, encoded, ENGLISH, everyNameHere, long, PagesServer } from './pages-server.ts';
import type { Served } from './pages-server.ts';
import { REFUSED_PAGES } from './refused-pages.ts';

const log = useStore();
const site = new PagesServer();
const quiet = createLog('silent');
const FULL = feedId('full-example');
const LEADS = feedId('leads-example');
const NO_DOSSIER = { subjects: [], publishers: [], feeds: [] };
const tagger = createTagger({ subjects: [] });
let clock = NOON.getTime();
const now = (): Date => new Date(clock);
let http: HttpClient;
let robots: Robots;

function seen(name: string, title: string, change: Partial<Seen> & { readonly url?: string } = {}): Seen {
  const { url = site.url(`/${name}`), ...rest } = change;
  const item = { guid: name, url, title, summary: 'By our own reporter.', published: null, lang: null };
  const key = `link ${name}`;
  const keys = { link: keyIdOf(key), guid: null, title: null };
  return {
    ...{ key, keys, itemId: itemIdOf(key), item, feed: FULL },
    publisher: publisherId('p'),
    backfill: null,
    ...rest,
  };
}

async function follow(consumer: Consumer): Promise<void> {
  await ensureCheckpoint(log.store.db, consumer.name, NOON);
  for (let done = await step(log.store.db, consumer, now); done && done.until > done.from;)
    done = await step(log.store.db, consumer, now);
}

const deps = (change: object = {}): Parameters<typeof fetchText>[0] => ({
  ...{ store: log.store, http, robots, allowPrivate: true, now, log: quiet, hostGapMs: 5_000 },
  ...change,
});

/** An item comes and, where that is wanted, its page is asked for. */
async function take(item: Seen, page?: Served): Promise<ItemId> {
  if (page !== undefined) site.pages.set(new URL(item.item.url ?? '').pathname, page);
  await recordItems(log.store, [item], now);
  await follow(planPages(now));
  await fetchText(deps(), item.itemId);
  return item.itemId;
}

/** What became of the page of an item, in its own words. */
async function outcome(item: ItemId): Promise<object | undefined> {
  const events = await readStream(log.store.db, itemStream(item));
  const last = events.findLast(({ type }) => type.startsWith('ItemText'));
  return last === undefined ? undefined : { type: last.type, ...last.data };
}

async function found(query: string): Promise<string[]> {
  await catchUp(log.store, now());
  const page = await searchItems(log.store.db, filterOf(query), { limit: 10, after: null });
  return page.items.map(({ title }) => title);
}

const wanted = async (): Promise<string[]> =>
  (await sql<{ item: string }>`select item from sw_work.pages`.execute(log.store.db)).rows.map(
    ({ item }) => item,
  );

beforeAll(async () => {
  await site.start();
  http = createHttpClient({ contactUrl: 'https://tests.example/', version: '0', lookup: everyNameHere });
  robots = new Robots(http, 'shuttlewatch', now);
  site.pages.set('/robots.txt', {
    body: 'User-agent: *\nDisallow: /closed/',
    headers: { 'content-type': 'text/plain' },
  });
  const known = { title: 'F', publisher: publisherId('p'), lang: null, paused: null };
  await addFeeds(
    { store: log.store, now },
    [
      { ...known, id: FULL, url: 'https://full.example/rss', options: { fullText: true } },
      { ...known, id: LEADS, url: 'https://leads.example/rss' },
    ],
    [],
  );
});
afterAll(async () => {
  await http.close();
  await site.stop();
  await endIdleParsers();
});

describe('a page', () => {
  test('is read in the charset of its language, and its words are found as those of its item', async () => {
    const korean = articlePage({
      title: '외교장관 회담',
      paragraphs: long(
        '세 나라는 갈륨 수출 통제를 함께 다루기로 했으며, 다음 회의는 안동에서 열린다고 밝혔다.',
      ),
      head: '<meta http-equiv="Content-Type" content="text/html; charset=euc-kr">',
    });
    const japanese = articlePage({
      title: '外相会談',
      paragraphs: long('三か国は半導体材料の輸出管理について協議し、次の会合を奈良で開くことで一致した。'),
    });
    const chinese = articlePage({
      title: '外长会晤',
      paragraphs: long('三国外长就稀土出口管制交换了意见，并同意在安东举行下一次会议，渡轮航线也将恢复。'),
      head: '<meta charset="gbk">',
    });
    const headers = { 'content-type': 'text/html; charset=Shift_JIS' };
    await take(seen('en', 'Ministers meet'), {
      body: articlePage({ title: 'Ministers meet', paragraphs: ENGLISH }),
    });
    await take(seen('ko', '외교장관 회담'), { body: encoded(korean, 'euc-kr') });
    await take(seen('ja', '外相会談'), { body: encoded(japanese, 'shift_jis'), headers });
    await take(seen('zh', '外长会晤'), { body: encoded(chinese, 'gbk') });
    expect(await found('body:"captain waited"')).toEqual(['Ministers meet']);
    expect(await found('안동')).toEqual(['외교장관 회담']);
    expect(await found('body:奈良')).toEqual(['外相会談']);
    expect(await found('稀土')).toEqual(['外长会晤']);
    // Neither what stands around an article, nor a phrase over the edge of two fields.
    expect(await found('"all rights reserved" OR "reporter the ministers" OR text:captain')).toEqual([]);
  });

  test('that is not the article is refused, and the log says why', async () => {
    for (const [name, kind, page] of REFUSED_PAGES) {
      const item = await take(seen(name, `Title of ${name}`), page);
      expect(await outcome(item), name).toMatchObject({ type: 'ItemTextMissed', kind });
    }
    expect(site.asked).not.toContain('/closed/page');
    expect(site.asked).not.toContain('/ran');
    expect(await wanted()).toEqual([]);
  });

  test('that names another host as the original is noted as such, and stays what it is', async () => {
    const head = '<link rel="canonical" href="https://wire.example/88">';
    const item = await take(seen('copy', 'A copy'), {
      body: articlePage({ title: 'A', paragraphs: ENGLISH, head }),
    });
    expect(await outcome(item)).toMatchObject({
      canonical: 'https://wire.example/88',
      url: site.url('/copy'),
    });
  });

  test('that cannot be had is asked for again, ever later, and given up in the end', async () => {
    const item = await take(seen('down', 'Down'), { status: 503 });
    for (let attempts = 1; attempts < PAGE_TRIES_MAX; attempts++) {
      expect(await outcome(item)).toBeUndefined();
      clock += retryDelayMs(attempts, null) - 1;
      expect(await claimPage(log.store.db, item, now(), PAGE_LEASE_MS)).toBeNull();
      clock += 1;
      await fetchText(deps(), item);
    }
    expect(await outcome(item)).toMatchObject({ kind: 'unreachable', status: 503 });
    expect(await wanted()).toEqual([]);
  });

  test('of a site whose robots.txt cannot be had is asked for again, and fetched when it can', async () => {
    const rules = site.pages.get('/robots.txt') ?? {};
    site.pages.set('/robots.txt', { status: 503 });
    const url = site.url('/shaky', 'shaky.example');
    const page = { body: articlePage({ title: 'Shaky', paragraphs: ENGLISH }) };
    const item = await take(seen('shaky', 'Shaky', { url }), page);
    expect(await outcome(item)).toBeUndefined();
    expect(site.asked).not.toContain('/shaky');
    site.pages.set('/robots.txt', rules);
    clock += retryDelayMs(1, null);
    await fetchText(deps(), item);
    expect(await outcome(item)).toMatchObject({ type: 'ItemTextFetched', url });
  });

  test('on an address that its feed may not ask is guarded, before its robots.txt is asked', async () => {
    const item = seen('inside', 'Inside');
    await recordItems(log.store, [item], now);
    await follow(planPages(now));
    await fetchText(deps({ allowPrivate: false }), item.itemId);
    expect(await outcome(item.itemId)).toMatchObject({ type: 'ItemTextMissed', kind: 'guarded' });
  });

  test('is wanted still where a stop came while the rules were asked for where it led', async () => {
    const page = { body: articlePage({ title: 'Stopped', paragraphs: ENGLISH }) };
    site.pages.set('/behind', page);
    const behind = site.url('/behind', 'behind.example');
    const item = seen('leads-behind', 'Stopped');
    site.pages.set('/leads-behind', { status: 302, headers: { location: behind } });
    await recordItems(log.store, [item], now);
    await follow(planPages(now));
    const stop = new AbortController();
    const stopped: PageRobots = {
      allows: async (url, options) => {
        if (url === behind) stop.abort();
        return await robots.allows(url, options);
      },
    };
    await fetchText(deps({ robots: stopped, stopping: stop.signal }), item.itemId);
    expect(await outcome(item.itemId)).toBeUndefined();
    await fetchText(deps(), item.itemId);
    expect(await outcome(item.itemId)).toMatchObject({ type: 'ItemTextFetched', url: behind });
  });

  test('of a host is asked for when its turn comes, one at a time', async () => {
    const page = { body: articlePage({ title: 'T', paragraphs: ENGLISH }) };
    const [first, second] = ['turn-1', 'turn-2'].map((name) =>
      seen(name, `Title of ${name}`, { url: site.url(`/${name}`, 'site.example') }),
    ) as [Seen, Seen];
    site.pages.set('/turn-1', page).set('/turn-2', page);
    await recordItems(log.store, [first, second], now);
    await follow(planPages(now));
    expect(await duePages(log.store.db, now(), 10)).toHaveLength(1);
    await Promise.all([first, second].map(({ itemId }) => fetchText(deps(), itemId)));
    expect(site.asked.filter((path) => path.startsWith('/turn'))).toHaveLength(1);
    expect(await duePages(log.store.db, now(), 10)).toEqual([]);
    clock += 5 * 60_000;
    for (const { item } of await duePages(log.store.db, now(), 10)) await fetchText(deps(), item);
    expect(site.asked.filter((path) => path.startsWith('/turn')).sort()).toEqual(['/turn-1', '/turn-2']);
  });
});

describe('what is asked for', () => {
  const page = { body: articlePage({ title: 'T', paragraphs: ENGLISH }) };

  test('is the news of feeds that ask: no backfill, no other feed, and no longer when it is switched off', async () => {
    await take(seen('old', 'Old news', { backfill: 'first-poll' }), page);
    await take(seen('other', 'Of another feed', { feed: LEADS }), page);
    expect(site.asked).not.toEqual(expect.arrayContaining(['/old']));
    expect(site.asked).not.toEqual(expect.arrayContaining(['/other']));
    await recordItems(log.store, [seen('late', 'Too late')], now);
    await follow(planPages(now));
    await changeFeeds({ store: log.store, now }, [FULL], decideOptions({ fullText: false }), 'enough');
    const late = await take(seen('late', 'Too late'), page);
    expect(await outcome(late)).toMatchObject({ kind: 'unwanted' });
    await take(seen('later', 'Later still'), page);
    await changeFeeds({ store: log.store, now }, [FULL], decideOptions({ fullText: true }), 'again');
    expect(site.asked).not.toEqual(expect.arrayContaining(['/late']));
    expect(await wanted()).toEqual([]);
  });

  test('is not asked for again where only the lead was revised', async () => {
    const first = seen('revised', 'One headline');
    const item = await take(first, page);
    site.asked.length = 0;
    await take({ ...first, item: { ...first.item, summary: 'Another lead altogether.' } });
    expect(site.asked).toEqual([]);
    expect(await found('body:gallium "another lead"')).toEqual(['One headline']);
    await take({ ...first, item: { ...first.item, title: 'Quite another headline' } });
    expect(site.asked).toEqual(['/revised']);
    expect((await readStream(log.store.db, itemStream(item))).map(({ type }) => type)).toEqual([
      ...[
        'ItemIngested',
        'ItemTextFetched',
        'ItemRevised',
        'ItemTextFetched',
        'ItemRevised',
        'ItemTextFetched',
      ],
    ]);
  });
});

describe('tags and alerts', () => {
  const tag = (item: ItemId): Promise<void> =>
    tagItems({ store: log.store, tagger, dossierVersion: 'd1', now, log: quiet }, [item]);
  const judge = (): Promise<void> =>
    follow(raiseAlerts({ store: log.store, dossier: NO_DOSSIER, now, log: quiet }));
  const said = async (id: string, item: ItemId): Promise<string[]> =>
    (await readStream(log.store.db, alertStream(alertIdOf(ruleId(id), item)))).map(({ type }) => type);

  test('a rule that only the full text meets alerts when it comes, once; others have spoken before', async () => {
    await addRules({ store: log.store, now }, [rule('by-title', 'ferries'), rule('by-body', 'gallium')], []);
    const item = seen('alert', 'Ferries resume');
    site.pages.set('/alert', { body: articlePage({ title: 'Ferries resume', paragraphs: ENGLISH }) });
    await recordItems(log.store, [item], now);
    await follow(planPages(now));
    await tag(item.itemId);
    await judge();
    expect(await said('by-title', item.itemId)).toEqual(['AlertRaised']);
    expect(await said('by-body', item.itemId)).toEqual([]);
    await fetchText(deps(), item.itemId);
    await tag(item.itemId);
    await tag(item.itemId);
    await judge();
    const tagged = (await readStream(log.store.db, itemStream(item.itemId))).filter(
      ({ type }) => type === 'ItemTagged',
    );
    expect(tagged.map(({ data }) => ('cause' in data ? data.cause : ''))).toEqual(['ingested', 'fetched']);
    const [alert] = await readStream(log.store.db, alertStream(alertIdOf(ruleId('by-body'), item.itemId)));
    expect(alert).toMatchObject({
      type: 'AlertRaised',
      data: { matches: [{ field: 'body', surface: 'gallium' }] },
    });
    expect(await said('by-title', item.itemId)).toEqual(['AlertRaised']);
  });

  test('a backfill that got a full text all the same is held back', async () => {
    const item = seen('archived', 'Nothing in here', { backfill: 'archive' });
    await recordItems(log.store, [item], now);
    const [first] = await readStream(log.store.db, itemStream(item.itemId));
    if (first?.type !== 'ItemIngested') throw new Error('not ingested');
    const text = {
      kind: 'fetched',
      text: ENGLISH.join('\n\n'),
      cut: false,
      url: 'https://x.example/',
      canonical: null,
    } as const;
    await tag(item.itemId);
    await recordText(
      { store: log.store, now },
      { item: item.itemId, content: first.data.content, host: null },
      text,
    );
    await tag(item.itemId);
    await judge();
    expect(await said('by-body', item.itemId)).toEqual(['AlertSuppressed']);
  });
});

describe('whatever happens meanwhile', () => {
  const page = { body: articlePage({ title: 'T', paragraphs: ENGLISH }) };

  test('a page that several fetch at once, and again, is recorded once', async () => {
    const item = seen('twice', 'Twice');
    site.pages.set('/twice', page);
    await recordItems(log.store, [item], now);
    await follow(planPages(now));
    const [first] = await readStream(log.store.db, itemStream(item.itemId));
    if (first?.type !== 'ItemIngested') throw new Error('not ingested');
    const wantedPage = { item: item.itemId, content: first.data.content, host: null };
    const text = (n: number) =>
      ({
        kind: 'fetched',
        text: `${ENGLISH.join(' ')} ${n}`,
        cut: false,
        url: 'https://x.example/',
        canonical: null,
      }) as const;
    await Promise.all([1, 2, 3].map((n) => recordText({ store: log.store, now }, wantedPage, text(n))));
    await fetchText(deps(), item.itemId);
    const types = (await readStream(log.store.db, itemStream(item.itemId))).map(({ type }) => type);
    expect(types).toEqual(['ItemIngested', 'ItemTextFetched']);
    const { rows } = await sql<{ texts: number }>`
      select count(*)::int as texts from sw_log.content where kind = 'page' and body->>'title' = 'Twice'`.execute(
      log.store.db,
    );
    expect(rows[0]?.texts).toBe(1);
  });

  test('a takedown takes the full text along, and a page that comes after it is not kept', async () => {
    const item = seen('down-taken', 'Zebrafish exposed');
    await take(item, page);
    expect(await found('zebrafish gallium')).toEqual(['Zebrafish exposed']);
    const { contents } = await takeDown(log.store, item.itemId, { reason: 'court', by: null }, now);
    expect(contents).toHaveLength(2);
    expect(await found('zebrafish')).toEqual([]);
    const other = seen('amid', 'Quokka exposed');
    site.pages.set('/amid', page);
    await recordItems(log.store, [other], now);
    await follow(planPages(now));
    await takeDown(log.store, other.itemId, { reason: 'court', by: null }, now);
    await fetchText(deps(), other.itemId);
    expect(await outcome(other.itemId)).toBeUndefined();
  });

  test('the log stands, is exported with its texts, and gives the same tables again', async () => {
    await catchUp(log.store, now());
    expect(await verify(log.store.db)).toMatchObject({ damages: [] });
    let texts = 0;
    for await (const { text } of exportRange(log.store.db, await wholeLog(log.store.db)))
      texts += text.split('"contentkind":"page"').length - 1;
    expect(texts).toBeGreaterThan(5);
    const before = await dumpReadTables(log.store.db);
    for (const projection of PROJECTIONS) await rebuild(log.store.db, projection, { now });
    expect(await dumpReadTables(log.store.db)).toEqual(before);
  });
});
