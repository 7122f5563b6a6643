import { sql } from 'kysely';
import type { RawBuilder } from 'kysely';
import type { Place } from './cursor.ts';
import type { Ask } from './reading.ts';
import type { SqlFilter } from './sql-filter.ts';

/** How many hits beyond the wanted ones the first window should hold, were they spread evenly. */
const AMPLE = 4;
/** How much wider each next window is. */
const GROWTH = 8;
/** Into how many parts all of time is cut, at most, for the first window. */
const PARTS_MAX = 64;
/**
 * Where words are asked for: so many of the newest items that may have them are looked at one by one, before all texts with the
 * words are looked for. Common words fill a page so, and of rarer ones there are few. The planner could not tell which: of a phrase
 * it knows only how common its parts are apart from one another.
 */
const PROBED_ITEMS = 2_000;
/** Up to so many expected hits, where they can be expected, all of time is asked for at once. */
const FEW_HITS = 2_000;
/** Up to so many items in all there is nothing to gain: all of time at once. */
const FEW_ITEMS = 2_000;
const MICROS_MS = 1_000;

interface Plan {
  readonly 'Plan Rows': number;
}

/** Whether there are more than FEW_ITEMS items that a question could be about. */
async function areMany(ask: Ask, { from }: SqlFilter): Promise<boolean> {
  const rows = await ask(sql`select from ${from} offset ${FEW_ITEMS} limit 1`);
  return rows.length > 0;
}

/** Hits that the planner's statistics expect: right within a factor that the growth of windows makes up for. */
async function expectedHits(ask: Ask, { from }: SqlFilter, where: RawBuilder<boolean>): Promise<number> {
  const rows = await ask(
    sql<{ 'QUERY PLAN': [{ Plan: Plan }] }>`explain (format json) select from ${from} where ${where}`,
  );
  return rows[0]?.['QUERY PLAN'][0].Plan['Plan Rows'] ?? 0;
}

/** The stretch of `at` that items lie in, in microseconds; null when there are none. */
async function extent(ask: Ask, { from }: SqlFilter): Promise<Extent | null> {
  const [row] = await ask(sql<{ oldest: number | null; newest: number | null }>`
    select (extract(epoch from min(i.at)) * 1000000)::bigint as oldest,
           (extract(epoch from max(i.at)) * 1000000)::bigint as newest from ${from}`);
  if (row === undefined || row.oldest === null || row.newest === null) return null;
  return { oldest: row.oldest, newest: row.newest };
}

interface Extent {
  readonly oldest: number;
  readonly newest: number;
}

/** The part of `all` that can hold what `filter` asks for after `after`. */
function within(all: Extent, { published }: SqlFilter, after: Place | null): Extent {
  const micros = (bound: Date | null | undefined): number | null => {
    return bound === null || bound === undefined ? null : bound.getTime() * MICROS_MS;
  };
  return {
    oldest: Math.max(all.oldest, micros(published?.since) ?? -Infinity),
    newest: Math.min(all.newest, after?.micros ?? Infinity, micros(published?.until) ?? Infinity),
  };
}

/** A moment given in microseconds since 1970. */
function instant(micros: number): RawBuilder<Date> {
  return sql<Date>`(timestamptz 'epoch' + ${micros}::bigint * interval '1 microsecond')`;
}

/** The condition that an item lies after `after` in the order of search, and `published` where the filter says so. */
function narrowed(
  { where, published }: Pick<SqlFilter, 'where' | 'published'>,
  after: Place | null,
): RawBuilder<boolean> {
  const parts = [where];
  // What was published then stands there in the list too; saying so lets the index on time help.
  if (published !== null && published.since !== null) parts.push(sql`i.at >= ${published.since}`);
  if (published !== null && published.until !== null) parts.push(sql`i.at < ${published.until}`);
  if (after !== null) parts.push(sql`(i.at, i.position) < (${instant(after.micros)}, ${after.position})`);
  return sql<boolean>`(${sql.join(parts, sql` and `)})`;
}

/** All of a filter's condition, as narrow as it is known to be. */
export const conditionOf = (filter: SqlFilter): RawBuilder<boolean> => narrowed(filter, null);

/** Which part of all its time to ask for first; 1 is all. */
function shareOf(hits: number, wanted: number): number {
  if (hits <= Math.max(FEW_HITS, wanted * AMPLE)) return 1;
  return Math.max((wanted * AMPLE) / hits, 1 / PARTS_MAX);
}

/**
 * Conditions that together ask for what `filter` asks for after `after`, one stretch of time each, newest first: who wants
 * `wanted` items stops when it has them.
 *
 * Why: of `order by at desc limit 20` the planner either walks the index of time and hopes that hits come soon, which reads
 * everything where they lie elsewhere or are none; or it fetches all hits and sorts them, hundreds of thousands of a common
 * subject. Its estimate of how many there are is good enough to begin with a stretch that should hold a few times what is
 * wanted; where it errs, the next stretches grow, and the last is all that is left. Each is one statement that the
 * planner prices as a whole.
 */
export async function* windows(
  ask: Ask,
  filter: SqlFilter,
  after: Place | null,
  wanted: number,
): AsyncGenerator<RawBuilder<boolean>> {
  const where = narrowed(filter, after);
  const all = (await areMany(ask, filter)) ? await extent(ask, filter) : null;
  if (all === null) {
    yield where;
    return;
  }
  const { oldest, newest } = within(all, filter, after);
  let end = newest;
  const probed = await probedFrom(ask, filter, after, { oldest, newest, wanted });
  if (probed !== null && filter.words !== null) {
    const probe = narrowed({ ...filter, where: filter.words.probe }, after);
    if (probed <= oldest) {
      yield probe;
      return;
    }
    yield stretch(probe, probed, end, true);
    end = probed;
  }
  const hits = await expectedHits(ask, filter, where);
  const share = probed === null ? shareOf(hits, wanted) : 1;
  let width = Math.ceil((end - oldest) * share);
  for (; end - width > oldest && width > 0; width *= GROWTH) {
    const from = end - width;
    yield stretch(where, from, end, end === newest);
    end = from;
  }
  yield end === newest ? where : sql<boolean>`(${where} and i.at < ${instant(end)})`;
}

/** `where` from `from` on and up to `end`, or before it where that is told already. */
function stretch(
  where: RawBuilder<boolean>,
  from: number,
  end: number,
  isFirst: boolean,
): RawBuilder<boolean> {
  return sql<boolean>`(${where} and i.at >= ${instant(from)} and i.at ${isFirst ? sql`<=` : sql`<`} ${instant(end)})`;
}

/**
 * From when on items are to be looked at one by one for their words, which is from the oldest where so few are in question; null where
 * that is not worth it: no words are asked for, or more is wanted than so few can hold.
 */
async function probedFrom(
  ask: Ask,
  filter: SqlFilter,
  after: Place | null,
  { oldest, newest, wanted }: Extent & { readonly wanted: number },
): Promise<number | null> {
  const { words } = filter;
  if (words === null || wanted * AMPLE > PROBED_ITEMS) return null;
  const base = await expectedHits(ask, filter, narrowed({ ...filter, where: words.base }, after));
  if (base <= PROBED_ITEMS) return oldest;
  return newest - Math.ceil(((newest - oldest) * PROBED_ITEMS) / base);
}
