import { sql } from 'kysely';
import { position } from '../events/ids.ts';
import type { Position } from '../events/ids.ts';
import type { Db, Tx } from './database.ts';
import { CheckpointMoved } from './errors.ts';
import { EVERY_EVENT } from './every-event.ts';

/** The event that a halted consumer cannot handle. */
export interface Culprit {
  readonly position: Position;
  /** Null when the log holds no such position. */
  readonly type: string | null;
  readonly stream: string | null;
}

export interface Checkpoint {
  readonly name: string;
  readonly position: Position;
  readonly status: 'running' | 'halted';
  /** Why it halted. */
  readonly error: string | null;
  /** Null while it runs, and where it halted over no event in particular. */
  readonly culprit: Culprit | null;
  readonly haltedAt: Date | null;
  /** When it last moved, or halted. */
  readonly updatedAt: Date;
}

/** Characters kept of the error that halted a consumer. */
const ERROR_CHARS_MAX = 4_000;

const RUNNING = {
  status: 'running',
  error: null,
  halted_position: null,
  halted_type: null,
  halted_stream: null,
  halted_at: null,
} as const;

/** Makes sure that a checkpoint called `name` exists, at 0 when it is new; one that halted is given another try. */
export async function ensureCheckpoint(db: Db, name: string, now: Date): Promise<void> {
  await db
    .insertInto('sw_log.checkpoints')
    .values({ name, error: null, updated_at: now })
    .onConflict((conflict) => conflict.column('name').doUpdateSet(RUNNING))
    .execute();
}

/**
 * Takes the checkpoint for this transaction: until commit nobody else moves it. Null when another transaction holds it,
 * or when it has halted.
 *
 * `lazily` commits it without waiting for the disk: should the server crash, what was done and the checkpoint are taken back
 * together, and done again. Nobody may have been told of it by then as of something that stands.
 */
export async function lockCheckpoint(
  tx: Tx,
  name: string,
  commit: 'lazily' | 'durably' = 'durably',
): Promise<Position | null> {
  const row = await tx
    .selectFrom('sw_log.checkpoints')
    .select('position')
    .$if(commit === 'lazily', (query) =>
      query.select(sql`set_config('synchronous_commit', 'off', true)`.as('lazily')),
    )
    .where('name', '=', name)
    .where('status', '=', 'running')
    .forUpdate()
    .skipLocked()
    .executeTakeFirst();
  return row === undefined ? null : position(row.position);
}

/** Like lockCheckpoint, but of one that has halted too, and waits for whoever holds it; throws when there is none. */
export async function takeCheckpoint(tx: Tx, name: string): Promise<Position> {
  const row = await tx
    .selectFrom('sw_log.checkpoints')
    .select('position')
    .where('name', '=', name)
    .forUpdate()
    .executeTakeFirstOrThrow();
  return position(row.position);
}

/** Moves a locked checkpoint; throws CheckpointMoved when it is not where the caller took it. */
export async function moveCheckpoint(
  tx: Tx,
  name: string,
  from: Position,
  to: Position,
  now: Date,
): Promise<void> {
  const { numUpdatedRows } = await tx
    .updateTable('sw_log.checkpoints')
    .set({ ...RUNNING, position: to, updated_at: now })
    .where('name', '=', name)
    .where('position', '=', from)
    .executeTakeFirst();
  if (numUpdatedRows !== 1n) throw new CheckpointMoved(name, from);
}

/** Where a consumer halts: its checkpoint at `from`, which goes on to just before `culprit`. */
export interface HaltedAt {
  readonly from: Position;
  readonly culprit: Position;
}

/** Notes why a consumer stopped, and over which event; a checkpoint that somebody has moved meanwhile is left alone. */
export async function haltCheckpoint(
  db: Db,
  name: string,
  error: string,
  at: HaltedAt | null,
  now: Date,
): Promise<void> {
  const culprit = at?.culprit ?? null;
  const noted = error.slice(0, ERROR_CHARS_MAX);
  await sql`
    update sw_log.checkpoints
       set status = 'halted', error = ${noted}, updated_at = ${now}, halted_at = ${now},
           position = coalesce(${culprit}::bigint - 1, position), halted_position = ${culprit}::bigint,
           (halted_type, halted_stream) =
             (select type, stream_id from ${EVERY_EVENT} e where e.position = ${culprit}::bigint)
     where name = ${name} and position = coalesce(${at?.from ?? null}::bigint, position)`.execute(db);
}

/** Lets a checkpoint that halted at `from` go on, from `to`; false, and left alone, where somebody was faster with it. */
export async function resumeCheckpoint(
  db: Db | Tx,
  name: string,
  from: Position,
  to: Position,
  now: Date,
): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable('sw_log.checkpoints')
    .set({ ...RUNNING, position: to, updated_at: now })
    .where('name', '=', name)
    .where('status', '=', 'halted')
    .where('position', '=', from)
    .executeTakeFirst();
  return numUpdatedRows === 1n;
}

/** All checkpoints, or those called `names`, by name. */
export async function readCheckpoints(db: Db, names?: readonly string[]): Promise<Checkpoint[]> {
  const rows = await db
    .selectFrom('sw_log.checkpoints')
    .selectAll()
    .$if(names !== undefined, (query) => query.where('name', '=', sql<string>`any(${names ?? []}::text[])`))
    .orderBy('name')
    .execute();
  return rows.map((row) => ({
    name: row.name,
    position: position(row.position),
    status: row.status,
    error: row.error,
    culprit:
      row.halted_position === null
        ? null
        : { position: position(row.halted_position), type: row.halted_type, stream: row.halted_stream },
    haltedAt: row.halted_at,
    updatedAt: row.updated_at,
  }));
}
