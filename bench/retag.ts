/**
 * Measures retagging: `npx tsx bench/retag.ts [items]`, 100000 by default. Fills a log with generated news in four languages, tagged
 * by the dossier that ships, and tags it anew as by other versions of the same dossier: looking only, then so that nothing is
 * appended, as no tag changes, then so that all is. Prints a table with what an item costs, and the memory of this process.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { sql } from 'kysely';
import { createTagger } from '../src/classify/tagger.ts';
import { loadDossier } from '../src/dossier/load.ts';
import { startEmbeddedPostgres } from '../src/embedded/postgres.ts';
import {
  contentHashOf,
  eventIdOf,
  feedId,
  itemIdOf,
  itemStream,
  position,
  publisherId,
} from '../src/events/ids.ts';
import type { ItemIngested } from '../src/events/item.ts';
import { createLog } from '../src/log.ts';
import { PROJECTIONS } from '../src/projections/all.ts';
import { serve } from '../src/projections/serve.ts';
import { itemText } from '../src/query/item-text.ts';
import { putContent } from '../src/store/content.ts';
import { migrate } from '../src/store/migrate.ts';
import { openStore } from '../src/store/store.ts';
import type { Store } from '../src/store/store.ts';
import { forecastRetag } from '../src/workers/retag-forecast.ts';
import { retag } from '../src/workers/retag.ts';
import { tagItems } from '../src/workers/tag-items.ts';
import { newsWriter, outletsOf } from './news.ts';
import type { NewsItem, NewsWriter } from './news.ts';

const ITEMS_DEFAULT = '100000';
const BATCH_ITEMS = 250;
const MB = 1024 * 1024;

const say = (line: string): void => void process.stderr.write(`${line}\n`);
const print = (line: string): void => void process.stdout.write(`${line}\n`);
const now = (): Date => new Date();

function ingestedOf({ title, summary, url, guid, date, lang }: NewsItem, index: number): ItemIngested {
  const item = itemIdOf(`bench ${index}`);
  const content = contentHashOf(title, summary);
  const source = { feed: feedId('bench'), publisher: publisherId('bench'), url, guid, backfill: null };
  const data = { item, ...source, lang, published: new Date(date).toISOString(), content };
  return { type: 'ItemIngested', id: eventIdOf('ItemIngested', item, content), decidedAt: now(), data };
}

type Deps = Parameters<typeof retag>[0];

async function fill(deps: Deps, write: NewsWriter, items: number): Promise<void> {
  const { store } = deps;
  for (let from = 0; from < items; from += BATCH_ITEMS) {
    const news = Array.from({ length: Math.min(BATCH_ITEMS, items - from) }, (_, n) => write(from + n));
    const events = news.map((one, n) => ingestedOf(one, from + n));
    const texts = news.map((one, n) => [events[n]?.data.content, itemText(one)] as const);
    await putContent(store.db, new Map(texts.flatMap(([hash, text]) => (hash ? [[hash, text]] : []))));
    const commands = events.map((event) => ({
      stream: itemStream(event.data.item),
      expected: 0,
      events: [event],
    }));
    await store.append(commands, now());
    await tagItems(
      deps,
      events.map(({ data }) => data.item),
    );
    if (from % 25_000 === 0) say(`${from} of ${items} items in the log`);
  }
}

/** Runs `work`, which tells of its progress, and prints what an item cost. */
async function measured(
  name: string,
  items: number,
  work: (onProgress: (at: { items: number }) => void) => Promise<unknown>,
): Promise<void> {
  let [early, most] = [0, 0];
  const [began, cpu] = [performance.now(), process.cpuUsage()];
  const done = await work((at) => {
    const { rss } = process.memoryUsage();
    most = Math.max(most, rss);
    if (at.items <= items / 10) early = Math.max(early, rss);
  });
  const seconds = (performance.now() - began) / 1_000;
  const { user, system } = process.cpuUsage(cpu);
  const cells = [
    items / seconds,
    (1_000_000 * seconds) / items,
    (user + system) / items,
    early / MB,
    most / MB,
  ];
  print(`${name.padEnd(24)}${cells.map((cell) => Math.round(cell).toString().padStart(12)).join('')}`);
  say(JSON.stringify(done));
}

async function measure(store: Store, items: number): Promise<void> {
  const dossier = await loadDossier('dossiers/shuttle-diplomacy');
  const outlets = outletsOf(dossier, 40);
  const write = newsWriter({ dossier, outlets, seed: 1, count: items, until: now() });
  const tagger = createTagger(dossier);
  const as = (dossierVersion: string): Deps => ({
    store,
    tagger,
    dossierVersion,
    now,
    log: createLog('warn'),
  });
  await fill(as('first'), write, items);
  await sql`vacuum analyze`.execute(store.db);
  const look = { from: position(0), limit: null, examples: 3 };
  await measured('dry run', items, (onProgress) => forecastRetag(as('next'), { ...look, onProgress }));
  await measured('nothing changes', items, (onProgress) => retag(as('next'), { onProgress }));
  await measured('all is appended', items, (onProgress) => retag(as('next'), { all: true, onProgress }));
  await measured('all is current', items, (onProgress) => retag(as('next'), { onProgress }));
}

const items = Number(process.argv[2] ?? ITEMS_DEFAULT);
const folder = await mkdtemp(join(tmpdir(), 'shuttlewatch-bench-'));
const postgres = await startEmbeddedPostgres({ dataDir: folder, log: createLog('warn') });
const store = openStore(postgres.url, (error) => {
  say(error.message);
});
try {
  await migrate(store.db, resolve('migrations'));
  await serve(store.db, PROJECTIONS, now, () => undefined);
  print(
    `${cpus().length} × ${cpus()[0]?.model ?? '?'}, Node ${process.version}, load ${loadavg()[0]?.toFixed(1) ?? '?'}`,
  );
  const head = ['items/s', 'µs an item', 'µs of CPU', 'MB early', 'MB at most'];
  print(`${`${items} items`.padEnd(24)}${head.map((cell) => cell.padStart(12)).join('')}`);
  await measure(store, items);
} finally {
  await store.close();
  await postgres.stop();
  await rm(folder, { recursive: true, force: true });
}
