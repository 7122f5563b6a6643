import { mkdir, mkdtemp, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { importSources } from '../../src/cli/import-sources.ts';
import type { ImportedSources } from '../../src/cli/import-sources.ts';
import { readSource } from '../../src/cli/read-source.ts';
import type { ReadHow } from '../../src/cli/read-source.ts';
import { listSources } from '../../src/cli/sources.ts';
import type { Source } from '../../src/cli/sources.ts';
import { loadDossier } from '../../src/dossier/load.ts';
import type { Dossier } from '../../src/dossier/dossier.ts';
import { OPTIONS_OFF } from '../../src/events/feed.ts';
import { eventIdOf, feedId, feedStream, publisherId } from '../../src/events/ids.ts';
import type { ContentHash } from '../../src/events/ids.ts';
import { readDocumentApart } from '../../src/ingest/apart.ts';
import { identityOf } from '../../src/ingest/archive-identity.ts';
import { ARCHIVE_ITEMS_MAX, FEED_ITEMS_MAX } from '../../src/ingest/parsed.ts';
import { capturedAtOf } from '../../src/ingest/captured-at.ts';
import { createHttpClient } from '../../src/net/http.ts';
import { getItemContents } from '../../src/store/content.ts';
import { head, readAfter, readStream } from '../../src/store/read.ts';
import { CapturedFeeds } from '../../src/workers/captured-feeds.ts';
import { Importer } from '../../src/workers/import-items.ts';
import { ImportPlace } from '../../src/workers/import-place.ts';
import { recordItems } from '../../src/workers/record-items.ts';
import { httpResponse, rssOf, warcRecord } from '../support/warc.ts';
import { useStore } from '../support/store.ts';

const log = useStore();
const NOW = new Date('2026-01-06T00:00:00Z');
const now = (): Date => NOW;
const http = createHttpClient({ contactUrl: 'https://tests.example/', version: '0' });
let folder = '';
let dossier: Dossier;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'shuttlewatch-import-'));
  dossier = await loadDossier('dossiers/shuttle-diplomacy');
});
afterAll(async () => {
  await http.close();
  await rm(folder, { recursive: true, force: true });
});

const said: string[] = [];

async function howTo(): Promise<Omit<ReadHow, 'onRead'>> {
  return { http, allowPrivate: false, feeds: await CapturedFeeds.read(log.store, dossier), now };
}

async function run(
  names: readonly string[],
  alertHours: number | null = null,
  more: readonly Source[] = [],
): Promise<ImportedSources & Importer['counts']> {
  const importer = new Importer({ store: log.store, dossier, now, alertHours });
  const output = { err: (text: string) => void said.push(text), interactive: false };
  const importing = { store: log.store, importer, how: await howTo(), anew: false, output };
  const imported = await importSources(importing, [...(await listSources(names, NOW)), ...more]);
  return { ...imported, ...importer.counts };
}

function captured(url: string, body: string): Buffer {
  return warcRecord({ url, block: httpResponse({ body }) });
}

test('captures of a feed that the dossier lists are its, and revise its items as polls would; others get a feed of their own', async () => {
  const [listed] = dossier.feeds;
  if (listed === undefined) throw new Error('the dossier lists feeds');
  const path = join(folder, 'days.warc.gz');
  const day = (title: string): Buffer =>
    captured(listed.url.replace('https://', 'http://'), rssOf('Wire', [title, 'Same']));
  const other = captured(
    'https://nobody.example/rss?x=1',
    rssOf('Nobody', ['Alone']).replaceAll('quay.example', 'nobody.example'),
  );
  await writeFile(
    path,
    Buffer.concat(
      [day('Talks'), day('Talks'), day('Talks end'), other, captured(listed.url, 'nothing of a feed')].map(
        (part) => gzipSync(part),
      ),
    ),
  );
  expect(await run([path])).toMatchObject({
    items: 7,
    ingested: 3,
    revised: 1,
    unchanged: 3,
    bad: 1,
    badLines: 0,
  });
  expect(said.join('')).toMatch(/days\.warc\.gz:\d+: /);
  const [added] = await readStream(log.store.db, feedStream(listed.id));
  expect(added).toMatchObject({ type: 'FeedAdded', data: { url: listed.url, dossier: dossier.version } });
  const known = await CapturedFeeds.read(log.store, dossier);
  expect(known.at(listed.url)).toMatchObject({ feed: listed.id, adding: null });
  expect(known.at('https://nobody.example/rss?x=1').feed).toBe('archive-nobody-example-rss-x-1');
});

