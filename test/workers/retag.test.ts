import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { sql } from 'kysely';
import { beforeAll, describe, expect, test } from 'vitest';
import { forecastText } from '../../src/cli/retag-text.ts';
import { createTagger } from '../../src/classify/tagger.ts';
import type { Tagger } from '../../src/classify/tagger.ts';
import {
  alertIdOf,
  alertStream,
  contentHashOf,
  eventIdOf,
  itemStream,
  position,
  ruleId,
  ruleStream,
} from '../../src/events/ids.ts';
import type { ItemId } from '../../src/events/ids.ts';
import type { ItemIngested, ItemRevised } from '../../src/events/item.ts';
import { createLog } from '../../src/log.ts';
import { itemText } from '../../src/query/item-text.ts';
import { ensureCheckpoint } from '../../src/store/checkpoints.ts';
import { putContent } from '../../src/store/content.ts';
import { step } from '../../src/store/follow.ts';
import { URN } from '../../src/store/identity.ts';
import { giveUpImport, noteImporting, UnfinishedImport } from '../../src/store/importing.ts';
import { head, readStream, streamsLike } from '../../src/store/read.ts';
import { retagAlone } from '../../src/store/retags.ts';
import { openStore } from '../../src/store/store.ts';
import type { Store } from '../../src/store/store.ts';
import { raiseAlerts } from '../../src/workers/raise-alerts.ts';
import { recordText } from '../../src/workers/record-text.ts';
import { forecastRetag } from '../../src/workers/retag-forecast.ts';
import { retag } from '../../src/workers/retag.ts';
import type { RetagDeps } from '../../src/workers/retag.ts';
import { isSameJson } from '../../src/workers/same-json.ts';
import { tagItems } from '../../src/workers/tag-items.ts';
import { takeDown } from '../../src/workers/take-down.ts';
import { alias, subject } from '../classify/dossier.ts';
import { commandOf, ingested, itemOf, NOON } from '../support/events.ts';
import { useStore } from '../support/store.ts';

const log = useStore();
const now = (): Date => NOON;
const quiet = createLog('silent');
const NO_COUNTS = { current: 0, unchanged: 0, changed: 0, left: 0, gone: 0, failed: 0 };

const place = (id: string, ...names: string[]) =>
  subject(
    id,
    'place',
    names.map((name) => alias(name, 'en')),
  );
const OLD = createTagger({ subjects: [place('nara', 'Nara'), place('osaka', 'Osaka')] });
/** Knows of another place, and has forgotten one. */
const NEW_SUBJECTS = [place('nara', 'Nara'), place('andong', 'Andong')];
const NEW = createTagger({ subjects: NEW_SUBJECTS });

function deps(tagger: Tagger, dossierVersion: string, store: Store = log.store): RetagDeps {
  return { store, tagger, dossierVersion, now, log: quiet };
}

/** Brings items in, by their titles, as feeds do. */
async function bring(
  titles: readonly string[],
  change: Partial<ItemIngested['data']> = {},
): Promise<ItemId[]> {
  const bodies = titles.map((title) => ({ title, summary: '' }));
  await putContent(
    log.store.db,
    new Map(bodies.map((body) => [contentHashOf(body.title, ''), itemText(body)])),
  );
  const events = bodies.map((body) =>
    ingested(body.title, { content: contentHashOf(body.title, ''), ...change }),
  );
  await log.store.append(
    events.map((event) => commandOf(event, 0)),
    NOON,
  );
  return titles.map(itemOf);
}

/** Has the words of an item changed, and tags them nowhere. */
async function revise(name: string, title: string, expected: number): Promise<void> {
  const body = { title, summary: '' };
  await putContent(log.store.db, new Map([[contentHashOf(body.title, ''), itemText(body)]]));
  const { item, feed, content: previous } = ingested(name).data;
  const revision = {
    revision: 1,
    content: contentHashOf(body.title, ''),
    previous,
    published: null,
    backfill: null,
  };
  const event: ItemRevised = {
    type: 'ItemRevised',
    id: eventIdOf('ItemRevised', item, title),
    decidedAt: NOON,
    data: { item, feed, ...revision },
  };
  await log.store.append([{ stream: itemStream(item), expected, events: [event] }], NOON);
}

