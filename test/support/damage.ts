import { sql } from 'kysely';
import { expect } from 'vitest';
import type { Db, Tx } from '../../src/store/database.ts';

/** What only the owner of the tables can do, and only by undoing first what keeps the log append-only. */
export async function lift(tx: Tx): Promise<void> {
  for (const table of [
    'sw_log.events',
    'sw_archive.events',
    'sw_log.seals',
    'sw_log.streams',
    'sw_log.content',
  ]) {
    await sql`grant update, delete on ${sql.table(table)} to current_user`.execute(tx);
    await sql`alter table ${sql.table(table)} disable trigger user`.execute(tx);
  }
}

/** Damages the log by `statements`, lets `look` see it, and takes the damage back. */
export async function withDamage(db: Db, statements: string, look: (tx: Tx) => Promise<void>): Promise<void> {
  const undo = new Error('undo');
  const damaged = db.transaction().execute(async (tx) => {
    await lift(tx);
    await sql.raw(statements).execute(tx);
    await look(tx);
    throw undo;
  });
  await expect(damaged).rejects.toBe(undo);
}
