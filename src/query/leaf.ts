import type { RawBuilder } from 'kysely';
import type { AlertMatch } from '../events/alert.ts';
import type { Readable } from './readable.ts';

/**
 * A demand as SQL over an item's row `i`: all parts must hold, one that is null does always. Never null in SQL: true or
 * false for every row.
 */
export interface SqlPart {
  /** A tsquery, as text, that `i.terms` must meet: names, which an index answers. */
  readonly terms: string | null;
  /** A tsquery, as text, that the words of `i` must meet, which another index answers. Without a `!`: an item may have none. */
  readonly words: string | null;
  readonly condition: RawBuilder<boolean> | null;
}

/** From `since` on and before `until`; null is open. */
export interface Stretch {
  readonly since: Date | null;
  readonly until: Date | null;
}

/** One demand of a query with its names and times understood: both compilers build on these alone. */
export interface Leaf {
  readonly sql: SqlPart;
  readonly test: (readable: Readable) => boolean;
  /** Whether whatever meets it carries a subject or words that were asked for, rather than only a language, say. */
  readonly telling: boolean;
  /** By what an item meets it: for explanations. Empty where there is nothing to show. */
  readonly evidence: (readable: Readable) => readonly AlertMatch[];
  /** When whatever meets it was published; null where it says nothing about that. */
  readonly published: Stretch | null;
  /** How it was understood, where that is more than what was written: names that were found, times in UTC. */
  readonly meaning: string | null;
}
