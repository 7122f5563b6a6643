import { sql } from 'kysely';
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { consumerStream, itemStream, position } from '../../src/events/ids.ts';
import { createLog } from '../../src/log.ts';
import { readCheckpoints, resumeCheckpoint } from '../../src/store/checkpoints.ts';
import type { Checkpoint } from '../../src/store/checkpoints.ts';
import { follow } from '../../src/store/follow.ts';
import type { Follower } from '../../src/store/alone.ts';
import type { Consumer } from '../../src/store/follow.ts';
import { retryConsumer, skipEvent, skippedPositions } from '../../src/store/halted.ts';
import { head, readStream } from '../../src/store/read.ts';
import { openStore } from '../../src/store/store.ts';
import { commandOf, ingested, itemOf, NOON } from '../support/events.ts';
import { useStore } from '../support/store.ts';

const log = useStore();
const quiet = createLog('silent');
const BATCH = 300;
const POISON = 217;
const LATER = new Date(NOON.getTime() + 60_000);
const followers: Follower[] = [];
let told: (string | null)[] = [];

beforeAll(async () => {
  await log.store.append(
    Array.from({ length: BATCH }, (_, index) => commandOf(ingested(`halted ${index + 1}`), 0)),
    NOON,
  );
});

afterEach(async () => {
  await Promise.all(followers.splice(0).map((follower) => follower.stop()));
  told = [];
});

/** Writes a row for each event, and refuses those for which `isPoison` holds at the end of the batch they are in. */
function start(name: string, isPoison: (at: number) => boolean): void {
  const consumer: Consumer = {
    name,
    handles: ['ItemIngested'],
    async handle(tx, events) {
      const values = events.map((event) => ({
        rule: `${name} ${event.position}` as never,
        version: '1',
        definition: '{}',
      }));
      await tx.insertInto('sw_work.rule_book').values(values).execute();
      if (events.some((event) => isPoison(event.position))) throw new TypeError('cannot digest');
    },
  };
  const onHalt = (error: Error | null): void => void told.push(error?.message ?? null);
  followers.push(follow(log.store, consumer, quiet, () => LATER, { onHalt }));
}

const checkpoint = async (name: string): Promise<Checkpoint | undefined> =>
  (await readCheckpoints(log.store.db, [name]))[0];

/** What the consumer has written, as positions in order. */
async function written(name: string): Promise<number[]> {
  const rows = await log.store.db
    .selectFrom('sw_work.rule_book')
    .select('rule')
    .where('rule', 'like', `${name} %` as never)
    .execute();
  return rows.map(({ rule }) => Number(rule.slice(name.length))).sort((a, b) => a - b);
}

/** The server processes that wait for a lock in this database. */
async function waiting(): Promise<number[]> {
  const { rows } = await sql<{ pid: number }>`
    select pid from pg_stat_activity
     where datname = current_database() and wait_event_type = 'Lock'`.execute(log.store.db);
  return rows.map(({ pid }) => pid);
}

const upTo = (end: number, without?: number): number[] =>
  Array.from({ length: end }, (_, index) => index + 1).filter((at) => at !== without);

const halted = (name: string): Promise<void> =>
  expect.poll(() => checkpoint(name), { interval: 5, timeout: 5_000 }).toMatchObject({ status: 'halted' });

