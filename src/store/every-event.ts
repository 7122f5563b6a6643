import { sql } from 'kysely';
import type { RawBuilder } from 'kysely';

/**
 * The rows of the log and of its archive, as a table to select from. Written out in each statement, like the digests that are
 * taken of it: a view kept in the database could be changed by the same hand as the rows. Where nothing is archived the
 * planner leaves that half out; otherwise it looks into those partitions alone that a range of positions touches.
 */
export const EVERY_EVENT: RawBuilder<unknown> = sql`(
  select * from sw_archive.events union all select * from sw_log.events)`;
