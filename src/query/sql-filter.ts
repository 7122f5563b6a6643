import { sql } from 'kysely';
import type { RawBuilder } from 'kysely';
import type { Position } from '../events/ids.ts';
import type { Stretch } from './leaf.ts';

/** Which items are asked for, as SQL. */
export interface SqlFilter {
  /** What follows `from`: rows of items, called `i`, each item once among those that stand. */
  readonly from: RawBuilder<unknown>;
  /** Whether a row stands at the moment that is asked about; `where` says so too. */
  readonly stands: RawBuilder<boolean>;
  /** A condition over `i`; true or false for every row, never null. */
  readonly where: RawBuilder<boolean>;
  /**
   * Where words are asked for: the same by looking at the text of each item, what is left without the words, and the tsquery that the
   * text of whatever meets it meets; null where there is no such one.
   */
  readonly words: {
    readonly probe: RawBuilder<boolean>;
    readonly base: RawBuilder<boolean>;
    readonly set: string | null;
  } | null;
  /** Whatever meets it was published then, so that its `at` lies there too; null where it may be without a date. */
  readonly published: Stretch | null;
}

/** Items as they are now. */
export const ITEMS_NOW = sql`sw_read.items i`;
export const STANDING_NOW = sql<boolean>`true`;

export const ANY_ITEM: SqlFilter = {
  from: ITEMS_NOW,
  stands: STANDING_NOW,
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
      'full_text',
    ],
    ...[
      'revision',
      'backfill',
      'terms',
      'relevance',
      'event',
      'event_from',
      'event_to',
      'salience',
      'subjects',
    ],
    ...['kinds', 'saliences'],
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

/** After the last position there can be. */
const FOR_EVER = sql`9223372036854775807::bigint`;

/**
 * Every version of every item. Without a condition in either half, as PostgreSQL then takes the two tables for one with all
 * of their indexes, where it would otherwise go through both for whatever is joined to them.
 */
const ITEMS_EVER = sql`(
    select ${COLUMNS}, from_position, ${FOR_EVER} as to_position from sw_read.items
    union all
    select ${COLUMNS}, from_position, to_position from sw_read.item_versions) i`;

function also<Filter extends SqlFilter>(filter: Filter, condition: RawBuilder<boolean>): Filter {
  const and = (one: RawBuilder<boolean>): RawBuilder<boolean> => sql<boolean>`(${one} and ${condition})`;
  const { where, words } = filter;
  return {
    ...filter,
    where: and(where),
    words: words === null ? null : { ...words, probe: and(words.probe), base: and(words.base) },
  };
}

/** The same of the items as the log knew them at `position`. */
export function asKnownAt<Filter extends SqlFilter>(filter: Filter, position: Position): Filter {
  const stands = sql<boolean>`(i.from_position <= ${position} and i.to_position > ${position})`;
  return { ...also(filter, stands), from: ITEMS_EVER, stands };
}

/** Of those only what its source published before `moment`; what has no date is left out. */
export function asPublishedBefore<Filter extends SqlFilter>(filter: Filter, moment: Date): Filter {
  const dated = sql<boolean>`i.published is not null and i.published < ${moment.toISOString()}::timestamptz`;
  const { since = null, until = null } = filter.published ?? {};
  return {
    ...also(filter, dated),
    published: { since, until: until === null || moment < until ? moment : until },
  };
}
