import type { Query } from './ast.ts';
import { isRelative } from './time.ts';

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
    case 'term': {
      if (query.field !== 'published' && query.field !== 'recorded') return false;
      const { value } = query;
      const texts = value.kind === 'word' ? [value.text] : [value.from?.text ?? '', value.to?.text ?? ''];
      return texts.some(isRelative);
    }
  }
}
