import { sql } from 'kysely';
import { position } from '../events/ids.ts';
import type { Position } from '../events/ids.ts';
import { ensureCheckpoint, moveCheckpoint, takeCheckpoint } from '../store/checkpoints.ts';
import type { Db, Tx } from '../store/database.ts';
import { patiently } from '../store/patiently.ts';
import type { Patience } from '../store/patiently.ts';
import { skippedPositions } from '../store/halted.ts';
import { head, readAfter } from '../store/read.ts';
import type { Slice } from '../store/read.ts';
import { areBuilt, createTables, finishTables, serveTables } from './build-tables.ts';
import { consumerOf, tablesOf } from './projection.ts';
import type { Projection } from './projection.ts';
import { isServed, lockServed, NewerTables, noteServed, servedVersion, SWITCH_TURN_MS } from './switch.ts';

/** Positions handled in one transaction of a build: more than a consumer takes, as nobody waits for the first of them. */
const BUILD_POSITIONS_MAX = 5_000;
/** Positions that may be left for the switch, while the consumer is held up. */
const SWITCH_POSITIONS_MAX = 5_000;

export interface RebuildProgress {
  readonly projection: string;
  readonly done: number;
  readonly total: number;
}

export interface RebuildOptions {
  readonly now: () => Date;
  /** Whether tables that are of this version already are left as they are. */
  readonly onlyOlder?: boolean;
  /** How often and how long to wait for those who read the tables. */
  readonly patience?: Patience;
  readonly onProgress?: (progress: RebuildProgress) => void;
}

/**
 * Begins a build, or goes on with one of the same version that was left: then gives how far it came. Tables that were filled
 * for another version go.
 */
async function begin(
  db: Db,
  { name, version, tables }: Projection,
  { now, onlyOlder = false }: RebuildOptions,
): Promise<void> {
  await db.transaction().execute(async (tx) => {
    const row = { projection: name, version, position: 0, started_at: now() };
    await tx
      .insertInto('sw_work.builds')
      .values(row)
      .onConflict((conflict) => conflict.column('projection').doNothing())
      .execute();
    const left = await tx
      .selectFrom('sw_work.builds')
      .select(['version', 'position'])
      .where('projection', '=', name)
      .forUpdate()
      .executeTakeFirst();
    // Another process has put it in its place just now, or before.
    if (left === undefined) return;
    const newest = Math.max(left.version, await servedVersion(tx, name));
    if (newest > version) throw new NewerTables({ name, version }, newest);
    if (onlyOlder && (await isServed(tx, { name, version }))) {
      await tx.deleteFrom('sw_work.builds').where('projection', '=', name).execute();
      return;
    }
    if (left.version === version && (await areBuilt(tx, tables))) return;
    await createTables(tx, tables);
    await tx.updateTable('sw_work.builds').set(row).where('projection', '=', name).execute();
  });
}

/** Takes the build for this transaction; null when there is none any more: another process has ended it. */
async function takeBuild(tx: Tx, { name, version }: Projection): Promise<Position | null> {
  const row = await tx
    .selectFrom('sw_work.builds')
    .select('position')
    .where('projection', '=', name)
    .where('version', '=', version)
    .forUpdate()
    .executeTakeFirst();
  return row === undefined ? null : position(row.position);
}

async function applySlice(tx: Tx, projection: Projection, { events, until }: Slice): Promise<void> {
  // What people let the consumer leave out the served tables lack, and so shall these.
  const skipped = await skippedPositions(tx, consumerOf(projection).name);
  const wanted = skipped.size === 0 ? events : events.filter((event) => !skipped.has(event.position));
  if (wanted.length > 0) await projection.apply(tx, wanted, 'sw_build');
  await tx
    .updateTable('sw_work.builds')
    .set({ position: until })
    .where('projection', '=', projection.name)
    .execute();
}

/**
 * One batch of a build. `ahead` is the slice read while the batch before was written, which is right unless another process
 * has taken a batch meanwhile. Null when the build has ended elsewhere.
 */
async function buildBatch(db: Db, projection: Projection, ahead: Ahead | null): Promise<Step | null> {
  return await db.transaction().execute(async (tx) => {
    // What a crash loses of it is done again from where the build's row says.
    await sql`set local synchronous_commit = off`.execute(tx);
    const from = await takeBuild(tx, projection);
    if (from === null) return null;
    const known = ahead !== null && ahead.from === from ? ahead : null;
    const slice = await (known?.slice ?? readAfter(tx, from, projection.handles, BUILD_POSITIONS_MAX));
    if (slice.until === from) return { from, until: from, ahead: null };
    const next = slice.until;
    const reading = readAfter(db, next, projection.handles, BUILD_POSITIONS_MAX);
    // Whatever is wrong with it is met again when the batch is asked for.
    reading.catch(() => undefined);
    await applySlice(tx, projection, slice);
    return { from, until: next, ahead: { from: next, slice: reading } };
  });
}

