import { sql } from 'kysely';
import type { RawBuilder, Selectable } from 'kysely';
import type { ItemId, Position } from '../events/ids.ts';
import {
  bigintArray,
  intArray,
  realArray,
  textArray,
  timestamptzArray,
  uuidArray,
} from '../store/binary-array.ts';
import type { Tx } from '../store/database.ts';
import type { Tables } from '../store/tables.ts';
import { tableIn } from './projection.ts';
import type { ReadSchema } from './projection.ts';
import { termsOf } from './terms.ts';

/** A version of an item without the columns that follow from the others. */
export type ItemRow = Omit<Selectable<Tables['sw_read.items']>, 'terms' | 'salience'>;

/** A version that is over. */
export interface PastRow {
  readonly row: ItemRow;
  readonly until: Position;
}

/** Columns and their types: whole batches go over as one array a column, which binds nothing a row. */
const ROW_COLUMNS = {
  item: 'text',
  position: 'bigint',
  from_position: 'bigint',
  feed: 'text',
  publisher: 'text',
  url: 'text',
  lang: 'text',
  published: 'timestamptz',
  recorded_at: 'timestamptz',
  at: 'timestamptz',
  content: 'text',
  full_text: 'text',
  words: 'uuid',
  revision: 'int',
  revised_at: 'timestamptz',
  backfill: 'text',
  tagged: 'text',
  dossier: 'text',
  tagger: 'text',
  relevance: 'real',
  event: 'text',
  event_from: 'text',
  event_to: 'text',
  subjects: 'text',
  kinds: 'text',
  saliences: 'text',
} as const satisfies Record<keyof ItemRow, string>;
const COLUMNS = { ...ROW_COLUMNS, terms: 'tsvector', salience: 'real' } as const;
type Column = keyof typeof COLUMNS;

const ALL = Object.keys(COLUMNS) as Column[];
const FIXED: ReadonlySet<Column> = new Set(['item', 'position', 'feed', 'publisher', 'url', 'recorded_at']);
/** What another version of an item may change. */
const CHANGING = ALL.filter((name) => !FIXED.has(name));

/** An item's row on its way through a batch. */
export interface Draft {
  readonly row: ItemRow;
  /** Whether the table has no row of it yet. */
  readonly isNew: boolean;
  /** Where the version that the table has ends; null while it is the latest. */
  readonly until: Position | null;
  /** Versions that began and ended within the batch. */
  readonly past: readonly PastRow[];
}

/** The rows of `items` as the last batch left them. */
export async function loadRows(tx: Tx, items: readonly ItemId[], schema: ReadSchema): Promise<ItemRow[]> {
  if (items.length === 0) return [];
  return await tx
    .selectFrom(tableIn(schema, 'sw_read.items'))
    .select(Object.keys(ROW_COLUMNS) as (keyof ItemRow)[])
    .where('item', '=', sql<ItemId>`any(${items}::text[])`)
    .execute();
}

/** Columns that go over otherwise than as they are: lists as one text each, since arrays of arrays must all be of one length. */
const DERIVED: Partial<Record<Column, (row: ItemRow) => string | number>> = {
  subjects: (row) => row.subjects.join(' '),
  kinds: (row) => row.kinds.join(' '),
  event_from: (row) => row.event_from.join(' '),
  event_to: (row) => row.event_to.join(' '),
  saliences: (row) => `{${row.saliences.join(',')}}`,
  terms: termsOf,
  salience: (row) => row.saliences[0] ?? 0,
};

function valuesOf(name: Column, rows: readonly ItemRow[]): readonly unknown[] {
  const derive = DERIVED[name];
  return derive === undefined ? rows.map((row) => row[name as keyof ItemRow]) : rows.map(derive);
}

type ColumnType = (typeof COLUMNS)[Column];

/** How a list of values goes over, and as an array of what. */
const ENCODED: Readonly<Record<ColumnType, readonly [string, (values: readonly never[]) => Buffer]>> = {
  text: ['text', textArray],
  bigint: ['bigint', bigintArray],
  int: ['int', intArray],
  real: ['real', realArray],
  timestamptz: ['timestamptz', timestamptzArray],
  uuid: ['uuid', uuidArray],
  // Its own binary form would have to be sorted here.
  tsvector: ['text', textArray],
};

