import type { Field } from '../events/item.ts';

/**
 * UTF-16 units of a field that are read; what stands further on is not tagged. Feeds' titles, summaries, contents and full texts
 * are cut to no more than this long before, so it bounds the work for whoever brings texts of their own.
 */
export const READ_UNITS_MAX = 200_000;

/** Title and text are tagged as if there were no more of an item. */
export const LEAD = ['title', 'text'] as const satisfies readonly Field[];
export const BODY = ['body'] as const satisfies readonly Field[];

/** In the order of reading, which is that in which mentions are listed. */
export const FIELDS: readonly Field[] = [...LEAD, ...BODY];

/** The number of each field in FIELDS. */
export const FIELD_NUMBERS: Readonly<Record<Field, number>> = { title: 0, text: 1, body: 2 };
