import { sql } from 'kysely';
import { position } from '../events/ids.ts';
import type { Position } from '../events/ids.ts';
import { readCheckpoints } from './checkpoints.ts';
import type { Damage } from './damage.ts';
import type { Db, Tx } from './database.ts';
import { EVERY_EVENT } from './every-event.ts';
import { head } from './read.ts';
import { SEALS_CONSUMER } from './seal-log.ts';
import { lastSeal } from './seals.ts';
import type { Seal } from './seals.ts';

interface Memory {
  readonly position: number;
  readonly by: string;
}

/** The furthest position that anything outside the log has seen. */
async function remembered(db: Db | Tx): Promise<Memory> {
  const { rows } = await sql<{ last: number }>`
    select coalesce(max(last_position), 0) as last from sw_log.streams`.execute(db);
  const memories: Memory[] = (await readCheckpoints(db)).map(({ name, position: at }) => ({
    position: at,
    by: `checkpoint ${name}`,
  }));
  return memories.reduce((far, memory) => (memory.position > far.position ? memory : far), {
    position: rows[0]?.last ?? 0,
    by: 'sw_log.streams',
  });
}

/** The first position after `from` that is missing before the end of the log; null when there is none. */
async function firstHole(db: Db | Tx, from: number, end: Position): Promise<Position | null> {
  const { rows } = await sql<{ hole: number }>`
    select g.hole from (
      select e.position, lag(e.position, 1, ${from}::bigint) over (order by e.position) + 1 as hole
        from ${EVERY_EVENT} e where e.position > ${from} and e.position <= ${end}) g
     where g.position <> g.hole order by g.hole limit 1`.execute(db);
  return rows[0] === undefined ? null : position(rows[0].hole);
}

/** Seals that the checkpoint of sealing knows, and that are not there behind `last`. */
async function sealsRemoved(db: Db | Tx, last: Seal | null): Promise<Damage[]> {
  const [seals] = await readCheckpoints(db, [SEALS_CONSUMER]);
  if (seals === undefined || seals.position <= (last?.to ?? 0)) return [];
  // Looked up after the checkpoint: a log that grows was sealed further since `last` was read.
  const newest = await lastSeal(db);
  if (seals.position <= (newest?.to ?? 0)) return [];
  return [{ kind: 'seal removed', position: position((newest?.to ?? 0) + 1), seal: (newest?.seal ?? 0) + 1 }];
}

/** The end of the log beyond `last`, the newest seal: no digest guards it yet, but others know how far it went. */
export async function verifyTail(
  db: Db | Tx,
  last: Seal | null,
): Promise<{ readonly head: Position; readonly damages: readonly Damage[] }> {
  const sealedTo = last?.to ?? 0;
  // Asked before the end of the log is: whatever they remember was committed by then.
  const memory = await remembered(db);
  const end = await head(db);
  const damages = await sealsRemoved(db, last);
  const hole = await firstHole(db, sealedTo, end);
  if (hole !== null) damages.push({ kind: 'event removed', position: hole });
  // What seals remember themselves was missed where they were checked.
  const from = Math.max(end, sealedTo);
  if (memory.position > from) {
    const until = position(memory.position);
    damages.push({ kind: 'tail removed', position: position(from + 1), until, rememberedBy: memory.by });
  }
  return { head: end, damages };
}
