import { sql } from 'kysely';
import type { RawBuilder } from 'kysely';
import type { Ask } from './reading.ts';
import type { SqlFilter } from './sql-filter.ts';

interface Plan {
  readonly 'Node Type': string;
  readonly 'Plan Rows': number;
  /** Only where it was run. */
  readonly 'Actual Rows'?: number;
  readonly Plans?: readonly Plan[];
}

interface Explained {
  readonly 'QUERY PLAN': readonly [{ readonly Plan: Plan }];
}

/** Hits that the planner's statistics expect: right within a factor that the growth of windows makes up for. */
export async function expectedHits(
  ask: Ask,
  { from }: Pick<SqlFilter, 'from'>,
  where: RawBuilder<boolean>,
): Promise<number> {
  const rows = await ask(sql<Explained>`explain (format json) select from ${from} where ${where}`);
  return rows[0]?.['QUERY PLAN'][0].Plan['Plan Rows'] ?? 0;
}

function rowsOfIndex(plan: Plan): number | null {
  if (plan['Node Type'] === 'Bitmap Index Scan') return plan['Actual Rows'] ?? null;
  return (plan.Plans ?? []).map(rowsOfIndex).find((rows) => rows !== null) ?? null;
}

/**
 * How many texts the index gives for the tsquery `words`; null where the plan does not tell. The index is asked in full and
 * says so, and of the texts one is read: a few milliseconds, where counting them would read them all. Statistics know
 * neither phrases nor words that are not among the thousand most common.
 */
export async function textsWith(ask: Ask, words: string): Promise<number | null> {
  await ask(sql`set local enable_seqscan = off`);
  const rows = await ask(sql<Explained>`
    explain (analyze, timing off, buffers off, format json)
    select from sw_read.words w where w.terms @@ ${words}::tsquery limit 1`);
  await ask(sql`set local enable_seqscan to default`);
  const plan = rows[0]?.['QUERY PLAN'][0].Plan;
  return plan === undefined ? null : rowsOfIndex(plan);
}
