import type { RawBuilder } from 'kysely';
import type { QueryItem } from './item.ts';
import type { Leaf } from './leaf.ts';

/** A demand on columns, for fields that no lexeme answers. */
export function columnLeaf(
  condition: RawBuilder<boolean>,
  test: (item: QueryItem) => boolean,
  more: Partial<Leaf> = {},
): Leaf {
  return {
    sql: { terms: null, words: null, condition },
    test: ({ item }) => test(item),
    telling: false,
    evidence: () => [],
    published: null,
    meaning: null,
    ...more,
  };
}
