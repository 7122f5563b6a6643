import { Cursor, Fault } from './cursor.ts';
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
  readonly #cursor: Cursor;
  #terms = 0;
  #depth = 0;
  /** Of the group we are in: `topic:(a OR b)`. */
  #field: Field | null = null;

  constructor(text: string) {
    this.#cursor = new Cursor(text);
  }

  parse(): Query {
    const cursor = this.#cursor;
    const span = { start: 0, end: cursor.length };
    if (cursor.length > QUERY_CHARS_MAX) {
      throw new Fault(`the query has ${cursor.length} characters, more than ${QUERY_CHARS_MAX}`, span);
    }
    cursor.skip();
    if (cursor.isEnd()) return { kind: 'all', span };
    const query = this.#or();
    if (!cursor.isEnd()) throw new Fault(`this ${cursor.char()} closes nothing`, cursor.here());
    return query;
  }

  #or(): Query {
    const parts = [this.#and()];
    while (this.#cursor.take(OR) !== null) parts.push(this.#and());
    return join('or', parts);
  }

  #and(): Query {
    const parts = [this.#not()];
    const cursor = this.#cursor;
    while (cursor.take(AND) !== null || !(cursor.isEnd() || cursor.sees(CLOSE) || cursor.sees(OR))) {
      parts.push(this.#not());
    }
    return join('and', parts);
  }

  #not(): Query {
    const start = this.#cursor.at;
    if (this.#cursor.take(NOT) !== null || this.#cursor.take(MINUS) !== null) {
      const part = this.#deeper(() => this.#not());
      return { kind: 'not', part, span: { start, end: part.span.end } };
    }
    return this.#cursor.sees(OPEN) ? this.#group(start) : this.#term();
  }

  #deeper<T>(inner: () => T): T {
    this.#depth += 1;
    if (this.#depth > QUERY_DEPTH_MAX) {
      throw new Fault(`more than ${QUERY_DEPTH_MAX} groups inside one another`, this.#cursor.here());
    }
    const result = inner();
    this.#depth -= 1;
    return result;
  }

  /** `start` is where it begins with the field's name, if it has one. */
  #group(start: number): Query {
    const opened = this.#cursor.here();
    this.#cursor.take(OPEN);
    const inner = this.#deeper(() => this.#or());
    if (this.#cursor.take(CLOSE, false) === null) throw new Fault('this ( is not closed', opened);
    const salience = this.#field === null ? null : this.#comparison();
    const span = { start, end: this.#cursor.at };
    this.#cursor.skip();
    const group = salience === null ? inner : withSalience(inner, salience);
    return group.kind === 'term' ? group : { ...group, span };
  }

  #term(): Query {
    const { at: start } = this.#cursor;
    const name = this.#cursor.take(this.#field === null ? NAME : NAME_IN_GROUP, false);
    if (name === null) return this.#value(this.#field, start);
    const field = { name, span: { start, end: start + name.length } };
    if (this.#field !== null) {
      throw new Fault(`${name}: cannot stand in the group of ${this.#field.name}:`, field.span);
    }
    this.#cursor.take(COLON);
    if (!this.#cursor.sees(OPEN)) return this.#value(field, start);
    this.#field = field;
    const group = this.#group(start);
    this.#field = null;
    return group;
  }

  #value(field: Field | null, start: number): Query {
    this.#terms += 1;
    if (this.#terms > QUERY_TERMS_MAX) {
      throw new Fault(`more than ${QUERY_TERMS_MAX} words and conditions`, this.#cursor.here());
    }
    const { at: valueStart } = this.#cursor;
    const value = this.#range() ?? this.#comparison() ?? this.#word(field);
    const salience = value.kind === 'word' ? this.#comparison() : null;
    const span = { start, end: this.#cursor.at };
    const valueSpan = { start: valueStart, end: this.#cursor.at };
    this.#cursor.skip();
    if (field !== null) {
      return { kind: 'term', field: field.name, value, salience, span, fieldSpan: field.span, valueSpan };
    }
    if (isStar(value) && salience === null) return { kind: 'all', span };
    return { kind: 'term', field: null, value, salience, span, fieldSpan: { start, end: start }, valueSpan };
  }

  #word(field: Field | null): Word {
    const cursor = this.#cursor;
    if (cursor.isEnd() || [AND, OR, NOT, CLOSE].some((sign) => cursor.sees(sign))) {
      throw new Fault(`something is missing${field === null ? '' : ` after ${field.name}:`}`, cursor.here());
    }
    const quoted = cursor.quoted();
    if (quoted !== null) return { kind: 'word', text: quoted, prefix: cursor.take(STAR, false) !== null };
    if (cursor.char() === '-' && field === null) {
      throw new Fault('a - stands right before what is not wanted', cursor.here());
    }
    const { at } = cursor;
    const text = cursor.bare();
    const star = text.indexOf('*');
    if (star !== -1 && star < text.length - 1) {
      const span = { start: at + star, end: at + star + 1 };
      throw new Fault('a * stands at the end of a word only', span);
    }
    return { kind: 'word', text: star === -1 ? text : text.slice(0, star), prefix: star !== -1 };
  }

  /** `>=x`, `<x`; null where none begins here. */
  #comparison(): Range | null {
    const { at } = this.#cursor;
    const sign = this.#cursor.take(COMPARISON);
    if (sign === null) return null;
    const bound = this.#bound(sign.endsWith('='));
    if (bound === null) throw new Fault(`${sign} needs a value`, { start: at, end: this.#cursor.at });
    return {
      kind: 'range',
      from: sign.startsWith('>') ? bound : null,
      to: sign.startsWith('<') ? bound : null,
    };
  }

  /** A bound; null for `*`. */
  #bound(inclusive: boolean): Bound | null {
    const quoted = this.#cursor.quoted();
    if (quoted !== null) return { text: quoted, inclusive };
    const text = this.#cursor.bare();
    return text === '*' ? null : { text, inclusive };
  }

  #range(): Range | null {
    const cursor = this.#cursor;
    const opened = cursor.here();
    const left = cursor.take(/[[{]/y);
    if (left === null) return null;
    const from = this.#bound(left === '[');
    cursor.skip();
    if (cursor.take(TO) === null) throw new Fault('a range is written [from TO to]', cursor.here());
    const to = this.#bound(true);
    cursor.skip();
    const right = cursor.take(/[\]}]/y, false);
    if (right === null) throw new Fault('this range is not closed', opened);
    if (from === null && to === null) {
      throw new Fault('both ends are open: a * alone says that', { start: opened.start, end: cursor.at });
    }
    return { kind: 'range', from, to: to === null ? null : { ...to, inclusive: right === ']' } };
  }
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
