import type { Bound, Query, Range, Term } from './ast.ts';
import { isBare } from './scanner.ts';

const OPERATOR = /^(?:and|or|not|to)$/i;
/** What is read as something else at the beginning of a word, or anywhere in it. */
const SPECIAL = /^[-=–—−－!！]|^(?:&&|\|\|)$|\*/;
const LIKE_FIELD = /^[A-Za-z][A-Za-z0-9_.-]*[:：]/;

function word(text: string, quote = false): string {
  if (!quote && isBare(text) && !OPERATOR.test(text) && !SPECIAL.test(text)) return text;
  return `"${text.replaceAll(/["“”„＂\\]/g, '\\$&')}"`;
}

function bound(value: Bound | null): string {
  return value === null ? '*' : word(value.text);
}

function printRange({ from, to }: Range): string {
  if (from !== null && to === null) return `>${from.inclusive ? '=' : ''}${bound(from)}`;
  if (from === null && to !== null) return `<${to.inclusive ? '=' : ''}${bound(to)}`;
  return `${from?.inclusive === true ? '[' : '{'}${bound(from)} TO ${bound(to)}${to?.inclusive === true ? ']' : '}'}`;
}

function printTerm({ field, value, salience }: Term): string {
  // Where a field could stand, a word may not look like one.
  const quote = field === null && value.kind === 'word' && (salience !== null || LIKE_FIELD.test(value.text));
  const said =
    value.kind === 'range'
      ? printRange(value)
      : `${value.text === '' && value.prefix ? '' : word(value.text, quote)}${value.prefix ? '*' : ''}`;
  return `${field === null ? '' : `${field}:`}${said}${salience === null ? '' : printRange(salience)}`;
}

/** A part as it stands inside another: what joins parts of its own goes into brackets. */
function inner(query: Query): string {
  return query.kind === 'and' || query.kind === 'or' ? `(${printQuery(query)})` : printQuery(query);
}

/** A query as one would write it: parseQuery reads it back as the same tree. */
export function printQuery(query: Query): string {
  switch (query.kind) {
    case 'all':
      return '*';
    case 'term':
      return printTerm(query);
    case 'not':
      return query.part.kind === 'not' ? `NOT ${printQuery(query.part)}` : `-${inner(query.part)}`;
    case 'and':
      return query.parts.map(inner).join(' ');
    case 'or':
      return query.parts.map(inner).join(' OR ');
  }
}
