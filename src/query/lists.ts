import { sql } from 'kysely';
import type { RawBuilder, Selectable, SqlBool } from 'kysely';
import type { AlertMatch, SuppressionReason } from '../events/alert.ts';
import type { FeedFailure, FeedOptions, FeedState } from '../events/feed.ts';
import type { AlertId, FeedId, ItemId, Position, PublisherId, RuleId, SubjectId } from '../events/ids.ts';
import type { RuleDefinition } from '../events/rule.ts';
import type { Db } from '../store/database.ts';
import { readIdentity } from '../store/identity.ts';
import type { Tables } from '../store/tables.ts';
import { NO_LANG } from './facets.ts';
import { ANY_ITEM, itemsAt } from './sql-filter.ts';
import type { SqlFilter } from './sql-filter.ts';

// Lists answer as of now, or as the log knew things `at` a position of it.

/** The headline of the text `c`, which may have been taken down. */
export const titleOf = sql<string>`coalesce(c.body ->> 'title', '')`;

type Items = Selectable<Tables['sw_read.items']>;

/**
 * The item that the column `key` names, now or then. To be joined laterally, which looks up those that are listed: joined with
 * all items of then the planner would go through every one of them.
 */
export function itemOf(key: string, at: Position | null): RawBuilder<Items> {
  const named = sql<boolean>`item = ${sql.ref(key)}`;
  return at === null ? sql<Items>`(select * from sw_read.items where ${named})` : itemsAt<Items>(at, named);
}

/** Which versions in `table` (projections/versions.ts) were so then. */
function heldAt(table: 'f' | 'r', at: Position | null): RawBuilder<SqlBool> {
  const [from, to] = [sql.ref(`${table}.from_position`), sql.ref(`${table}.to_position`)];
  return at === null
    ? sql<SqlBool>`${to} is null`
    : sql<SqlBool>`${from} <= ${at} and (${to} is null or ${to} > ${at})`;
}

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
  /** Whether it came with an imported log: then it is past, and nothing is sent from here. */
  readonly imported: boolean;
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
export async function listAlerts(
  db: Db,
  filter: AlertFilter,
  at: Position | null = null,
): Promise<ListedAlert[]> {
  const { status, rule, item } = filter;
  // Cut first: only what is listed is looked up.
  const listed = db
    .selectFrom('sw_read.alerts as a')
    .selectAll('a')
    .$if(status !== null, (query) =>
      query.where('a.status', '=', status === 'suppressed' ? 'suppressed' : 'raised'),
    )
    .$if(status === 'unacknowledged', (query) => query.where(unseenAt(at)))
    .$if(at !== null, (query) => query.where('a.position', '<=', at))
    .$if(rule !== null, (query) => query.where('a.rule', '=', rule))
    .$if(item !== null, (query) => query.where('a.item', '=', item))
    .orderBy('a.position', 'desc')
    .limit(filter.limit);
  const rows = await db
    .selectFrom(listed.as('a'))
    .leftJoinLateral(itemOf('a.item', at).as('i'), (join) => join.onTrue())
    .leftJoin('sw_log.content as c', 'c.hash', 'i.content')
    .leftJoin('sw_read.rules as r', (join) => join.onRef('r.rule', '=', 'a.rule').on(heldAt('r', at)))
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
      'a.acknowledged_position',
      'a.acknowledged_at',
      'a.acknowledged_by',
      'a.acknowledged_note',
    ])
    .orderBy('a.position', 'desc')
    .execute();
  const deliveries = await deliveriesOf(
    db,
    rows.map((row) => row.alert),
    at,
  );
  const { importedTo } = await readIdentity(db);
  return rows.map((row) => {
    const { acknowledged_position, acknowledged_at, acknowledged_by, acknowledged_note, ...told } = row;
    const unseen = acknowledged_at === null || (at !== null && (acknowledged_position ?? 0) > at);
    return {
      ...told,
      ruleTitle: told.ruleTitle ?? told.rule,
      imported: told.position <= importedTo,
      deliveries: deliveries.get(told.alert) ?? [],
      acknowledged: unseen
        ? null
        : { at: acknowledged_at, by: acknowledged_by, note: acknowledged_note ?? '' },
    };
  });
}

/** Which alerts nobody had acknowledged then. */
function unseenAt(at: Position | null): RawBuilder<SqlBool> {
  return at === null
    ? sql<SqlBool>`a.acknowledged_at is null`
    : sql<SqlBool>`(a.acknowledged_position is null or a.acknowledged_position > ${at})`;
}

