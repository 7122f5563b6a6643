/** A set of small numbers that is emptied at once, to be used item after item: a Set made anew for each costs more than what it holds. */
export class NumberSet {
  /** For each number the filling it was last put into. */
  #fillings = new Uint32Array(256);
  #filling = 1;

  has(number: number): boolean {
    return number < this.#fillings.length && this.#fillings[number] === this.#filling;
  }

  add(number: number): void {
    if (number >= this.#fillings.length) {
      const wider = new Uint32Array(Math.max(number + 1, 2 * this.#fillings.length));
      wider.set(this.#fillings);
      this.#fillings = wider;
    }
    this.#fillings[number] = this.#filling;
  }

  clear(): void {
    this.#filling += 1;
    if (this.#filling <= FILLINGS_MAX) return;
    this.#fillings.fill(0);
    this.#filling = 1;
  }
}

/** Fillings told apart by 32 bits. */
const FILLINGS_MAX = 0xffffffff;
