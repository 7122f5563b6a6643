import type { RawBuilder } from 'kysely';
import { expectedHits, textsWith } from './expected-hits.ts';
import type { Ask } from './reading.ts';
import type { SqlFilter } from './sql-filter.ts';

/** Up to so many wanted items it is worth looking at the texts of the newest one by one. */
export const PROBED_WANTED_MAX = 500;
/** So many of the newest items are looked at first, whatever is asked for. */
const FIRST_ITEMS = 500;
/** How many times as many items as were looked at are looked at next, at most. */
const GROWTH = 4;
/** Beyond what should hold the rest. */
const AMPLE = 1.25;
/** What a text that is found by its words costs, with its item, against a look at the text of an item of late: 25 µs to 8 µs. */
const FOUND_COST = 3;
/** What is taken for the hits where there were none yet. */
const HALF_A_HIT = 0.5;

/** A question for words: by looking at each item's text, without its words, and the tsquery that whatever meets it meets. */
type Forms = NonNullable<SqlFilter['words']>;

export interface Probing {
  readonly wanted: number;
  /** Microseconds from the newest to the oldest item in question. */
  readonly width: number;
  /** Asks for what meets a condition between two ages, in microseconds before the newest; null is whatever age. */
  readonly take: (condition: RawBuilder<boolean>, from: number | null, to: number) => Promise<number>;
}

/**
 * Looks for words in the texts of the newest items, one by one, as long as that should come to an end before all texts with
 * the words are fetched. Gives the age from which on texts are better found by their words; null when all is told.
 *
 * Why: a common word fills a page so, and of a rare one there are few texts. In between, what either costs follows from how
 * many hits there were among those looked at, and how many texts the index has; the planner knows neither of a phrase.
 */
export async function probe(
  ask: Ask,
  { from }: Pick<SqlFilter, 'from'>,
  forms: Forms,
  { wanted, width, take }: Probing,
): Promise<number | null> {
  const base = await expectedHits(ask, { from }, forms.base);
  let [looked, found, age] = [0, 0, 0];
  let texts: number | null = null;
  for (let next = FIRST_ITEMS; width > 0 && looked + next < base;) {
    const until = Math.ceil((width * (looked + next)) / base);
    found += await take(forms.probe, until, age);
    if (found >= wanted) return null;
    [looked, age] = [looked + next, until];
    if (texts === null && forms.set !== null) texts = await textsWith(ask, forms.set);
    const density = Math.max(found, HALF_A_HIT) / looked;
    const left = base - looked;
    const needed = Math.min(((wanted - found) / density) * AMPLE, left);
    if ((texts ?? density * base) * FOUND_COST <= needed) return age;
    next = needed < left ? Math.ceil(Math.min(needed, looked * GROWTH)) : left;
  }
  await take(forms.probe, null, age);
  return null;
}
