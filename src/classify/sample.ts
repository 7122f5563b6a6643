/** Units of an item that its language is told by: a headline and its lead say enough, and a long text must not cost more. */
const SAMPLE_UNITS_MAX = 2_000;
const BYTES_PER_UNIT = 2;

/** The first UTF-16 units of an item, its fields parted by spaces: reading the next item overwrites them. */
export class Sample {
  /** Only the first `length` count. */
  readonly units = new Uint16Array(SAMPLE_UNITS_MAX);
  length = 0;
  readonly #bytes = Buffer.from(this.units.buffer);

  read(fields: readonly string[]): void {
    this.length = 0;
    for (const field of fields) {
      if (this.length > 0) this.#add(' ');
      this.#add(field);
    }
  }

  #add(text: string): void {
    const length = Math.min(text.length, SAMPLE_UNITS_MAX - this.length);
    if (length === 0) return;
    // What does not fit is not written; a string's own units are slow to ask for, one by one.
    this.#bytes.write(text, this.length * BYTES_PER_UNIT, 'utf16le');
    this.length += length;
  }
}
