import { Kysely, PostgresDialect, sql } from 'kysely';
import pg from 'pg';
import type { Kysely as Database, Transaction } from 'kysely';
import type { Tables } from './tables.ts';

export type Db = Database<Tables>;
export type Tx = Transaction<Tables>;

/** Connections the main pool may hold: one a consumer while it handles a batch, the rest for workers and queries. */
export const POOL_CONNECTIONS_MAX = 24;
const CONNECT_TIMEOUT_MS = 10_000;
/** Lowest server version the log is built for (`server_version_num`). */
export const POSTGRES_VERSION_MIN = 150_000;

const INT8 = 20;
const DATE = 1082;
const TIMESTAMPTZ = 1184;

/** int8 as a number: positions stay below 2^53 (at 50,000 events/s that is 5,700 years). */
function int8(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value)) throw new RangeError(`bigint ${text} does not fit a number`);
  return value;
}

/**
 * What each connection of the pool asks for. A host that vanishes in the middle of a transaction must not hold its locks for
 * the two hours that TCP would wait: another is to take over. As statements, since poolers refuse them in a URL.
 */
const SESSION = `
  set timezone = 'UTC';
  set idle_in_transaction_session_timeout = '60s';
  set tcp_keepalives_idle = 20;
  set tcp_keepalives_interval = 10;
  set tcp_keepalives_count = 3`;

/** What Postgres writes for a moment while the session's zone is UTC. */
const UTC_MOMENT = /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(?:\.\d{1,6})?\+00$/;
const otherMoment = pg.types.getTypeParser(pg.types.builtins.TIMESTAMPTZ) as (text: string) => Date;

/** timestamptz as a Date. pg's own parser handles any zone and era, and was 3 % of an import. */
function timestamptz(text: string): Date {
  return UTC_MOMENT.test(text) ? new Date(`${text.slice(0, 10)}T${text.slice(11, -3)}Z`) : otherMoment(text);
}

/** Parsers of this pool alone: pg's are global, and BullMQ shares the process. */
const types = new pg.TypeOverrides();
types.setTypeParser(INT8, int8);
types.setTypeParser(TIMESTAMPTZ, timestamptz);
// A date has no zone; a Date would be midnight in the host's.
types.setTypeParser(DATE, (text) => text);

/** How this process connects, for the pool and for single connections alike. */
export function connectionConfig(url: string): pg.ClientConfig {
  return {
    connectionString: url,
    application_name: 'shuttlewatch',
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    keepAlive: true,
    types,
  };
}

/**
 * Opens a pool of at most `connectionsMax` on `url`. Nothing is connected yet. `onError` hears of idle connections that
 * break; the pool replaces them by itself.
 */
export function openPool(url: string, connectionsMax: number, onError: (error: Error) => void): pg.Pool {
  // Awaited by the pool before it hands the connection out, though its types do not say so; a failure goes to who asked.
  const onConnect = (client: pg.ClientBase): unknown => {
    // The pool listens on idle connections only: one that breaks between two statements of a transaction would end the
    // process. Its next statement fails anyway, and that is where it is dealt with.
    client.on('error', onError);
    return client.query(SESSION);
  };
  const pool = new pg.Pool({ ...connectionConfig(url), max: connectionsMax, onConnect });
  pool.on('error', onError);
  return pool;
}

/** Opens the main pool on `url`, as openPool does. */
export function openDatabase(url: string, onError: (error: Error) => void): Db {
  const pool = openPool(url, POOL_CONNECTIONS_MAX, onError);
  return new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) });
}

/** Throws when the server is older than the log's SQL needs. */
export async function requireVersion(db: Db): Promise<void> {
  const { rows } = await sql<{ number: number; text: string }>`
    select current_setting('server_version_num')::int as number, current_setting('server_version') as text`.execute(
    db,
  );
  const found = rows[0];
  if (found === undefined || found.number < POSTGRES_VERSION_MIN) {
    throw new Error(`PostgreSQL ${found?.text ?? '?'} is too old: shuttlewatch needs 15 or newer`);
  }
}
