/**
 * Measures how fast the log is followed against a bare select of the same rows; bench/README.md tells what the figures mean.
 *
 *   npx tsx bench/follow.ts [events] [rounds]
 *
 * 100,000 events and 5 rounds by default. Prints a table; everything else goes to stderr.
 */
import assert from 'node:assert/strict';
import { cpus } from 'node:os';
import { join, resolve } from 'node:path';
import { performance } from 'node:perf_hooks';
import pg from 'pg';
import { EVENT_TYPES } from '../src/events/event.ts';
import type { EventType } from '../src/events/event.ts';
import { itemStream } from '../src/events/ids.ts';
import { createLog } from '../src/log.ts';
import { ensureCheckpoint } from '../src/store/checkpoints.ts';
import { connectionConfig } from '../src/store/database.ts';
import { follow, step } from '../src/store/follow.ts';
import type { Consumer } from '../src/store/follow.ts';
import { migrate } from '../src/store/migrate.ts';
import { READ_EVENTS_MAX } from '../src/store/read.ts';
import { openStore } from '../src/store/store.ts';
import type { Store } from '../src/store/store.ts';
import { generate } from './corpus.ts';
import { startPostgres } from './postgres.ts';

const EVENTS_DEFAULT = 100_000;
const ROUNDS_DEFAULT = 5;
const APPEND_ITEMS = 250;

const say = (line: string): void => void process.stderr.write(`${line}\n`);
const print = (line: string): void => void process.stdout.write(`${line}\n`);
const now = (): Date => new Date();

/** Fills the log with `events` events of generated items: each ingested and, a little later, tagged. */
async function fill(store: Store, events: number): Promise<void> {
  const items = Math.floor(events / 2);
  for (let done = 0; done < items; done += APPEND_ITEMS) {
    const batch = Array.from({ length: Math.min(APPEND_ITEMS, items - done) }, (_, n) =>
      generate(done + n, items),
    );
    const commands = (['ingested', 'tagged'] as const).flatMap((what) =>
      batch.map((item) => ({
        stream: itemStream(item.ingested.data.item),
        expected: null,
        events: [item[what]],
      })),
    );
    await store.append(commands, now());
  }
}

/** Reads all rows as pg gives them, READ_EVENTS_MAX a statement: what reading has to cost at least. */
async function bareSelect(client: pg.Client, types: readonly EventType[]): Promise<number> {
  let [from, seen] = [0, 0];
  for (;;) {
    const { rows } = await client.query<{ position: number }>(
      `select * from sw_log.events where position > $1 and position <= $1 + ${READ_EVENTS_MAX} and type = any($2)
        order by position`,
      [from, types],
    );
    if (rows.length === 0) return seen;
    seen += rows.length;
    from += READ_EVENTS_MAX;
  }
}

/** A consumer that takes what it is given. */
function counter(name: string, handles: readonly EventType[]): Consumer & { seen: number } {
  const consumer = {
    name,
    handles,
    seen: 0,
    handle(_tx: unknown, events: readonly unknown[]): Promise<void> {
      consumer.seen += events.length;
      return Promise.resolve();
    },
  };
  return consumer;
}

/** Batch after batch, as a follower that is behind takes them. */
async function stepAll(store: Store, consumer: Consumer): Promise<void> {
  await ensureCheckpoint(store.db, consumer.name, now());
  for (;;) {
    const done = await step(store.db, consumer, now);
    assert(done !== null, 'somebody else has the checkpoint');
    if (done.until === done.from) return;
  }
}

/** The follower itself, with its lease, until it has seen `events`. */
async function followAll(store: Store, consumer: Consumer & { seen: number }, events: number): Promise<void> {
  const reached = new Promise<void>((resolve) => {
    const follower = follow(
      store,
      {
        ...consumer,
        committed: () => {
          if (consumer.seen === events) void follower.stop().then(resolve);
        },
      },
      createLog('warn'),
      now,
    );
  });
  await reached;
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await work();
  return performance.now() - started;
}

const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;

/** Runs each way in turn `rounds` times over the events of `types`, so that a noisy machine is noisy for all. */
async function compare(
  store: Store,
  client: pg.Client,
  types: readonly EventType[],
  rounds: number,
): Promise<void> {
  const seen = await bareSelect(client, types);
  const spent: Record<'bare select' | 'step' | 'follow', number[]> = {
    'bare select': [],
    step: [],
    follow: [],
  };
  for (let round = 0; round < rounds; round++) {
    const name = (way: string): string => `bench ${way} ${types.length} ${round}`;
    spent['bare select'].push(await timed(() => bareSelect(client, types)));
    const stepping = counter(name('step'), types);
    spent.step.push(await timed(() => stepAll(store, stepping)));
    assert.equal(stepping.seen, seen);
    const following = counter(name('follow'), types);
    spent.follow.push(await timed(() => followAll(store, following, seen)));
  }
  const what = types.length === EVENT_TYPES.length ? 'all types' : types.join();
  const bare = median(spent['bare select']);
  for (const [way, times] of Object.entries(spent)) {
    const ms = median(times);
    const rate = Math.round((seen * 1_000) / ms).toString();
    print(
      `${what.padEnd(14)} ${way.padEnd(12)} ${rate.padStart(9)} events/s  ${(bare / ms).toFixed(2).padStart(5)} × bare`,
    );
  }
}

const [events = EVENTS_DEFAULT, rounds = ROUNDS_DEFAULT] = process.argv.slice(2).map(Number);
const postgres = await startPostgres();
try {
  const store = openStore(postgres.url, (error) => {
    say(error.message);
  });
  await migrate(store.db, join(resolve('.'), 'migrations'));
  await store.wakeup.listen();
  say(`${cpus().length} cores, ${cpus()[0]?.model ?? 'unknown'}; filling the log with ${events} events`);
  await fill(store, events);
  const client = new pg.Client(connectionConfig(postgres.url));
  await client.connect();
  await client.query(`set timezone = 'UTC'; analyze sw_log.events`);
  await compare(store, client, EVENT_TYPES, rounds);
  await compare(store, client, ['ItemTagged'], rounds);
  await client.end();
  await store.close();
} finally {
  await postgres.stop();
}
