import { sql } from 'kysely';
import type { RawBuilder } from 'kysely';
import type { Place } from './cursor.ts';
import type { Ask } from './reading.ts';
import { expectedHits } from './expected-hits.ts';
import { PROBED_WANTED_MAX, probe } from './probe.ts';
import type { SqlFilter } from './sql-filter.ts';

/** How many hits beyond the wanted ones the first window should hold, were they spread evenly. */
const AMPLE = 4;
/** How much wider each next window is. */
const GROWTH = 8;
/** Into how many parts all of time is cut, at most, for the first window. */
const PARTS_MAX = 64;
/** Up to so many expected hits, where they can be expected, all of time is asked for at once. */
const FEW_HITS = 2_000;
/** Up to so many items in all there is nothing to gain: all of time at once. */
const FEW_ITEMS = 2_000;
const MICROS_MS = 1_000;

/** Whether there are more than FEW_ITEMS items that a question could be about. */
async function areMany(ask: Ask, { from }: SqlFilter): Promise<boolean> {
  const rows = await ask(sql`select from ${from} offset ${FEW_ITEMS} limit 1`);
  return rows.length > 0;
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

/** Asks for what meets a condition, newest first; gives how many of it there were. */
export type Take = (condition: RawBuilder<boolean>) => Promise<number>;

/**
 * Has `take` ask for what `filter` asks for after `after`, one stretch of time after another, newest first, until it found the
 * `wanted` items or there are no more.
 *
 * Why: of `order by at desc limit 20` the planner either walks the index of time and hopes that hits come soon, which reads
 * everything where they lie elsewhere or are none; or it fetches all hits and sorts them, hundreds of thousands of a common
 * subject. Its estimate of how many there are is good enough to begin with a stretch that should hold a few times what is
 * wanted; where it errs, the next stretches grow, and the last is all that is left. Each is one statement that the
 * planner prices as a whole.
 */
export async function inWindows(
  ask: Ask,
  filter: SqlFilter,
  after: Place | null,
  wanted: number,
  take: Take,
): Promise<void> {
  const where = narrowed(filter, after);
  const all = (await areMany(ask, filter)) ? await extent(ask, filter) : null;
  if (all === null) {
    await take(where);
    return;
  }
  const { oldest, newest } = within(all, filter, after);
  const { words } = filter;
  if (words !== null && wanted <= PROBED_WANTED_MAX) {
    const narrow = (condition: RawBuilder<boolean>): RawBuilder<boolean> =>
      narrowed({ ...filter, where: condition }, after);
    const forms = { probe: narrow(words.probe), base: narrow(words.base), set: words.set };
    const end = await probe(ask, filter, forms, {
      wanted,
      width: newest - oldest,
      take: (condition, from, to) =>
        take(stretch(condition, from === null ? null : newest - from, newest - to, to === 0)),
    });
    if (end !== null) await take(stretch(where, null, newest - end, end === 0));
    return;
  }
  const share = shareOf(await expectedHits(ask, filter, where), wanted);
  let [end, found, width] = [newest, 0, Math.ceil((newest - oldest) * share)];
  for (; end - width > oldest && width > 0; width *= GROWTH) {
    const from = end - width;
    found += await take(stretch(where, from, end, end === newest));
    if (found >= wanted) return;
    end = from;
  }
  await take(stretch(where, null, end, end === newest));
}

/** `where` from `from` on (null: ever) and before `end`; where nothing is told yet, up to whatever is the latest. */
function stretch(
  where: RawBuilder<boolean>,
  from: number | null,
  end: number,
  isFirst: boolean,
): RawBuilder<boolean> {
  const since = from === null ? [] : [sql`i.at >= ${instant(from)}`];
  const until = isFirst ? [] : [sql`i.at < ${instant(end)}`];
  return sql<boolean>`(${sql.join([where, ...since, ...until], sql` and `)})`;
}
