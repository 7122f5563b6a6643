import { sql } from 'kysely';
import type { Db, Tx } from './database.ts';
import type { Partition } from './partitions.ts';
import { HELD_LOCK_MS, patiently } from './patiently.ts';

/** Who holds a partition holds this one, too. */
const LOG = ['sw_log.events'];

/** One of these, in a transaction that gives up a lock it does not get soon. */
async function alone(db: Db, work: (tx: Tx) => Promise<void>): Promise<void> {
  await patiently(db, LOG, () =>
    db.transaction().execute(async (tx) => {
      await sql`set local lock_timeout = ${sql.lit(HELD_LOCK_MS)}`.execute(tx);
      await work(tx);
    }),
  );
}

/**
 * Says in the catalogue which positions the table holds, and lets PostgreSQL look: readers and appends go on meanwhile. Without,
 * it would look while it is attached, with everybody locked out.
 */
async function bound(db: Db, { name, from, to }: Partition): Promise<void> {
  const constraint = `${name}_bounds`;
  const { rows } = await sql<{ valid: boolean }>`
    select convalidated as valid from pg_constraint
     where conrelid = ${`sw_log.${name}`}::regclass and conname = ${constraint}`.execute(db);
  const table = sql.table(`sw_log.${name}`);
  if (rows[0] === undefined) {
    await alone(db, async (tx) => {
      await sql`
        alter table ${table} add constraint ${sql.ref(constraint)}
          check (position >= ${sql.lit(from)} and position <= ${sql.lit(to)}) not valid`.execute(tx);
    });
  }
  if (rows[0]?.valid !== true)
    await sql`alter table ${table} validate constraint ${sql.ref(constraint)}`.execute(db);
}

/**
 * Moves a partition from the log into its archive: out of one table and into the other in one transaction, so that every
 * statement finds its events in exactly one of them. For that moment, some milliseconds however large it is, nobody reads or
 * appends; whoever is at it is waited for, patiently. DETACH … CONCURRENTLY would lock nobody out and take two
 * transactions, between which the events were nowhere.
 *
 * Killed in between it has done nothing, or left a constraint that says what is true anyway.
 */
export async function moveToArchive(db: Db, partition: Partition): Promise<void> {
  await bound(db, partition);
  const { name, from, to } = partition;
  const [log, archived] = [sql.table(`sw_log.${name}`), sql.table(`sw_archive.${name}`)];
  await alone(db, async (tx) => {
    await sql`alter table sw_log.events detach partition ${log}`.execute(tx);
    await sql`alter table ${log} set schema sw_archive`.execute(tx);
    await sql`
      alter table sw_archive.events attach partition ${archived}
        for values from (${sql.lit(from)}) to (${sql.lit(to + 1)})`.execute(tx);
    await sql`select sw_log.forbid_change(${`sw_archive.${name}`}::regclass)`.execute(tx);
  });
}
