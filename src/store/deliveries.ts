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

/**
 * Claims the deliveries of `alert` on `channels` that are due at `now`, for `leaseMs`; another worker's claim holds
 * until it lapses, and what is for other channels waits for a process that has them.
 */
export async function claimDeliveries(
  db: Db,
  alert: AlertId,
  channels: readonly string[],
  now: Date,
  leaseMs: number,
): Promise<Delivery[]> {
  const { rows } = await sql<{ alert: AlertId; channel: string; attempts: number; position: number }>`
    update sw_work.deliveries d set claimed_until = ${new Date(now.getTime() + leaseMs)}
      from (select alert, channel from sw_work.deliveries
             where alert = ${alert} and not done and next_due_at <= ${now} and channel = any(${channels}::text[])
               and (claimed_until is null or claimed_until <= ${now})
             for update skip locked) due
     where d.alert = due.alert and d.channel = due.channel
    returning d.alert, d.channel, d.attempts, d.position`.execute(db);
  return rows
    .map((row) => ({ ...row, position: position(row.position) }))
    .sort((a, b) => a.channel.localeCompare(b.channel));
}

/** An alert of which something is due. */
export interface DueAlert {
  readonly alert: AlertId;
  /** Attempts already made at what is due. */
  readonly attempts: number;
  /** Since when. */
  readonly dueAt: Date;
}

/** Up to `limit` alerts of which something on `channels` is due at `now` and not claimed, oldest first. */
export async function dueAlerts(
  db: Db,
  channels: readonly string[],
  now: Date,
  limit: number,
): Promise<DueAlert[]> {
  const { rows } = await sql<DueAlert>`
    select alert, sum(attempts)::int as attempts, min(next_due_at) as "dueAt" from sw_work.deliveries
     where not done and next_due_at <= ${now} and channel = any(${channels}::text[])
       and (claimed_until is null or claimed_until <= ${now})
     group by alert order by min(position) limit ${limit}`.execute(db);
  return rows;
}

/** How many deliveries on `channels` are due at `now` or in somebody's hands. */
export async function countDue(db: Db, channels: readonly string[], now: Date): Promise<number> {
  const { rows } = await sql<{ due: number }>`
    select count(*) as due from sw_work.deliveries
     where not done and next_due_at <= ${now} and channel = any(${channels}::text[])`.execute(db);
  return rows[0]?.due ?? 0;
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

/** What waits on one channel. */
export interface ChannelBacklog {
  readonly channel: string;
  /** Deliveries that are not over. */
  readonly open: number;
  /** Of these, the ones due by now. */
  readonly due: number;
  /** Since when the first of them has been due. */
  readonly dueSince: Date | null;
  /** Of the open ones, those that have failed and are tried again. */
  readonly failing: number;
}

/** What waits at `now`, by channel; channels with nothing to wait for are not in the answer. */
export async function deliveryBacklog(db: Db, now: Date): Promise<ChannelBacklog[]> {
  const { rows } = await sql<ChannelBacklog>`
    select channel, count(*) as open, count(*) filter (where next_due_at <= ${now}) as due,
           min(next_due_at) filter (where next_due_at <= ${now}) as "dueSince",
           count(*) filter (where attempts > 0) as failing
      from sw_work.deliveries where not done group by channel order by channel`.execute(db);
  return rows;
}
