import type { Field } from '../events/item.ts';
import type { AliasTraits } from './alias-traits.ts';
import { DATELINE_UNITS_MAX, datelineOf, roleIn, type Dateline, type DatelineRule } from './dateline.ts';
import type { Normalized } from './normalize.ts';

/** What names are in the dateline of a field, which is looked for once a name stands where one could be. */
export class DatelineNames {
  readonly #text: Normalized;
  /** Undefined while it was not looked for. A headline has none: what stands there is of the news. */
  #dateline: Dateline | null | undefined;

  constructor(text: Normalized, field: Field) {
    this.#text = text;
    this.#dateline = field === 'title' ? null : undefined;
  }

  /** What is named at [start, end), units of the field; null where that is no matter of a dateline. */
  roleOf({ arena, city }: AliasTraits, start: number, end: number): DatelineRule | null {
    const from = this.#text.starts[start] ?? 0;
    const dateline = this.#datelineBy(from);
    const role = dateline === null ? null : roleIn(dateline, from, this.#text.ends[end - 1] ?? from);
    if (dateline === null || role === null || arena === 'other') return null;
    if (arena === 'person') return 'byline';
    // What begins with a country and a dash is of the country: TAIWAN: Lawmakers return.
    return dateline.bare && !city && from === dateline.places[0]?.[0] ? null : role;
  }

  /** The dateline, which may hold a name that begins at `from`. */
  #datelineBy(from: number): Dateline | null {
    if (this.#dateline === null || from >= DATELINE_UNITS_MAX) return null;
    if (this.#dateline === undefined) this.#dateline = datelineOf(this.#text.original);
    return this.#dateline;
  }
}
