import { sql } from 'kysely';
import { position } from '../events/ids.ts';
import type { Position } from '../events/ids.ts';
import type { Db } from '../store/database.ts';
import { head } from '../store/read.ts';

/**
 * The last position recorded before `at`; 0 when there is none, or none that is still in the database. A score of look-ups, however
 * long the log (migrations/000106_position_before.sql).
 */
export async function positionBefore(db: Db, at: Date): Promise<Position> {
  const { rows } = await sql<{ before: number | null }>`
    select sw_log.position_before(${at}) as before`.execute(db);
  return position(rows[0]?.before ?? 0);
}

/** What the log and the read tables have seen of late. */
export interface Pulse {
  /** The last position. */
  readonly head: Position;
  /** Events recorded in the last minute and in the last hour. */
  readonly eventsLastMinute: number;
  readonly eventsLastHour: number;
  /** Items published since `dayStart`, by language; null is the language nobody knows. */
  readonly itemsToday: readonly { readonly lang: string | null; readonly items: number }[];
  readonly alertsToday: { readonly raised: number; readonly heldBack: number };
  /** Alerts that were raised, ever, and that nobody has acknowledged. */
  readonly unacknowledged: number;
  /** Deliveries given up since `dayStart`. */
  readonly deliveriesLost: number;
}

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/** Takes the pulse at `now`, of a day that began at `dayStart`. */
export async function takePulse(db: Db, now: Date, dayStart: Date): Promise<Pulse> {
  const ago = (ms: number): Date => new Date(now.getTime() - ms);
  const [last, minute, hour, day] = await Promise.all([
    head(db),
    positionBefore(db, ago(MINUTE_MS)),
    positionBefore(db, ago(HOUR_MS)),
    positionBefore(db, dayStart),
  ]);
  const [items, alerts, unseen, lost] = await Promise.all([
    db
      .selectFrom('sw_read.items')
      .select((select) => ['lang', select.fn.countAll<number>().as('items')])
      .where('at', '>=', dayStart)
      .groupBy('lang')
      .orderBy('items', 'desc')
      .orderBy('lang')
      .execute(),
    db
      .selectFrom('sw_read.alerts')
      .select((select) => ['status', select.fn.countAll<number>().as('alerts')])
      .where('position', '>', day)
      .groupBy('status')
      .execute(),
    db
      .selectFrom('sw_read.alerts')
      .select((select) => select.fn.countAll<number>().as('alerts'))
      .where('status', '=', 'raised')
      .where('acknowledged_at', 'is', null)
      .executeTakeFirst(),
    db
      .selectFrom('sw_read.alert_deliveries as d')
      .select((select) => select.fn.countAll<number>().as('deliveries'))
      .where('status', '=', 'failed')
      .where('recorded_at', '>=', dayStart)
      .where((where) => {
        // What went out after all is not lost.
        const later = where
          .selectFrom('sw_read.alert_deliveries as l')
          .whereRef('l.alert', '=', 'd.alert')
          .whereRef('l.channel', '=', 'd.channel')
          .whereRef('l.position', '>', 'd.position');
        return where.not(where.exists(later.select('l.position')));
      })
      .executeTakeFirst(),
  ]);
  const alertsOf = (status: 'raised' | 'suppressed'): number =>
    alerts.find((row) => row.status === status)?.alerts ?? 0;
  return {
    head: last,
    eventsLastMinute: Math.max(0, last - minute),
    eventsLastHour: Math.max(0, last - hour),
    itemsToday: items,
    alertsToday: { raised: alertsOf('raised'), heldBack: alertsOf('suppressed') },
    unacknowledged: unseen?.alerts ?? 0,
    deliveriesLost: lost?.deliveries ?? 0,
  };
}
