import { sql } from 'kysely';
import type { RawBuilder, Selectable } from 'kysely';
import type { ItemId } from '../events/ids.ts';
import type { QueryTag } from '../query/item.ts';
import type { Tx } from '../store/database.ts';
import type { Tables } from '../store/tables.ts';
import { termsOf } from './terms.ts';
import type { Terms } from './terms.ts';

/** An item's row without the columns that follow from it and its tags. */
export type ItemRow = Omit<Selectable<Tables['sw_read.items']>, keyof Terms>;

/** Columns and their types: whole batches go over as one array a column, which binds nothing a row. */
const ROW_COLUMNS = {
  item: 'text',
  position: 'bigint',
  feed: 'text',
  publisher: 'text',
  url: 'text',
  lang: 'text',
  published: 'timestamptz',
  recorded_at: 'timestamptz',
  at: 'timestamptz',
  title: 'text',
  summary: 'text',
  content: 'text',
  revision: 'int',
  revised_at: 'timestamptz',
  backfill: 'text',
  tagged: 'text',
  dossier: 'text',
  tagger: 'text',
} as const satisfies Record<keyof ItemRow, string>;
const COLUMNS = { ...ROW_COLUMNS, terms: 'tsvector', salience: 'real', entities: 'text', topics: 'text' };
type Column = keyof typeof COLUMNS;

const TERMS: readonly Column[] = ['terms', 'salience', 'entities', 'topics'];
/** What a tagging changes; words stay where they are, which are most of a row. */
const BY_TAGGING: readonly Column[] = ['lang', 'tagged', 'dossier', 'tagger', ...TERMS];
const BY_REVISION: readonly Column[] = [
  ...BY_TAGGING,
  ...(['published', 'at', 'title', 'summary', 'content', 'revision', 'revised_at', 'backfill'] as const),
];

/** An item's row on its way through a batch. */
export interface Draft {
  readonly row: ItemRow;
  readonly change: 'ingested' | 'revised' | 'tagged';
  /** Null while the batch says nothing of them: then those of before stand. */
  readonly tags: readonly QueryTag[] | null;
}

/** The rows of `items` as the last batch left them. */
export async function loadRows(tx: Tx, items: readonly ItemId[]): Promise<ItemRow[]> {
  if (items.length === 0) return [];
  return await tx
    .selectFrom('sw_read.items')
    .select(Object.keys(ROW_COLUMNS) as (keyof ItemRow)[])
    .where('item', '=', sql<ItemId>`any(${items}::text[])`)
    .execute();
}

async function loadTags(tx: Tx, items: readonly ItemId[]): Promise<Map<ItemId, QueryTag[]>> {
  const found = new Map<ItemId, QueryTag[]>();
  if (items.length === 0) return found;
  const rows = await tx
    .selectFrom('sw_read.tags')
    .select(['item', 'subject as id', 'kind', 'salience'])
    .where('item', '=', sql<ItemId>`any(${items}::text[])`)
    .execute();
  for (const { item, ...tag } of rows) found.set(item, [...(found.get(item) ?? []), tag]);
  return found;
}

type FullRow = ItemRow & Terms;

function arrays(names: readonly Column[], rows: readonly FullRow[]): RawBuilder<unknown> {
  return sql.join(names.map((name) => sql`${rows.map((row) => row[name])}::${sql.raw(COLUMNS[name])}[]`));
}

function refs(names: readonly Column[]): RawBuilder<unknown> {
  return sql.join(names.map((name) => sql.ref(name)));
}

/** A column of the arrays: lists of ids come as one text, as arrays of arrays must all be of one length. */
function given(name: Column): RawBuilder<unknown> {
  const column = sql.ref(`p.${name}`);
  return name === 'entities' || name === 'topics' ? sql`string_to_array(${column}, ' ')` : column;
}

async function insertRows(tx: Tx, rows: readonly FullRow[]): Promise<void> {
  if (rows.length === 0) return;
  const names = Object.keys(COLUMNS) as Column[];
  await sql`
    insert into sw_read.items (${refs(names)})
    select ${sql.join(names.map(given))} from unnest(${arrays(names, rows)}) as p (${refs(names)})`.execute(
    tx,
  );
}

async function updateRows(tx: Tx, names: readonly Column[], rows: readonly FullRow[]): Promise<void> {
  if (rows.length === 0) return;
  const all: Column[] = ['item', ...names];
  const sets = names.map((name) => sql`${sql.ref(name)} = ${given(name)}`);
  await sql`
    update sw_read.items i set ${sql.join(sets)}
      from unnest(${arrays(all, rows)}) as p (${refs(all)})
     where i.item = p.item`.execute(tx);
}

/** Writes the rows as the batch left them, each once, together with what queries look into. */
export async function writeRows(tx: Tx, drafts: readonly Draft[]): Promise<void> {
  const untold = drafts.filter((draft) => draft.tags === null && draft.change !== 'ingested');
  const before = await loadTags(
    tx,
    untold.map((draft) => draft.row.item),
  );
  const rows = { ingested: [] as FullRow[], revised: [] as FullRow[], tagged: [] as FullRow[] };
  for (const { row, change, tags } of drafts) {
    rows[change].push({ ...row, ...termsOf(row, tags ?? before.get(row.item) ?? []) });
  }
  await insertRows(tx, rows.ingested);
  await updateRows(tx, BY_REVISION, rows.revised);
  await updateRows(tx, BY_TAGGING, rows.tagged);
}
