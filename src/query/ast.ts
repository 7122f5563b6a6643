/** A stretch of the query as it was written: UTF-16 offsets, `end` is not part of it. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** A word or phrase to look for, or the name of something. `prefix` means that more may follow; without text, anything. */
export interface Word {
  readonly kind: 'word';
  readonly text: string;
  readonly prefix: boolean;
}

export interface Bound {
  readonly text: string;
  readonly inclusive: boolean;
}

/** `[a TO b]`, `{a TO b}`, `>=a` and the like; null is an open end (`*`). One end at least is not. */
export interface Range {
  readonly kind: 'range';
  readonly from: Bound | null;
  readonly to: Bound | null;
}

/** One demand: of a field, or of the words where it names none. */
export interface Term {
  readonly kind: 'term';
  readonly field: string | null;
  readonly value: Word | Range;
  /** How salient it must be: `entity:taiwan>=0.2`. Null where nothing is said. */
  readonly salience: Range | null;
  readonly span: Span;
  /** Where the field's name stands (empty span where there is none), and the value with what follows it. */
  readonly fieldSpan: Span;
  readonly valueSpan: Span;
}

/** Everything there is: the empty query, and `*`. */
export interface All {
  readonly kind: 'all';
  readonly span: Span;
}

/** Two parts or more. */
export interface And {
  readonly kind: 'and';
  readonly parts: readonly Query[];
  readonly span: Span;
}

/** Two parts or more. */
export interface Or {
  readonly kind: 'or';
  readonly parts: readonly Query[];
  readonly span: Span;
}

export interface Not {
  readonly kind: 'not';
  readonly part: Query;
  readonly span: Span;
}

/** A query as a tree, every node with its place in what was written. Names and times are not looked at yet. */
export type Query = All | And | Or | Not | Term;