describe('an event that cannot be handled', () => {
  test('is named with its position, type and stream, and what comes before it stays handled', async () => {
    start('naming', (at) => at === POISON);
    await halted('naming');
    const stream = itemStream(itemOf(`halted ${POISON}`));
    expect(await checkpoint('naming')).toMatchObject({
      position: POISON - 1,
      error: 'TypeError: cannot digest',
      culprit: { position: POISON, type: 'ItemIngested', stream },
      haltedAt: LATER,
    });
    expect(told).toEqual([`position ${POISON}, ItemIngested of ${stream}: TypeError: cannot digest`]);
    expect(await written('naming')).toEqual(upTo(POISON - 1));
  });

  test('is tried again when people say so, by the process that runs, and again halts where nothing is mended', async () => {
    let isMended = false;
    start('retrying', (at) => at === POISON && !isMended);
    await halted('retrying');
    for (const mended of [false, true]) {
      isMended = mended;
      told = [];
      expect(await retryConsumer(log.store, 'retrying', NOON)).toMatchObject({ kind: 'released' });
      await expect.poll(() => told.length, { interval: 5, timeout: 5_000 }).toBeGreaterThan(0);
      if (!mended) await halted('retrying');
    }
    await expect
      .poll(() => checkpoint('retrying'), { timeout: 5_000 })
      .toMatchObject({ status: 'running', position: BATCH, error: null, culprit: null, haltedAt: null });
    expect(told).toEqual([null]);
    expect(await written('retrying')).toEqual(upTo(BATCH));
  });

  test('is left out when people say so, by an event of its own, once, whatever crashes in between', async () => {
    start('skipping', (at) => at === POISON);
    await halted('skipping');
    const how = { reason: 'known to be broken', by: 'kim' };
    const crashing = openStore(log.url, () => undefined);
    await log.store.db.transaction().execute(async (tx) => {
      await sql`select pg_advisory_xact_lock(7301, 1)`.execute(tx);
      const crashed = expect(skipEvent(crashing, 'skipping', how, NOON)).rejects.toThrow(/terminat/);
      await expect.poll(() => waiting(), { interval: 5, timeout: 5_000 }).toHaveLength(1);
      await sql`select pg_terminate_backend(pid) from unnest(${await waiting()}::int[]) as w (pid)`.execute(
        log.store.db,
      );
      await crashed;
    });
    await crashing.close();
    expect(await checkpoint('skipping')).toMatchObject({ status: 'halted', position: POISON - 1 });
    expect(await skippedPositions(log.store.db, 'skipping')).toEqual(new Set());
    const done = await skipEvent(log.store, 'skipping', how, NOON);
    expect(done).toMatchObject({ kind: 'released', done: { position: POISON, type: 'ItemIngested' } });
    const end = await head(log.store.db);
    await expect.poll(() => checkpoint('skipping'), { timeout: 5_000 }).toMatchObject({ position: end });
    expect(await written('skipping')).toEqual(upTo(BATCH, POISON));
    const events = await readStream(log.store.db, consumerStream('skipping'));
    expect(events.map(({ type, data }) => ({ type, data }))).toEqual([
      {
        type: 'ConsumerSkipped',
        data: {
          consumer: 'skipping',
          position: POISON,
          type: 'ItemIngested',
          event: ingested(`halted ${POISON}`).id,
          ...how,
        },
      },
    ]);
    expect([...(await skippedPositions(log.store.db, 'skipping'))]).toEqual([POISON]);
    expect(await skippedPositions(log.store.db, 'naming')).toEqual(new Set());
  });

  test('is not said to be left out where somebody had it tried again meanwhile', async () => {
    let isMended = false;
    start('overtaken', (at) => at === POISON && !isMended);
    await halted('overtaken');
    isMended = true;
    const from = position(POISON - 1);
    const skipping = await log.store.db.transaction().execute(async (tx) => {
      await resumeCheckpoint(tx, 'overtaken', from, from, NOON);
      const started = skipEvent(log.store, 'overtaken', { reason: 'broken', by: null }, NOON);
      await expect.poll(() => waiting(), { interval: 5, timeout: 5_000 }).toHaveLength(1);
      return { started };
    });
    const done = await skipping.started;
    expect(done.kind === 'refused' && done.reason).toContain('somebody else let overtaken go on');
    const end = await head(log.store.db);
    await expect.poll(() => checkpoint('overtaken'), { timeout: 5_000 }).toMatchObject({ position: end });
    expect(await written('overtaken')).toEqual(upTo(BATCH));
    expect(await skippedPositions(log.store.db, 'overtaken')).toEqual(new Set());
  });

  test('is nothing to skip or try again where the consumer runs, or there is none', async () => {
    start('running', () => false);
    await expect.poll(() => checkpoint('running'), { timeout: 5_000 }).toBeDefined();
    const how = { reason: 'no', by: null };
    for (const done of [
      await retryConsumer(log.store, 'running', NOON),
      await skipEvent(log.store, 'running', how, NOON),
    ]) {
      expect(done.kind === 'refused' && done.reason).toContain('has not halted');
    }
    for (const done of [
      await retryConsumer(log.store, 'rnning', NOON),
      await skipEvent(log.store, 'rnning', how, NOON),
    ]) {
      expect(done).toMatchObject({ kind: 'unknown' });
      expect(done.kind === 'unknown' && done.known).toContain('running');
    }
  });

  test('may be one that this build does not know: it is named too, and can be left out', async () => {
    await sql`
      select * from sw_log.append(
        ${['item-foretold']}::text[], ${[null]}::bigint[], ${[1]}::int[], ${[1]}::int[],
        ${[crypto.randomUUID()]}::uuid[], ${['ItemForetold']}::text[], ${[1]}::smallint[],
        ${[NOON]}::timestamptz[], ${['{}']}::jsonb[], ${NOON}::timestamptz)`.execute(log.store.db);
    const at = await head(log.store.db);
    start('foretelling', () => false);
    await halted('foretelling');
    expect(await checkpoint('foretelling')).toMatchObject({
      position: at - 1,
      culprit: { position: at, type: 'ItemForetold', stream: 'item-foretold' },
    });
    expect(await written('foretelling')).toEqual(upTo(BATCH));
    await skipEvent(log.store, 'foretelling', { reason: 'not for us', by: null }, NOON);
    await expect
      .poll(() => checkpoint('foretelling'), { timeout: 5_000 })
      .toMatchObject({ status: 'running', position: at + 1 });
  });
});