/** What an item was tagged with, time after time: by which dossier, why, and with which subjects. */
async function taggings(name: string): Promise<unknown[]> {
  const events = await readStream(log.store.db, itemStream(itemOf(name)));
  return events.flatMap(({ type, data }) =>
    type === 'ItemTagged' ? [[data.dossier, data.cause, ...data.tags.map(({ id }) => id)]] : [],
  );
}

const tag = (items: readonly ItemId[]): Promise<void> => tagItems(deps(OLD, 'old'), items);

beforeAll(async () => {
  const titles = [
    'Talks in Nara',
    'Talks in Andong',
    'Talks in Osaka',
    'A walk',
    'A secret of Andong',
    'A page',
  ];
  await tag(await bring(titles));
  await tag(await bring(['Andong on an undated day'], { published: null }));
  // Nobody has tagged these words yet.
  await bring(['Andong is new']);
  await revise('A walk', 'A walk in Andong', 2);
  await takeDown(log.store, itemOf('A secret of Andong'), { reason: 'test', by: null }, now);
  const content = contentHashOf('A page', '');
  const page = { kind: 'fetched', url: 'https://page.example/', cut: false, canonical: null } as const;
  await recordText(
    { store: log.store, now },
    { item: itemOf('A page'), content, host: null },
    { ...page, text: 'They met in Andong at noon, and went on to Osaka.' },
  );
  await tag([itemOf('A page')]);
});

