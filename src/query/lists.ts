import { sql } from 'kysely';
import type { AlertMatch, SuppressionReason } from '../events/alert.ts';
import type { FeedFailure, FeedState } from '../events/feed.ts';
import type { AlertId, FeedId, ItemId, PublisherId, RuleId, SubjectId } from '../events/ids.ts';
import type { RuleDefinition } from '../events/rule.ts';
import type { Db } from '../store/database.ts';
import { NO_LANG } from './facets.ts';

/** The headline of the text `c`, which may have been taken down. */
export const titleOf = sql<string>`coalesce(c.body ->> 'title', '')`;

export interface ListedAlert {
  readonly alert: AlertId;
  readonly position: number;
  readonly status: 'raised' | 'suppressed';
  readonly reason: SuppressionReason | null;
  readonly rule: RuleId;
  readonly ruleTitle: string;
  readonly item: ItemId;
  readonly title: string;
  readonly url: string | null;
  readonly publisher: PublisherId | null;
  readonly matches: readonly AlertMatch[];
  readonly recordedAt: Date;
  readonly deliveries: readonly { channel: string; status: string; attempt: number; detail: string }[];
  /** Null until somebody acknowledges it. */
  readonly acknowledged: { readonly at: Date; readonly by: string | null; readonly note: string } | null;
}

export interface AlertFilter {
  /** `unacknowledged`: raised, and nobody has said that it was seen. */
  readonly status: 'raised' | 'suppressed' | 'unacknowledged' | null;
  readonly rule: RuleId | null;
  readonly item: ItemId | null;
  readonly limit: number;
}

/** Alerts, newest first: raised ones with their deliveries, held back ones with the reason. */
export async function listAlerts(db: Db, filter: AlertFilter): Promise<ListedAlert[]> {
  const { status, rule, item } = filter;
  const rows = await db
    .selectFrom('sw_read.alerts as a')
    .leftJoin('sw_read.items as i', 'i.item', 'a.item')
    .leftJoin('sw_log.content as c', 'c.hash', 'i.content')
    .leftJoin('sw_read.rules as r', 'r.rule', 'a.rule')
    .select([
      'a.alert',
      'a.position',
      'a.status',
      'a.reason',
      'a.rule',
      'r.title as ruleTitle',
      'a.item',
      titleOf.as('title'),
      'i.url',
      'i.publisher',
      'a.matches',
      'a.recorded_at as recordedAt',
      'a.acknowledged_at',
      'a.acknowledged_by',
      'a.acknowledged_note',
    ])
    .$if(status !== null, (query) =>
      query.where('a.status', '=', status === 'suppressed' ? 'suppressed' : 'raised'),
    )
    .$if(status === 'unacknowledged', (query) => query.where('a.acknowledged_at', 'is', null))
    .$if(rule !== null, (query) => query.where('a.rule', '=', rule))
    .$if(item !== null, (query) => query.where('a.item', '=', item))
    .orderBy('a.position', 'desc')
    .limit(filter.limit)
    .execute();
  const deliveries = await deliveriesOf(
    db,
    rows.map((row) => row.alert),
  );
  return rows.map(({ acknowledged_at: at, acknowledged_by: by, acknowledged_note: note, ...row }) => ({
    ...row,
    ruleTitle: row.ruleTitle ?? row.rule,
    deliveries: deliveries.get(row.alert) ?? [],
    acknowledged: at === null ? null : { at, by, note: note ?? '' },
  }));
}

/** Hex digits that name an alert: all of its id, or at least the first four. */
const ALERT_PREFIX = /^[0-9a-f]{4,32}$/;

/** The alerts that `reference` may mean, at most `limit`: an alert's id, or the first characters of one (at least 4). */
export async function findAlerts(
  db: Db,
  reference: string,
  limit: number,
): Promise<{ readonly alert: AlertId; readonly item: ItemId }[]> {
  const prefix = reference.toLowerCase();
  if (!ALERT_PREFIX.test(prefix)) return [];
  return await db
    .selectFrom('sw_read.alerts')
    .select(['alert', 'item'])
    .where('alert', 'like', `${prefix}%` as AlertId)
    .orderBy('alert')
    .limit(limit)
    .execute();
}

async function deliveriesOf(
  db: Db,
  alerts: readonly AlertId[],
): Promise<Map<AlertId, ListedAlert['deliveries'][number][]>> {
  const found = new Map<AlertId, ListedAlert['deliveries'][number][]>();
  if (alerts.length === 0) return found;
  const rows = await db
    .selectFrom('sw_read.alert_deliveries')
    .select(['alert', 'channel', 'status', 'attempt', 'detail'])
    .where('alert', 'in', [...alerts])
    .orderBy('channel')
    .execute();
  for (const { alert, ...delivery } of rows) found.set(alert, [...(found.get(alert) ?? []), delivery]);
  return found;
}

export interface ListedFeed {
  readonly feed: FeedId;
  readonly title: string;
  readonly url: string;
  readonly publisher: PublisherId;
  readonly lang: string | null;
  readonly status: FeedState['status'];
  /** Why it is paused or removed; null while it is neither. */
  readonly statusReason: string | null;
  readonly failure: FeedFailure | null;
  readonly failingSince: Date | null;
  readonly items: number;
  readonly revisions: number;
  readonly lastItemAt: Date | null;
  readonly lastPolledAt: Date | null;
  readonly lastGoodAt: Date | null;
  readonly lastOutcome: string | null;
  readonly nextDueAt: Date | null;
}

/** Every feed the log knows, by id, with its health and its last poll. */
export async function listFeeds(db: Db): Promise<ListedFeed[]> {
  return await db
    .selectFrom('sw_read.feeds as f')
    .leftJoin('sw_work.feed_schedule as s', (join) =>
      join.onRef('s.feed', '=', 'f.feed').on('s.enabled', '=', true),
    )
    .select([
      'f.feed',
      'f.title',
      'f.url',
      'f.publisher',
      'f.lang',
      'f.status',
      'f.status_reason as statusReason',
      'f.failure',
      'f.failing_since as failingSince',
      'f.items',
      'f.revisions',
      'f.last_item_at as lastItemAt',
      's.last_polled_at as lastPolledAt',
      's.last_good_at as lastGoodAt',
      's.last_outcome as lastOutcome',
      's.next_due_at as nextDueAt',
    ])
    .orderBy('f.feed')
    .execute();
}

export interface ListedRule {
  readonly rule: RuleId;
  readonly status: 'in force' | 'retired';
  readonly version: string;
  readonly since: Date;
  readonly definition: RuleDefinition;
}

/** Every rule the log knows, those in force first, by id. */
export async function listRules(db: Db): Promise<ListedRule[]> {
  return await db
    .selectFrom('sw_read.rules')
    .select(['rule', 'status', 'version', 'since', 'definition'])
    .orderBy('status')
    .orderBy('rule')
    .execute();
}

export interface SubjectCount {
  readonly subject: SubjectId;
  readonly lang: string;
  readonly items: number;
}

/** How many items carry each subject, by language. */
export async function countSubjects(db: Db): Promise<SubjectCount[]> {
  const { rows } = await sql<SubjectCount>`
    select t.subject, coalesce(i.lang, ${NO_LANG}) as lang, count(*) as items
      from sw_read.items i cross join lateral unnest(i.subjects) as t (subject)
     group by 1, 2 order by t.subject collate "C", 2`.execute(db);
  return rows;
}
