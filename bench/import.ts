/**
 * Measures export and import of a log; bench/README.md tells what the figures mean.
 *
 *   npx tsx bench/import.ts [events ...]
 *
 * 10,000 and 200,000 events by default. Prints a table; everything else goes to stderr.
 */
import assert from 'node:assert/strict';
import { stat } from 'node:fs/promises';
import { cpus, loadavg } from 'node:os';
import { join, resolve } from 'node:path';
import { performance } from 'node:perf_hooks';
import { sql } from 'kysely';
import { PROJECTIONS } from '../src/projections/all.ts';
import { serve } from '../src/projections/serve.ts';
import { rebuildWords } from '../src/projections/words.ts';
import type { Db } from '../src/store/database.ts';
import { exportRange, wholeLog } from '../src/store/export.ts';
import { importLog } from '../src/store/import.ts';
import { readLogFile, writeLogFile } from '../src/store/log-file.ts';
import { migrate } from '../src/store/migrate.ts';
import { head } from '../src/store/read.ts';
import { readLog } from '../src/store/read-log.ts';
import { sealAll } from '../src/store/seal-log.ts';
import { openStore } from '../src/store/store.ts';
import type { Store } from '../src/store/store.ts';
import { settleImport } from '../src/workers/import-log.ts';
import { fillLog } from './log-fill.ts';
import { startPostgres } from './postgres.ts';
import type { Postgres } from './postgres.ts';

const EVENTS_DEFAULT = ['10000', '200000'];
const MB = 1_000_000;

const say = (line: string): void => void process.stderr.write(`${line}\n`);
const print = (line: string): void => void process.stdout.write(`${line}\n`);
const now = (): Date => new Date();

interface Cost {
  readonly seconds: number;
  /** Of this process and PostgreSQL together. */
  readonly cpuSeconds: number;
}

async function costOf(postgres: Postgres, work: () => Promise<unknown>): Promise<Cost> {
  const [began, own, theirs] = [performance.now(), process.cpuUsage(), await postgres.cpuSeconds()];
  await work();
  const seconds = (performance.now() - began) / 1_000;
  const { user, system } = process.cpuUsage(own);
  return { seconds, cpuSeconds: (user + system) / 1e6 + (await postgres.cpuSeconds()) - theirs };
}

/** The store of a database of this server, with its tables. */
async function open(url: string): Promise<Store> {
  const store = openStore(url, (error) => {
    say(error.message);
  });
  await migrate(store.db, resolve('migrations'));
  await serve(store.db, PROJECTIONS, now, () => undefined);
  return store;
}

async function* textsOf(db: Db): AsyncGenerator<string> {
  for await (const { text } of exportRange(db, await wholeLog(db))) yield text;
}

async function check(file: string): Promise<void> {
  let done = 0;
  for await (const { events } of readLog(readLogFile(file))) done += events.length;
  assert(done > 0, 'an empty file');
}

async function take(db: Db, file: string): Promise<void> {
  let added = 0;
  for await (const { imported } of importLog(db, readLog(readLogFile(file)), settleImport(now), now))
    added += imported === null ? 0 : imported.to - imported.from + 1;
  assert.equal(added, await head(db));
}

function tell(events: number, way: string, { seconds, cpuSeconds }: Cost): void {
  const [rate, cpu] = [Math.round(events / seconds), (1e6 * cpuSeconds) / events];
  print(
    `${events.toString().padStart(10)}  ${way.padEnd(14)}${rate.toString().padStart(9)} events/s${cpu.toFixed(0).padStart(7)} µs of CPU each`,
  );
}

async function measure(events: number): Promise<void> {
  const postgres = await startPostgres();
  try {
    const original = await open(postgres.url);
    await fillLog(original, events, { writers: 1, say });
    await sealAll(original.db, now);
    await sql`create database copy`.execute(original.db);
    const url = new URL(postgres.url);
    url.pathname = '/copy';
    const copy = await open(url.href);
    const file = join(postgres.dataDir, 'log.jsonl');
    const ways = {
      export: () => writeLogFile(file, textsOf(original.db)),
      'export to .gz': () => writeLogFile(`${file}.gz`, textsOf(original.db)),
      'import: check': () => check(file),
      'import: take': () => take(copy.db, file),
      'words alone': () => rebuildWords(copy.db, { now }),
    };
    for (const [way, work] of Object.entries(ways)) tell(events, way, await costOf(postgres, work));
    assert.equal(await head(copy.db), events);
    const sizes = [await stat(file), await stat(`${file}.gz`)].map(({ size }) => (size / MB).toFixed(1));
    say(`${sizes.join(' MB, compressed ')} MB`);
    await copy.close();
    await original.close();
  } finally {
    await postgres.stop();
  }
}

const asked = process.argv.slice(2);
print(
  `${cpus().length} × ${cpus()[0]?.model ?? '?'}, Node ${process.version}, load ${loadavg()[0]?.toFixed(1) ?? '?'}`,
);
for (const events of asked.length > 0 ? asked : EVENTS_DEFAULT) await measure(Number(events));
