import type { Query, Term } from './ast.ts';
import type { QueryContext } from './context.ts';
import { fieldNamed, FIELDS, FREE_WORDS } from './fields.ts';
import type { Read } from './field.ts';
import type { Leaf, Stretch } from './leaf.ts';
import { nearest } from './nearest.ts';
import type { QueryProblem } from './problem.ts';

/** A query whose names and times are understood. */
export type BoundQuery =
  | { readonly kind: 'all' }
  | { readonly kind: 'leaf'; readonly term: Term; readonly leaf: Leaf }
  | { readonly kind: 'and' | 'or'; readonly parts: readonly BoundQuery[] }
  | { readonly kind: 'not'; readonly part: BoundQuery };

export type Binding =
  | { readonly bound: BoundQuery; readonly notes: readonly QueryProblem[] }
  | { readonly problems: readonly QueryProblem[] };

function readTerm(term: Term, context: QueryContext): Read {
  if (term.field === null) return FREE_WORDS.read(term, context);
  const field = fieldNamed(term.field);
  if (field !== undefined) return field.read(term, context);
  const near = /^https?$/i.test(term.field)
    ? ['url:']
    : nearest(term.field, FIELDS).map((name) => `${name}:`);
  return {
    problem: { message: `there is no field ${term.field}:`, span: term.fieldSpan, suggestions: near },
  };
}

/** Understands every term of a query where it is asked; all problems at once. */
export function bindQuery(query: Query, context: QueryContext): Binding {
  const problems: QueryProblem[] = [];
  const notes: QueryProblem[] = [];
  const bind = (node: Query): BoundQuery => {
    switch (node.kind) {
      case 'all':
        return { kind: 'all' };
      case 'and':
      case 'or':
        return { kind: node.kind, parts: node.parts.map(bind) };
      case 'not':
        return { kind: 'not', part: bind(node.part) };
      case 'term': {
        const read = readTerm(node, context);
        if ('leaf' in read) {
          if (read.note !== undefined) notes.push(read.note);
          return { kind: 'leaf', term: node, leaf: read.leaf };
        }
        problems.push(read.problem);
        return { kind: 'all' };
      }
    }
  };
  const bound = bind(query);
  return problems.length > 0 ? { problems } : { bound, notes };
}

/** Whether whatever meets a query carries a subject or words that were asked for. */
export function isTelling(query: BoundQuery): boolean {
  switch (query.kind) {
    case 'all':
    case 'not':
      return false;
    case 'leaf':
      return query.leaf.telling;
    case 'and':
      return query.parts.some(isTelling);
    case 'or':
      return query.parts.every(isTelling);
  }
}

/** Whether a query asks for words anywhere. */
export function asksForWords(query: BoundQuery): boolean {
  switch (query.kind) {
    case 'all':
      return false;
    case 'not':
      return asksForWords(query.part);
    case 'leaf':
      return query.leaf.sql.words !== null;
    case 'and':
    case 'or':
      return query.parts.some(asksForWords);
  }
}

function latest(a: Date | null, b: Date | null): Date | null {
  return a === null || (b !== null && b > a) ? b : a;
}

function earliest(a: Date | null, b: Date | null): Date | null {
  return a === null || (b !== null && b < a) ? b : a;
}

/** When whatever meets a query was published; null where it may be without a date. */
export function publishedIn(query: BoundQuery): Stretch | null {
  switch (query.kind) {
    case 'all':
    case 'not':
      return null;
    case 'leaf':
      return query.leaf.published;
    case 'and': {
      const known = query.parts.map(publishedIn).filter((stretch) => stretch !== null);
      return known.reduce<Stretch | null>(
        (all, { since, until }) => ({
          since: latest(all?.since ?? null, since),
          until: earliest(all?.until ?? null, until),
        }),
        null,
      );
    }
    case 'or': {
      const known = query.parts.map(publishedIn);
      return known.reduce((all, stretch) =>
        all === null || stretch === null
          ? null
          : {
              since: all.since === null || stretch.since === null ? null : earliest(all.since, stretch.since),
              until: all.until === null || stretch.until === null ? null : latest(all.until, stretch.until),
            },
      );
    }
  }
}
