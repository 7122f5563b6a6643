/**
 * Measures search over generated items: `npx tsx bench/search.ts [items] [folder] [part of a name]`, a million items by default. A
 * folder keeps the database; one that is full already is asked at once. Prints a table of the classes with that part in their name.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { cpus, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { sql } from 'kysely';
import { startEmbeddedPostgres } from '../src/embedded/postgres.ts';
import { createLog } from '../src/log.ts';
import { PROJECTIONS } from '../src/projections/all.ts';
import { serve } from '../src/projections/serve.ts';
import type { SqlFilter } from '../src/query/sql-filter.ts';
import { migrate } from '../src/store/migrate.ts';
import type { Db } from '../src/store/database.ts';
import { openStore } from '../src/store/store.ts';
import type { Store } from '../src/store/store.ts';
import { random } from './random.ts';
import { CLASSES } from './search-classes.ts';
import type { QueryClass } from './search-classes.ts';
import { fill } from './search-fill.ts';

const ITEMS_DEFAULT = 1_000_000;
const QUERIES = 200;
const WARM_UP_QUERIES = 20;
const BASELINE_QUERIES = 3;
const BENCH_MS_MAX = 120_000;

const say = (line: string): void => void process.stderr.write(`${line}\n`);
const print = (line: string): void => void process.stdout.write(`${line}\n`);

/** The same condition without an index. */
async function scan(db: Db, { where }: SqlFilter): Promise<void> {
  await db.transaction().execute(async (tx) => {
    await sql`set local enable_indexscan = off`.execute(tx);
    await sql`set local enable_bitmapscan = off`.execute(tx);
    await sql`set local statement_timeout = ${sql.lit(BENCH_MS_MAX)}`.execute(tx);
    await sql`select i.item from sw_read.items i where ${where} order by i.at desc limit 20`.execute(tx);
  });
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await work();
  return performance.now() - started;
}

function quantile(sorted: readonly number[], share: number): string {
  return (sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0).toFixed(1).padStart(9);
}

async function measure(db: Db, { name, filter, run }: QueryClass): Promise<void> {
  const warmUp = random(1);
  for (let n = 0; n < WARM_UP_QUERIES; n++) await run(db, filter(warmUp));
  const source = random(2);
  const spent: number[] = [];
  for (let n = 0; n < QUERIES; n++) {
    const asked = filter(source);
    spent.push(await timed(() => run(db, asked)));
  }
  const baselines: number[] = [];
  for (let n = 0; n < BASELINE_QUERIES; n++) baselines.push(await timed(() => scan(db, filter(source))));
  const sorted = spent.sort((a, b) => a - b);
  const scans = baselines.sort((a, b) => a - b);
  print(
    `${name.padEnd(42)}${[0.5, 0.95, 1].map((share) => quantile(sorted, share)).join('')}${quantile(scans, 0.5)}`,
  );
}

async function sizes(db: Db): Promise<void> {
  const { rows } = await sql<{ name: string; size: string }>`
    select relname as name, pg_size_pretty(pg_table_size(oid)) as size from pg_class
     where relnamespace = 'sw_read'::regnamespace and relkind in ('r', 'i') and pg_table_size(oid) > 10000000
     order by pg_table_size(oid) desc`.execute(db);
  for (const { name, size } of rows) print(`${name.padEnd(30)}${size.padStart(10)}`);
}

async function bench(store: Store, count: number, only: string): Promise<void> {
  await migrate(store.db, resolve('migrations'));
  await serve(
    store.db,
    PROJECTIONS,
    () => new Date(),
    () => undefined,
  );
  const { rows } = await sql<{ items: number }>`select count(*) as items from sw_read.items`.execute(
    store.db,
  );
  if (rows[0]?.items !== count) {
    const ms = await fill(store, count, say);
    print(
      `the projection took ${Math.round(ms / 1_000)} s: ${Math.round((2 * count) / (ms / 1_000))} events/s`,
    );
  }
  print(
    `\n${count} items, ${QUERIES} queries a class, milliseconds; ${cpus().length} × ${cpus()[0]?.model ?? '?'}`,
  );
  print(`${''.padEnd(42)}${['p50', 'p95', 'max', 'seq scan'].map((head) => head.padStart(9)).join('')}`);
  for (const one of CLASSES.filter(({ name }) => name.includes(only))) await measure(store.db, one);
  print('');
  await sizes(store.db);
}

const [count = String(ITEMS_DEFAULT), kept, only = ''] = process.argv.slice(2);
const folder = kept ?? (await mkdtemp(join(tmpdir(), 'shuttlewatch-bench-')));
const postgres = await startEmbeddedPostgres({ dataDir: resolve(folder), log: createLog('warn') });
const store = openStore(postgres.url, (error) => {
  say(error.message);
});
try {
  await bench(store, Number(count), only);
} finally {
  await store.close();
  await postgres.stop();
  if (kept === undefined) await rm(folder, { recursive: true, force: true });
}
