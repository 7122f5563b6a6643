/**
 * Thousands of feeds on one process against simulated servers:
 * npx tsx bench/feeds.ts [--minutes 10] [--feeds 10000] [--hosts 2000] [--cold]
 */
import { fork, spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as wait } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { sql } from 'kysely';
import { feedId, publisherId } from '../src/events/ids.ts';
import { ensureCheckpoint } from '../src/store/checkpoints.ts';
import { hostOf, wakeHosts } from '../src/store/host-turns.ts';
import { migrate } from '../src/store/migrate.ts';
import { step } from '../src/store/follow.ts';
import { openStore } from '../src/store/store.ts';
import type { Store } from '../src/store/store.ts';
import { addFeeds } from '../src/workers/hand-feeds.ts';
import { scheduleFeeds } from '../src/workers/schedule-feeds.ts';
import { PROJECTIONS } from '../src/projections/all.ts';
import { serve } from '../src/projections/serve.ts';
import { onSignal } from './cleanup.ts';
import { buildWorker } from './lab.ts';
import { startPostgres } from './postgres.ts';
import { peakMemoryMb, treeCpuSeconds } from './processes.ts';

const RHYTHM_MS = 15 * 60_000;
const STOP_MS_MAX = 30_000;
const ADD_FEEDS_MAX = 500;
const now = (): Date => new Date();

interface Line {
  readonly msg: string;
  readonly time: string;
  readonly lateMs?: number;
  readonly ms?: number;
  readonly feeds?: number;
}

function options(): { minutes: number; feeds: number; hosts: number; cold: boolean } {
  const { values } = parseArgs({
    options: {
      minutes: { type: 'string', default: '10' },
      feeds: { type: 'string', default: '10000' },
      hosts: { type: 'string', default: '2000' },
      cold: { type: 'boolean', default: false },
    },
  });
  const [minutes, feeds, hosts] = [values.minutes, values.feeds, values.hosts].map(Number);
  if (!(minutes && feeds && hosts)) throw new RangeError('--minutes, --feeds and --hosts are numbers from 1');
  return { minutes, feeds, hosts, cold: values.cold };
}

async function addAll(store: Store, feeds: number, hosts: number, port: string): Promise<void> {
  const wanted = Array.from({ length: feeds }, (_, n) => ({
    id: feedId(`f${n}`),
    url: `http://host-${n % hosts}.example:${port}/${n}.xml`,
    title: `Harbour ${n}`,
    publisher: publisherId(`p${n % hosts}`),
    lang: 'en',
    paused: null,
  }));
  for (let start = 0; start < feeds; start += ADD_FEEDS_MAX) {
    await addFeeds({ store, now }, wanted.slice(start, start + ADD_FEEDS_MAX), []);
    process.stderr.write(`\radded ${start + ADD_FEEDS_MAX} feeds `);
  }
  process.stderr.write('\n');
}

/** As on any later day: all have been polled before, and come due one after the other over a quarter of an hour. */
async function spread(store: Store, hosts: ReadonlySet<string>): Promise<void> {
  const consumer = scheduleFeeds(now);
  await ensureCheckpoint(store.db, consumer.name, now());
  for (let done = await step(store.db, consumer, now); done && done.until > done.from;)
    done = await step(store.db, consumer, now);
  await sql`
    update sw_work.feed_schedule
       set next_due_at = ${now()}::timestamptz + random() * ${`${RHYTHM_MS} milliseconds`}::interval,
           first_polled_at = ${now()}, last_polled_at = ${now()}`.execute(store.db);
  await wakeHosts(store.db, hosts, now());
}

function quantile(sorted: readonly number[], share: number): number {
  return sorted[Math.min(Math.floor(share * sorted.length), sorted.length - 1)] ?? NaN;
}

