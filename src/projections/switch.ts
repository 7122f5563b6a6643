import { setTimeout } from 'node:timers/promises';
import type { Db, Tx } from '../store/database.ts';

/** How long a switch waits for those who read the tables before it lets others go first, and how often it tries. */
export const SWITCH_LOCK_MS = 1_000;
const SWITCH_TRIES_MAX = 60;
const SWITCH_PAUSE_MS = 250;
const LOCK_NOT_AVAILABLE = '55P03';

/** Tables that are served, by name and version. */
export interface Served {
  readonly name: string;
  readonly version: number;
}

/** Whether the tables of that very version are served. */
export async function isServed(db: Db | Tx, { name, version }: Served): Promise<boolean> {
  const row = await db
    .selectFrom('sw_work.projections')
    .select('version')
    .where('projection', '=', name)
    .executeTakeFirst();
  return row?.version === version;
}

/** Notes which version of a projection is served from now on. */
export async function noteServed(tx: Tx, { name, version }: Served, now: Date): Promise<void> {
  await tx
    .insertInto('sw_work.projections')
    .values({ projection: name, version, since: now })
    .onConflict((conflict) => conflict.column('projection').doUpdateSet({ version, since: now }))
    .execute();
}

function isHeldUp(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === LOCK_NOT_AVAILABLE;
}

/** Tries again while those who read the tables do not let go of them. */
export async function hurried<T>(work: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries++) {
    try {
      return await work();
    } catch (error) {
      if (!isHeldUp(error) || tries >= SWITCH_TRIES_MAX) throw error;
      await setTimeout(SWITCH_PAUSE_MS);
    }
  }
}
