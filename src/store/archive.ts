import { mkdir, stat } from 'node:fs/promises';
import { setTimeout } from 'node:timers/promises';
import { sql } from 'kysely';
import type { Position } from '../events/ids.ts';
import { archiveFile, checkArchiveFile } from './archive-file.ts';
import { ensureCheckpoint, readCheckpoints } from './checkpoints.ts';
import type { Db } from './database.ts';
import { moveToArchive } from './detach.ts';
import { ArchiveRefused } from './errors.ts';
import { exportRange } from './export.ts';
import { writeLogFile } from './log-file.ts';
import { listPartitions } from './partitions.ts';
import type { Partition } from './partitions.ts';
import { head } from './read.ts';
import { SEALS_CONSUMER, sealNext } from './seal-log.ts';
import { lastSeal } from './seals.ts';
import type { Store } from './store.ts';

/** Names the lease: one process archives at a time, since two would write the same file. */
export const ARCHIVE_LEASE = 'archive';
const LEASE_MS_MAX = 3_000;
/** Between two looks while another process seals, and how long it may make no progress. */
const SEAL_LOOK_MS = 100;
const SEAL_STILL_MS_MAX = 30_000;

/** A partition that was moved into the archive. */
export interface Archived extends Partition {
  /** What it was exported to. */
  readonly file: string;
  /** Whether the file was there already, from an earlier try, and was found to be right. */
  readonly fileWasThere: boolean;
}

/** Why the next partition stays in the log. */
export type StaysFor =
  | { readonly kind: 'reaches beyond' }
  | { readonly kind: 'holds the end' }
  | { readonly kind: 'not yet followed'; readonly consumer: string; readonly position: Position };

export interface Archiving {
  readonly archived: readonly Archived[];
  /** The first partition that was left, and why. */
  readonly stays: Partition & { readonly why: StaysFor };
}

export type ArchiveStage = 'exported' | 'checked';

export interface ArchiveOptions {
  /** The last position that may be archived. */
  readonly until: Position;
  /** Made where it is missing. */
  readonly folder: string;
  readonly now: () => Date;
  /** Hears of the events of a partition that are exported, and read back. */
  readonly onProgress?: (partition: Partition, stage: ArchiveStage, done: number) => void;
  /** Hears of each partition when it is moved. */
  readonly onArchived?: (archived: Archived) => void;
}

/** Why `partition` may not be taken; null when it may. */
async function reasonToStay(db: Db, { from, to }: Partition, until: Position): Promise<StaysFor | null> {
  // The last event tells append which position is the next: it is never taken, full or not.
  const end = await head(db);
  if (to >= end || from > end) return { kind: 'holds the end' };
  if (to > until) return { kind: 'reaches beyond' };
  // That of the seals is ours to move.
  const checkpoints = (await readCheckpoints(db)).filter(({ name }) => name !== SEALS_CONSUMER);
  const [last] = checkpoints.sort((a, b) => a.position - b.position);
  return last === undefined || last.position >= to
    ? null
    : { kind: 'not yet followed', consumer: last.name, position: last.position };
}

/** Throws ArchiveRefused unless this role may detach partitions: only the owner may, and shall not find out after an hour. */
async function requireOwner(db: Db): Promise<void> {
  const { rows } = await sql<{ may: boolean; owner: string }>`
    select pg_has_role(relowner, 'usage') as may, relowner::regrole::text as owner
      from pg_class where oid = 'sw_log.events'::regclass`.execute(db);
  if (rows[0]?.may === true) return;
  throw new ArchiveRefused(
    `only the owner of the log can archive: run it with a DATABASE_URL of ${rows[0]?.owner ?? 'that role'}`,
  );
}

/** Seals up to the end of `partition`, or waits for whoever does. */
async function sealWhole(db: Db, { to }: Partition, now: () => Date): Promise<void> {
  await ensureCheckpoint(db, SEALS_CONSUMER, now());
  let sealedTo = -1;
  let movedMs = performance.now();
  for (;;) {
    const last = (await lastSeal(db))?.to ?? 0;
    if (last >= to) return;
    if (last > sealedTo) {
      sealedTo = last;
      movedMs = performance.now();
    } else if (performance.now() - movedMs > SEAL_STILL_MS_MAX) {
      throw new ArchiveRefused(`another process seals the log and stands still at position ${last}`);
    }
    const sealed = await sealNext(db, false, now());
    if (sealed === null) await setTimeout(SEAL_LOOK_MS);
  }
}

async function isThere(file: string): Promise<boolean> {
  try {
    await stat(file);
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return false;
    throw error;
  }
}

async function* textsOf(
  db: Db,
  { from, to }: Partition,
  onEvents: (done: number) => void,
): AsyncGenerator<string> {
  for await (const { text, until } of exportRange(db, { from, to })) {
    yield text;
    onEvents(until - from + 1);
  }
}

async function archivePartition(db: Db, partition: Partition, options: ArchiveOptions): Promise<Archived> {
  const { folder, now, onProgress } = options;
  await sealWhole(db, partition, now);
  const file = archiveFile(folder, partition);
  const fileWasThere = await isThere(file);
  if (!fileWasThere)
    await writeLogFile(
      file,
      textsOf(db, partition, (done) => onProgress?.(partition, 'exported', done)),
    );
  await checkArchiveFile(db, file, partition, (done) => onProgress?.(partition, 'checked', done));
  await moveToArchive(db, partition);
  return { ...partition, file, fileWasThere };
}

async function archiveAll(db: Db, options: ArchiveOptions): Promise<Archiving> {
  const archived: Archived[] = [];
  for (const partition of await listPartitions(db)) {
    const why = await reasonToStay(db, partition, options.until);
    if (why !== null) return { archived, stays: { ...partition, why } };
    const done = await archivePartition(db, partition, options);
    archived.push(done);
    options.onArchived?.(done);
  }
  throw new ArchiveRefused('the log has no partition for its next event: run "shuttlewatch migrate"');
}

/**
 * Takes the oldest partitions out of the log, one after another, as long as they end at or before `until`, do not hold the log's end
 * and lie behind every checkpoint. Each is sealed to its end, exported to a file of its own, read back from it under the same
 * seals, and only then moved to sw_archive, where it is read as before.
 *
 * Killed at any moment it leaves every event in the database and, called again, goes on: a file that is there is read back and
 * not written again.
 *
 * Throws ArchiveRefused where a file is not what the log holds, where this role does not own the log, and where another
 * process archives; what was archived until then stays so.
 */
export async function archive(store: Store, options: ArchiveOptions): Promise<Archiving> {
  await requireOwner(store.db);
  const lease = store.leases.claim(ARCHIVE_LEASE);
  try {
    await lease.wait(AbortSignal.timeout(LEASE_MS_MAX));
    if (!lease.held) throw new ArchiveRefused('another process is archiving');
    await mkdir(options.folder, { recursive: true });
    return await archiveAll(store.db, options);
  } finally {
    await lease.release();
  }
}
