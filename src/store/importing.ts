import { sql } from 'kysely';
import { position } from '../events/ids.ts';
import type { Position } from '../events/ids.ts';
import type { Db, Tx } from './database.ts';
import { URN } from './identity.ts';
import { head } from './read.ts';

/** An import that has not come to the end of its file. */
export interface Importing {
  /** The log it is of, as a URI. */
  readonly source: string;
  /** How far this log goes, and how far the file does. */
  readonly at: Position;
  readonly endsAt: Position;
  /** When the import began. */
  readonly since: Date;
}

/** This log is the first part of another. What is appended to it would keep the rest out for good. */
export class UnfinishedImport extends Error {
  override readonly name = 'UnfinishedImport';
  constructor({ source, at, endsAt }: Importing) {
    super(
      `an import of ${source} stopped at position ${at} of ${endsAt}: import the same file again, ` +
        'or go on without the rest by "shuttlewatch import --give-up"',
    );
  }
}

/** Notes that the log now goes up to `to` of a file that ends at `endsAt`: unfinished, or whole. */
export async function noteImporting(
  tx: Tx,
  source: string,
  to: Position,
  endsAt: Position,
  now: Date,
): Promise<void> {
  if (to >= endsAt) {
    await sql`delete from sw_work.importing`.execute(tx);
    return;
  }
  const log = source.slice(URN.length);
  await sql`
    insert into sw_work.importing (log, ends_at, since) values (${log}::uuid, ${endsAt}, ${now})
    on conflict (single) do update set log = excluded.log, ends_at = excluded.ends_at
     where (importing.log, importing.ends_at) is distinct from (excluded.log, excluded.ends_at)`.execute(tx);
}

/** The import that was left unfinished, or that another process is at just now; null when there is none. */
export async function readImporting(db: Db): Promise<Importing | null> {
  const row = await db.selectFrom('sw_work.importing').selectAll().executeTakeFirst();
  if (row === undefined) return null;
  const endsAt = position(row.ends_at);
  return { source: `${URN}${row.log}`, at: await head(db), endsAt, since: row.since };
}

/** Goes on without the rest of the file: what came of it stays, and is a log of its own from now on. */
export async function giveUpImport(db: Db): Promise<Importing | null> {
  const importing = await readImporting(db);
  await sql`delete from sw_work.importing`.execute(db);
  return importing;
}

/** Throws UnfinishedImport where an append would cut an import off for good. */
export async function refuseUnfinished(db: Db): Promise<void> {
  const importing = await readImporting(db);
  if (importing !== null) throw new UnfinishedImport(importing);
}
