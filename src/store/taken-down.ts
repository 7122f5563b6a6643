import { sql } from 'kysely';
import { position } from '../events/ids.ts';
import type { ContentHash, ItemId, Position } from '../events/ids.ts';
import { wordsIdIn, wordsIdOf } from './content.ts';
import type { Db, Tx } from './database.ts';

/** Keeps everybody from keeping a text until `tx` ends: whoever is about to waits, and then sees what was taken down. */
export async function holdTexts(tx: Tx): Promise<void> {
  await sql`lock table sw_log.content in share row exclusive mode`.execute(tx);
}

/**
 * Deletes texts and their words, and notes that they were taken down, so that putContent keeps them no more. Safe to repeat.
 * `at` is the position of the event that says why.
 */
export async function forgetTexts(tx: Tx, hashes: readonly ContentHash[], at: Position): Promise<void> {
  await holdTexts(tx);
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

/**
 * The full texts of whatever items have, or had, one of the texts in `contents` as their words, in one order. Each repeats those words
 * under a hash of its own, and goes where they go.
 */
export async function fullTextsOver(
  db: Db | Tx,
  contents: readonly ContentHash[],
): Promise<readonly ContentHash[]> {
  // An item had its words before it had a full text: by that version, which an index finds, it is found.
  const { rows } = await sql<{ text: ContentHash }>`
    with bearers as (
      select item from sw_read.item_versions
       where words = any(${contents.map(wordsIdOf)}::uuid[]) and content = any(${contents}::text[])
       union
      select item from sw_read.items
       where words = any(${contents.map(wordsIdOf)}::uuid[]) and content = any(${contents}::text[])
    )
    select i.full_text as text from sw_read.items i join bearers using (item)
     where i.content = any(${contents}::text[]) and i.full_text is not null
     union
    select v.full_text from sw_read.item_versions v join bearers using (item)
     where v.content = any(${contents}::text[]) and v.full_text is not null
     order by 1`.execute(db);
  return rows.map(({ text }) => text);
}

/** The takedown that each of these texts went with, by the position of its event; those that were not taken down are missing. */
export async function takedownsOf(
  db: Db,
  hashes: readonly ContentHash[],
): Promise<Map<ContentHash, Position>> {
  if (hashes.length === 0) return new Map();
  const rows = await db
    .selectFrom('sw_work.taken_down')
    .select(['hash', 'position'])
    .where('hash', 'in', [...hashes])
    .execute();
  return new Map(rows.map((row) => [row.hash, position(row.position)]));
}

/** Items found to share words: more than anybody reads. */
export const SHARERS_MAX = 1_000;

/** The items beside `item` that have, or had, one of these texts, as far as it is still there: at most SHARERS_MAX. */
export async function sharersOf(db: Db, item: ItemId, hashes: readonly ContentHash[]): Promise<ItemId[]> {
  const { rows } = await sql<{ item: ItemId }>`
    with there as (select hash, ${wordsIdIn('hash')} as words from sw_log.content where hash = any(${hashes}::text[]))
    select i.item from sw_read.items i join there t on t.words = i.words and t.hash in (i.content, i.full_text) where i.item <> ${item}
     union
    select v.item from sw_read.item_versions v join there t on t.words = v.words and t.hash in (v.content, v.full_text)
     where v.item <> ${item}
     order by 1 limit ${SHARERS_MAX}`.execute(db);
  return rows.map((row) => row.item);
}