describe('retagging', () => {
  test('is told of beforehand, with what would be gained and lost, and nothing is appended', async () => {
    const before = await head(log.store.db);
    const asked = { from: position(0), limit: null, examples: 1 };
    const told = await forecastRetag(deps(NEW, 'new'), asked);
    expect(told).toMatchObject({ items: 6, changed: 4, otherSubjects: 4, left: 2, gone: 1, failed: 0 });
    expect(told.subjects.map(({ subject: id, gained, lost }) => [id, gained, lost])).toEqual([
      ['andong', 3, 0],
      ['osaka', 0, 2],
    ]);
    const [andong, osaka] = told.subjects;
    expect(andong?.gains).toMatchObject([
      { title: 'Talks in Andong', lang: 'en', surface: 'Andong', refused: null },
    ]);
    expect(osaka?.losses).toMatchObject([{ title: 'Talks in Osaka', surface: 'Osaka', refused: null }]);
    const lines = forecastText(await forecastRetag(deps(NEW, 'new'), { ...asked, examples: 2 }), 80).split(
      '\n',
    );
    expect(lines).toContain(`  - ${itemOf('Talks in Osaka').slice(0, 8)} en  Talks in «Osaka»`);
    // What stands in the title is shown there, and the rest where it stands.
    expect(lines).toContain(`  - ${itemOf('A page').slice(0, 8)} en  A page`);
    expect(lines).toContain('      body: They met in Andong at noon, and went on to «Osaka».');
    expect(lines).toContain('      “Osaka” (a word by itself); nothing of it is found any more');
    expect(lines.every((line) => line.length <= 80 || /looked at:|left /.test(line))).toBe(true);
    expect(await forecastRetag(deps(NEW, 'new'), { ...asked, limit: 1 })).toMatchObject({
      items: 1,
      changed: 0,
    });
    expect(await head(log.store.db)).toBe(before);
  });

  test('appends tags where they come to be others, and what rules make of them is held back', async () => {
    await ensureCheckpoint(log.store.db, 'rules', NOON);
    const rule = ruleId('on-andong');
    const definition = { rule, title: rule, about: '', query: 'subject:andong', channels: ['console'] };
    const data = { rule, version: '1', definition, dossier: 'new' };
    const defined = {
      type: 'RuleDefined',
      id: eventIdOf('RuleDefined', rule),
      decidedAt: NOON,
      data,
    } as const;
    await log.store.append([{ stream: ruleStream(rule), expected: 0, events: [defined] }], NOON);
    const done = await retag(deps(NEW, 'new'));
    expect(done).toEqual({
      items: 8,
      counts: { ...NO_COUNTS, unchanged: 1, changed: 4, left: 2, gone: 1 },
      goneOnFrom: null,
    });
    expect(await taggings('Talks in Nara')).toEqual([['old', 'ingested', 'nara']]);
    expect(await taggings('Talks in Osaka')).toEqual([
      ['old', 'ingested', 'osaka'],
      ['new', 'retagged'],
    ]);
    expect((await taggings('A page')).at(-1)).toEqual(['new', 'retagged', 'andong']);
    expect((await taggings('Andong on an undated day')).at(-1)).toEqual(['new', 'retagged', 'andong']);
    // Their words are the workers' to tag.
    expect(await taggings('A walk')).toHaveLength(1);
    expect(await taggings('Andong is new')).toEqual([]);

    const rules = raiseAlerts({
      store: log.store,
      dossier: { subjects: NEW_SUBJECTS, publishers: [], feeds: [] },
      now,
      log: quiet,
    });
    for (let done = await step(log.store.db, rules, now); done !== null && done.until !== done.from;)
      done = await step(log.store.db, rules, now);
    const spoken = (await streamsLike(log.store.db, 'alert-')).length;
    const [word] = await readStream(log.store.db, alertStream(alertIdOf(rule, itemOf('Talks in Andong'))));
    expect([spoken, word?.type, word?.data]).toMatchObject([
      3,
      'AlertSuppressed',
      { reason: { kind: 'retagged' } },
    ]);
  });

  test('twice changes nothing the second time, save that all is tagged by these versions where that is asked', async () => {
    const before = await head(log.store.db);
    const again = { ...NO_COUNTS, current: 4, left: 2, gone: 1 };
    expect((await retag(deps(NEW, 'new')))?.counts).toEqual({ ...again, unchanged: 1 });
    expect(await head(log.store.db)).toBe(before);
    expect((await retag(deps(NEW, 'new'), { all: true }))?.counts).toEqual({ ...again, changed: 1 });
    expect((await taggings('Talks in Nara')).at(-1)).toEqual(['new', 'retagged', 'nara']);
  });

  test('leaves an item to the workers whose words change under its hands, and not one that gets another name', async () => {
    await tag(await bring(['Hasty Osaka', 'Moved Osaka']));
    let isFirst = true;
    const append: Store['append'] = async (commands, at) => {
      if (isFirst) {
        isFirst = false;
        await revise('Hasty Osaka', 'Calm Osaka', 2);
        const { item, feed, publisher } = ingested('Moved Osaka').data;
        const data = { item, feed, publisher, url: 'https://moved.example/', guid: null };
        const aliased = {
          type: 'ItemAliased',
          id: eventIdOf('ItemAliased', item),
          decidedAt: NOON,
          data,
        } as const;
        await log.store.append([{ stream: itemStream(item), expected: 2, events: [aliased] }], NOON);
      }
      return await log.store.append(commands, at);
    };
    const done = await retag(deps(NEW, 'new', { ...log.store, append }));
    expect(done?.counts).toMatchObject({ changed: 1, left: 3 });
    expect(await taggings('Hasty Osaka')).toHaveLength(1);
    expect((await taggings('Moved Osaka')).at(-1)).toEqual(['new', 'retagged']);
  });

  test('goes on where it was stopped, unless the dossier is another by then', async () => {
    const titles = Array.from({ length: 450 }, (_, n) => `Osaka, day ${n}`);
    await tag(await bring(titles));
    const stopAt = (items: number) => (at: { items: number }) => {
      if (at.items >= items) throw new Error('killed');
    };
    const stopped = retag(deps(NEW, 'new'), { onProgress: stopAt(200) });
    await expect(stopped).rejects.toThrow('killed');
    const done = await retag(deps(NEW, 'new'));
    const got = done?.goneOnFrom;
    expect(got?.items).toBeGreaterThanOrEqual(200);
    expect(got?.changed).toBeGreaterThan(0);
    expect((got?.changed ?? 0) + (done?.counts.changed ?? 0)).toBe(450);
    for (const title of [titles[0], titles.at(-1)])
      expect(await taggings(title ?? '')).toEqual([
        ['old', 'ingested', 'osaka'],
        ['new', 'retagged'],
      ]);

    await expect(retag(deps(OLD, 'old'), { onProgress: stopAt(200) })).rejects.toThrow('killed');
    expect((await retag(deps(NEW, 'new')))?.goneOnFrom).toBeNull();
  });

  test('begins at the beginning where the stopped run did less, or another dossier tagged meanwhile', async () => {
    const stopAt = (at: { items: number }): void => {
      if (at.items >= 200) throw new Error('killed');
    };
    const stop = async (all: boolean): Promise<void> => {
      await expect(retag(deps(NEW, 'newer'), { all, onProgress: stopAt })).rejects.toThrow('killed');
    };
    await stop(false);
    expect((await retag(deps(NEW, 'newer'), { all: true }))?.goneOnFrom).toBeNull();
    expect((await taggings('Talks in Nara')).at(-1)).toEqual(['newer', 'retagged', 'nara']);

    // What was done with all is enough for a run without.
    await stop(true);
    expect((await retag(deps(NEW, 'newer')))?.goneOnFrom).not.toBeNull();

    await stop(false);
    await tag(await bring(['Osaka by the old dossier']));
    expect((await retag(deps(NEW, 'newer')))?.goneOnFrom).toBeNull();
  });

  test('is done by one process at a time', async () => {
    const second = await retagAlone(log.store.db, () => retag(deps(NEW, 'new')));
    expect(second).toBeNull();
    expect(await retag(deps(NEW, 'new'))).not.toBeNull();
  });

  test('appends nothing to a log that is still being imported, and can be told of beforehand', async () => {
    const before = await head(log.store.db);
    await log.store.db.transaction().execute(async (tx) => {
      const source = `${URN}00000000-0000-4000-8000-000000000000`;
      await noteImporting(tx, source, before, position(before + 1), NOON);
    });
    await expect(retag(deps(OLD, 'old'), { all: true })).rejects.toThrow(UnfinishedImport);
    const asked = { from: position(0), limit: 10, examples: 1 };
    expect((await forecastRetag(deps(OLD, 'old'), asked)).items).toBeGreaterThan(0);
    expect(await head(log.store.db)).toBe(before);
    await giveUpImport(log.store.db);
  });

  test('tells what came of it where the connection of its lock is lost meanwhile', async () => {
    const errors: Error[] = [];
    const store = openStore(log.url, (error) => errors.push(error));
    const loseLock = async (): Promise<void> => {
      const heard = errors.length;
      await sql`
        select pg_terminate_backend(pid) from pg_locks where locktype = 'advisory' and classid = 7301 and objid = 8
           and database = (select oid from pg_database where datname = current_database())`.execute(
        log.store.db,
      );
      await expect.poll(() => errors.length).toBeGreaterThan(heard);
    };
    const failed = retagAlone(store.db, async () => {
      await loseLock();
      throw new Error('no words left');
    });
    await expect(failed).rejects.toThrow('no words left');
    const done = retagAlone(store.db, async () => {
      await loseLock();
      return 'done';
    });
    expect(await done).toBe('done');
    expect(await retagAlone(store.db, () => Promise.resolve('again'))).toBe('again');
    await store.close();
  });
});

test('values of JSON are the same where node finds them equal, whatever the order of their keys', () => {
  // Of few keys and values, so that some are equal, and many nearly.
  const values = [fc.constantFrom<unknown>(0, 1, '', null, [], {}, [0])];
  const json = fc.object({ key: fc.constantFrom('a', 'b', 'c'), values, maxDepth: 2, maxKeys: 3 });
  const turned = (value: object): object => Object.fromEntries(Object.entries(value).reverse());
  fc.assert(
    fc.property(json, json, (one, other) => {
      expect(isSameJson(one, other)).toBe(isDeepStrictEqual(one, other));
      expect(isSameJson(one, turned(structuredClone(one)))).toBe(true);
    }),
  );
});
