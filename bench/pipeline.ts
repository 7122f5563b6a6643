/**
 * Measures the whole pipeline over generated news, as a user runs it; bench/README.md tells what the figures mean.
 *
 *   npx tsx bench/pipeline.ts [--items 100000] [--seed 1] [--queues postgres|redis|both] [--via archive|http|both]
 *     [--processes 1,2,4] [--idle 100] [--starts 5] [--json]
 *
 * It runs what is built: `npm run build` first. Figures go to stdout, everything else to stderr.
 */
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { openDossier } from '../src/query/dossier.ts';
import { onSignal } from './cleanup.ts';
import { CLI } from './children.ts';
import { buildWorker } from './lab.ts';
import { newsWriter, outletsOf } from './news.ts';
import { runArchive } from './pipeline-archive.ts';
import { latencyRow, startsRow, tableHead, tableRow } from './pipeline-figures.ts';
import type { Figures, QueuePlaceName } from './pipeline-figures.ts';
import { runHttp } from './pipeline-http.ts';
import { idleLatencies } from './pipeline-idle.ts';
import { optionsOf } from './pipeline-options.ts';
import type { Options } from './pipeline-options.ts';
import type { RunOptions } from './pipeline-run.ts';
import { secondStarts } from './pipeline-start.ts';
import { startPostgres } from './postgres.ts';
import { redisServer, startRedis } from './redis.ts';

const OUTLETS = 40;
const DOSSIER = resolve('dossiers/shuttle-diplomacy');
const DAY_MS = 86_400_000;

type Base = Omit<RunOptions, 'postgres' | 'redis' | 'processes' | 'folder'>;

const say = (line: string): void => void process.stderr.write(`${line}\n`);

/** Runs `work` on a new database, with a new Redis where the queues shall be there, and clears all away. */
async function onFresh<T>(
  queues: QueuePlaceName,
  work: (place: Pick<RunOptions, 'postgres' | 'redis' | 'folder'>) => Promise<T>,
): Promise<T> {
  const server = queues === 'redis' ? redisServer() : null;
  const postgres = await startPostgres();
  const redis = server === null ? null : await startRedis(server);
  const folder = join(postgres.dataDir, 'bench');
  await mkdir(folder);
  try {
    return await work({ postgres, redis, folder });
  } finally {
    await redis?.stop();
    await postgres.stop();
  }
}

/** The places for queues that this machine has. */
function placesOf({ queues }: Options): readonly QueuePlaceName[] {
  const missing = redisServer() === null;
  if (missing && queues.includes('redis'))
    say('no redis-server or valkey-server here: queues on Postgres only');
  return queues.filter((place) => place !== 'redis' || !missing);
}

async function throughput(options: Options, base: Base, print: (line: string) => void): Promise<Figures[]> {
  const runs = options.vias.flatMap((via) =>
    placesOf(options).flatMap((queues) => options.processes.map((processes) => ({ via, queues, processes }))),
  );
  const all: Figures[] = [];
  if (runs.length > 0) print(tableHead());
  for (const { via, queues, processes } of runs) {
    const run = via === 'archive' ? runArchive : runHttp;
    const figures = await onFresh(queues, (place) => run({ ...base, ...place, processes }));
    all.push(figures);
    print(tableRow(figures));
  }
  return all;
}

async function latency(
  options: Options,
  base: Base,
  print: (line: string) => void,
): Promise<Partial<Record<QueuePlaceName, number[]>>> {
  const all: Partial<Record<QueuePlaceName, number[]>> = {};
  if (options.idle === 0) return all;
  for (const queues of placesOf(options)) {
    const found = await onFresh(queues, (place) =>
      idleLatencies({ ...base, ...place, processes: 1 }, options.idle),
    );
    all[queues] = found;
    print(latencyRow(queues, found));
  }
  return all;
}

async function bench(options: Options, folder: string): Promise<void> {
  const { items, seed, json, starts } = options;
  const print = (line: string): void => {
    if (!json) process.stdout.write(`${line}\n`);
  };
  const dossier = await openDossier(DOSSIER);
  const outlets = outletsOf(dossier, OUTLETS);
  const until = new Date(Math.floor(Date.now() / DAY_MS) * DAY_MS);
  const write = newsWriter({ dossier, outlets, seed, count: items, until });
  const labWorker = await buildWorker(folder, 'lab-worker');
  const base = { items, dossier: DOSSIER, outlets, write, labWorker };
  const machine = `${cpus().length} × ${cpus()[0]?.model ?? '?'}, Node ${process.version}`;
  print(`${items} items, seed ${seed}; ${machine}; load ${loadavg()[0]?.toFixed(1) ?? '?'}\n`);
  const runs = await throughput(options, base, print);
  const latencies = await latency(options, base, print);
  const seconds = starts === 0 ? [] : await secondStarts({ ...base, folder }, starts);
  if (seconds.length > 0) print(startsRow(seconds));
  if (json)
    process.stdout.write(`${JSON.stringify({ machine, seed, runs, latencies, starts: seconds }, null, 2)}\n`);
}

const options = optionsOf(process.argv.slice(2));
if (!existsSync(CLI)) throw new Error(`${CLI} is not there: npm run build first`);
const folder = await mkdtemp(join(tmpdir(), 'shuttlewatch-bench-'));
onSignal(() => rm(folder, { recursive: true, force: true }));
try {
  await bench(options, folder);
} finally {
  await rm(folder, { recursive: true, force: true });
}
