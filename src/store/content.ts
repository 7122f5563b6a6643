import { sql } from 'kysely';
import type { RawBuilder } from 'kysely';
import { contentHashOf } from '../events/ids.ts';
import type { ContentHash } from '../events/ids.ts';
import { jsonbArray, textArray } from './binary-array.ts';
import type { Db, Tx } from './database.ts';
import { InvalidContent, MissingContent, OtherWords } from './errors.ts';
import { isStorable } from './storable.ts';

/** The words of an item, kept beside the log under their hash. */
export interface ItemContent {
  readonly title: string;
  readonly summary: string;
  /** The full text, in paragraphs; only where it was fetched. */
  readonly text?: string;
}

/** The words of an item with its full text: one content, so that a search looks into one row of words whatever an item has. */
export type PageContent = Required<ItemContent>;

/** What arrived when a feed could not be read: the beginning of the body. */
export interface ResponseContent {
  readonly text: string;
}

interface Cut {
  /** Its words as the text of a tsvector: what searches look into (query/item-text.ts makes it). */
  readonly words: string;
  /** The way of cutting that made them. */
  readonly wordsVersion: number;
}

/** The kinds of content that are words of items, and so are cut. */
export const WORDS_KINDS = ['item', 'page'] as const;

export type Content =
  | ({ kind: 'item'; body: ItemContent } & Cut)
  | ({ kind: 'page'; body: PageContent } & Cut)
  | { kind: 'response'; body: ResponseContent };

/** The hash of an item's words with its full text. The first part keeps it apart from any other content. */
export function pageHashOf({ title, summary, text }: PageContent): ContentHash {
  return contentHashOf('page', title, summary, text);
}

/** The id of the words of `content` in sw_read.words: half of its hash, which tells more texts apart than there can be. */
export function wordsIdOf(content: ContentHash): string {
  return `${content.slice(0, 8)}-${content.slice(8, 12)}-${content.slice(12, 16)}-${content.slice(16, 20)}-${content.slice(20, 32)}`;
}

/** The same in SQL, of the hash in the column `hash`. */
export function wordsIdIn(hash: string): RawBuilder<string> {
  return sql<string>`left(${sql.ref(hash)}, 32)::uuid`;
}

/**
 * Keeps texts under their hashes, those of items with their words. What is there already stays, what was taken down is not
 * kept again; call it before the append that names the hash.
 */
export async function putContent(db: Db | Tx, contents: ReadonlyMap<ContentHash, Content>): Promise<void> {
  if (contents.size === 0) return;
  // In one order everywhere: two writers with the same words in another order would wait for each other.
  const sorted = [...contents].sort(([a], [b]) => (a < b ? -1 : 1));
  const hashes = sorted.map(([hash]) => hash);
  const kinds = sorted.map(([, content]) => content.kind);
  const bodies = sorted.map(([hash, content]) => {
    const json = JSON.stringify(content.body);
    if (!isStorable(json)) throw new InvalidContent(hash);
    return json;
  });
  const words = sorted.map(([, content]) => ('words' in content ? content.words : null));
  const versions = new Set(
    sorted.flatMap(([, content]) => ('words' in content ? [content.wordsVersion] : [])),
  );
  const { rows } = await sql<{ version: number | null }>`
    with served as (
      select version from sw_work.projections where projection = 'words'
    ), given as (
      select * from unnest(${textArray(hashes)}::text[], ${textArray(kinds)}::text[], ${jsonbArray(bodies)}::jsonb[],
                           ${textArray(words)}::text[]) as g (hash, kind, body, words)
       where not exists (select from sw_work.taken_down t where t.hash = g.hash)
    ), kept as (
      insert into sw_log.content (hash, kind, body) select hash, kind, body from given on conflict (hash) do nothing
    ), cut as (
      insert into sw_read.words (id, terms)
      select ${wordsIdIn('hash')}, words::tsvector from given
       where words is not null and array[(select version from served)] = ${[...versions]}::int[]
          on conflict (id) do nothing
    )
    select (select version from served) as version`.execute(db);
  const served = rows[0]?.version ?? 0;
  // The texts are kept, as they are the same for everybody; who has the other words comes by again.
  if (versions.size > 0 && !(versions.size === 1 && versions.has(served))) throw new OtherWords(served);
}

/**
 * Takes back what this very transaction has kept under `hashes`, and nothing that was there before it: nobody else has seen it,
 * and whoever brings the same texts waits until the transaction ends.
 */
export async function takeBackContent(tx: Tx, hashes: readonly ContentHash[]): Promise<void> {
  if (hashes.length === 0) return;
  await sql`
    with gone as (
      delete from sw_log.content
       where hash = any(${hashes}::text[]) and xmin = pg_current_xact_id()::xid
    )
    delete from sw_read.words
     where id = any(${hashes.map(wordsIdOf)}::uuid[]) and xmin = pg_current_xact_id()::xid`.execute(tx);
}

/** The words of items under `hashes`, those with a full text too. Those that are gone (taken down) are not in the answer. */
export async function getItemContents(
  db: Db | Tx,
  hashes: readonly ContentHash[],
): Promise<Map<ContentHash, ItemContent>> {
  if (hashes.length === 0) return new Map();
  const rows = await db
    .selectFrom('sw_log.content')
    .select(['hash', 'body'])
    .where('hash', '=', sql<ContentHash>`any(${[...new Set(hashes)]}::text[])`)
    .where('kind', 'in', WORDS_KINDS)
    .execute();
  return new Map(rows.map((row) => [row.hash, row.body as ItemContent]));
}

/** The response kept under `hash`; throws MissingContent when it is gone. */
export async function getResponse(db: Db, hash: ContentHash): Promise<ResponseContent> {
  const row = await db
    .selectFrom('sw_log.content')
    .select('body')
    .where('hash', '=', hash)
    .where('kind', '=', 'response')
    .executeTakeFirst();
  if (row === undefined) throw new MissingContent(hash);
  return row.body as ResponseContent;
}
