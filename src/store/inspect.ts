import { readdir } from 'node:fs/promises';
import { sql } from 'kysely';
import pg from 'pg';
import { connectionConfig, POSTGRES_VERSION_MIN } from './database.ts';
import type { Db } from './database.ts';
import { MIGRATION_FILE } from './migrate.ts';

/** Why a database did not let us in. */
export type RefusalKind =
  | 'down'
  | 'unknown-host'
  | 'silent'
  | 'tls'
  | 'password'
  | 'access'
  | 'rights'
  | 'no-database'
  | 'full'
  | 'not-now'
  | 'other';

/** A database as a first contact shows it; what was refused is said without the password. */
export type DatabaseFacts =
  { readonly kind: 'refused'; readonly why: RefusalKind; readonly message: string } | OpenDatabase;

/** A database that lets us in. */
export interface OpenDatabase {
  readonly kind: 'open';
  /** `server_version_num`, 180004 for 18.4. */
  readonly version: number;
  readonly versionText: string;
  readonly user: string;
  /** The server is a standby, or told to be: nothing can be written. */
  readonly readOnly: boolean;
  readonly encoding: string;
  /** Whether our tables are there. */
  readonly hasLog: boolean;
  /** What this user may not do and has to, in words; empty when nothing is missing. */
  readonly lacks: readonly string[];
  /** How far the server's clock is ahead of `now`, in milliseconds, and how far that may be wrong. */
  readonly serverAheadMs: number;
  readonly clockErrorMs: number;
  readonly connections: { readonly used: number; readonly max: number };
}

/** By SQLSTATE. Source: PostgreSQL documentation, "PostgreSQL Error Codes". */
const BY_STATE: Readonly<Record<string, RefusalKind>> = {
  '28P01': 'password',
  '28000': 'access',
  '3D000': 'no-database',
  '42501': 'access',
  '53300': 'full',
  '57P01': 'not-now',
  '57P02': 'not-now',
  '57P03': 'not-now',
};
/** By the code of the operating system's, or of OpenSSL's refusal. */
const BY_CODE: Readonly<Record<string, RefusalKind>> = {
  ECONNREFUSED: 'down',
  ECONNRESET: 'down',
  EHOSTUNREACH: 'down',
  ENETUNREACH: 'down',
  ENOTFOUND: 'unknown-host',
  EAI_AGAIN: 'unknown-host',
  ETIMEDOUT: 'silent',
};
const BY_MESSAGE: readonly (readonly [RegExp, RefusalKind])[] = [
  // SCRAM is asked for, and the URL has no password.
  [/client password must be a (?:non-empty )?string/i, 'password'],
  [/timeout exceeded|timeout expired/i, 'silent'],
  [/SSL|TLS|certificate/i, 'tls'],
  [/connection terminated/i, 'down'],
];

/** What `error`, met while connecting, says about the database. */
export function refusalOf(error: unknown): Extract<DatabaseFacts, { kind: 'refused' }> {
  // Happy Eyeballs gives one error for every address it tried.
  const [first] = error instanceof AggregateError ? (error.errors as unknown[]) : [];
  const told = first instanceof Error ? first : error instanceof Error ? error : new Error(String(error));
  const code = 'code' in told && typeof told.code === 'string' ? told.code : '';
  const why =
    BY_STATE[code] ??
    BY_CODE[code] ??
    BY_MESSAGE.find(([pattern]) => pattern.test(told.message))?.[1] ??
    'other';
  return { kind: 'refused', why, message: told.message };
}

interface FirstAnswer {
  readonly version: number;
  readonly version_text: string;
  readonly username: string;
  readonly read_only: boolean;
  readonly encoding: string;
  readonly has_log: boolean;
  readonly may_create: boolean;
  readonly may_append: boolean;
  readonly may_work: boolean;
  readonly used: number;
  readonly max: number;
  readonly clock: Date;
}

/** Rights are asked for by names that may not exist yet; where there is no schema, there is nothing to have a right to. */
const FIRST_QUESTION = `
  select current_setting('server_version_num')::int as version,
         current_setting('server_version') as version_text,
         current_user::text as username,
         pg_is_in_recovery() or current_setting('default_transaction_read_only')::bool as read_only,
         pg_encoding_to_char(d.encoding)::text as encoding,
         to_regclass('sw_log.events') is not null as has_log,
         has_database_privilege(d.oid, 'CREATE') as may_create,
         coalesce(has_table_privilege(to_regclass('sw_log.events'), 'SELECT')
              and has_table_privilege(to_regclass('sw_log.events'), 'INSERT'), true) as may_append,
         coalesce(has_table_privilege(to_regclass('sw_log.checkpoints'), 'UPDATE'), true) as may_work,
         (select count(*)::int from pg_stat_activity where backend_type = 'client backend') as used,
         current_setting('max_connections')::int as max
    from pg_database d where d.datname = current_database()`;