test('captures of a feed that a person added are its, and of the publisher that the person named, though the dossier lists neither', async () => {
  const url = 'https://wharf.example/rss';
  const [feed, publisher] = [feedId('wharf'), publisherId('wharf-press')];
  expect(dossier.publishers.some(({ id }) => id === publisher)).toBe(false);
  const data = { feed, url, title: 'Wharf', publisher, lang: null, dossier: null, options: OPTIONS_OFF };
  const added = { type: 'FeedAdded' as const, id: eventIdOf('FeedAdded', feed, 0), decidedAt: NOW, data };
  await log.store.append([{ stream: feedStream(feed), expected: 0, events: [added] }], NOW);
  const path = join(folder, 'wharf.warc');
  await writeFile(path, captured(url, rssOf('Wharf').replaceAll('quay.example', 'wharf.example')));
  const before = await head(log.store.db);
  expect(await run([path])).toMatchObject({ items: 1, ingested: 1 });
  const { events } = await readAfter(log.store.db, before, ['FeedAdded', 'ItemIngested'], 10);
  expect(events).toHaveLength(1);
  expect(events[0]).toMatchObject({ type: 'ItemIngested', data: { feed, publisher } });
});

/** Writes captures of one feed, each with an item: its headline, and when it was captured. */
async function writeCaptures(
  name: string,
  captures: readonly (readonly [string, string])[],
): Promise<string> {
  const path = join(folder, `${name}.warc`);
  const records = captures.map(([title, date]) => {
    const body = rssOf(name, [title]).replaceAll('quay.example', `${name}.example`);
    return warcRecord({ url: urlOf(name), date, block: httpResponse({ body }) });
  });
  await writeFile(path, Buffer.concat(records));
  return path;
}

async function wordsOf(name: string): Promise<string[]> {
  const items = await log.store.db
    .selectFrom('sw_log.events')
    .select('data')
    .where('type', 'in', ['ItemIngested', 'ItemRevised'])
    .orderBy('position')
    .execute();
  const told = items.map(({ data }) => data as { item: string; url?: string; content: ContentHash });
  const first = told.find(({ url }) => url?.includes(`${name}.example`));
  const hashes = told.filter(({ item }) => item === first?.item).map(({ content }) => content);
  const words = await getItemContents(log.store.db, hashes);
  return hashes.map((hash) => words.get(hash)?.title ?? '');
}

const [EIGHT, NINE, TEN] = ['08', '09', '10'].map((hour) => `2026-01-05T${hour}:00:00Z`) as [
  string,
  string,
  string,
];

test('captures that are imported again add nothing, be they to and fro or ahead of their time', async () => {
  const toAndFro = await writeCaptures('again', [
    ['Talks', EIGHT],
    ['Talks end', NINE],
    ['Talks', TEN],
  ]);
  const ahead = await writeCaptures('ahead', [
    ['Talks', '2099-01-05T08:00:00Z'],
    ['Talks end', '2099-01-06T08:00:00Z'],
  ]);
  const first = await run([toAndFro, ahead]);
  expect(first).toMatchObject({ ingested: 2, revised: 3 });
  for (const place of first.places) await place.forget();
  const before = await head(log.store.db);
  expect(await run([toAndFro, ahead])).toMatchObject({ ingested: 0, revised: 0, unchanged: 5 });
  expect(await head(log.store.db)).toBe(before);
  expect(await wordsOf('again')).toEqual(['Talks', 'Talks end', 'Talks']);
});

