import { beforeAll, expect, test } from 'vitest';
import { createTagger } from '../../src/classify/tagger.ts';
import { askOfThen } from '../../src/cli/asked.ts';
import { asOf } from '../../src/cli/past.ts';
import type { PastFlags } from '../../src/cli/past.ts';
import { readSource } from '../../src/cli/read-source.ts';
import { listSources } from '../../src/cli/sources.ts';
import type { Dossier } from '../../src/dossier/dossier.ts';
import { shuttleDossier } from '../support/shuttle-dossier.ts';
import { createLog } from '../../src/log.ts';
import { createHttpClient } from '../../src/net/http.ts';
import { contextOf } from '../../src/query/context.ts';
import { countSubjects } from '../../src/query/lists.ts';
import { searchItems } from '../../src/query/search.ts';
import { ANY_ITEM } from '../../src/query/sql-filter.ts';
import { understand } from '../../src/query/understand.ts';
import { CapturedFeeds } from '../../src/workers/captured-feeds.ts';
import { Importer } from '../../src/workers/import-items.ts';
import { tagItems } from '../../src/workers/tag-items.ts';
import { catchUp } from '../query/fill.ts';
import { FIXTURES } from '../support/pipeline.ts';
import { useStore } from '../support/store.ts';

const log = useStore();
/** Half a year after the summit in Nara. */
const TODAY = new Date('2026-07-01T00:00:00Z');
const zone = 'Asia/Seoul';
/** Its second morning: the leaders met the afternoon before, and go home today. */
const MORNING = '2026-01-14T09:00+09:00';
let dossier: Dossier;

beforeAll(async () => {
  dossier = await shuttleDossier();
  const now = (): Date => TODAY;
  const http = createHttpClient({ contactUrl: 'https://tests.example/', version: '0' });
  const importer = new Importer({ store: log.store, dossier, now });
  const feeds = await CapturedFeeds.read(log.store, dossier);
  for (const source of await listSources([FIXTURES])) {
    if (source.kind !== 'feed-file' || !source.path.endsWith('.xml')) continue;
    for await (const entry of readSource(source, {
      http,
      allowPrivate: false,
      feeds,
      now,
      onRead: () => undefined,
    })) {
      if (entry.kind === 'document') await importer.addDocument(entry.items, entry.source, null);
    }
  }
  await importer.flush();
  await http.close();
  await catchUp(log.store, TODAY);
  const items = await log.store.db.selectFrom('sw_read.items').select('item').execute();
  const tagger = createTagger(dossier);
  const deps = { store: log.store, tagger, dossierVersion: dossier.version, now, log: createLog('silent') };
  await tagItems(
    deps,
    items.map(({ item }) => item),
  );
  await catchUp(log.store, TODAY);
});

/** The URLs that `text` finds with `flags`, newest first, and what is said about when. */
async function found(text: string, flags: PastFlags): Promise<{ urls: (string | null)[]; said: string }> {
  const context = contextOf(dossier, { now: TODAY, zone });
  const understood = understand(text, context);
  if ('problems' in understood) throw new Error(`${text} makes no sense`);
  const { filter } = understood;
  let said = '';
  const output = {
    out: () => undefined,
    err: (line: string): void => void (said += line),
    drained: () => Promise.resolve(),
    ...{ columns: 80, colour: false, interactive: false },
  };
  const now = { text, context, filter, past: null, zone, countries: new Map() };
  const asked = await askOfThen(log.store.db, now, flags, output);
  const { items } = await searchItems(log.store.db, asked.filter, { limit: 100, after: null });
  return { urls: items.map(({ url }) => url), said };
}

test('the brief of a morning in Nara is answered from an archive that was imported half a year later', async () => {
  const brief = 'entity:nara published:today';
  const then = await found(brief, { publishedBefore: MORNING });
  expect(then.urls).toEqual([
    'https://capitalpost.example/news/cp-1',
    'https://minato.example/articles/mn-1',
  ]);
  expect(then.said).toBe(
    'as published before 2026-01-14 09:00:00 Asia/Seoul; now is 2026-01-14 09:00:00 Asia/Seoul\n',
  );
  const later = await found(brief, { publishedBefore: '2026-01-14T11:00+09:00' });
  expect(later.urls).toEqual(['https://harbourwire.example/story/hw-1', ...then.urls]);
  // Asked today, or of what this log knew then, there is nothing.
  expect((await found(brief, {})).urls).toEqual([]);
  expect((await found(brief, { knownAt: MORNING })).urls).toEqual([]);
  const past = { position: null, publishedBefore: new Date(MORNING), now: new Date(MORNING) };
  const counts = await countSubjects(log.store.db, asOf(ANY_ITEM, past));
  expect(counts.filter(({ subject }) => subject === 'nara')).toEqual([
    { subject: 'nara', lang: 'en', items: 1 },
    { subject: 'nara', lang: 'ja', items: 1 },
  ]);
});
