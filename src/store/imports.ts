import type { Db } from './database.ts';

/** How far a file that is being imported was read. */
export interface ImportPoint {
  /** Bytes of the unpacked file whose items are in the log. */
  readonly position: number;
  /** Items that were read so far. */
  readonly items: number;
}

/** Where the import of a file stopped; null for one that is new, or was read to its end. */
export async function readImportPoint(db: Db, file: string): Promise<ImportPoint | null> {
  const row = await db
    .selectFrom('sw_work.imports')
    .select(['position', 'items'])
    .where('file', '=', file)
    .executeTakeFirst();
  return row ?? null;
}

/** Notes that everything before `point` is in the log: call it when it is, and not before. */
export async function noteImportPoint(db: Db, file: string, point: ImportPoint, now: Date): Promise<void> {
  const { position, items } = point;
  const noted = { position, items, updated_at: now };
  await db
    .insertInto('sw_work.imports')
    .values({ file, ...noted })
    .onConflict((conflict) => conflict.column('file').doUpdateSet(noted))
    .execute();
}

/** Forgets a file that was read to its end. */
export async function forgetImport(db: Db, file: string): Promise<void> {
  await db.deleteFrom('sw_work.imports').where('file', '=', file).execute();
}
