import type { Range, Term, Word } from './ast.ts';
import type { QueryContext } from './context.ts';
import type { Leaf } from './leaf.ts';
import type { QueryProblem } from './problem.ts';

/** What a term comes to: a demand, and perhaps a remark on it; or what is wrong. */
export type Read = { readonly leaf: Leaf; readonly note?: QueryProblem } | { readonly problem: QueryProblem };

/** What can be asked of an item under one name. */
export interface Field {
  readonly name: string;
  /** What its values are, for people. */
  readonly type: string;
  readonly about: string;
  readonly examples: readonly string[];
  /** Understands one term that names the field. */
  readonly read: (term: Term, context: QueryContext) => Read;
}

/** A problem with the value of a term. */
export function valueProblem(
  term: Term,
  message: string,
  suggestions: readonly string[] = [],
): { readonly problem: QueryProblem } {
  return { problem: { message, span: term.valueSpan, suggestions } };
}

/** For fields whose values are words: refuses ranges, empty words, and (unless it is asked for) a salience. */
export function readWord(
  term: Term,
  read: (word: Word, salience: Range | null) => Read,
  takesSalience = false,
): Read {
  const { value, salience, field } = term;
  const name = field === null ? 'words' : `${field}:`;
  if (value.kind === 'range')
    return valueProblem(term, `${name} cannot be compared: expected a word or name`);
  if (salience !== null && !takesSalience) {
    return valueProblem(term, `${name} has no salience: only entity:, topic: and subject: have`);
  }
  if (value.text === '' && !value.prefix) return valueProblem(term, 'there is nothing between the quotes');
  return read(value, salience);
}