/** Hex digits that name an alert: all of its id, or at least the first four. */
const ALERT_PREFIX = /^[0-9a-f]{4,32}$/;

/** The alerts that `reference` may mean, at most `limit`: an alert's id, or the first characters of one (at least 4). */
export async function findAlerts(
  db: Db,
  reference: string,
  limit: number,
  at: Position | null = null,
): Promise<{ readonly alert: AlertId; readonly item: ItemId }[]> {
  const prefix = reference.toLowerCase();
  if (!ALERT_PREFIX.test(prefix)) return [];
  return await db
    .selectFrom('sw_read.alerts')
    .select(['alert', 'item'])
    .where('alert', 'like', `${prefix}%` as AlertId)
    .$if(at !== null, (query) => query.where('position', '<=', at))
    .orderBy('alert')
    .limit(limit)
    .execute();
}

/** How the last attempt on each channel went. */
async function deliveriesOf(
  db: Db,
  alerts: readonly AlertId[],
  at: Position | null,
): Promise<Map<AlertId, ListedAlert['deliveries'][number][]>> {
  const found = new Map<AlertId, ListedAlert['deliveries'][number][]>();
  if (alerts.length === 0) return found;
  const rows = await db
    .selectFrom('sw_read.alert_deliveries')
    .distinctOn(['alert', 'channel'])
    .select(['alert', 'channel', 'status', 'attempt', 'detail'])
    .where('alert', 'in', [...alerts])
    .$if(at !== null, (query) => query.where('position', '<=', at))
    .orderBy('alert')
    .orderBy('channel')
    .orderBy('position', 'desc')
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
  readonly options: FeedOptions;
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

type Counts = Selectable<Tables['sw_read.feed_counts']>;

/** What each feed brought: as it is kept for now, and counted from the items for then. */
function countsOf(at: Position | null): RawBuilder<Counts> {
  return at === null
    ? sql<Counts>`sw_read.feed_counts`
    : sql<Counts>`(
        select feed, count(*)::int as items, sum(revision)::int as revisions, max(recorded_at) as last_item_at
          from ${itemsAt(at)} i group by feed)`;
}

/** Every feed the log knows, by id, with its health and its last poll. Of polls only the present knows: then, they are null. */
export async function listFeeds(db: Db, at: Position | null = null): Promise<ListedFeed[]> {
  return await db
    .selectFrom('sw_read.feeds as f')
    .leftJoin(countsOf(at).as('n'), 'n.feed', 'f.feed')
    .leftJoin('sw_work.feed_schedule as s', (join) =>
      join
        .onRef('s.feed', '=', 'f.feed')
        .on('s.enabled', '=', true)
        .on(sql<SqlBool>`${sql.lit(at === null)}`),
    )
    .select((select) => [
      'f.feed',
      'f.title',
      'f.url',
      'f.publisher',
      'f.lang',
      'f.status',
      'f.status_reason as statusReason',
      'f.options',
      'f.failure',
      'f.failing_since as failingSince',
      select.fn.coalesce('n.items', select.lit(0)).as('items'),
      select.fn.coalesce('n.revisions', select.lit(0)).as('revisions'),
      'n.last_item_at as lastItemAt',
      's.last_polled_at as lastPolledAt',
      's.last_good_at as lastGoodAt',
      's.last_outcome as lastOutcome',
      's.next_due_at as nextDueAt',
    ])
    .where(heldAt('f', at))
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
export async function listRules(db: Db, at: Position | null = null): Promise<ListedRule[]> {
  return await db
    .selectFrom('sw_read.rules as r')
    .select(['rule', 'status', 'version', 'since', 'definition'])
    .where(heldAt('r', at))
    .orderBy('status')
    .orderBy('rule')
    .execute();
}

export interface SubjectCount {
  readonly subject: SubjectId;
  readonly lang: string;
  readonly items: number;
}

/** How many of the items that `filter` asks for carry each subject, by language. */
export async function countSubjects(db: Db, filter: SqlFilter = ANY_ITEM): Promise<SubjectCount[]> {
  const { rows } = await sql<SubjectCount>`
    select t.subject, coalesce(i.lang, ${NO_LANG}) as lang, count(*) as items
      from ${filter.from} cross join lateral unnest(i.subjects) as t (subject)
     where ${filter.where}
     group by 1, 2 order by t.subject collate "C", 2`.execute(db);
  return rows;
}
