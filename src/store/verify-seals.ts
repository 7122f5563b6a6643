import { sql } from 'kysely';
import { position } from '../events/ids.ts';
import type { Position } from '../events/ids.ts';
import type { Damage } from './damage.ts';
import type { Db, Tx } from './database.ts';
import { EVENT_DIGEST, LEAF_BYTES, rangeDigests } from './digest.ts';
import { EVERY_EVENT } from './every-event.ts';
import { NO_SEAL_HASH, readSeals, sealHash } from './seals.ts';
import type { Seal } from './seals.ts';

/** Seals checked in one statement: about 100,000 events, a fraction of a second. */
const SEALS_PER_CHECK = 100;

const sealAltered = ({ seal, from }: Seal): Damage => ({ kind: 'seal altered', position: from, seal });

/** What is wrong with `seal` as the one after `last`, whatever the events say; null when it continues the chain. */
export function checkLink(last: Seal | null, seal: Seal): Damage | null {
  const next = (last?.seal ?? 0) + 1;
  const from = position((last?.to ?? 0) + 1);
  if (seal.seal !== next) return { kind: 'seal removed', position: from, seal: next };
  if (!sealHash(seal).equals(seal.hash) || seal.from !== from) return sealAltered(seal);
  if (seal.prev.equals(last?.hash ?? NO_SEAL_HASH)) return null;
  // Whole in itself, and it continues another: the one before it was made anew, or this one where there is none.
  return sealAltered(last ?? seal);
}

interface LeafRow {
  readonly position: number;
  readonly leaf: Buffer;
}

/** The first position under `seal` where the log is not what was sealed; null when each leaf is as it was. */
async function locate(db: Db | Tx, seal: Seal): Promise<Damage | null> {
  const { rows } = await sql<LeafRow>`
    select e.position, substr(${EVENT_DIGEST}, 1, ${sql.lit(LEAF_BYTES)}) as leaf
      from ${EVERY_EVENT} e where e.position between ${seal.from} and ${seal.to}`.execute(db);
  const found = new Map(rows.map((row) => [row.position, row.leaf]));
  for (let at = seal.from; at <= seal.to; at = position(at + 1)) {
    const leaf = found.get(at);
    if (leaf === undefined) return { kind: 'event removed', position: at };
    const offset = (at - seal.from) * LEAF_BYTES;
    const sealed = seal.leaves.subarray(offset, offset + LEAF_BYTES);
    if (!leaf.equals(sealed)) {
      return { kind: 'event altered', position: at, swappedWith: await whoseIs(db, seal, at, sealed) };
    }
  }
  return null;
}

/** The position under `seal` whose event would be right at `at`; null when none would. */
async function whoseIs(db: Db | Tx, seal: Seal, at: Position, sealed: Buffer): Promise<Position | null> {
  const moved = sql`(
    select ${at}::bigint as position, stream_id, version, event_id, type, schema_version, decided_at, recorded_at, data,
           position as stands_at
      from ${EVERY_EVENT} x where position between ${seal.from} and ${seal.to})`;
  const { rows } = await sql<{ at: number }>`
    select e.stands_at as at from ${moved} e
     where substr(${EVENT_DIGEST}, 1, ${sql.lit(LEAF_BYTES)}) = ${sealed} limit 1`.execute(db);
  return rows[0] === undefined ? null : position(rows[0].at);
}

/** Derives the ranges of `seals` again; seals in `distrusted` say nothing about their events any more. */
async function checkRanges(
  db: Db | Tx,
  seals: readonly Seal[],
  distrusted: ReadonlySet<number>,
): Promise<Damage[]> {
  const trusted = seals.filter(({ seal }) => !distrusted.has(seal));
  const { rows } = await rangeDigests(
    trusted.map((seal) => seal.from),
    trusted.map((seal) => seal.to),
  ).execute(db);
  const roots = new Map(rows.map(({ from, root }) => [from, root]));
  const damages: Damage[] = [];
  for (const seal of trusted) {
    if (roots.get(seal.from)?.equals(seal.root) === true) continue;
    damages.push((await locate(db, seal)) ?? sealAltered(seal));
  }
  return damages;
}

function checkLinks(last: Seal | null, seals: readonly Seal[]): { damages: Damage[]; altered: Set<number> } {
  const damages: Damage[] = [];
  const altered = new Set<number>();
  let before = last;
  for (const seal of seals) {
    const damage = checkLink(before, seal);
    if (damage !== null) damages.push(damage);
    if (damage?.kind === 'seal altered') altered.add(damage.seal);
    before = seal;
  }
  return { damages, altered };
}

/**
 * Goes through the chain and derives each seal from the events again. Yields after every SEALS_PER_CHECK seals what was found
 * in them, in order of position.
 */
export async function* verifySeals(
  db: Db | Tx,
): AsyncGenerator<{ readonly seals: readonly Seal[]; readonly damages: readonly Damage[] }> {
  let last: Seal | null = null;
  for (;;) {
    const seals: Seal[] = await readSeals(db, last?.seal ?? 0, SEALS_PER_CHECK);
    if (seals.length === 0) return;
    const { damages, altered } = checkLinks(last, seals);
    const inRanges = await checkRanges(db, seals, altered);
    yield { seals, damages: [...damages, ...inRanges].sort((a, b) => a.position - b.position) };
    last = seals.at(-1) ?? last;
  }
}
