import type { Query, Term } from './ast.ts';
import { isRelative } from './time.ts';

const TIME_FIELDS: ReadonlySet<string | null> = new Set(['published', 'recorded']);

function isRelativeTerm({ field, value }: Term): boolean {
  if (!TIME_FIELDS.has(field?.toLowerCase() ?? null)) return false;
  if (value.kind === 'word') return isRelative(value.text);
  return [value.from, value.to].some((bound) => bound !== null && isRelative(bound.text));
}

/** Whether what a query means moves with the time it is asked at. */
export function isRelativeQuery(query: Query): boolean {
  switch (query.kind) {
    case 'all':
      return false;
    case 'not':
      return isRelativeQuery(query.part);
    case 'and':
    case 'or':
      return query.parts.some(isRelativeQuery);
    case 'term':
      return isRelativeTerm(query);
  }
}
