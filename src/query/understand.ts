import type { AlertMatch } from '../events/alert.ts';
import type { Query } from './ast.ts';
import { asksForWords, bindQuery, isTelling, publishedIn } from './bind.ts';
import type { BoundQuery } from './bind.ts';
import type { QueryContext } from './context.ts';
import type { QueryItem } from './item.ts';
import { parseQuery } from './parse.ts';
import type { QueryProblem } from './problem.ts';
import { readableOf } from './readable.ts';
import { ITEMS_NOW, STANDING_NOW } from './sql-filter.ts';
import type { SqlFilter } from './sql-filter.ts';
import { evidence, holds } from './to-predicate.ts';
import { toSql, wordsOf } from './to-sql.ts';

/** A query that is understood, as both of its compilers see it. */
export interface ItemFilter extends SqlFilter {
  readonly query: Query;
  readonly bound: BoundQuery;
  /** What is worth a remark though it is no mistake. */
  readonly notes: readonly QueryProblem[];
  /** Whether whatever matches carries a subject or words that were asked for. */
  readonly telling: boolean;
  matches(item: QueryItem): boolean;
  /** By what an item matches; empty where it does not. */
  evidence(item: QueryItem): readonly AlertMatch[];
}

export type Understood = { readonly filter: ItemFilter } | { readonly problems: readonly QueryProblem[] };

/** Reads a query and understands it where it is asked. Never throws: what is wrong are values, with their places. */
export function understand(text: string, context: QueryContext): Understood {
  const parsed = parseQuery(text);
  if ('problems' in parsed) return parsed;
  const { query } = parsed;
  const binding = bindQuery(query, context);
  if ('problems' in binding) return binding;
  const { bound, notes } = binding;
  return {
    filter: {
      query,
      bound,
      notes,
      from: ITEMS_NOW,
      stands: STANDING_NOW,
      where: toSql(bound),
      words: asksForWords(bound)
        ? { probe: toSql(bound, 'probe'), base: toSql(bound, 'base'), set: wordsOf(bound) }
        : null,
      published: publishedIn(bound),
      telling: isTelling(bound),
      matches: (item) => holds(bound, readableOf(item)),
      evidence: (item) => {
        const readable = readableOf(item);
        return holds(bound, readable) ? evidence(bound, readable) : [];
      },
    },
  };
}
