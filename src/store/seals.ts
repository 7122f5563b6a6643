import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { sql } from 'kysely';
import { position } from '../events/ids.ts';
import type { Position } from '../events/ids.ts';
import type { Db, Tx } from './database.ts';
import { LEAF_BYTES } from './digest.ts';

/** Events under one seal. */
export const SEAL_EVENTS_MAX = 1_000;
/** Seals read or written at a time: their leaves are 8 kB each. */
export const SEALS_PAGE = 500;
/** What stands before the first seal. */
export const NO_SEAL_HASH: Buffer = Buffer.alloc(32);

/** One link of the chain over the log. */
export interface Seal {
  /** From 1, without a hole. */
  readonly seal: number;
  readonly from: Position;
  readonly to: Position;
  /** When the log recorded the last event of the range: microseconds since 1970-01-01 UTC. */
  readonly recordedToUs: number;
  /** sha256 over the digests (digest.ts) of the events in the range, one after another. */
  readonly root: Buffer;
  /** The first LEAF_BYTES of each of those digests. */
  readonly leaves: Buffer;
  /** The hash of the seal before; NO_SEAL_HASH for the first. */
  readonly prev: Buffer;
  /** sealHash of all of it. */
  readonly hash: Buffer;
}

/**
 * The hash of a seal: sha256 over the hash before it (32 bytes), seal, from, to and recordedToUs (8 bytes each, big-endian,
 * signed), the root (32 bytes) and the leaves.
 */
export function sealHash({ seal, from, to, recordedToUs, root, leaves, prev }: Omit<Seal, 'hash'>): Buffer {
  const numbers = Buffer.alloc(32);
  [seal, from, to, recordedToUs].forEach((number, index) => {
    numbers.writeBigInt64BE(BigInt(number), index * 8);
  });
  return createHash('sha256').update(prev).update(numbers).update(root).update(leaves).digest();
}

interface Row {
  readonly seal: number;
  readonly from_position: number;
  readonly to_position: number;
  readonly us: number;
  readonly root: Buffer;
  readonly leaves: Buffer;
  readonly prev: Buffer;
  readonly hash: Buffer;
}

function sealOf({ from_position, to_position, us, ...row }: Row): Seal {
  return { ...row, from: position(from_position), to: position(to_position), recordedToUs: us };
}

const COLUMNS = sql`seal, from_position, to_position, root, leaves, prev, hash,
  (extract(epoch from recorded_to) * 1000000)::bigint as us`;

/** The seals numbered above `after`, in order, at most `limit`; as they stand, unchecked. */
export async function readSeals(db: Db | Tx, after: number, limit: number = SEALS_PAGE): Promise<Seal[]> {
  const { rows } = await sql<Row>`
    select ${COLUMNS} from sw_log.seals where seal > ${after} order by seal limit ${limit}`.execute(db);
  return rows.map(sealOf);
}

/** The newest seal; null for a log without any. */
export async function lastSeal(db: Db | Tx): Promise<Seal | null> {
  const { rows } = await sql<Row>`
    select ${COLUMNS} from sw_log.seals order by seal desc limit 1`.execute(db);
  return rows[0] === undefined ? null : sealOf(rows[0]);
}

/**
 * Adds seals after those that are there, as they are: for new ones, and for those that came with an exported log. Whether
 * they tell the truth is verify's question. Throws what the table refuses: a number or a range twice.
 */
export async function writeSeals(tx: Tx, seals: readonly Seal[]): Promise<void> {
  for (const { leaves, from, to } of seals) assert.equal(leaves.length, LEAF_BYTES * (to - from + 1));
  await sql`
    insert into sw_log.seals (seal, from_position, to_position, recorded_to, root, leaves, prev, hash)
    select s.seal, s.f, s.t, 'epoch'::timestamptz + s.us * interval '1 microsecond', s.root, s.leaves, s.prev, s.hash
      from unnest(${seals.map((seal) => seal.seal)}::bigint[], ${seals.map((seal) => seal.from)}::bigint[],
                  ${seals.map((seal) => seal.to)}::bigint[], ${seals.map((seal) => seal.recordedToUs)}::bigint[],
                  ${seals.map((seal) => seal.root)}::bytea[], ${seals.map((seal) => seal.leaves)}::bytea[],
                  ${seals.map((seal) => seal.prev)}::bytea[], ${seals.map((seal) => seal.hash)}::bytea[])
        as s (seal, f, t, us, root, leaves, prev, hash)`.execute(tx);
}
