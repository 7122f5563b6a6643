import { position } from '../events/ids.ts';
import type { Position } from '../events/ids.ts';
import { ensureCheckpoint, moveCheckpoint, takeCheckpoint } from '../store/checkpoints.ts';
import type { Db, Tx } from '../store/database.ts';
import { head, readAfter } from '../store/read.ts';
import { consumerOf } from './projection.ts';
import type { Projection } from './projection.ts';

export interface RebuildProgress {
  readonly projection: string;
  readonly done: Position;
  readonly total: Position;
}

/**
 * Empties a projection's tables and replays the log into them, in one transaction: readers see the old tables
 * until the new ones are complete, and a crash leaves the old ones. Only projections can be rebuilt; consumers
 * with effects elsewhere have no way in here, so a replay cannot notify anyone.
 */
export async function rebuild(
  db: Db,
  projection: Projection,
  now: () => Date,
  onProgress: (progress: RebuildProgress) => void,
): Promise<Position> {
  return await rebuildIf(db, projection, () => Promise.resolve(true), now, onProgress);
}

function isStale(projection: string): (tx: Tx) => Promise<boolean> {
  return async (tx) => {
    const found = await tx
      .selectFrom('sw_work.stale_projections')
      .select('projection')
      .where('projection', '=', projection)
      .executeTakeFirst();
    return found !== undefined;
  };
}

async function rebuildIf(
  db: Db,
  projection: Projection,
  needed: (tx: Tx) => Promise<boolean>,
  now: () => Date,
  onProgress: (progress: RebuildProgress) => void,
): Promise<Position> {
  const { name } = consumerOf(projection);
  await ensureCheckpoint(db, name, now());
  return await db.transaction().execute(async (tx) => {
    const old = await takeCheckpoint(tx, name);
    // Whoever held the checkpoint may have done it meanwhile.
    if (!(await needed(tx))) return old;
    for (const table of projection.tables) await tx.deleteFrom(table).execute();
    const total = await head(tx);
    let done = position(0);
    for (;;) {
      const { events, until } = await readAfter(tx, done, projection.handles);
      if (until === done) break;
      if (events.length > 0) await projection.apply(tx, events);
      done = until;
      onProgress({ projection: projection.name, done, total: position(Math.max(total, done)) });
    }
    await moveCheckpoint(tx, name, old, done, now());
    await tx.deleteFrom('sw_work.stale_projections').where('projection', '=', projection.name).execute();
    return done;
  });
}

/**
 * Rebuilds the projections whose tables a migration has changed, if there are any: nothing may be answered before. Any
 * number of processes may call it at once: one rebuilds, the others wait for it.
 */
export async function freshen(
  db: Db,
  projections: readonly Projection[],
  now: () => Date,
  onProgress: (progress: RebuildProgress) => void,
): Promise<void> {
  const stale = await db.selectFrom('sw_work.stale_projections').select('projection').execute();
  for (const projection of projections) {
    if (stale.some((row) => row.projection === projection.name)) {
      await rebuildIf(db, projection, isStale(projection.name), now, onProgress);
    }
  }
}