test('captures out of order, in one import or in two, end at the words of the latest', async () => {
  const mixed = await writeCaptures('mixed', [
    ['Talks end', NINE],
    ['Talks', EIGHT],
    ['Talks fail', TEN],
    ['Talks', EIGHT],
  ]);
  await run([mixed]);
  expect(await wordsOf('mixed')).toEqual(['Talks end', 'Talks fail']);
  await run([await writeCaptures('mixed', [['Talks begin', EIGHT]])]);
  expect(await wordsOf('mixed')).toEqual(['Talks end', 'Talks fail']);
});

const urlOf = (name: string): string => `https://${name}.example/rss`;

/** What a poll of the feed of writeCaptures records. */
async function poll(name: string, title: string, at: string): Promise<void> {
  const url = urlOf(name);
  const body = Buffer.from(rssOf(name, [title]).replaceAll('quay.example', `${name}.example`));
  const { feed, publisher, country } = (await CapturedFeeds.read(log.store, dossier)).at(url);
  const source = { url, contentType: null, status: 200, publisher, country, lang: null };
  const read = await readDocumentApart(body, source, new Date(at));
  if (read.kind !== 'read') throw new Error(read.trouble.reason);
  const seen = read.items.map((item) => ({ ...item, feed, backfill: null }));
  await recordItems(log.store, seen, () => new Date(at));
}

test('a capture revises what was polled before it, not what was polled since, and polls go on from there', async () => {
  await poll('polled', 'Talks', NINE);
  await run([await writeCaptures('polled', [['Talks begin', EIGHT]])]);
  expect(await wordsOf('polled')).toEqual(['Talks']);
  const later = await writeCaptures('polled', [['Talks end', TEN]]);
  for (const place of (await run([later])).places) await place.forget();
  await poll('polled', 'Talks fail', '2026-01-06T01:00:00Z');
  await run([later]);
  expect(await wordsOf('polled')).toEqual(['Talks', 'Talks end', 'Talks fail']);
});

test('which capture is later does not depend on the import that brought it: a killed one goes on, and adds nothing twice', async () => {
  const files = [
    [['Talks', EIGHT]],
    // Here it is killed. What has only been confirmed is not forgotten either.
    [
      ['Talks end', NINE],
      ['Talks end', '2026-01-05T11:00:00Z'],
    ],
    [['Talks end', '2026-01-05T12:00:00Z']],
    [['Talks', '2026-01-05T11:30:00Z']],
    [['Talks fail', '2026-01-05T13:00:00Z']],
  ] as const;
  const paths: string[] = [];
  for (const [index, captures] of files.entries()) {
    const path = join(folder, `killed-${index}.warc`);
    await rename(await writeCaptures('killed', captures), path);
    paths.push(path);
    await run([path]);
  }
  const told = ['Talks', 'Talks end', 'Talks fail'];
  expect(await wordsOf('killed')).toEqual(told);
  for (const path of [...paths, ...paths.reverse()]) await run([path]);
  expect(await wordsOf('killed')).toEqual(told);
});

test('what a poll says while captures are imported stands against earlier captures and gives way to later ones', async () => {
  const importer = new Importer({ store: log.store, dossier, now });
  const how = { ...(await howTo()), onRead: () => undefined };
  const capture = async (title: string, at: string): Promise<void> => {
    const [source] = await listSources([await writeCaptures('between', [[title, at]])], NOW);
    if (source === undefined) throw new Error('one source');
    for await (const entry of readSource(source, how))
      if (entry.kind === 'captured') await importer.addCaptured(entry);
    await importer.flush();
  };
  await capture('Talks', EIGHT);
  await poll('between', 'Talks end', NINE);
  await capture('Talks begin', '2026-01-05T08:30:00Z');
  // The words of the first capture, but since the poll.
  await poll('between', 'Talks', TEN);
  await capture('Talks begin', '2026-01-05T09:30:00Z');
  expect(await wordsOf('between')).toEqual(['Talks', 'Talks end', 'Talks']);
  await capture('Talks begin', '2026-01-05T11:00:00Z');
  await capture('Talks', '2026-01-05T10:30:00Z');
  await capture('Talks', '2026-01-05T12:00:00Z');
  expect(await wordsOf('between')).toEqual(['Talks', 'Talks end', 'Talks', 'Talks begin', 'Talks']);
});