function arrays(names: readonly Column[], rows: readonly ItemRow[]): RawBuilder<unknown> {
  return sql.join(
    names.map((name) => {
      const [type, encode] = ENCODED[COLUMNS[name]];
      return sql`${encode(valuesOf(name, rows) as never[])}::${sql.raw(type)}[]`;
    }),
  );
}

function refs(names: readonly string[]): RawBuilder<unknown> {
  return sql.join(names.map((name) => sql.ref(name)));
}

/** Lists of words that hold no space. */
const LISTS: ReadonlySet<Column> = new Set(['subjects', 'kinds', 'event_from', 'event_to']);

/** A column of the arrays as the table holds it. Ids and kinds hold no space. */
function column(name: Column): RawBuilder<unknown> {
  const ref = sql.ref(`p.${name}`);
  if (LISTS.has(name)) return sql`string_to_array(${ref}, ' ')`;
  if (name === 'saliences') return sql`${ref}::real[]`;
  return name === 'terms' ? sql`${ref}::tsvector` : ref;
}

async function insertRows(tx: Tx, rows: readonly ItemRow[], schema: ReadSchema): Promise<void> {
  if (rows.length === 0) return;
  await sql`
    insert into ${sql.table(tableIn(schema, 'sw_read.items'))} (${refs(ALL)})
    select ${sql.join(ALL.map(column))} from unnest(${arrays(ALL, rows)}) as p (${refs(ALL)})`.execute(tx);
}

async function updateRows(tx: Tx, rows: readonly ItemRow[], schema: ReadSchema): Promise<void> {
  if (rows.length === 0) return;
  const names: Column[] = ['item', ...CHANGING];
  const sets = CHANGING.map((name) => sql`${sql.ref(name)} = ${column(name)}`);
  await sql`
    update ${sql.table(tableIn(schema, 'sw_read.items'))} i set ${sql.join(sets)}
      from unnest(${arrays(names, rows)}) as p (${refs(names)})
     where i.item = p.item`.execute(tx);
}

/** Keeps the versions that the table has of `drafts`, which are over now. */
async function keepPresent(tx: Tx, drafts: readonly Draft[], schema: ReadSchema): Promise<void> {
  if (drafts.length === 0) return;
  await sql`
    insert into ${sql.table(tableIn(schema, 'sw_read.item_versions'))} (${refs(ALL)}, to_position)
    select ${sql.join(ALL.map((name) => sql.ref(`i.${name}`)))}, p.until
      from unnest(${drafts.map(({ row }) => row.item)}::text[], ${drafts.map(({ until }) => until)}::bigint[])
           as p (item, until)
      join ${sql.table(tableIn(schema, 'sw_read.items'))} i on i.item = p.item`.execute(tx);
}

async function keepPast(tx: Tx, past: readonly PastRow[], schema: ReadSchema): Promise<void> {
  if (past.length === 0) return;
  const rows = past.map(({ row }) => row);
  await sql`
    insert into ${sql.table(tableIn(schema, 'sw_read.item_versions'))} (${refs(ALL)}, to_position)
    select ${sql.join(ALL.map(column))}, p.until
      from unnest(${arrays(ALL, rows)}, ${past.map(({ until }) => until)}::bigint[])
           as p (${refs([...ALL, 'until'])})`.execute(tx);
}

/** Writes the rows as the batch left them, each once, and keeps what they were before. */
export async function writeRows(tx: Tx, drafts: readonly Draft[], schema: ReadSchema): Promise<void> {
  const changed = drafts.filter(({ until }) => until !== null);
  await keepPresent(tx, changed, schema);
  await keepPast(
    tx,
    drafts.flatMap(({ past }) => past),
    schema,
  );
  await insertRows(
    tx,
    drafts.filter(({ isNew }) => isNew).map(({ row }) => row),
    schema,
  );
  await updateRows(
    tx,
    changed.map(({ row }) => row),
    schema,
  );
}
