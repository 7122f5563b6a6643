import { sql } from 'kysely';
import { position } from '../events/ids.ts';
import type { Position } from '../events/ids.ts';
import type { Db, Tx } from './database.ts';

export interface Checkpoint {
  readonly name: string;
  readonly position: Position;
  readonly status: 'running' | 'halted';
  /** Why it halted. */
  readonly error: string | null;
  /** When it last moved, or halted. */
  readonly updatedAt: Date;
}

/** Characters kept of the error that halted a consumer. */
const ERROR_CHARS_MAX = 4_000;

/** Makes sure that a checkpoint called `name` exists, at 0 when it is new; one that halted is given another try. */
export async function ensureCheckpoint(db: Db, name: string, now: Date): Promise<void> {
  await db
    .insertInto('sw_log.checkpoints')
    .values({ name, error: null, updated_at: now })
    .onConflict((conflict) => conflict.column('name').doUpdateSet({ status: 'running', error: null }))
    .execute();
}

/**
 * Takes the checkpoint for this transaction, which makes its caller the one active owner until commit. Null when
 * another transaction holds it.
 */
export async function lockCheckpoint(tx: Tx, name: string): Promise<Position | null> {
  const row = await tx
    .selectFrom('sw_log.checkpoints')
    .select('position')
    .where('name', '=', name)
    .forUpdate()
    .skipLocked()
    .executeTakeFirst();
  return row === undefined ? null : position(row.position);
}

/** Like lockCheckpoint, but waits for whoever holds it; throws when there is no such checkpoint. */
export async function takeCheckpoint(tx: Tx, name: string): Promise<Position> {
  const row = await tx
    .selectFrom('sw_log.checkpoints')
    .select('position')
    .where('name', '=', name)
    .forUpdate()
    .executeTakeFirstOrThrow();
  return position(row.position);
}

/** Moves a locked checkpoint; throws when it is not where the caller took it. */
export async function moveCheckpoint(
  tx: Tx,
  name: string,
  from: Position,
  to: Position,
  now: Date,
): Promise<void> {
  const { numUpdatedRows } = await tx
    .updateTable('sw_log.checkpoints')
    .set({ position: to, status: 'running', error: null, updated_at: now })
    .where('name', '=', name)
    .where('position', '=', from)
    .executeTakeFirst();
  if (numUpdatedRows !== 1n) throw new Error(`checkpoint ${name} is no longer at ${from}`);
}

/** Notes why a consumer stopped, for whoever asks. */
export async function haltCheckpoint(db: Db, name: string, error: string, now: Date): Promise<void> {
  await db
    .updateTable('sw_log.checkpoints')
    .set({ status: 'halted', error: error.slice(0, ERROR_CHARS_MAX), updated_at: now })
    .where('name', '=', name)
    .execute();
}

/** All checkpoints, or those called `names`, by name. */
export async function readCheckpoints(db: Db, names?: readonly string[]): Promise<Checkpoint[]> {
  const rows = await db
    .selectFrom('sw_log.checkpoints')
    .select(['name', 'position', 'status', 'error', 'updated_at as updatedAt'])
    .$if(names !== undefined, (query) => query.where('name', '=', sql<string>`any(${names ?? []}::text[])`))
    .orderBy('name')
    .execute();
  return rows.map((row) => ({ ...row, position: position(row.position) }));
}
