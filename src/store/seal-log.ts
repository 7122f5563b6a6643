import { position } from '../events/ids.ts';
import type { Position } from '../events/ids.ts';
import { ensureCheckpoint, lockCheckpoint, moveCheckpoint } from './checkpoints.ts';
import type { Db, Tx } from './database.ts';
import { rangeDigests } from './digest.ts';
import type { RangeDigest } from './digest.ts';
import { LogHole, SealsLost } from './errors.ts';
import { listPartitions } from './partitions.ts';
import type { Partition } from './partitions.ts';
import { head } from './read.ts';
import { lastSeal, NO_SEAL_HASH, SEAL_EVENTS_MAX, sealHash, writeSeals } from './seals.ts';
import type { Seal } from './seals.ts';

/** Names the checkpoint of sealing, where "consumers" shows how far it is behind. */
export const SEALS_CONSUMER = 'seals';
/** Seals made in one transaction while catching up. */
const SEALS_PER_STEP_MAX = 50;

export interface Sealed {
  /** Seals made. */
  readonly seals: number;
  /** Events that no seal covers yet. */
  readonly left: number;
}

/** The next link after `last`, over a range in digest. Throws LogHole when the range is not whole. */
function link(last: Seal | null, digest: RangeDigest): Seal {
  const { root, leaves, recordedToUs, events } = digest;
  const from = position(digest.from);
  const to = position(digest.to);
  if (root === null || leaves === null || recordedToUs === null || events !== to - from + 1)
    throw new LogHole(from + events, null);
  const seal = (last?.seal ?? 0) + 1;
  const unhashed = { seal, from, to, recordedToUs, root, leaves, prev: last?.hash ?? NO_SEAL_HASH };
  return { ...unhashed, hash: sealHash(unhashed) };
}

interface Ranges {
  readonly from: number[];
  readonly to: number[];
}

/**
 * The ranges to seal after `from`: whole ones, of SEAL_EVENTS_MAX or up to the end of a partition, and the rest of the log
 * where `rest` says so. No seal reaches over two partitions: one that is taken away some day takes its seals along whole.
 */
function rangesAfter(from: number, until: number, rest: boolean, partitions: readonly Partition[]): Ranges {
  const ranges: Ranges = { from: [], to: [] };
  for (let start = from + 1; start <= until && ranges.from.length < SEALS_PER_STEP_MAX;) {
    const home = partitions.find((partition) => start >= partition.from && start <= partition.to);
    const whole = Math.min(start + SEAL_EVENTS_MAX - 1, home?.to ?? Infinity);
    if (whole > until && !rest) break;
    const end = Math.min(whole, until);
    ranges.from.push(start);
    ranges.to.push(end);
    start = end + 1;
  }
  return ranges;
}

async function sealAfter(tx: Tx, checkpoint: Position, rest: boolean, now: Date): Promise<Sealed> {
  let last = await lastSeal(tx);
  const start = last?.to ?? 0;
  // Sealing the range anew would hide that its seal was taken away. Seals that are ahead came with an import.
  if (checkpoint > start) throw new SealsLost(start, checkpoint);
  const until = await head(tx);
  if (until < start) throw new LogHole(until + 1, null);
  const ranges = rangesAfter(start, until, rest, await listPartitions(tx));
  const { rows } = await rangeDigests(ranges.from, ranges.to).execute(tx);
  const seals: Seal[] = [];
  for (const digest of rows) {
    last = link(last, digest);
    seals.push(last);
  }
  if (seals.length > 0) await writeSeals(tx, seals);
  const end = position(last?.to ?? 0);
  if (end > checkpoint) await moveCheckpoint(tx, SEALS_CONSUMER, checkpoint, end, now);
  return { seals: seals.length, left: until - end };
}

/**
 * Seals what the log holds beyond the last seal: whole ranges (rangesAfter), and with `rest` the shorter one at the end too;
 * at most SEALS_PER_STEP_MAX. Null when another process is at it, or there is no checkpoint yet. A range that is sealed stays
 * as it is, so how it was cut is read from the seals, never derived.
 *
 * Throws SealsLost when seals that were made are gone, LogHole when events are.
 */
export async function sealNext(db: Db, rest: boolean, now: Date): Promise<Sealed | null> {
  return await db.transaction().execute((tx) => sealIn(tx, rest, now));
}

/** sealNext as part of a transaction. */
export async function sealIn(tx: Tx, rest: boolean, now: Date): Promise<Sealed | null> {
  const checkpoint = await lockCheckpoint(tx, SEALS_CONSUMER);
  return checkpoint === null ? null : await sealAfter(tx, checkpoint, rest, now);
}

/**
 * Seals all that the log holds by now, whoever else seals too, and gives the position that seals cover: seals up to there stay
 * as they are. A sealing that has halted is given another try. Throws what sealNext throws.
 */
export async function sealAll(db: Db, now: () => Date): Promise<Position> {
  const until = await head(db);
  for (;;) {
    // Waits for whoever holds the checkpoint, which the server ends when it is idle; sealNext would not.
    await ensureCheckpoint(db, SEALS_CONSUMER, now());
    await sealNext(db, true, now());
    const end = position((await lastSeal(db))?.to ?? 0);
    if (end >= until) return end;
  }
}
