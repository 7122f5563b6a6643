/**
 * Measures appending beside its baselines, in turns, on one server; bench/README.md tells what the figures mean.
 *
 *   npx tsx bench/append.ts [--events 20000] [--rounds 5] [--only <part of a name>] [--json]
 *
 * Figures go to stdout, everything else to stderr.
 */
import { cpus, loadavg } from 'node:os';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { sql } from 'kysely';
import { EVENT_TYPES } from '../src/events/event.ts';
import { position } from '../src/events/ids.ts';
import type { Command } from '../src/store/append.ts';
import { migrate } from '../src/store/migrate.ts';
import { head, readAfter, readStream } from '../src/store/read.ts';
import { openStore } from '../src/store/store.ts';
import type { Store } from '../src/store/store.ts';
import { openBare } from './append-bare.ts';
import type { Bare } from './append-bare.ts';
import { callers, inTurns } from './append-callers.ts';
import { commandsOf, piecesOf } from './append-events.ts';
import { openEmmett } from './emmett.ts';
import type { Emmett } from './emmett.ts';
import { startPostgres } from './postgres.ts';
import type { Postgres } from './postgres.ts';

const WRITERS = 4;
const BATCH_COMMANDS = 100;
const SINGLE_CALLERS = 200;
const READ_RUN = 'read';
const EMMETT_DATABASE = 'bench_emmett';

const say = (line: string): void => void process.stderr.write(`${line}\n`);

interface Options {
  /** Events of one round. */
  readonly events: number;
  readonly rounds: number;
  /** Only comparisons with this in their name. */
  readonly only: string;
  readonly json: boolean;
}

interface Places {
  readonly postgres: Postgres;
  readonly store: Store;
  readonly bare: Bare;
  readonly emmett: Emmett;
}

/** One way of doing the work of a comparison: to write these commands, or to read what they wrote. */
type Way = (places: Places, commands: readonly Command[]) => Promise<unknown>;

interface Comparison {
  readonly name: string;
  readonly baseline: string;
  /** The least ratio that is good enough. */
  readonly bar: number;
  readonly reads: boolean;
  readonly ours: Way;
  readonly theirs: Way;
}

interface Speed {
  /** Events a second. */
  readonly speed: number;
  /** Milliseconds of CPU that 1,000 events cost this process and PostgreSQL: what a busy machine changes little. */
  readonly cpuMs: number;
}

interface Figures extends Pick<Comparison, 'name' | 'baseline' | 'bar'> {
  /** The medians of the rounds. */
  readonly ours: Speed;
  readonly theirs: Speed;
  /** The median of each round's own ratio: what disturbs a round disturbs both its halves. */
  readonly ratio: number;
}

async function readLog({ db }: Store, events: number): Promise<void> {
  const end = await head(db);
  let seen = 0;
  for (let from = position(0); from < end && seen < events;) {
    const slice = await readAfter(db, from, EVENT_TYPES);
    seen += slice.events.length;
    from = slice.until;
  }
}

const COMPARISONS: readonly Comparison[] = [
  {
    name: `append, ${WRITERS} writers × ${BATCH_COMMANDS}`,
    baseline: 'pg, multi-row insert',
    bar: 0.8,
    reads: false,
    ours: ({ store }, commands) =>
      inTurns(callers(WRITERS), piecesOf(commands, BATCH_COMMANDS), (_, piece) =>
        store.append(piece, new Date()),
      ),
    theirs: ({ bare }, commands) => bare.append(piecesOf(commands, BATCH_COMMANDS)),
  },
  {
    name: `append, ${SINGLE_CALLERS} callers × 1`,
    baseline: 'Emmett, appendToStream',
    bar: 5,
    reads: false,
    ours: ({ store }, commands) =>
      inTurns(callers(SINGLE_CALLERS), commands, (_, command) => store.append([command], new Date())),
    theirs: ({ emmett }, commands) =>
      inTurns(callers(SINGLE_CALLERS), commands, (_, command) => emmett.append(command)),
  },
  {
    name: `read a stream, ${SINGLE_CALLERS} callers`,
    baseline: 'Emmett, readStream',
    bar: 1,
    reads: true,
    ours: ({ store }, commands) =>
      inTurns(callers(SINGLE_CALLERS), commands, (_, { stream }) => readStream(store.db, stream)),
    theirs: ({ emmett }, commands) =>
      inTurns(callers(SINGLE_CALLERS), commands, (_, { stream }) => emmett.readStream(stream)),
  },
  {
    name: 'read the whole log',
    baseline: 'Emmett, readMessagesBatch',
    bar: 1,
    reads: true,
    ours: ({ store }, commands) => readLog(store, commands.length),
    theirs: ({ emmett }, commands) => emmett.readLog(commands.length),
  },
];

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

/** Milliseconds of CPU so far. */
async function cpuMs(postgres: Postgres): Promise<number> {
  const { user, system } = process.cpuUsage();
  return (await postgres.cpuSeconds()) * 1_000 + (user + system) / 1_000;
}

