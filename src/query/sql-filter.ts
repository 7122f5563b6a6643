import { sql } from 'kysely';
import type { RawBuilder } from 'kysely';
import type { Position } from '../events/ids.ts';
import type { Stretch } from './leaf.ts';

/** Which items are asked for, as SQL. */
export interface SqlFilter {
  /** What follows `from`: rows of items, called `i`, each item once. */
  readonly from: RawBuilder<unknown>;
  /** A condition over `i`; true or false for every row, never null. */
  readonly where: RawBuilder<boolean>;
  /** Where words are asked for: the same by looking at the text of each item, and what is left without the words. */
  readonly words: { readonly probe: RawBuilder<boolean>; readonly base: RawBuilder<boolean> } | null;
  /** Whatever meets it was published then, so that its `at` lies there too; null where it may be without a date. */
  readonly published: Stretch | null;
}

/** Items as they are now. */
export const ITEMS_NOW = sql`sw_read.items i`;

export const ANY_ITEM: SqlFilter = {
  from: ITEMS_NOW,
  where: sql<boolean>`true`,
  words: null,
  published: null,
};

/** What of a row is asked for anywhere. */
const COLUMNS = sql.join(
  [
    ...[
      'item',
      'position',
      'feed',
      'publisher',
      'url',
      'lang',
      'published',
      'recorded_at',
      'at',
      'content',
      'words',
    ],
    ...['revision', 'backfill', 'terms', 'salience', 'subjects', 'kinds', 'saliences'],
  ].map((name) => sql.ref(name)),
);

/** Rows of items as the log knew them at `position`, each item once, in brackets; only those that meet `also`. */
export function itemsAt<Row>(
  position: Position,
  also: RawBuilder<boolean> = sql<boolean>`true`,
): RawBuilder<Row> {
  return sql<Row>`(
    select ${COLUMNS} from sw_read.items where from_position <= ${position} and ${also}
    union all
    select ${COLUMNS} from sw_read.item_versions
     where from_position <= ${position} and to_position > ${position} and ${also})`;
}

/** The same of the items as the log knew them at `position`. */
export function asKnownAt<Filter extends SqlFilter>(filter: Filter, position: Position): Filter {
  return { ...filter, from: sql`${itemsAt(position)} i` };
}

/** Of those only what its source published before `moment`; what has no date is left out. */
export function asPublishedBefore<Filter extends SqlFilter>(filter: Filter, moment: Date): Filter {
  const dated = sql<boolean>`i.published is not null and i.published < ${moment.toISOString()}::timestamptz`;
  const also = (condition: RawBuilder<boolean>): RawBuilder<boolean> =>
    sql<boolean>`(${condition} and ${dated})`;
  const { since = null, until = null } = filter.published ?? {};
  return {
    ...filter,
    where: also(filter.where),
    words: filter.words === null ? null : { probe: also(filter.words.probe), base: also(filter.words.base) },
    published: { since, until: until === null || moment < until ? moment : until },
  };
}
