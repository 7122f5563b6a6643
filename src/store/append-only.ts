import { sql } from 'kysely';
import type { Db } from './database.ts';

/**
 * Takes the rights to change the log away from its owner again where none are noted at all: a dump that is restored without
 * privileges leaves its tables so. Does nothing for those who are not its owner, and to rights that somebody gave.
 */
export async function keepAppendOnly(db: Db): Promise<void> {
  await sql`
    select sw_log.forbid_change(c.oid::regclass)
      from pg_class c
     where c.relacl is null and pg_has_role(c.relowner, 'usage')
       and (c.oid in ('sw_log.events'::regclass, 'sw_archive.events'::regclass, 'sw_log.seals'::regclass)
            or c.oid in (select inhrelid from pg_inherits
                          where inhparent in ('sw_log.events'::regclass, 'sw_archive.events'::regclass)))`.execute(
    db,
  );
}
