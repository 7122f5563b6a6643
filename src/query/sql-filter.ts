import type { RawBuilder } from 'kysely';
import type { Stretch } from './leaf.ts';

/** Which items are asked for. */
export interface SqlFilter {
  /** A condition over `sw_read.items i`. */
  readonly where: RawBuilder<boolean>;
  /** When whatever meets it was published, so that its `at` lies there too; null where it may be without a date. */
  readonly published: Stretch | null;
}
