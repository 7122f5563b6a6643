import type { RawBuilder } from 'kysely';
import type { AlertMatch } from '../events/alert.ts';
import type { QueryItem } from './item.ts';
import type { Words } from './words.ts';

/** An item with its words cut up once, when somebody asks for them. */
export interface Readable {
  readonly item: QueryItem;
  readonly words: Words;
}

/** A demand as SQL over `sw_read.items i`. Never null: every part is true or false for every row. */
export type SqlPart =
  /** A tsquery, as text, that `i.terms` must meet: what the index answers. */
  | { readonly kind: 'terms'; readonly tsquery: string }
  | { readonly kind: 'condition'; readonly condition: RawBuilder<boolean> };

/** One demand of a query with its names and times understood: both compilers build on these alone. */
export interface Leaf {
  readonly sql: SqlPart;
  readonly test: (readable: Readable) => boolean;
  /** Whether whatever meets it carries a subject or words that were asked for, rather than only a language, say. */
  readonly telling: boolean;
  /** By what an item meets it: for explanations. Empty where there is nothing to show. */
  readonly evidence: (readable: Readable) => readonly AlertMatch[];
  /** The time that whatever meets it was published in; null where it says nothing about that. */
  readonly published: { readonly since: Date | null; readonly until: Date | null } | null;
}