test('of captures that are read together the latest decides, though words were seen before it and after', async () => {
  const captures = [
    ['Talks', EIGHT],
    ['Talks', TEN],
    ['Talks end', NINE],
    ['Talks end', '2026-01-05T11:00:00Z'],
  ] as const;
  await run([await writeCaptures('together', captures.slice(0, 3))]);
  expect(await wordsOf('together')).toEqual(['Talks']);
  await run([await writeCaptures('together', captures)]);
  expect(await wordsOf('together')).toEqual(['Talks', 'Talks end']);
});

test('an archive goes on behind what an import that was killed has recorded, and is read anew once one came to its end', async () => {
  const path = join(folder, 'long.jsonl.gz');
  const lines = Array.from({ length: 900 }, (_, index) =>
    JSON.stringify({
      title: `Cargo ${index}`,
      url: `https://cargo.example/${index}`,
      source: 'Cargo',
      date: '2026-01-01',
    }),
  );
  await writeFile(path, gzipSync(lines.join('\n')));
  const importer = new Importer({ store: log.store, dossier, now });
  const [source] = await listSources([path], NOW);
  if (source === undefined) throw new Error('one source');
  const identity = await identityOf(path);
  const place = await ImportPlace.find({ store: log.store, importer, now }, identity, false);
  for await (const entry of readSource(source, { ...(await howTo()), onRead: () => undefined })) {
    if (entry.kind !== 'item' || entry.end === null) throw new Error('lines of items');
    await importer.add(entry);
    await place.passed(1, entry.end);
    // Here it is killed: 200 items were read that are not in the log.
    if (entry.item.title === 'Cargo 699') break;
  }
  said.splice(0);
  const rest = await run([path]);
  expect(rest).toMatchObject({ items: 400, ingested: 400, bad: 0 });
  expect(said.join('')).toContain('goes on behind 500 items');
  for (const each of rest.places) await each.forget();
  expect(await run([path])).toMatchObject({ items: 900, ingested: 0, unchanged: 900 });
});

test('a document is read to its end, however many items it has, and what goes beyond the limit is told and counted', async () => {
  const items = Array.from(
    { length: FEED_ITEMS_MAX + 2 },
    (_, index) => `<item><title>Cargo ${index}</title><guid>${index}</guid></item>`,
  );
  const path = join(folder, 'many.xml');
  await writeFile(path, `<rss version="2.0"><channel><title>Many</title>${items.join('')}</channel></rss>`);
  const [source] = await listSources([path], NOW);
  if (source === undefined) throw new Error('one source');
  const how = { ...(await howTo()), onRead: () => undefined };
  const read = async (itemsMax: number): Promise<string[]> => {
    const told: string[] = [];
    for await (const entry of readSource(source, { ...how, itemsMax })) {
      if (entry.kind === 'document') told.push(...entry.items.map(({ title }) => title));
      if (entry.kind === 'remark') told.push(`${entry.reason} (${entry.count})`);
    }
    return told;
  };
  const titles = items.map((_, index) => `Cargo ${index}`);
  expect(await read(ARCHIVE_ITEMS_MAX)).toEqual(titles);
  const told = `its last 2 items left out: it has more than ${FEED_ITEMS_MAX} (2)`;
  expect(await read(FEED_ITEMS_MAX)).toEqual([...titles.slice(0, -2), told]);
});

test('what cannot be read is named once, by the path that was given, in words', async () => {
  const [empty, broken, packed] = [
    join(folder, 'empty.xml'),
    join(folder, 'b.jsonl.gz'),
    join(folder, 'p.xml.gz'),
  ];
  await writeFile(empty, '');
  await writeFile(broken, gzipSync('{"title":"Cut off"}\n').subarray(0, -12));
  await writeFile(packed, Buffer.concat([Buffer.from([0x1f, 0x8b, 8, 0]), Buffer.alloc(40, 0xff)]));
  said.splice(0);
  const gone: Source = { kind: 'archive', path: join(folder, 'gone.jsonl'), bytes: 0 };
  expect(await run([empty, broken, packed], null, [gone])).toMatchObject({ bad: 4 });
  const lines = said.join('').split('\n');
  expect(lines).toContain(`${empty}: nothing in it`);
  expect(lines).toContain(`${broken}:1: its gzip breaks off`);
  expect(lines).toContainEqual(expect.stringContaining(`${packed}: not whole as gzip: `));
  expect(lines).toContain(`${gone.path}: no such file or folder`);
});

