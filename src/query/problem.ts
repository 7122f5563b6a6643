import type { Span } from './ast.ts';

/** What is wrong with a query, and where. */
export interface QueryProblem {
  readonly message: string;
  readonly span: Span;
  /** What may have been meant, best first, as it would be written. */
  readonly suggestions: readonly string[];
}
