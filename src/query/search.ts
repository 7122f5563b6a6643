import { sql } from 'kysely';
import type { SelectQueryBuilder } from 'kysely';
import type { FeedId, ItemId, PublisherId, SubjectId } from '../events/ids.ts';
import type { Backfill, SubjectKind } from '../events/item.ts';
import type { Db } from '../store/database.ts';
import type { Tables } from '../store/tables.ts';

/** Items a search gives at most. */
export const SEARCH_ITEMS_MAX = 10_000;
export const SEARCH_ITEMS_DEFAULT = 20;

/** Which items are asked for. Every part that is given must hold. */
export interface ItemFilter {
  /** Each must be tagged: entities or topics. */
  readonly subjects: readonly SubjectId[];
  /** One of these: `zh` means any Chinese, `zh-Hant` that script only. */
  readonly langs: readonly string[];
  /** One of these. */
  readonly publishers: readonly PublisherId[];
  /** From this moment on, by the source's clock (by ours where the source has none). */
  readonly since: Date | null;
  /** Before this moment. */
  readonly until: Date | null;
}

export const ANY_ITEM: ItemFilter = { subjects: [], langs: [], publishers: [], since: null, until: null };

interface FoundTag {
  readonly id: SubjectId;
  readonly kind: SubjectKind;
  readonly salience: number;
}

export interface FoundItem {
  readonly item: ItemId;
  readonly position: number;
  readonly at: Date;
  readonly published: Date | null;
  readonly recordedAt: Date;
  readonly title: string;
  readonly summary: string;
  readonly url: string | null;
  readonly lang: string | null;
  readonly publisher: PublisherId;
  readonly feed: FeedId;
  readonly revision: number;
  readonly backfill: Backfill | null;
  /** Most salient first. */
  readonly tags: readonly FoundTag[];
}

type ItemQuery<Output> = SelectQueryBuilder<{ i: Tables['sw_read.items'] }, 'i', Output>;

/** Adds the conditions of `filter` to a query over items `i`. */
export function filtered<Output>(query: ItemQuery<Output>, filter: ItemFilter): ItemQuery<Output> {
  let narrowed = query;
  for (const subject of filter.subjects) {
    narrowed = narrowed.where(
      sql<boolean>`exists (select from sw_read.tags t where t.item = i.item and t.subject = ${subject})`,
    );
  }
  if (filter.langs.length > 0) {
    narrowed = narrowed.where((where) =>
      where.or(
        filter.langs.map(
          (lang) =>
            // The hyphen ends the last subtag, so that zh is not the beginning of zha.
            sql<boolean>`starts_with(lower(i.lang) || '-', lower(${lang}) || '-')`,
        ),
      ),
    );
  }
  if (filter.publishers.length > 0) narrowed = narrowed.where('i.publisher', 'in', [...filter.publishers]);
  if (filter.since !== null) narrowed = narrowed.where('i.at', '>=', filter.since);
  if (filter.until !== null) narrowed = narrowed.where('i.at', '<', filter.until);
  return narrowed;
}

const tagsOf = sql<FoundTag[]>`coalesce((
  select jsonb_agg(jsonb_build_object('id', t.subject, 'kind', t.kind, 'salience', t.salience)
                   order by t.salience desc, t.subject)
    from sw_read.tags t where t.item = i.item), '[]')`;

/** The items that `filter` asks for, newest first, at most `limit` of them. */
export async function searchItems(db: Db, filter: ItemFilter, limit: number): Promise<FoundItem[]> {
  const query = filtered(db.selectFrom('sw_read.items as i').select('i.item'), filter);
  const rows = await query
    .clearSelect()
    .select([
      'i.item',
      'i.position',
      'i.at',
      'i.published',
      'i.recorded_at as recordedAt',
      'i.title',
      'i.summary',
      'i.url',
      'i.lang',
      'i.publisher',
      'i.feed',
      'i.revision',
      'i.backfill',
      tagsOf.as('tags'),
    ])
    .orderBy('i.at', 'desc')
    .orderBy('i.position', 'desc')
    .limit(Math.min(limit, SEARCH_ITEMS_MAX))
    .execute();
  return rows;
}

/** How many items `filter` asks for. */
export async function countItems(db: Db, filter: ItemFilter): Promise<number> {
  const row = await filtered(
    db.selectFrom('sw_read.items as i').select((select) => select.fn.countAll<number>().as('items')),
    filter,
  ).executeTakeFirstOrThrow();
  return row.items;
}