test('dates that nobody can read are named by line and counted, and their items kept', async () => {
  const path = join(folder, 'dates.jsonl');
  const dates = ['2026-01-05', 'some day', '', ...Array<string>(6).fill('3/4/2026')];
  const lines = dates.map((date, index) =>
    JSON.stringify({ title: `Dated ${index}`, url: `https://dated.example/${index}`, source: 'Dated', date }),
  );
  await writeFile(path, lines.join('\n'));
  said.splice(0);
  expect(await run([path])).toMatchObject({ items: 9, ingested: 9, bad: 0, undated: 7 });
  expect(said.join('')).toContain(`${path}:2: no date that can be read: "some day"\n`);
  expect(said.join('')).toContain('and 2 more with a date that cannot be read\n');
});

test('a folder is opened once, whatever links lead to it, and what cannot be looked at in it is named', async () => {
  const root = join(folder, 'links');
  await mkdir(join(root, 'a', 'b'), { recursive: true });
  await writeFile(join(root, 'a', 'b', 'one.xml'), rssOf('One'));
  await symlink(root, join(root, 'a', 'b', 'again'));
  await symlink(join(root, 'a'), join(root, 'z'));
  await symlink(join(root, 'nowhere.xml'), join(root, 'broken.xml'));
  await mkdir(join(root, ...Array<string>(40).fill('d')), { recursive: true });
  const found = (await listSources([root], NOW)).map((source) => ('path' in source ? source.path : ''));
  const deep = join(root, ...Array<string>(33).fill('d'));
  expect(found.sort()).toEqual([join(root, 'a', 'b', 'one.xml'), join(root, 'broken.xml'), deep]);
  said.splice(0);
  expect(await run([root])).toMatchObject({ items: 1, bad: 2 });
  expect(said.join('')).toContain(`${join(root, 'broken.xml')}: no such file or folder\n`);
  expect(said.join('')).toContain(`${deep}: more than 32 folders deep, not opened\n`);
});

test('what is imported is backfill, but for what is newer than somebody says and not ahead of its time', async () => {
  const hours = ['2026-01-05T23:00:00Z', '2026-01-05T12:00:00Z', '2026-01-06T10:00:00Z', ''];
  const lines = hours.map((date, index) =>
    JSON.stringify({ title: `Late ${index}`, url: `https://late.example/${index}`, source: 'Late', date }),
  );
  const path = join(folder, 'late.jsonl');
  await writeFile(path, lines.join('\n'));
  await run([path], 6);
  const { rows } = await log.store.db
    .selectFrom('sw_log.events')
    .select('data')
    .where('type', '=', 'ItemIngested')
    .orderBy('position')
    .execute()
    .then((all) => ({ rows: all.map(({ data }) => data as { url: string; backfill: string | null }) }));
  const late = rows.filter(({ url }) => url.includes('late.example')).map(({ backfill }) => backfill);
  expect(late).toEqual([null, 'archive', 'archive', 'archive']);
});

test.each([
  ['bbc-2026-01-05T0800.xml', '2026-01-05T08:00:00.000Z'],
  ['20260105080910.rss', '2026-01-05T08:09:10.000Z'],
  ['2026-01-05_08-30-wire.xml', '2026-01-05T08:30:00.000Z'],
  ['wire-1767600000.xml', '2026-01-05T08:00:00.000Z'],
  ['wire-1767600000123.xml', '2026-01-05T08:00:00.000Z'],
  ['20261231.xml', undefined],
  ['20260231.xml', undefined],
  ['feed-123456789.xml', undefined],
])('%s was captured when its name says', (file, at) => {
  expect(capturedAtOf(file, NOW)?.toISOString()).toBe(at);
});