async function measure(way: Way, places: Places, commands: readonly Command[]): Promise<Speed> {
  const cpuBefore = await cpuMs(places.postgres);
  const started = performance.now();
  await way(places, commands);
  const ms = performance.now() - started;
  const cpu = (await cpuMs(places.postgres)) - cpuBefore;
  return { speed: (commands.length * 1_000) / ms, cpuMs: (cpu * 1_000) / commands.length };
}

function middle(speeds: readonly Speed[]): Speed {
  return { speed: median(speeds.map(({ speed }) => speed)), cpuMs: median(speeds.map((one) => one.cpuMs)) };
}

async function compare(places: Places, comparison: Comparison, options: Options): Promise<Figures> {
  const { name, baseline, bar, reads } = comparison;
  const ours: Speed[] = [];
  const theirs: Speed[] = [];
  // The first round is not counted: connections open, caches fill.
  for (let round = 0; round <= options.rounds; round++) {
    const commands = commandsOf(reads ? READ_RUN : `${name}, round ${round}`, options.events);
    const own = await measure(comparison.ours, places, commands);
    const other = await measure(comparison.theirs, places, commands);
    say(`${name}, round ${round}: ours ${own.speed.toFixed(0)}/s, ${baseline} ${other.speed.toFixed(0)}/s`);
    if (round > 0) {
      ours.push(own);
      theirs.push(other);
    }
  }
  const ratios = ours.map(({ speed }, round) => speed / (theirs[round]?.speed ?? Number.NaN));
  return { name, baseline, bar, ours: middle(ours), theirs: middle(theirs), ratio: median(ratios) };
}

/** What the reading comparisons read is written first, so that it is at the start of both logs. */
async function fill({ store, emmett }: Places, events: number): Promise<void> {
  const commands = commandsOf(READ_RUN, events);
  await store.append(commands, new Date());
  await inTurns(callers(SINGLE_CALLERS), commands, (_, command) => emmett.append(command));
}

function print(figures: readonly Figures[], json: boolean): void {
  const out = (line: string): void => void process.stdout.write(`${line}\n`);
  if (json) {
    out(JSON.stringify(figures));
    return;
  }
  const columns = (name: string, cells: readonly string[]): string =>
    [name.padEnd(30), ...cells.map((cell) => cell.padStart(10))].join('');
  out(columns('', ['events/s', 'baseline', 'ratio', 'bar', 'CPU ms', 'baseline']));
  for (const { name, baseline, ours, theirs, ratio, bar } of figures) {
    const numbers = [
      ours.speed.toFixed(0),
      theirs.speed.toFixed(0),
      ratio.toFixed(2),
      `>= ${bar.toFixed(1)}`,
    ];
    out(`${columns(name, [...numbers, ours.cpuMs.toFixed(1), theirs.cpuMs.toFixed(1)])}  ${baseline}`);
  }
}

function optionsOf(args: readonly string[]): Options {
  const { values } = parseArgs({
    args: [...args],
    options: {
      events: { type: 'string', default: '20000' },
      rounds: { type: 'string', default: '5' },
      only: { type: 'string', default: '' },
      json: { type: 'boolean', default: false },
    },
  });
  const count = (name: 'events' | 'rounds'): number => {
    const value = Number(values[name]);
    if (!Number.isSafeInteger(value) || value < 1)
      throw new RangeError(`--${name} ${values[name]}: expected a whole number from 1`);
    return value;
  };
  return { events: count('events'), rounds: count('rounds'), only: values.only, json: values.json };
}

async function main(options: Options): Promise<void> {
  const postgres = await startPostgres();
  // What was asked of a connection that breaks fails by itself.
  const lost = (error: Error): void => {
    say(error.message);
  };
  const store = openStore(postgres.url, lost);
  try {
    await migrate(store.db, resolve('migrations'));
    await sql`create database ${sql.ref(EMMETT_DATABASE)}`.execute(store.db);
    const emmettUrl = new URL(postgres.url);
    emmettUrl.pathname = EMMETT_DATABASE;
    const bare = await openBare(postgres.url, WRITERS);
    const emmett = await openEmmett(emmettUrl.href, lost);
    try {
      const places = { postgres, store, bare, emmett };
      const asked = COMPARISONS.filter(({ name }) => name.includes(options.only));
      if (asked.some(({ reads }) => reads)) await fill(places, options.events);
      const figures: Figures[] = [];
      for (const comparison of asked) figures.push(await compare(places, comparison, options));
      say(`${cpus().length} cores, load ${loadavg()[0]?.toFixed(1) ?? '?'}`);
      print(figures, options.json);
    } finally {
      await Promise.all([bare.close(), emmett.close()]);
    }
  } finally {
    await store.close();
    await postgres.stop();
  }
}

await main(optionsOf(process.argv.slice(2)));