function inWords(lines: readonly Line[], minutes: number): string {
  const polls = lines.filter(({ msg }) => msg === 'polled');
  const late = polls.map(({ lateMs = 0 }) => lateMs / 1_000).sort((a, b) => a - b);
  const ticks = lines.filter(({ msg }) => msg === 'looked for due feeds');
  const tickMs = (part: readonly Line[]): string => {
    const sorted = part.map(({ ms = 0 }) => ms).sort((a, b) => a - b);
    return `p50 ${quantile(sorted, 0.5).toFixed(1)} ms, p99 ${quantile(sorted, 0.99).toFixed(1)} ms`;
  };
  const fifth = Math.ceil(ticks.length / 5);
  return [
    `polls          ${polls.length}, ${(polls.length / minutes / 60).toFixed(1)} a second`,
    `lateness       p50 ${quantile(late, 0.5).toFixed(1)} s, p95 ${quantile(late, 0.95).toFixed(1)} s, p99 ${quantile(late, 0.99).toFixed(1)} s, max ${quantile(late, 1).toFixed(1)} s`,
    `tick, at first ${tickMs(ticks.slice(0, fifth))}`,
    `tick, at last  ${tickMs(ticks.slice(-fifth))}`,
    '',
  ].join('\n');
}

/** What the worker writes, as far as it is JSON; what else it says is shown. */
function listen(worker: ChildProcess): Line[] {
  const lines: Line[] = [];
  if (worker.stderr === null) throw new Error('the worker has no stderr');
  createInterface(worker.stderr).on('line', (text) => {
    if (text.startsWith('{')) lines.push(JSON.parse(text) as Line);
    else process.stderr.write(`${text}\n`);
  });
  return lines;
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const force = setTimeout(() => child.kill('SIGKILL'), STOP_MS_MAX);
  child.kill('SIGTERM');
  await once(child, 'close');
  clearTimeout(force);
}

async function measure(
  worker: ChildProcess,
  lines: Line[],
  minutes: number,
  postgresCpu: () => Promise<number>,
): Promise<string> {
  const pid = worker.pid ?? 0;
  const begun = { own: await treeCpuSeconds(pid), postgres: await postgresCpu() };
  let peakMb = 0;
  for (let second = 0; second < minutes * 60; second++) {
    await wait(1_000);
    if (worker.exitCode !== null) throw new Error(`the worker ended with ${worker.exitCode}`);
    peakMb = Math.max(peakMb, (await peakMemoryMb(pid)) ?? 0);
    if (process.stderr.isTTY) process.stderr.write(`\r${second + 1} s, ${peakMb.toFixed(0)} MB `);
  }
  const spent = {
    own: (await treeCpuSeconds(pid)) - begun.own,
    postgres: (await postgresCpu()) - begun.postgres,
  };
  const share = (seconds: number): string => `${((100 * seconds) / minutes / 60).toFixed(0)} %`;
  return [
    inWords(lines, minutes),
    `memory         ${peakMb.toFixed(0)} MB at most (RSS of the worker)\n`,
    `CPU            worker ${share(spent.own)}, PostgreSQL ${share(spent.postgres)} of a core\n`,
  ].join('');
}

const { minutes, feeds, hosts, cold } = options();
const postgres = await startPostgres();
const server = fork(resolve('bench/feeds-server.ts'), { execArgv: ['--import', 'tsx'] });
const stopServer = onSignal(() => end(server));
const store = openStore(postgres.url, (error) => {
  process.stderr.write(`${error.message}\n`);
});
let worker: ChildProcess | null = null;
try {
  const [origin] = (await once(server, 'message')) as [string];
  await migrate(store.db, resolve('migrations'));
  await serve(store.db, PROJECTIONS, now, () => undefined);
  await addAll(store, feeds, hosts, new URL(origin).port);
  const names = Array.from({ length: hosts }, (_, n) => hostOf(`http://host-${n}.example/`) ?? '');
  if (!cold) await spread(store, new Set(names));
  const script = await buildWorker(postgres.dataDir, 'feeds-worker');
  worker = spawn(process.execPath, [script, postgres.url, resolve('dossiers/shuttle-diplomacy')], {
    stdio: ['ignore', 'inherit', 'pipe'],
  });
  const lines = listen(worker);
  const told = await measure(worker, lines, minutes, () => postgres.cpuSeconds());
  server.send('?');
  const [seen] = (await once(server, 'message')) as [Record<string, number>];
  process.stdout.write(
    `${feeds} feeds on ${hosts} hosts, ${minutes} min${cold ? ', all new' : ''}\n${told}servers saw    ${JSON.stringify(seen)}\n`,
  );
} finally {
  if (worker !== null) await end(worker);
  stopServer();
  await end(server);
  await store.close();
  await postgres.stop();
}
