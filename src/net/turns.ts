/** Lets `max` callers in at once; the others wait in the order they came. */
export class Turns {
  readonly #max: number;
  readonly #waiting: (() => void)[] = [];
  #taken = 0;

  constructor(max: number) {
    this.#max = max;
  }

  /** Resolves when it is the caller's turn, with what ends it; null when `signal` aborts first. */
  async take(signal: AbortSignal | undefined): Promise<(() => void) | null> {
    if (signal?.aborted === true) return null;
    if (this.#taken < this.#max) this.#taken += 1;
    else if (!(await this.#wait(signal))) return null;
    return () => {
      this.#end();
    };
  }

  #wait(signal: AbortSignal | undefined): Promise<boolean> {
    return new Promise((resolve) => {
      const go = (): void => {
        signal?.removeEventListener('abort', leave);
        resolve(true);
      };
      const leave = (): void => {
        this.#waiting.splice(this.#waiting.indexOf(go), 1);
        resolve(false);
      };
      signal?.addEventListener('abort', leave, { once: true });
      this.#waiting.push(go);
    });
  }

  /** A turn goes straight to who waits: nobody who comes in between can take it. */
  #end(): void {
    const next = this.#waiting.shift();
    if (next === undefined) this.#taken -= 1;
    else next();
  }
}
