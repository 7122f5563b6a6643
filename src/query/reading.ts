import { sql } from 'kysely';
import type { RawBuilder } from 'kysely';
import type { Db } from '../store/database.ts';

/** How long a question may take, all its statements together. */
export const QUERY_MS_MAX = 5_000;
/** Memory a sort or a bitmap may take: the hits of a common word in a million items stay exact in it. */
const WORK_MEMORY = '64MB';
/** By how much the server's clock and ours may differ over one question. */
const CLOCKS_MS = 20;
const QUERY_CANCELED = '57014';

/** A question took longer than it may; says how long that is, and what helps. */
export class QueryTimeout extends Error {
  override readonly name = 'QueryTimeout';
  constructor(ms: number, options: ErrorOptions) {
    super(
      `the query was stopped after ${ms / 1_000} s: narrow it by a time (published:>=now-30d), an entity or a topic`,
      options,
    );
  }
}

/** Asks one thing after another, of the same state of the database, within the time there is for all. */
export type Ask = <Row>(statement: RawBuilder<Row>) => Promise<Row[]>;

/**
 * Runs `work` in a transaction that cannot write, sees one state of the database and may take `ms` milliseconds. Throws
 * QueryTimeout when that is not enough.
 */
export async function reading<T>(db: Db, ms: number, work: (ask: Ask) => Promise<T>): Promise<T> {
  const deadline = performance.now() + ms;
  // Never 0: to PostgreSQL that means no limit.
  const left = (): number => Math.max(1, Math.ceil(deadline - performance.now()));
  try {
    return await db
      .transaction()
      .setAccessMode('read only')
      .setIsolationLevel('repeatable read')
      .execute(async (tx) => {
        await sql`set local work_mem = ${sql.lit(WORK_MEMORY)}`.execute(tx);
        // Compiling costs more than it saves in queries this short.
        await sql`set local jit = off`.execute(tx);
        return await work(async (statement) => {
          await sql`set local statement_timeout = ${sql.lit(left())}`.execute(tx);
          return (await statement.execute(tx)).rows;
        });
      });
  } catch (error) {
    // An operator who cancels the statement gives the same code, before its time.
    if (codeOf(error) === QUERY_CANCELED && performance.now() >= deadline - CLOCKS_MS) {
      throw new QueryTimeout(ms, { cause: error });
    }
    throw error;
  }
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined;
}
