import { sql } from 'kysely';
import type { Position } from '../events/ids.ts';
import { position } from '../events/ids.ts';
import type { Db } from './database.ts';
import { head, readAfter } from './read.ts';

/** Retagging is one process's work at a time; the log's own lock is (7301, 1). */
const RETAG_LOCK = sql`7301, 8`;

/** What a retagging brings items up to. */
export interface RetagAim {
  readonly dossier: string;
  readonly tagger: string;
  /** Whether tags are appended too that stay as they are. */
  readonly all: boolean;
}

/** How far a retagging got. */
export interface RetagPoint {
  /** Events up to here are looked at, and what came of it is in the log. */
  readonly position: Position;
  /** Items looked at so far, and how many of them were tagged anew. */
  readonly items: number;
  readonly changed: number;
}

/** Whether an item was tagged by another dossier or tagger after `from`. */
async function isTaggedOtherwise(db: Db, from: Position, { dossier, tagger }: RetagAim): Promise<boolean> {
  const to = await head(db);
  for (let at = from; at < to;) {
    const { events, until } = await readAfter(db, at, ['ItemTagged']);
    const isOther = events.some(
      ({ type, data }) => type === 'ItemTagged' && (data.dossier !== dossier || data.tagger !== tagger),
    );
    if (isOther) return true;
    if (until === at) break;
    at = until;
  }
  return false;
}

/**
 * Where a retagging stopped that did all that this one is to do, and whose work stands; null where none did. Others are forgotten:
 * half of the log would be theirs and half ours, and going on where they stopped would leave it so.
 */
export async function takeUpRetag(db: Db, aim: RetagAim): Promise<RetagPoint | null> {
  const { dossier, tagger, all } = aim;
  await sql`
    delete from sw_work.retags
     where (dossier, tagger) <> (${dossier}, ${tagger}) or (${all}::boolean and not is_all)`.execute(db);
  const row = await db
    .selectFrom('sw_work.retags')
    .select(['position', 'items', 'changed', 'ended_at'])
    .executeTakeFirst();
  if (row === undefined) return null;
  // Another dossier had its turn meanwhile: what is behind the point may be tagged by it.
  if (await isTaggedOtherwise(db, position(row.ended_at), aim)) {
    await forgetRetags(db);
    return null;
  }
  return { position: position(row.position), items: row.items, changed: row.changed };
}

/** Notes that everything up to `point` is done: call it when it is in the log, and not before. */
export async function noteRetag(db: Db, aim: RetagAim, point: RetagPoint, now: Date): Promise<void> {
  const { dossier, tagger, all } = aim;
  // In one statement: the retagging waits for it, after every few items.
  await sql`
    insert into sw_work.retags as r (dossier, tagger, is_all, position, items, changed, ended_at, updated_at)
    select ${dossier}, ${tagger}, ${all}, ${point.position}, ${point.items}, ${point.changed},
           coalesce((select position from sw_log.events order by position desc limit 1), 0), ${now}
        on conflict (dossier, tagger) do update
       set is_all = excluded.is_all, position = excluded.position, items = excluded.items, changed = excluded.changed,
           ended_at = excluded.ended_at, updated_at = excluded.updated_at`.execute(db);
}

/** Forgets where retaggings stopped: one is through. */
export async function forgetRetags(db: Db): Promise<void> {
  await db.deleteFrom('sw_work.retags').execute();
}

/** Gives the lock back. Where that fails the connection is ended, and the lock with it: what the work came to has to be told. */
async function unlock(connection: Db): Promise<void> {
  try {
    await sql`select pg_advisory_unlock(${RETAG_LOCK})`.execute(connection);
  } catch {
    // Fails where the connection is lost, and where it is ended by this: either way the pool hears of it, and drops it.
    await sql`select pg_terminate_backend(pg_backend_pid())`.execute(connection).catch(() => undefined);
  }
}

/**
 * Runs `work` as the only retagging on this database; null, and nothing is done, where another one runs. The lock ends with its
 * connection, however the process ends; what `work` gives or throws stands where the connection is lost meanwhile.
 */
export async function retagAlone<Done>(db: Db, work: () => Promise<Done>): Promise<Done | null> {
  return await db.connection().execute(async (connection) => {
    const { rows } = await sql<{ mine: boolean }>`select pg_try_advisory_lock(${RETAG_LOCK}) as mine`.execute(
      connection,
    );
    if (rows[0]?.mine !== true) return null;
    try {
      return await work();
    } finally {
      await unlock(connection);
    }
  });
}
