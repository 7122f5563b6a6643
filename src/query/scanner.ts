import type { Span } from './ast.ts';
import type { QueryProblem } from './problem.ts';

/** Ends a parse: the first problem is told, what would follow it are guesses. */
export class Fault extends Error {
  readonly problem: QueryProblem;
  constructor(message: string, span: Span, suggestions: readonly string[] = []) {
    super(message);
    this.problem = { message, span, suggestions };
  }
}

// People who write Korean, Japanese or Chinese have the wide forms under their fingers.
const SPACES = /\s+/y;
const QUOTE = /["“”„＂]/;
const BARE = /[^\s"“”„＂()（）[\]{}<>]+/y;

/** A place in the text of a query that moves on over what it takes. */
export class Scanner {
  readonly #text: string;
  at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  get length(): number {
    return this.#text.length;
  }

  indexOf(text: string): number {
    return this.#text.indexOf(text);
  }

  isEnd(): boolean {
    return this.at >= this.#text.length;
  }

  char(): string {
    return this.#text.charAt(this.at);
  }

  /** The character here; nothing at the end. */
  here(): Span {
    return { start: this.at, end: Math.min(this.at + 1, this.#text.length) };
  }

  skip(): void {
    this.#find(SPACES);
  }

  #find(pattern: RegExp): string | null {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.#text)?.[0] ?? null;
    if (found !== null) this.at += found.length;
    return found;
  }

  /** Takes what `pattern` (sticky) finds here, and the space after it; null where it finds nothing. */
  take(pattern: RegExp, space = true): string | null {
    const found = this.#find(pattern);
    if (found !== null && space) this.skip();
    return found;
  }

  /** Whether `pattern` (sticky) finds anything here. */
  sees(pattern: RegExp): boolean {
    pattern.lastIndex = this.at;
    return pattern.test(this.#text);
  }

  /** A word without quotes. Faults where none can begin. */
  bare(): string {
    const found = this.#find(BARE);
    if (found !== null) return found;
    throw new Fault(
      this.isEnd() ? 'something is missing' : `a ${this.char()} cannot stand here`,
      this.here(),
    );
  }

  /** What stands between two quotes, where \ takes the next character as it is; null where no quote begins. */
  quoted(): string | null {
    if (!QUOTE.test(this.char())) return null;
    const opened = this.here();
    let text = '';
    for (this.at += 1; !QUOTE.test(this.char()); this.at += 1) {
      if (this.char() === '\\') this.at += 1;
      if (this.isEnd()) throw new Fault('this quote is not closed', opened);
      text += this.char();
    }
    this.at += 1;
    return text;
  }
}

/** Whether `text` is read back as it is without quotes. */
export function isBare(text: string): boolean {
  BARE.lastIndex = 0;
  return BARE.exec(text)?.[0].length === text.length;
}
