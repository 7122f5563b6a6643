import { sql } from 'kysely';
import type { Db } from './database.ts';

/** What a process says of itself. */
export interface Announcement {
  /** A UUID of its own. */
  readonly id: string;
  readonly host: string;
  readonly pid: number;
  readonly roles: readonly string[];
  /** The build it runs. */
  readonly version: string;
  /** Consumers that have halted in it. */
  readonly halted: readonly string[];
}

/** A process as it was last heard of; times are the database's. */
export interface WorkingProcess extends Announcement {
  readonly startedAt: Date;
  /** Milliseconds since it was last heard of. */
  readonly silentMs: number;
  /** How far its clock was ahead of the database's then, in milliseconds. */
  readonly clockAheadMs: number;
}

/** Without a beat for so long a process has gone without a word, and its row is cleared. */
const FORGOTTEN_MS = 10 * 60_000;
/** A process with the same pid that has been silent for so long was killed, and this one is in its place. */
const REPLACED_MS = 15_000;

/** Enters a process, or says again that it lives; `ownClock` is its clock. Its row may be gone: it comes back. */
export async function beat(db: Db, process: Announcement, ownClock: Date): Promise<void> {
  const { id, host, pid, roles, version, halted } = process;
  await sql`
    insert into sw_work.processes (id, host, pid, roles, version, halted, started_at, seen_at, own_clock)
    values (${id}, ${host}, ${pid}, ${roles}::text[], ${version}, ${halted}::text[],
            clock_timestamp(), clock_timestamp(), ${ownClock})
    on conflict (id) do update
      set halted = excluded.halted, seen_at = excluded.seen_at, own_clock = excluded.own_clock`.execute(db);
}

/** The first beat: enters a process and clears those that are gone. */
export async function announce(db: Db, process: Announcement, ownClock: Date): Promise<void> {
  await clearGone(db, process);
  await beat(db, process, ownClock);
}

/** Clears the rows of processes that went without a word: silent for long, or replaced by `process`. */
export async function clearGone(db: Db, { id, host, pid }: Announcement): Promise<void> {
  await sql`
    delete from sw_work.processes
     where id <> ${id}
       and (seen_at < clock_timestamp() - ${FORGOTTEN_MS} * interval '1 millisecond'
            or (host = ${host} and pid = ${pid}
                and seen_at < clock_timestamp() - ${REPLACED_MS} * interval '1 millisecond'))`.execute(db);
}

/** Takes a process that stops off the list. */
export async function forget(db: Db, id: string): Promise<void> {
  await db.deleteFrom('sw_work.processes').where('id', '=', id).execute();
}

/** The processes that work here, by host and the time they started; those killed lately are among them, silent. */
export async function listProcesses(db: Db): Promise<WorkingProcess[]> {
  const { rows } = await sql<WorkingProcess>`
    select id, host, pid, roles, version, halted, started_at as "startedAt",
           greatest(0, extract(epoch from clock_timestamp() - seen_at) * 1000)::float8 as "silentMs",
           (extract(epoch from own_clock - seen_at) * 1000)::float8 as "clockAheadMs"
      from sw_work.processes
     order by host, started_at, id`.execute(db);
  return rows;
}
