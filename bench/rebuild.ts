/**
 * Measures rebuilds: `npx tsx bench/rebuild.ts [events ...]`, 10000 and 1000000 events by default. Fills a log with generated
 * items and their taggings through the store, makes all read tables anew from it side by side, then each alone, and reads the same rows bare beside it.
 * Prints a table.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { sql } from 'kysely';
import { startEmbeddedPostgres } from '../src/embedded/postgres.ts';
import { createLog } from '../src/log.ts';
import { PROJECTIONS } from '../src/projections/all.ts';
import { rebuild } from '../src/projections/rebuild.ts';
import { rebuildAll } from '../src/projections/rebuild-all.ts';
import { serve } from '../src/projections/serve.ts';
import { rebuildWords } from '../src/projections/words.ts';
import { migrate } from '../src/store/migrate.ts';
import { openStore } from '../src/store/store.ts';
import type { Store } from '../src/store/store.ts';
import { fillLog } from './log-fill.ts';

const EVENTS_DEFAULT = ['10000', '1000000'];
/** Rows of a bare read at a time: what a build takes. */
const BARE_ROWS = 5_000;

const say = (line: string): void => void process.stderr.write(`${line}\n`);
const print = (line: string): void => void process.stdout.write(`${line}\n`);
const now = (): Date => new Date();

async function secondsOf(work: () => Promise<unknown>): Promise<number> {
  const began = performance.now();
  await work();
  return (performance.now() - began) / 1_000;
}

async function bareRead({ db }: Store): Promise<void> {
  let last = 0;
  for (;;) {
    const rows = await db
      .selectFrom('sw_log.events')
      .selectAll()
      .where('position', '>', last)
      .orderBy('position')
      .limit(BARE_ROWS)
      .execute();
    const end = rows.at(-1);
    if (end === undefined) return;
    last = end.position;
  }
}

const rate = (count: number, seconds: number): string =>
  Math.round(count / seconds)
    .toString()
    .padStart(10);

async function measure(events: number): Promise<number> {
  const folder = await mkdtemp(join(tmpdir(), 'shuttlewatch-bench-'));
  const postgres = await startEmbeddedPostgres({ dataDir: folder, log: createLog('warn') });
  const store = openStore(postgres.url, (error) => {
    say(error.message);
  });
  try {
    await migrate(store.db, resolve('migrations'));
    await serve(store.db, PROJECTIONS, now, () => undefined);
    await fillLog(store, events, { writers: 2, say });
    await sql`vacuum analyze`.execute(store.db);
    const bare = await secondsOf(() => bareRead(store));
    const all = await secondsOf(() => rebuildAll(store.db, PROJECTIONS, { now }));
    const each: string[] = [];
    for (const projection of PROJECTIONS) {
      const seconds = await secondsOf(() => rebuild(store.db, projection, { now }));
      each.push(`${projection.name} ${seconds.toFixed(1)} s`);
    }
    const words = await secondsOf(() => rebuildWords(store.db, { now }));
    print(
      `${events.toString().padStart(10)}${rate(events, all)}${((1_000_000 * all) / events).toFixed(1).padStart(10)}` +
        `${rate(events, bare)}${(bare / all).toFixed(2).padStart(8)}${rate(events / 2, words)}   ${each.join(', ')}`,
    );
    return all / events;
  } finally {
    await store.close();
    await postgres.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

const asked = process.argv.slice(2);
print(
  `${cpus().length} × ${cpus()[0]?.model ?? '?'}, Node ${process.version}, load ${loadavg()[0]?.toFixed(1) ?? '?'}`,
);
print(
  `${['events', 'events/s', 'µs each', 'bare/s'].map((head) => head.padStart(10)).join('')}${'ratio'.padStart(8)}${'texts/s'.padStart(10)}   each`,
);
const costs: number[] = [];
for (const events of asked.length > 0 ? asked : EVENTS_DEFAULT) costs.push(await measure(Number(events)));
const [first, last] = [costs[0], costs.at(-1)];
if (costs.length > 1 && first !== undefined && last !== undefined)
  print(`an event costs ${(last / first).toFixed(2)} times as much in the largest log as in the smallest`);
