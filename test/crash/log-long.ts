// Kills processes that append, follow, seal, rebuild, export and import at once, and the server under them, lets the log come to rest, and gives
// a verdict: `npm run crash:log`.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { sql } from 'kysely';
import { random } from '../../bench/random.ts';
import { PROJECTIONS } from '../../src/projections/all.ts';
import { makePartitionsAhead } from '../../src/store/partitions.ts';
import { Crew } from './crew.ts';
import type { Job } from './log-jobs.ts';
import { openEmptyLog } from './copies.ts';
import { brokenAfter, comeToRest, wrongCopies } from './log-laws.ts';
import { pointsOf } from './log-points.ts';
import type { PointedJob } from './log-points.ts';
import { buildPrograms } from '../support/program.ts';
import { startPlace } from './place.ts';
import type { Place } from './place.ts';
import { endAll } from './talk.ts';

/** Positions in a partition: one of 50 million would never be left. */
const PARTITION_EVENTS = 4_000;
const KILL_GAP_MS_MAX = 800;
const VICTIM_ITEMS = 100;
const REST_MS_MAX = 5 * 60_000;
const LOOK_EVERY_MS = 50;

const { values: flags } = parseArgs({
  options: {
    kills: { type: 'string', default: '100' },
    events: { type: 'string', default: '100000' },
    seed: { type: 'string', default: '1' },
  },
});
const kills = Number(flags.kills);
/** Each has two events. */
const items = Math.ceil(Number(flags.events) / 2);
const source = random(Number(flags.seed));
const say = (line: string): boolean => process.stdout.write(`${line}\n`);
const began = performance.now();
const seconds = (): number => Math.round((performance.now() - began) / 1_000);

/** Ways to be killed, each as often as it is here. */
const KINDS = [
  ...Array.from({ length: 10 }, () => 'failpoint' as const),
  ...Array.from({ length: 6 }, () => 'process' as const),
  ...Array.from({ length: 3 }, () => 'connections' as const),
  'postmaster' as const,
];

const POINTED: readonly PointedJob[] = [
  'append',
  'follow',
  'rebuild',
  'rebuild',
  'rebuild words',
  'seal',
  'partition',
  'export',
  'import',
];

const rebuildOf = (): Job => ({ kind: 'rebuild', projection: source.pick(PROJECTIONS).name });
const partitions = { partitionEvents: PARTITION_EVENTS };
const following = (): Job => ({ kind: 'follow', ...partitions });

interface Copying {
  /** The log that imports go to. */
  readonly into: string;
  readonly folder: string;
}

/** An export or an import, of a file that no other process writes at the same time. */
function copying(kind: 'export' | 'import', { into, folder }: Copying, who: string): Job {
  const file = join(folder, `${who}.jsonl.gz`);
  return kind === 'export' ? { kind, file } : { kind, file, into };
}

/** What operators do while all else goes on, the dear ones less often. */
function chore(place: Copying, who: string): Job {
  const draw = source.below(12);
  if (draw < 4) return rebuildOf();
  if (draw < 5) return { kind: 'rebuild words' };
  if (draw < 7) return { kind: 'verify' };
  if (draw < 9) return copying(draw < 8 ? 'export' : 'import', place, who);
  return draw < 11 ? { kind: 'seal' } : { kind: 'partition', ...partitions };
}

function pointed({ crew, copies }: Run, kind: PointedJob): Job | null {
  switch (kind) {
    case 'append':
      // Something to write that the others have not taken yet.
      crew.desk.limit += VICTIM_ITEMS;
      return crew.writing();
    case 'follow':
      return following();
    case 'rebuild':
      return rebuildOf();
    case 'rebuild words':
    case 'seal':
      return { kind };
    case 'partition':
      return { kind, ...partitions };
    case 'export':
    case 'import':
      return copying(kind, copies, 'victim');
  }
}

interface Run {
  readonly place: Place;
  readonly crew: Crew;
  readonly copies: Copying;
  readonly killFollower: () => boolean;
  readonly done: Map<string, number>;
  killed: number;
}

function count({ done }: Run, what: string): void {
  done.set(what, (done.get(what) ?? 0) + 1);
}

