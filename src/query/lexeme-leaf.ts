import { sql } from 'kysely';
import type { AlertMatch } from '../events/alert.ts';
import type { Leaf } from './leaf.ts';
import type { Readable } from './readable.ts';
import { facetQuery, hasFacet } from './tsvector.ts';

/** A lexeme that an item may have beside its words, or how such lexemes begin. */
export interface Wanted {
  readonly lexeme: string;
  readonly prefix: boolean;
}

/** Always or never: for demands that are decided by the dossier alone. */
export function constantLeaf(holds: boolean, meaning: string | null = null): Leaf {
  return {
    sql: { terms: null, words: null, condition: holds ? null : sql<boolean>`false` },
    test: () => holds,
    telling: false,
    evidence: () => [],
    published: null,
    meaning,
  };
}

/** One of the lexemes. */
export function lexemeLeaf(
  wanted: readonly Wanted[],
  more: {
    readonly telling?: boolean;
    readonly evidence?: (readable: Readable) => readonly AlertMatch[];
    readonly meaning?: string | null;
  } = {},
): Leaf {
  const { telling = false, evidence = () => [], meaning = null } = more;
  if (wanted.length === 0) return { ...constantLeaf(false, meaning), telling };
  const queries = wanted.map(({ lexeme, prefix }) => facetQuery(lexeme, prefix));
  return {
    sql: { terms: queries.join(' | '), words: null, condition: null },
    test: ({ facets }) => wanted.some(({ lexeme, prefix }) => hasFacet(facets, lexeme, prefix)),
    telling,
    evidence,
    published: null,
    meaning,
  };
}
