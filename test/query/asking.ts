import type { QueryContext } from '../../src/query/context.ts';
import { renderProblems } from '../../src/query/problem.ts';
import { understand } from '../../src/query/understand.ts';
import type { ItemFilter } from '../../src/query/understand.ts';
import { NOON } from '../support/events.ts';

/** Where nothing is known: tests ask by `subject:`. */
export const NOWHERE: QueryContext = {
  subjects: new Map(),
  publishers: new Map(),
  feeds: new Set(),
  now: NOON,
  zone: 'UTC',
};

/** A query that must be understood. */
export function filterOf(text: string, change: Partial<QueryContext> = {}): ItemFilter {
  const result = understand(text, { ...NOWHERE, ...change });
  if ('problems' in result) throw new Error(renderProblems(text, result.problems));
  return result.filter;
}
