import { sql } from 'kysely';
import type { RawBuilder } from 'kysely';
import type { BoundQuery } from './bind.ts';
import type { SqlPart } from './leaf.ts';

const EVERYTHING: SqlPart = { terms: null, condition: null };

/** One condition; null for a part that always holds. */
function whole({ terms, condition }: SqlPart): RawBuilder<boolean> | null {
  if (terms === null) return condition;
  const indexed = sql<boolean>`i.terms @@ ${terms}::tsquery`;
  return condition === null ? indexed : sql<boolean>`(${indexed} and ${condition})`;
}

function and(parts: readonly SqlPart[]): SqlPart {
  const terms = parts.flatMap((part) => (part.terms === null ? [] : [`(${part.terms})`]));
  const conditions = parts.flatMap(({ condition }) => (condition === null ? [] : [condition]));
  return {
    terms: terms.length === 0 ? null : terms.join(' & '),
    condition: conditions.length === 0 ? null : sql<boolean>`(${sql.join(conditions, sql` and `)})`,
  };
}

function or(parts: readonly SqlPart[]): SqlPart {
  const terms = parts.flatMap((part) => (part.terms !== null && part.condition === null ? [part.terms] : []));
  // What is asked of terms alone becomes one question to the index.
  const merged = terms.map((term) => `(${term})`).join(' | ');
  if (terms.length === parts.length) return { terms: merged, condition: null };
  const rest = parts.filter((part) => part.terms === null || part.condition !== null).map(whole);
  const said = rest.filter((part) => part !== null);
  if (said.length < rest.length) return EVERYTHING;
  const all = terms.length === 0 ? said : [sql<boolean>`i.terms @@ ${merged}::tsquery`, ...said];
  return { terms: null, condition: sql<boolean>`(${sql.join(all, sql` or `)})` };
}

function not(part: SqlPart): SqlPart {
  if (part.terms !== null && part.condition === null) return { terms: `!(${part.terms})`, condition: null };
  const condition = whole(part);
  return {
    terms: null,
    condition: condition === null ? sql<boolean>`false` : sql<boolean>`not ${condition}`,
  };
}

function partOf(query: BoundQuery): SqlPart {
  switch (query.kind) {
    case 'all':
      return EVERYTHING;
    case 'leaf':
      return query.leaf.sql;
    case 'and':
      return and(query.parts.map(partOf));
    case 'or':
      return or(query.parts.map(partOf));
    case 'not':
      return not(partOf(query.part));
  }
}

/** A query as a condition over `sw_read.items i`, with bound parameters only. */
export function toSql(query: BoundQuery): RawBuilder<boolean> {
  return whole(partOf(query)) ?? sql<boolean>`true`;
}
