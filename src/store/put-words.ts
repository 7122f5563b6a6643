import { sql } from 'kysely';
import { textArray } from './binary-array.ts';
import type { Tx } from './database.ts';
import { wordsIdIn } from './content.ts';
import { OtherWords } from './errors.ts';

/**
 * Keeps what searches look into of texts that are there already: each hash with the text of a tsvector. Not of those that were
 * taken down. Throws OtherWords where another way of cutting is served.
 */
export async function putWords(
  tx: Tx,
  texts: readonly { readonly hash: string; readonly words: string }[],
  wordsVersion: number,
): Promise<void> {
  if (texts.length === 0) return;
  const served = await tx
    .selectFrom('sw_work.projections')
    .select('version')
    .where('projection', '=', 'words')
    .executeTakeFirst();
  if (served?.version !== wordsVersion) throw new OtherWords(served?.version ?? 0);
  // In one order everywhere, as putContent has it.
  const sorted = [...texts].sort((a, b) => (a.hash < b.hash ? -1 : 1));
  await sql`
    insert into sw_read.words (id, terms)
    select ${wordsIdIn('hash')}, words::tsvector
      from unnest(${textArray(sorted.map(({ hash }) => hash))}::text[],
                  ${textArray(sorted.map(({ words }) => words))}::text[]) as g (hash, words)
     where not exists (select from sw_work.taken_down t where t.hash = g.hash)
    on conflict (id) do nothing`.execute(tx);
}
