import { sql } from 'kysely';
import type { RawBuilder } from 'kysely';
import type { Bound, Range } from './ast.ts';

const NUMBER = /^\d{1,9}(?:\.\d{1,9})?$/;

/** A range of numbers as float4, which is what the columns hold: comparing wider would tell 0.7 from itself. */
export interface Numbers {
  readonly sql: (column: RawBuilder<unknown>) => RawBuilder<boolean>;
  readonly test: (value: number) => boolean;
}

function sqlBound(column: RawBuilder<unknown>, bound: Bound | null, below: boolean): RawBuilder<boolean> {
  if (bound === null) return sql`true`;
  const operator = sql.raw(`${below ? '<' : '>'}${bound.inclusive ? '=' : ''}`);
  return sql<boolean>`${column} ${operator} ${Math.fround(Number(bound.text))}::real`;
}

function holds(value: number, bound: Bound | null, sign: 1 | -1): boolean {
  if (bound === null) return true;
  const difference = sign * (Math.fround(value) - Math.fround(Number(bound.text)));
  return bound.inclusive ? difference >= 0 : difference > 0;
}

/** What a range says about numbers from 0 to 1; null when one of its bounds is none. */
export function numbersOf({ from, to }: Range): Numbers | null {
  if ([from, to].some((bound) => bound !== null && !(NUMBER.test(bound.text) && Number(bound.text) <= 1)))
    return null;
  return {
    sql: (column) => sql<boolean>`(${sqlBound(column, from, false)} and ${sqlBound(column, to, true)})`,
    test: (value) => holds(value, from, 1) && holds(value, to, -1),
  };
}
