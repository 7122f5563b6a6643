import { sql } from 'kysely';
import { position } from '../events/ids.ts';
import type { Position } from '../events/ids.ts';
import type { Db, Tx } from './database.ts';

/** Which log this is. */
export interface Identity {
  /** A URI, the same for a log and for each of its copies. */
  readonly source: string;
  /** Up to here its events came with an import: the past, to every consumer of this copy. 0 where none did. */
  readonly importedTo: Position;
}

/** In front of the id of a log. */
export const URN = 'urn:uuid:';

export async function readIdentity(db: Db | Tx): Promise<Identity> {
  const row = await db.selectFrom('sw_log.identity').select(['log', 'imported_to']).executeTakeFirstOrThrow();
  return { source: `${URN}${row.log}`, importedTo: position(row.imported_to) };
}

/** Notes that this log is the one that `source` names, and that its events up to `to` were imported. */
export async function noteImported(tx: Tx, source: string, to: Position): Promise<void> {
  await sql`select sw_log.take_over(${source.slice(URN.length)}::uuid, ${to}::bigint)`.execute(tx);
}
