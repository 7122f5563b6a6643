import { sql } from 'kysely';
import type { RawBuilder } from 'kysely';
import type { Stretch } from './leaf.ts';

/** Which items are asked for, as SQL. */
export interface SqlFilter {
  /** A condition over `sw_read.items i`; true or false for every row, never null. */
  readonly where: RawBuilder<boolean>;
  /** Whatever meets it was published then, so that its `at` lies there too; null where it may be without a date. */
  readonly published: Stretch | null;
  /** Whether it asks for a phrase, of which the planner cannot tell how many there are. */
  readonly phrases: boolean;
}

export const ANY_ITEM: SqlFilter = { where: sql<boolean>`true`, published: null, phrases: false };
