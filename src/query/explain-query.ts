import { sql } from 'kysely';
import type { Db } from '../store/database.ts';
import type { BoundQuery } from './bind.ts';
import { printQuery } from './print.ts';
import { QUERY_MS_MAX, reading } from './reading.ts';
import type { ItemFilter } from './understand.ts';
import { conditionOf } from './windows.ts';

/** How a query was understood, and what it costs. */
export interface QueryExplanation {
  /** The query as it was read, in its shortest form. */
  readonly query: string;
  /** Each condition whose meaning is more than what is written. */
  readonly meanings: readonly { readonly written: string; readonly meaning: string }[];
  readonly sql: string;
  readonly parameters: readonly unknown[];
  /** What the database did to find all of it, a line each, with its time. */
  readonly plan: readonly string[];
}

function meaningsOf(query: BoundQuery): QueryExplanation['meanings'] {
  switch (query.kind) {
    case 'all':
      return [];
    case 'not':
      return meaningsOf(query.part);
    case 'and':
    case 'or':
      return query.parts.flatMap(meaningsOf);
    case 'leaf': {
      const { meaning } = query.leaf;
      return meaning === null ? [] : [{ written: printQuery(query.term), meaning }];
    }
  }
}

/** Explains a query by running it to its end. Throws QueryTimeout. */
export async function explainQuery(
  db: Db,
  filter: ItemFilter,
  timeoutMs = QUERY_MS_MAX,
): Promise<QueryExplanation> {
  const select = sql`select i.item from ${filter.from} where ${conditionOf(filter)}`;
  const compiled = select.compile(db);
  const rows = await reading(db, timeoutMs, (ask) =>
    ask(sql<{ 'QUERY PLAN': string }>`explain (analyze, costs off) ${select}`),
  );
  return {
    query: printQuery(filter.query),
    meanings: meaningsOf(filter.bound),
    sql: compiled.sql,
    parameters: compiled.parameters,
    plan: rows.map((row) => row['QUERY PLAN']),
  };
}
