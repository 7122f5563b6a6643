import { Scanner, Fault } from './scanner.ts';
import type { Bound, Query, Range, Span, Word } from './ast.ts';
import type { QueryProblem } from './problem.ts';

/** UTF-16 units of a query. */
export const QUERY_CHARS_MAX = 8_192;
/** Groups and negations inside one another. */
export const QUERY_DEPTH_MAX = 50;
export const QUERY_TERMS_MAX = 200;

export type Parsed = { readonly query: Query } | { readonly problems: readonly QueryProblem[] };

/** Reads a query. Never throws: what is wrong is a value, with its place. */
export function parseQuery(text: string): Parsed {
  try {
    return { query: new Parser(text).parse() };
  } catch (error) {
    if (error instanceof Fault) return { problems: [error.problem] };
    throw error;
  }
}

const COLON = /[:：]/y;
const STAR = /\*/y;
const COMPARISON = /[<>]=?/y;
const NAME = /[A-Za-z][A-Za-z0-9_.-]*(?=[:：<>])/y;
/** In a field's group `taiwan>=0.2` is a name and its salience. */
const NAME_IN_GROUP = /[A-Za-z][A-Za-z0-9_.-]*(?=[:：])/y;
const AND = /and(?![^\s"“”„＂()（）[\]{}])/iy;
const OR = /or(?![^\s"“”„＂()（）[\]{}])/iy;
const NOT = /not(?![^\s"“”„＂()（）[\]{}])/iy;
const MINUS = /-(?=[^\s-])/y;
const TO = /to(?=\s)/iy;
const OPEN = /[(（]/y;
const CLOSE = /[)）]/y;

interface Field {
  readonly name: string;
  readonly span: Span;
}

/**
 * Recursive descent over the characters themselves, as what one means depends on where it stands:
 * or := and (OR and)* · and := not (AND? not)* · not := (NOT | -) not | '(' or ')' | term ·
 * term := (name ':')? (word | '(' or ')' | range | comparison) salience?
 */
class Parser {
  readonly #scanner: Scanner;
  #terms = 0;
  #depth = 0;
  /** Of the group we are in: `topic:(a OR b)`. */
  #field: Field | null = null;

  constructor(text: string) {
    this.#scanner = new Scanner(text);
  }

  parse(): Query {
    const scanner = this.#scanner;
    const span = { start: 0, end: scanner.length };
    if (scanner.length > QUERY_CHARS_MAX) {
      throw new Fault(`the query has ${scanner.length} characters, more than ${QUERY_CHARS_MAX}`, span);
    }
    const nul = scanner.indexOf('\u0000');
    // What the database cannot be asked.
    if (nul !== -1) throw new Fault('the character NUL stands in no text', { start: nul, end: nul + 1 });
    scanner.skip();
    if (scanner.isEnd()) return { kind: 'all', span };
    const query = this.#or();
    if (!scanner.isEnd()) throw new Fault(`this ${scanner.char()} closes nothing`, scanner.here());
    return query;
  }

  #or(): Query {
    const parts = [this.#and()];
    while (this.#scanner.take(OR) !== null) parts.push(this.#and());
    return join('or', parts);
  }

  #and(): Query {
    const parts = [this.#not()];
    const scanner = this.#scanner;
    while (scanner.take(AND) !== null || !(scanner.isEnd() || scanner.sees(CLOSE) || scanner.sees(OR))) {
      parts.push(this.#not());
    }
    return join('and', parts);
  }

  #not(): Query {
    const start = this.#scanner.at;
    if (this.#scanner.take(NOT) !== null || this.#scanner.take(MINUS) !== null) {
      const part = this.#deeper(() => this.#not());
      return { kind: 'not', part, span: { start, end: part.span.end } };
    }
    return this.#scanner.sees(OPEN) ? this.#group(start) : this.#term();
  }

  #deeper<T>(inner: () => T): T {
    this.#depth += 1;
    if (this.#depth > QUERY_DEPTH_MAX) {
      throw new Fault(`more than ${QUERY_DEPTH_MAX} groups inside one another`, this.#scanner.here());
    }
    const result = inner();
    this.#depth -= 1;
    return result;
  }

  /** `start` is where it begins with the field's name, if it has one. */
  #group(start: number): Query {
    const opened = this.#scanner.here();
    this.#scanner.take(OPEN);
    const inner = this.#deeper(() => this.#or());
    if (this.#scanner.take(CLOSE, false) === null) throw new Fault('this ( is not closed', opened);
    const salience = this.#field === null ? null : this.#comparison();
    const span = { start, end: this.#scanner.at };
    this.#scanner.skip();
    const group = salience === null ? inner : withSalience(inner, salience);
    return group.kind === 'term' ? group : { ...group, span };
  }

  #term(): Query {
    const { at: start } = this.#scanner;
    const name = this.#scanner.take(this.#field === null ? NAME : NAME_IN_GROUP, false);
    if (name === null) return this.#value(this.#field, start);
    const field = { name, span: { start, end: start + name.length } };
    if (this.#field !== null) {
      throw new Fault(`${name}: cannot stand in the group of ${this.#field.name}:`, field.span);
    }
    this.#scanner.take(COLON);
    if (!this.#scanner.sees(OPEN)) return this.#value(field, start);
    this.#field = field;
    const group = this.#group(start);
    this.#field = null;
    return group;
  }

  #value(field: Field | null, start: number): Query {
    this.#terms += 1;
    if (this.#terms > QUERY_TERMS_MAX) {
      throw new Fault(`more than ${QUERY_TERMS_MAX} words and conditions`, this.#scanner.here());
    }
    const { at: valueStart } = this.#scanner;
    const value = this.#range() ?? this.#comparison() ?? this.#word(field);
    const salience = value.kind === 'word' ? this.#comparison() : null;
    const span = { start, end: this.#scanner.at };
    const valueSpan = { start: valueStart, end: this.#scanner.at };
    this.#scanner.skip();
    if (field !== null) {
      return { kind: 'term', field: field.name, value, salience, span, fieldSpan: field.span, valueSpan };
    }
    if (isStar(value) && salience === null) return { kind: 'all', span };
    return { kind: 'term', field: null, value, salience, span, fieldSpan: { start, end: start }, valueSpan };
  }

  #word(field: Field | null): Word {
    const scanner = this.#scanner;
    if (scanner.isEnd() || [AND, OR, NOT, CLOSE].some((sign) => scanner.sees(sign))) {
      throw new Fault(`something is missing${field === null ? '' : ` after ${field.name}:`}`, scanner.here());
    }
    const quoted = scanner.quoted();
    if (quoted !== null) return { kind: 'word', text: quoted, prefix: scanner.take(STAR, false) !== null };
    if (scanner.char() === '-' && field === null) {
      throw new Fault('a - stands right before what is not wanted', scanner.here());
    }
    const { at } = scanner;
    const text = scanner.bare();
    refuseLookalikes(text, field, { start: at, end: scanner.at });
    const star = text.indexOf('*');
    if (star !== -1 && star < text.length - 1) {
      const span = { start: at + star, end: at + star + 1 };
      throw new Fault('a * stands at the end of a word only', span);
    }
    return { kind: 'word', text: star === -1 ? text : text.slice(0, star), prefix: star !== -1 };
  }

  /** `>=x`, `<x`; null where none begins here. */
  #comparison(): Range | null {
    const { at } = this.#scanner;
    const sign = this.#scanner.take(COMPARISON);
    if (sign === null) return null;
    const bound = this.#bound(sign.endsWith('='));
    if (bound === null) throw new Fault(`${sign} needs a value`, { start: at, end: this.#scanner.at });
    return {
      kind: 'range',
      from: sign.startsWith('>') ? bound : null,
      to: sign.startsWith('<') ? bound : null,
    };
  }

  /** A bound; null for `*`. */
  #bound(inclusive: boolean): Bound | null {
    const quoted = this.#scanner.quoted();
    if (quoted !== null) return { text: quoted, inclusive };
    const text = this.#scanner.bare();
    return text === '*' ? null : { text, inclusive };
  }

  #range(): Range | null {
    const scanner = this.#scanner;
    const opened = scanner.here();
    const left = scanner.take(/[[{]/y);
    if (left === null) return null;
    const from = this.#bound(left === '[');
    scanner.skip();
    if (scanner.take(TO) === null) throw new Fault('a range is written [from TO to]', scanner.here());
    const to = this.#bound(true);
    scanner.skip();
    const right = scanner.take(/[\]}]/y, false);
    if (right === null) throw new Fault('this range is not closed', opened);
    if (from === null && to === null) {
      throw new Fault('both ends are open: a * alone says that', { start: opened.start, end: scanner.at });
    }
    return { kind: 'range', from, to: to === null ? null : { ...to, inclusive: right === ']' } };
  }
}

/** What other languages of queries, keyboards and word processors put for our signs: taken as words it would mean the opposite. */
const LIKE_MINUS = /^[-–—−－!！](?=.)/;
const LIKE_OPERATORS: ReadonlyMap<string, string> = new Map([
  ['&&', 'AND'],
  ['||', 'OR'],
]);

function refuseLookalikes(text: string, field: Field | null, span: Span): void {
  const operator = LIKE_OPERATORS.get(text);
  if (operator !== undefined) throw new Fault(`${text} is written ${operator}`, span, [operator]);
  if (!LIKE_MINUS.test(text)) return;
  const meant = `-${field === null ? '' : `${field.name}:`}${text.slice(1)}`;
  throw new Fault('what is not wanted has a - before all of it; as a word it goes into quotes', span, [
    meant,
  ]);
}

function isStar(value: Word | Range): boolean {
  return value.kind === 'word' && value.text === '' && value.prefix;
}

function join(kind: 'and' | 'or', parts: readonly Query[]): Query {
  const [first, ...rest] = parts as readonly [Query, ...Query[]];
  const last = rest.at(-1);
  return last === undefined ? first : { kind, parts, span: { start: first.span.start, end: last.span.end } };
}

/** A group's salience is that of each of its terms that has none of its own. */
function withSalience(query: Query, salience: Range): Query {
  switch (query.kind) {
    case 'all':
      return query;
    case 'term':
      return query.salience === null ? { ...query, salience } : query;
    case 'not':
      return { ...query, part: withSalience(query.part, salience) };
    case 'and':
    case 'or':
      return { ...query, parts: query.parts.map((part) => withSalience(part, salience)) };
  }
}