interface Ahead {
  readonly from: Position;
  readonly slice: Promise<Slice>;
}

interface Step {
  readonly from: Position;
  readonly until: Position;
  readonly ahead: Ahead | null;
}

/** Fills the tables up to the end of the log. False when another process has ended the build. */
async function fill(
  db: Db,
  projection: Projection,
  onProgress: (progress: RebuildProgress) => void,
): Promise<boolean> {
  const total = await head(db);
  let ahead: Ahead | null = null;
  for (;;) {
    const step: Step | null = await buildBatch(db, projection, ahead);
    if (step === null) return false;
    if (step.until === step.from) return true;
    ahead = step.ahead;
    onProgress({
      projection: projection.name,
      done: step.until,
      total: Math.max(total, step.until),
    });
  }
}

/** Adds the indexes, once. False when another process has ended the build. */
async function finish(db: Db, projection: Projection): Promise<boolean> {
  return await db.transaction().execute(async (tx) => {
    if ((await takeBuild(tx, projection)) === null) return false;
    await finishTables(tx, projection.tables);
    return true;
  });
}

/** What is left is too much to hold up the consumer for. */
class TooFarBehind extends Error {
  override readonly name = 'TooFarBehind';
}

/**
 * Brings the tables to the end of the log and puts them in the place of the served ones, in one transaction that holds the
 * projection's checkpoint. Gives where they stand; null when another process has done it.
 */
async function trySwitch(db: Db, projection: Projection, now: Date): Promise<Position | null> {
  const consumer = consumerOf(projection).name;
  return await db.transaction().execute(async (tx) => {
    await sql`set local lock_timeout = ${sql.lit(SWITCH_TURN_MS)}`.execute(tx);
    const served = await takeCheckpoint(tx, consumer);
    let built = await takeBuild(tx, projection);
    if (built === null) return null;
    if ((await head(tx)) - built > SWITCH_POSITIONS_MAX) throw new TooFarBehind(projection.name);
    await lockServed(tx, tablesOf(projection));
    for (;;) {
      const slice = await readAfter(tx, built, projection.handles);
      if (slice.until === built) break;
      await applySlice(tx, projection, slice);
      built = slice.until;
    }
    await serveTables(tx, projection.tables);
    await moveCheckpoint(tx, consumer, served, built, now);
    await noteServed(tx, projection, now);
    await tx.deleteFrom('sw_work.builds').where('projection', '=', projection.name).execute();
    return built;
  });
}

/**
 * Makes a projection's tables anew from the log, beside those that are served, and puts them in their place in one transaction.
 * Readers and the consumer go on meanwhile. Killed in between it leaves the old tables, and what is done already: called again it
 * goes on from there. Any number of processes may do so at once; they share the work.
 *
 * Only projections can be rebuilt; consumers with effects elsewhere have no way in here, so a replay cannot notify anyone. Gives
 * the position that the tables stand at.
 */
export async function rebuild(db: Db, projection: Projection, options: RebuildOptions): Promise<Position> {
  const { now, onProgress = (): void => undefined } = options;
  const { name } = consumerOf(projection);
  await ensureCheckpoint(db, name, now());
  await begin(db, projection, options);
  for (;;) {
    if (!(await fill(db, projection, onProgress))) break;
    if (!(await finish(db, projection))) break;
    try {
      const done = await patiently(
        db,
        tablesOf(projection),
        () => trySwitch(db, projection, now()),
        options.patience,
      );
      if (done !== null) return done;
      break;
    } catch (error) {
      if (!(error instanceof TooFarBehind)) throw error;
    }
  }
  // Another process has put tables in their place: of this version, or a newer build of its own.
  const found = await servedVersion(db, projection.name);
  if (found !== projection.version) throw new NewerTables(projection, found);
  return await servedPosition(db, name);
}

async function servedPosition(db: Db, consumer: string): Promise<Position> {
  const row = await db
    .selectFrom('sw_log.checkpoints')
    .select('position')
    .where('name', '=', consumer)
    .executeTakeFirst();
  return position(row?.position ?? 0);
}
