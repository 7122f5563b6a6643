import { sql } from 'kysely';
import type { Selectable } from 'kysely';
import type { NewsEvent, Recorded } from '../events/event.ts';
import type { Tx } from '../store/database.ts';
import type { Tables } from '../store/tables.ts';
import { tableIn } from './projection.ts';
import type { ReadSchema, ReadTable } from './projection.ts';

/**
 * Tables that hold what something is and what it was, a row a version: from one event until another, and without an end while
 * it is so. For what changes seldom: whoever asks for the present passes over the past by an index.
 */
type VersionedTable = 'sw_read.feeds' | 'sw_read.rules';
export type VersionRow<Table extends VersionedTable> = Selectable<Tables[Table]>;

/** How events change what a table says. */
export interface Versioned<Table extends VersionedTable, Event extends NewsEvent> {
  readonly table: Table;
  /** The column that says of what a row is a version. */
  readonly key: keyof VersionRow<Table> & string;
  readonly keyOf: (event: Event) => string;
  /** One event further, whatever it says of from when; undefined where the event is about something that was never there. */
  readonly evolve: (
    row: VersionRow<Table> | undefined,
    event: Recorded<Event>,
  ) => VersionRow<Table> | undefined;
}

/** Adds rows to a table of `schema`. They go over as one text: what one statement may bind does not limit how many. */
export async function addRows<Table extends ReadTable>(
  tx: Tx,
  schema: ReadSchema,
  table: Table,
  rows: readonly Selectable<Tables[Table]>[],
): Promise<void> {
  if (rows.length === 0) return;
  const name = sql.table(tableIn(schema, table));
  await sql`
    insert into ${name} select * from jsonb_populate_recordset(null::${name}, ${JSON.stringify(rows)}::jsonb)`.execute(
    tx,
  );
}

/** Ends the present versions of `ends`, each at its position. */
async function endVersions(
  tx: Tx,
  table: ReadTable,
  key: string,
  ends: ReadonlyMap<string, number>,
): Promise<void> {
  if (ends.size === 0) return;
  await sql`
    update ${sql.table(table)} t set to_position = e.position
      from unnest(${[...ends.keys()]}::text[], ${[...ends.values()]}::bigint[]) as e (key, position)
     where t.${sql.ref(key)} = e.key and t.to_position is null`.execute(tx);
}

/** Brings a table of versions forward over a batch of events, in order; reads and writes each row once. */
export async function applyVersions<Table extends VersionedTable, Event extends NewsEvent>(
  tx: Tx,
  schema: ReadSchema,
  { table, key, keyOf, evolve }: Versioned<Table, Event>,
  events: readonly Recorded<Event>[],
): Promise<void> {
  if (events.length === 0) return;
  const name = tableIn(schema, table);
  const { rows } = await sql<VersionRow<Table>>`
    select * from ${sql.table(name)}
     where ${sql.ref(key)} = any(${[...new Set(events.map(keyOf))]}::text[]) and to_position is null`.execute(
    tx,
  );
  const stored = new Map(rows.map((row) => [String(row[key]), row]));
  const present = new Map<string, VersionRow<Table>>();
  const past: VersionRow<Table>[] = [];
  const ends = new Map<string, number>();
  for (const event of events) {
    const id = keyOf(event);
    const before = present.get(id);
    const row = evolve(before ?? stored.get(id), event);
    if (row === undefined) continue;
    if (before !== undefined) past.push({ ...before, to_position: event.position });
    else if (stored.has(id)) ends.set(id, event.position);
    present.set(id, { ...row, from_position: event.position, to_position: null });
  }
  await endVersions(tx, name, key, ends);
  await addRows(tx, schema, table, [...past, ...present.values()]);
}