/** Connects once and asks what there is to know; never throws for what the database refuses. */
export async function inspectDatabase(url: string, now: () => Date): Promise<DatabaseFacts> {
  const client = new pg.Client(connectionConfig(url));
  // Lost in the middle of a question, which then fails and tells.
  client.on('error', () => undefined);
  try {
    await client.connect();
  } catch (error) {
    // Left open halfway, it would hold up the server until that loses patience.
    client.end().catch(() => undefined);
    return refusalOf(error);
  }
  try {
    const { rows } = await client.query<FirstAnswer>(FIRST_QUESTION);
    const before = now();
    const { rows: clocks } = await client.query<{ clock: Date }>('select clock_timestamp() as clock');
    const after = now();
    const [first] = rows;
    const [answer] = clocks;
    if (first === undefined || answer === undefined)
      throw new Error('the database is not in its own catalogue');
    return factsOf(first, answer.clock, before, after);
  } catch (error) {
    const refusal = refusalOf(error);
    // It let us in: what is closed is a schema or a table.
    return refusal.why === 'access' ? { ...refusal, why: 'rights' } : refusal;
  } finally {
    await client.end().catch(() => undefined); // it is gone then, as it should be
  }
}

function factsOf(answer: FirstAnswer, clock: Date, before: Date, after: Date): OpenDatabase {
  const lacks = [
    ...(answer.has_log || answer.may_create ? [] : ['create schemas in this database']),
    ...(answer.may_append ? [] : ['read and append to sw_log.events']),
    ...(answer.may_work ? [] : ['update sw_log.checkpoints']),
  ];
  const errorMs = Math.max(0, after.getTime() - before.getTime()) / 2;
  return {
    kind: 'open',
    version: answer.version,
    versionText: answer.version_text,
    user: answer.username,
    readOnly: answer.read_only,
    encoding: answer.encoding,
    hasLog: answer.has_log,
    lacks,
    serverAheadMs: clock.getTime() - before.getTime() - errorMs,
    clockErrorMs: errorMs,
    connections: { used: answer.used, max: answer.max },
  };
}

/** Whether the server is new enough for the log's SQL. */
export function isNewEnough({ version }: Pick<OpenDatabase, 'version'>): boolean {
  return version >= POSTGRES_VERSION_MIN;
}

/** How the schema of a database compares with this build. */
export interface SchemaFacts {
  /** Migrations of this build that the database has not had, in order. */
  readonly missing: readonly string[];
  /** Migrations of the database that this build does not know: a newer one was here. */
  readonly newer: readonly string[];
  /** Projections whose tables are not those of this build: the next command that answers something makes them. */
  readonly stale: readonly string[];
}

/**
 * Compares the migrations in `folder` with those the database has had, and the versions of its read tables with `versions`;
 * changes nothing.
 */
export async function inspectSchema(
  db: Db,
  folder: string,
  versions: ReadonlyMap<string, number>,
): Promise<SchemaFacts> {
  const known = (await readdir(folder))
    .map((file) => MIGRATION_FILE.exec(file)?.[1])
    .filter((name) => name !== undefined)
    .sort();
  const applied = (await hasTable(db, 'sw_log.migrations'))
    ? (await sql<{ name: string }>`select name from sw_log.migrations order by name`.execute(db)).rows.map(
        ({ name }) => name,
      )
    : [];
  const served = (await hasTable(db, 'sw_work.projections'))
    ? await db.selectFrom('sw_work.projections').select(['projection', 'version']).execute()
    : [];
  const servedVersions = new Map(served.map(({ projection, version }) => [projection, version]));
  return {
    missing: known.filter((name) => !applied.includes(name)),
    newer: applied.filter((name) => !known.includes(name)),
    stale: [...versions]
      .filter(([name, version]) => servedVersions.get(name) !== version)
      .map(([name]) => name),
  };
}

/** Whether there is a table of this name, which may be one of another house (`sw_queue.…`). */
export async function hasTable(db: Db, name: string): Promise<boolean> {
  const { rows } = await sql<{ found: boolean }>`select to_regclass(${name}) is not null as found`.execute(
    db,
  );
  return rows[0]?.found === true;
}
