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
  /** The share that was done when the first share was told of: an import that goes on has not done it now. */
  #shareBefore: number | null = null;

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

  /**
   * `done` of `total` (null: not known yet) things are done. `share` (0 to 1) says how much of the work that is, where the things
   * cannot be counted before.
   */
  update(done: number, total: number | null, share: number | null = null): void {
    const now = this.#now();
    this.#shareBefore ??= share;
    if (now - this.#shown < (this.#output.interactive ? REDRAW_MS : PLAIN_LINE_MS)) return;
    this.#shown = now;
    this.#write(`${this.#line(done, total, now)}${share === null ? '' : this.#shareText(share, now)}`);
  }

  #shareText(share: number, now: number): string {
    const gained = share - (this.#shareBefore ?? 0);
    const left =
      gained <= 0 ? '' : `, ${Math.ceil(((now - this.#started) / 1000 / gained) * (1 - share))} s left`;
    return `, ${Math.floor(share * 100)} %${left}`;
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
