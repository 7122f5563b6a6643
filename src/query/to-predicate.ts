import type { AlertMatch } from '../events/alert.ts';
import type { BoundQuery } from './bind.ts';
import type { Readable } from './readable.ts';

/** Whether an item meets a query. */
export function holds(query: BoundQuery, readable: Readable): boolean {
  switch (query.kind) {
    case 'all':
      return true;
    case 'leaf':
      return query.leaf.test(readable);
    case 'and':
      return query.parts.every((part) => holds(part, readable));
    case 'or':
      return query.parts.some((part) => holds(part, readable));
    case 'not':
      return !holds(query.part, readable);
  }
}

/** By what an item meets a query: what its parts that hold have to show; what is excluded shows nothing. */
export function evidence(query: BoundQuery, readable: Readable): readonly AlertMatch[] {
  switch (query.kind) {
    case 'all':
    case 'not':
      return [];
    case 'leaf':
      return query.leaf.test(readable) ? query.leaf.evidence(readable) : [];
    case 'and':
    case 'or':
      return query.parts.flatMap((part) => (holds(part, readable) ? evidence(part, readable) : []));
  }
}
