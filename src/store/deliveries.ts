import { sql } from 'kysely';
import type { AlertId, Position } from '../events/ids.ts';
import { position } from '../events/ids.ts';
import type { Db, Tx } from './database.ts';

/** One alert on its way to one channel. */
export interface Delivery {
  readonly alert: AlertId;
  readonly channel: string;
  /** Attempts already made. */
  readonly attempts: number;
  /** Where the alert stands in the log. */
  readonly position: Position;
}

/** Queues deliveries, due at once; one that is known already stays as it is. */
export async function planDeliveries(
  tx: Tx,
  deliveries: readonly Omit<Delivery, 'attempts'>[],
  now: Date,
): Promise<void> {
  if (deliveries.length === 0) return;
  await tx
    .insertInto('sw_work.deliveries')
    .values(deliveries.map((delivery) => ({ ...delivery, next_due_at: now, claimed_until: null })))
    .onConflict((conflict) => conflict.columns(['alert', 'channel']).doNothing())
    .execute();
}

/** Claims the deliveries of `alert` that are due at `now`, for `leaseMs`; another worker's claim holds until it lapses. */
export async function claimDeliveries(
  db: Db,
  alert: AlertId,
  now: Date,
  leaseMs: number,
): Promise<Delivery[]> {
  const { rows } = await sql<{ alert: AlertId; channel: string; attempts: number; position: number }>`
    update sw_work.deliveries d set claimed_until = ${new Date(now.getTime() + leaseMs)}
      from (select alert, channel from sw_work.deliveries
             where alert = ${alert} and not done and next_due_at <= ${now}
               and (claimed_until is null or claimed_until <= ${now})
             for update skip locked) due
     where d.alert = due.alert and d.channel = due.channel
    returning d.alert, d.channel, d.attempts, d.position`.execute(db);
  return rows
    .map((row) => ({ ...row, position: position(row.position) }))
    .sort((a, b) => a.channel.localeCompare(b.channel));
}

/** Up to `limit` alerts of which something is due at `now` and not claimed, oldest first. */
export async function dueAlerts(db: Db, now: Date, limit: number): Promise<AlertId[]> {
  const rows = await db
    .selectFrom('sw_work.deliveries')
    .select(['alert', 'position'])
    .distinct()
    .where('done', '=', false)
    .where('next_due_at', '<=', now)
    .where((where) => where.or([where('claimed_until', 'is', null), where('claimed_until', '<=', now)]))
    .orderBy('position')
    .limit(limit)
    .execute();
  return rows.map((row) => row.alert);
}

/** Notes an attempt: `nextDueAt` null means that this delivery is over, sent or given up. */
export async function recordAttempt(db: Db, delivery: Delivery, nextDueAt: Date | null): Promise<void> {
  await db
    .updateTable('sw_work.deliveries')
    .where('alert', '=', delivery.alert)
    .where('channel', '=', delivery.channel)
    .set({
      attempts: delivery.attempts + 1,
      claimed_until: null,
      ...(nextDueAt === null ? { done: true } : { next_due_at: nextDueAt }),
    })
    .execute();
}
