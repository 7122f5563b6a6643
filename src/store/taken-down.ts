import { sql } from 'kysely';
import type { ContentHash, ItemId, Position } from '../events/ids.ts';
import { wordsIdOf } from './content.ts';
import type { Db, Tx } from './database.ts';

/**
 * Deletes texts and their words, and notes that they were taken down, so that putContent keeps them no more. Safe to repeat.
 * `at` is the position of the event that says why.
 */
export async function forgetTexts(tx: Tx, hashes: readonly ContentHash[], at: Position): Promise<void> {
  // Whoever is about to keep one of them waits for this to end, and then sees the note.
  await sql`lock table sw_log.content in share row exclusive mode`.execute(tx);
  await sql`
    insert into sw_work.taken_down (hash, position)
    select hash, ${at} from unnest(${hashes}::text[]) as h (hash) on conflict (hash) do nothing`.execute(tx);
  await tx
    .deleteFrom('sw_log.content')
    .where('hash', '=', sql<ContentHash>`any(${hashes}::text[])`)
    .execute();
  for (const table of ['sw_read.words', 'sw_build.words']) {
    const { rows } = await sql<{ is: boolean }>`select to_regclass(${table}) is not null as is`.execute(tx);
    if (rows[0]?.is !== true) continue;
    await sql`delete from ${sql.table(table)} where id = any(${hashes.map(wordsIdOf)}::uuid[])`.execute(tx);
  }
}

/** Items found to share words: more than anybody reads. */
export const SHARERS_MAX = 1_000;

/** The items beside `item` that have, or had, one of these texts, as far as it is still there: at most SHARERS_MAX. */
export async function sharersOf(db: Db, item: ItemId, hashes: readonly ContentHash[]): Promise<ItemId[]> {
  const { rows } = await sql<{ item: ItemId }>`
    with there as (select hash, left(hash, 32)::uuid as words from sw_log.content where hash = any(${hashes}::text[]))
    select i.item from sw_read.items i join there t on t.words = i.words and t.hash in (i.content, i.full_text) where i.item <> ${item}
     union
    select v.item from sw_read.item_versions v join there t on t.words = v.words and t.hash in (v.content, v.full_text)
     where v.item <> ${item}
     order by 1 limit ${SHARERS_MAX}`.execute(db);
  return rows.map((row) => row.item);
}
