import assert from 'node:assert/strict';
import pg from 'pg';
import type { Postgres } from './postgres.ts';

const BATCH_ROWS = 500;

/** The log's tables as bare ones, each with its key and nothing else. */
const TABLES = [
  {
    source: 'sw_log.events',
    bare: 'bench_events',
    key: 'position',
    columns: [
      ['position', 'bigint'],
      ['stream_id', 'text'],
      ['version', 'bigint'],
      ['event_id', 'uuid'],
      ['type', 'text'],
      ['schema_version', 'smallint'],
      ['decided_at', 'timestamptz'],
      ['recorded_at', 'timestamptz'],
      ['data', 'jsonb'],
    ],
  },
  {
    source: 'sw_log.content',
    bare: 'bench_content',
    key: 'hash',
    columns: [
      ['hash', 'text'],
      ['kind', 'text'],
      ['body', 'jsonb'],
    ],
  },
] as const;

type Cell = string | number | null;

/** Inserts `rows` in one statement; gives the milliseconds. */
async function insert(
  client: pg.Client,
  { bare, columns }: (typeof TABLES)[number],
  rows: readonly (readonly Cell[])[],
): Promise<number> {
  const places = rows.map(
    (_, row) => `(${columns.map((__, column) => `$${row * columns.length + column + 1}`).join()})`,
  );
  const text = `insert into ${bare} values ${places.join()}`;
  const values = rows.flat();
  const started = performance.now();
  await client.query(text, values);
  return performance.now() - started;
}

/** Reads the rows of a table in batches, everything as text. */
async function* batches(
  client: pg.Client,
  { source, key, columns }: (typeof TABLES)[number],
): AsyncGenerator<Cell[][], void> {
  const list = columns.map(([name]) => `${name}::text`).join();
  await client.query('begin');
  await client.query(`declare bench_rows no scroll cursor for select ${list} from ${source} order by ${key}`);
  for (;;) {
    const { rows } = await client.query<Cell[]>({
      text: `fetch ${BATCH_ROWS} from bench_rows`,
      rowMode: 'array',
    });
    if (rows.length === 0) break;
    yield rows;
  }
  await client.query('commit');
}

/** Copies a table into a bare one; gives the rows and the milliseconds that inserting them took. */
async function copyTable(
  reader: pg.Client,
  writer: pg.Client,
  table: (typeof TABLES)[number],
): Promise<{ rows: number; ms: number }> {
  const columns = table.columns.map(([name, type]) => `${name} ${type} not null`).join();
  await writer.query(`create table ${table.bare} (${columns}, primary key (${table.key}))`);
  const done = { rows: 0, ms: 0 };
  for await (const rows of batches(reader, table)) {
    done.ms += await insert(writer, table, rows);
    done.rows += rows.length;
  }
  await writer.query(`drop table ${table.bare}`);
  return done;
}

export interface BareInsert {
  /** Events a second; the time for their words is in it. */
  readonly eventsPerSecond: number;
  /** Seconds of CPU of the server. */
  readonly cpuSeconds: number;
}

/**
 * The baseline of writing: the events and words that a run left, inserted again by `pg` alone, BATCH_ROWS a statement
 * into tables with the same columns and keys, over one connection. Reading them costs nothing here: it is taken off.
 */
export async function bareInsert(postgres: Postgres): Promise<BareInsert> {
  const reader = new pg.Client({ connectionString: postgres.url });
  const writer = new pg.Client({ connectionString: postgres.url });
  await Promise.all([reader.connect(), writer.connect()]);
  try {
    const start = await postgres.cpuSeconds();
    const events = await copyTable(reader, writer, TABLES[0]);
    const words = await copyTable(reader, writer, TABLES[1]);
    const copied = await postgres.cpuSeconds();
    let read = 0;
    for (const table of TABLES) for await (const rows of batches(reader, table)) read += rows.length;
    assert.equal(read, events.rows + words.rows);
    const reading = (await postgres.cpuSeconds()) - copied;
    return {
      eventsPerSecond: (events.rows * 1_000) / (events.ms + words.ms),
      cpuSeconds: copied - start - reading,
    };
  } finally {
    await Promise.all([reader.end(), writer.end()]);
  }
}
