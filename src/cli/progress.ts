import type { Output } from './output.ts';

const REDRAW_MS = 200;
const PLAIN_LINE_MS = 5_000;

/** Tells how far long work has got: one line that rewrites itself on a terminal, a plain line now and then elsewhere. */
export class Progress {
  readonly #output: Pick<Output, 'err' | 'interactive'>;
  readonly #what: string;
  readonly #now: () => number;
  readonly #started: number;
  #shown: number;
  #drawn = false;

  /** `now` is a monotonic clock in milliseconds. */
  constructor(
    output: Pick<Output, 'err' | 'interactive'>,
    what: string,
    now: () => number = () => performance.now(),
  ) {
    this.#output = output;
    this.#what = what;
    this.#now = now;
    this.#started = now();
    this.#shown = this.#started;
  }

  /** `done` of `total` (null: not known yet) things are done. */
  update(done: number, total: number | null): void {
    const now = this.#now();
    if (now - this.#shown < (this.#output.interactive ? REDRAW_MS : PLAIN_LINE_MS)) return;
    this.#shown = now;
    this.#write(this.#line(done, total, now));
  }

  /** Whether it took long enough to be told of. */
  get told(): boolean {
    return this.#shown !== this.#started;
  }

  /** Ends the line. */
  finish(done: number): void {
    const line = this.#line(done, null, this.#now());
    if (this.#output.interactive) this.#output.err(`\r\u001b[K${line}\n`);
    else this.#output.err(`${line}\n`);
  }

  #line(done: number, total: number | null, now: number): string {
    const seconds = Math.max((now - this.#started) / 1000, 0.001);
    const rate = done / seconds;
    const left = total === null || rate === 0 ? '' : `, ${Math.ceil((total - done) / rate)} s left`;
    const of = total === null ? '' : ` of ${total}`;
    return `${this.#what}: ${done}${of}, ${Math.round(rate)}/s${left}`;
  }

  #write(line: string): void {
    if (!this.#output.interactive) {
      this.#output.err(`${line}\n`);
      return;
    }
    this.#output.err(`${this.#drawn ? '\r\u001b[K' : ''}${line}`);
    this.#drawn = true;
  }
}
