/**
 * Measures the log from its door to its read tables: `npx tsx bench/end-to-end.ts [events ...]`, 10000 and 1000000 events by
 * default. Four writers append generated items and taggings through the store, while every projection and the sealer follow in the
 * same process, until all have caught up; beside it the same rows inserted by `pg` alone. Prints a table.
 */
import { setTimeout } from 'node:timers/promises';
import { cpus, loadavg } from 'node:os';
import { resolve } from 'node:path';
import { createLog } from '../src/log.ts';
import { PROJECTIONS } from '../src/projections/all.ts';
import { consumerOf } from '../src/projections/projection.ts';
import { serve } from '../src/projections/serve.ts';
import { readCheckpoints } from '../src/store/checkpoints.ts';
import { follow } from '../src/store/follow.ts';
import { migrate } from '../src/store/migrate.ts';
import { head } from '../src/store/read.ts';
import { SEALS_CONSUMER } from '../src/store/seal-log.ts';
import { openStore } from '../src/store/store.ts';
import type { Store } from '../src/store/store.ts';
import { followSeals } from '../src/workers/seal-log.ts';
import { bareInsert } from './bare-insert.ts';
import { fillLog } from './log-fill.ts';
import { startPostgres } from './postgres.ts';
import type { Postgres } from './postgres.ts';

const EVENTS_DEFAULT = ['10000', '1000000'];
const WRITERS = 4;
const LOOK_EVERY_MS = 20;
const NAMES = [...PROJECTIONS.map((projection) => consumerOf(projection).name), SEALS_CONSUMER];

const say = (line: string): void => void process.stderr.write(`${line}\n`);
const print = (line: string): void => void process.stdout.write(`${line}\n`);
const now = (): Date => new Date();

async function caughtUp({ db }: Store): Promise<void> {
  const last = await head(db);
  for (;;) {
    const checkpoints = await readCheckpoints(db, NAMES);
    const halted = checkpoints.find(({ status }) => status === 'halted');
    if (halted !== undefined) throw new Error(`${halted.name} halted: ${halted.error ?? ''}`);
    if (checkpoints.length === NAMES.length && checkpoints.every(({ position }) => position >= last)) return;
    await setTimeout(LOOK_EVERY_MS);
  }
}

interface Costs {
  readonly appended: number;
  readonly seconds: number;
  readonly node: number;
  readonly postgres: number;
}

async function run(store: Store, postgres: Postgres, events: number): Promise<Costs> {
  const deps = { store, log: createLog('warn'), now };
  await store.wakeup.listen();
  const followers = [
    ...PROJECTIONS.map((projection) => follow(store, consumerOf(projection), deps.log, now)),
    followSeals(deps),
  ];
  const [cpu, server] = [process.cpuUsage(), await postgres.cpuSeconds()];
  const began = performance.now();
  await fillLog(store, events, { writers: WRITERS, say });
  const appended = (performance.now() - began) / 1_000;
  await caughtUp(store);
  const seconds = (performance.now() - began) / 1_000;
  const { user, system } = process.cpuUsage(cpu);
  const costs = {
    appended,
    seconds,
    node: (user + system) / 1_000_000,
    postgres: (await postgres.cpuSeconds()) - server,
  };
  await Promise.all(followers.map((follower) => follower.stop()));
  return costs;
}

const cell = (value: number, digits = 0): string => value.toFixed(digits).padStart(12);

async function measure(events: number): Promise<number> {
  const postgres = await startPostgres();
  const store = openStore(postgres.url, (error) => {
    say(error.message);
  });
  try {
    await migrate(store.db, resolve('migrations'));
    await serve(store.db, PROJECTIONS, now, () => undefined);
    const { appended, seconds, node, postgres: server } = await run(store, postgres, events);
    const bare = await bareInsert(postgres);
    const cpu = (1_000_000 * (node + server)) / events;
    print(
      [
        cell(events),
        cell(events / appended),
        cell(events / seconds),
        cell(bare.eventsPerSecond),
        cell(events / seconds / bare.eventsPerSecond, 2),
        cell((1_000_000 * node) / events, 1),
        cell((1_000_000 * server) / events, 1),
      ].join(''),
    );
    return cpu;
  } finally {
    await store.close();
    await postgres.stop();
  }
}

const asked = process.argv.slice(2);
print(
  `${cpus().length} × ${cpus()[0]?.model ?? '?'}, Node ${process.version}, load ${loadavg()[0]?.toFixed(1) ?? '?'}`,
);
print(
  ['events', 'appended/s', 'followed/s', 'bare/s', 'ratio', 'node µs', 'server µs']
    .map((head) => head.padStart(12))
    .join(''),
);
const costs: number[] = [];
for (const events of asked.length > 0 ? asked : EVENTS_DEFAULT) costs.push(await measure(Number(events)));
const [first, last] = [costs[0], costs.at(-1)];
if (costs.length > 1 && first !== undefined && last !== undefined)
  print(
    `an event costs ${(last / first).toFixed(2)} times as much CPU in the largest log as in the smallest`,
  );
