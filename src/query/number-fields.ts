import { sql } from 'kysely';
import type { Term } from './ast.ts';
import { columnLeaf } from './column-leaf.ts';
import { valueProblem } from './field.ts';
import type { Read } from './field.ts';
import type { QueryItem } from './item.ts';
import { numbersOf } from './number.ts';

/** `salience:>=0.3`: of the tag that says most. */
export function readSalience(term: Term): Read {
  const numbers = term.value.kind === 'range' ? numbersOf(term.value) : null;
  if (numbers === null) {
    return valueProblem(term, 'expected a comparison with a number from 0 to 1: salience:>=0.3');
  }
  const most = (item: QueryItem): number => Math.max(0, ...item.tags.map((tag) => tag.salience));
  return { leaf: columnLeaf(numbers.sql(sql.ref('i.salience')), (item) => numbers.test(most(item))) };
}

/** `relevance:>=0.5`. */
export function readRelevance(term: Term): Read {
  const numbers = term.value.kind === 'range' ? numbersOf(term.value) : null;
  if (numbers === null) {
    return valueProblem(term, 'expected a comparison with a number from 0 to 1: relevance:>=0.5');
  }
  const column = sql.ref('i.relevance');
  // Unknown is no number: what is not known to be so is found by the negation.
  const condition = sql<boolean>`(${column} is not null and ${numbers.sql(column)})`;
  return {
    leaf: columnLeaf(condition, ({ relevance }) => relevance !== null && numbers.test(relevance)),
  };
}
