import stringWidth from 'string-width';
import type { Span } from './ast.ts';

/** What is wrong with a query, and where. */
export interface QueryProblem {
  readonly message: string;
  readonly span: Span;
  /** What may have been meant, best first, as it would be written. */
  readonly suggestions: readonly string[];
}

/** Characters of a long query shown before and after the place. */
const AROUND_CHARS = 40;
/** Columns of the mark under a place. */
const MARK_COLUMNS_MAX = 40;

/** Text on one line, with nothing in it that a terminal obeys. */
function plain(text: string): string {
  return text.replace(/[\p{C}\p{Zl}\p{Zp}]/gu, ' ');
}

/** What is wrong in one line, and what may have been meant. */
export function problemText({ message, suggestions }: QueryProblem): string {
  const meant = suggestions.length === 0 ? '' : `; did you mean ${suggestions.join(' or ')}?`;
  return plain(`${message}${meant}`);
}

function place(text: string, { start, end }: Span): string {
  const from = Math.max(0, start - AROUND_CHARS);
  const to = Math.min(text.length, Math.max(end, start) + AROUND_CHARS);
  const before = `${from > 0 ? '…' : ''}${plain(text.slice(from, start))}`;
  const at = plain(text.slice(start, end));
  const after = `${plain(text.slice(end, to))}${to < text.length ? '…' : ''}`;
  const mark = '^'.repeat(Math.min(MARK_COLUMNS_MAX, Math.max(1, stringWidth(at))));
  return `${before}${at}${after}\n${' '.repeat(stringWidth(before))}${mark}`;
}

/** Each problem: the query, a mark under the place, what is wrong. Chinese characters are two columns wide. */
export function renderProblems(text: string, problems: readonly QueryProblem[]): string {
  return problems.map((problem) => `${place(text, problem.span)}\n${problemText(problem)}`).join('\n\n');
}