/** A process that kills itself; gives whether it did. */
async function killAtPoint(run: Run): Promise<boolean> {
  const kind = source.pick(POINTED);
  const job = pointed(run, kind);
  if (job === null) return false;
  const killing = run.crew.killAt(job, source.pick(pointsOf(kind)), 1 + source.below(2));
  // One process follows at a time: the victim takes over from the one that does.
  if (kind === 'follow' && run.killFollower())
    count(run, 'process that follows, for another to take over (no kill)');
  const killed = await killing;
  if (killed) count(run, `at a failpoint of ${kind}`);
  return killed;
}

/** One disturbance; gives whether something was killed by it. */
async function disturb(run: Run): Promise<boolean> {
  const { crew, place } = run;
  const kind = source.pick(KINDS);
  switch (kind) {
    case 'failpoint':
      return await killAtPoint(run);
    case 'process': {
      const killed = crew.killOne();
      if (killed) count(run, 'process');
      return killed;
    }
    case 'connections':
      count(run, 'connections ended (no kill)');
      await place.endConnections(1 + source.below(6));
      return false;
    case 'postmaster':
      await place.killPostmaster();
      count(run, 'postmaster');
      return true;
  }
}

/** Gives the means to kill the one that follows. */
function staff(crew: Crew, copies: Copying): () => boolean {
  crew.post(crew.writing);
  crew.post(crew.writing);
  crew.post(() => chore(copies, 'one'));
  crew.post(() => chore(copies, 'two'));
  return crew.post(following);
}

async function untilWritten({ desk }: Crew): Promise<void> {
  desk.limit = items;
  const end = performance.now() + REST_MS_MAX;
  while (!desk.isDone) {
    if (performance.now() > end) throw new Error('not all was written in time');
    await setTimeout(LOOK_EVERY_MS);
  }
}

async function verdict({ place, crew, copies, done, killed }: Run): Promise<boolean> {
  const broken = await place.withStore(async (store) => {
    await comeToRest(store.db);
    say(`${seconds()} s: at rest`);
    const wrong = await brokenAfter(store.db, crew.ledger, items);
    say(`${seconds()} s: the log is looked through`);
    const fresh = await openEmptyLog(store.url);
    const all = { 'the copy': copies.into, 'a fresh copy': fresh };
    return [...wrong, ...(await wrongCopies(store, all, copies.folder))];
  });
  const told = (counts: ReadonlyMap<string, number>): string =>
    [...counts].map(([what, times]) => `${times} ${what}`).join(', ');
  say(`${killed} kills: ${told(done)}`);
  say(`${crew.ledger.positions.size} acknowledged events; jobs done: ${told(crew.jobsDone)}`);
  for (const each of [...crew.complaints, ...broken]) say(`BROKEN: ${each}`);
  const good = crew.complaints.length === 0 && broken.length === 0;
  say(`${seconds()} s: ${good ? 'every law holds' : 'FAILED'}`);
  return good;
}

async function main(): Promise<boolean> {
  await buildPrograms();
  const place = await startPlace();
  const folder = await mkdtemp(join(tmpdir(), 'shuttlewatch-exports-'));
  try {
    await place.withStore(async ({ db }) => {
      await sql`drop table sw_log.events_0001, sw_log.events_0002`.execute(db);
      await makePartitionsAhead(db, PARTITION_EVENTS);
    });
    const crew = new Crew(place.url, items, source);
    const copies = { into: await openEmptyLog(place.url), folder };
    const killFollower = staff(crew, copies);
    const run: Run = { place, crew, copies, killFollower, done: new Map(), killed: 0 };
    while (run.killed < kills) {
      crew.desk.limit = Math.ceil((items * (run.killed + 1)) / kills);
      await setTimeout(source.below(KILL_GAP_MS_MAX));
      if (!(await disturb(run))) continue;
      run.killed += 1;
      if (run.killed % 10 === 0)
        say(`${seconds()} s: ${run.killed} kills, ${crew.ledger.positions.size} events acknowledged`);
    }
    await untilWritten(crew);
    await crew.end();
    return await verdict(run);
  } finally {
    endAll();
    await place.close();
    await rm(folder, { recursive: true, force: true });
  }
}

process.exitCode = (await main()) ? 0 : 1;
