import { sql } from 'kysely';
import type { RawBuilder } from 'kysely';
import type { PublisherId } from '../events/ids.ts';
import type { SubjectKind } from '../events/item.ts';
import type { Db } from '../store/database.ts';
import { QUERY_MS_MAX, reading } from './reading.ts';
import type { SqlFilter } from './sql-filter.ts';
import { ENTITY_KINDS, TOPIC_KINDS } from './subject-field.ts';
import { conditionOf } from './windows.ts';

/** Values of one facet that are given at most, the most frequent. */
export const FACET_VALUES_MAX = 50;
/** Days that are given at most, the newest: ten years. */
export const FACET_DAYS_MAX = 3_660;
/** Publishers that are looked at for their countries: far more than a dossier has. */
const PUBLISHERS_MAX = 10_000;

/** How items without a language, and publishers the dossier does not know, are counted. */
export const NO_LANG = 'und';
export const UNKNOWN_COUNTRY = 'unknown';

export interface FacetCount {
  /** An id, a language, a country, or a day as YYYY-MM-DD. */
  readonly value: string;
  readonly items: number;
}

/** How the items of a query spread, each list with the most frequent value first; days in their order. */
export interface Facets {
  readonly items: number;
  readonly entities: readonly FacetCount[];
  readonly topics: readonly FacetCount[];
  readonly langs: readonly FacetCount[];
  readonly publishers: readonly FacetCount[];
  readonly countries: readonly FacetCount[];
  readonly days: readonly FacetCount[];
}

export interface FacetOptions {
  /** IANA name of the zone whose days are meant. */
  readonly zone: string;
  /** The country of each publisher. */
  readonly countries: ReadonlyMap<PublisherId, string>;
  /** Milliseconds it may take. */
  readonly timeoutMs?: number;
}

type Counted = 'all' | 'entity' | 'topic' | 'lang' | 'publisher' | 'day';

interface Row extends FacetCount {
  readonly facet: Counted;
}

/** The tags of the hits, of these kinds. */
function tagged(kinds: readonly SubjectKind[]): RawBuilder<unknown> {
  return sql`(
    select subject from hits cross join lateral unnest(subjects, kinds) as t (subject, kind)
     where kind = any(${kinds}::text[])) as tagged`;
}

function statement(filter: SqlFilter, zone: string): RawBuilder<Row> {
  const count = (
    facet: Counted,
    value: RawBuilder<unknown>,
    from: RawBuilder<unknown>,
    most: number,
  ): RawBuilder<unknown> =>
    sql`(select ${sql.lit(facet)} as facet, ${value}::text as value, count(*) as items from ${from}
          group by 2 order by 3 desc, 2 limit ${sql.lit(most)})`;
  return sql<Row>`
    with hits as materialized (
      select (i.at at time zone ${zone}::text)::date as day, i.lang, i.publisher, i.subjects, i.kinds
        from ${filter.from} where ${conditionOf(filter)})
    select 'all' as facet, '' as value, count(*) as items from hits
    union all ${count('entity', sql`subject`, tagged(ENTITY_KINDS), FACET_VALUES_MAX)}
    union all ${count('topic', sql`subject`, tagged(TOPIC_KINDS), FACET_VALUES_MAX)}
    union all ${count('lang', sql`coalesce(lang, ${sql.lit(NO_LANG)})`, sql`hits`, FACET_VALUES_MAX)}
    union all ${count('publisher', sql`publisher`, sql`hits`, PUBLISHERS_MAX)}
    union all (select 'day', day::text, count(*) from hits group by day order by day desc limit ${FACET_DAYS_MAX})`;
}

function largestFirst(counts: readonly FacetCount[]): FacetCount[] {
  return [...counts]
    .sort((a, b) => b.items - a.items || (a.value < b.value ? -1 : 1))
    .slice(0, FACET_VALUES_MAX);
}

function byCountry(
  publishers: readonly FacetCount[],
  countries: ReadonlyMap<PublisherId, string>,
): FacetCount[] {
  const counts = new Map<string, number>();
  for (const { value, items } of publishers) {
    const country = countries.get(value as PublisherId) ?? UNKNOWN_COUNTRY;
    counts.set(country, (counts.get(country) ?? 0) + items);
  }
  return Array.from(counts, ([value, items]) => ({ value, items }));
}

/** How the items that `filter` asks for spread over subjects, languages, publishers, countries and days. Throws QueryTimeout. */
export async function facets(
  db: Db,
  filter: SqlFilter,
  { zone, countries, timeoutMs = QUERY_MS_MAX }: FacetOptions,
): Promise<Facets> {
  const rows = await reading(db, timeoutMs, (ask) => ask(statement(filter, zone)));
  const of = (facet: Counted): FacetCount[] =>
    rows.filter((row) => row.facet === facet).map(({ value, items }) => ({ value, items }));
  const publishers = of('publisher');
  return {
    items: of('all')[0]?.items ?? 0,
    entities: largestFirst(of('entity')),
    topics: largestFirst(of('topic')),
    langs: largestFirst(of('lang')),
    publishers: largestFirst(publishers),
    countries: largestFirst(byCountry(publishers, countries)),
    days: of('day').sort((a, b) => (a.value < b.value ? -1 : 1)),
  };
}
