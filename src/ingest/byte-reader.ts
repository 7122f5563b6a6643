const NEWLINE = 0x0a;
const NOTHING = Buffer.alloc(0);

/** Reads a stream of bytes in the pieces its reader asks for, and knows how far it has got. */
export class ByteReader {
  readonly #chunks: AsyncIterator<Uint8Array>;
  #ready: Buffer = NOTHING;
  #offset: number;

  /** `offset` is where in its file the stream begins. */
  constructor(chunks: AsyncIterable<Uint8Array>, offset = 0) {
    this.#chunks = chunks[Symbol.asyncIterator]();
    this.#offset = offset;
  }

  /** Of the next byte. */
  get offset(): number {
    return this.#offset;
  }

  async #next(): Promise<Buffer | null> {
    const next = await this.#chunks.next();
    if (next.done === true) return null;
    const chunk = next.value;
    return Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
  }

  #taken(bytes: number): Buffer {
    const taken = this.#ready.subarray(0, bytes);
    this.#ready = this.#ready.subarray(taken.byteLength);
    this.#offset += taken.byteLength;
    return taken;
  }

  /** The next `bytes`, fewer only where the stream ends. */
  async take(bytes: number): Promise<Buffer> {
    const first = this.#taken(bytes);
    const parts = [first];
    let missing = bytes - first.byteLength;
    while (missing > 0) {
      const chunk = await this.#next();
      if (chunk === null) break;
      this.#ready = chunk;
      const part = this.#taken(missing);
      parts.push(part);
      missing -= part.byteLength;
    }
    return parts.length === 1 ? first : Buffer.concat(parts);
  }

  /** Passes over `bytes` without keeping them; says how many there were. */
  async skip(bytes: number): Promise<number> {
    let left = bytes - this.#taken(bytes).byteLength;
    while (left > 0) {
      const chunk = await this.#next();
      if (chunk === null) break;
      this.#ready = chunk;
      left -= this.#taken(left).byteLength;
    }
    return bytes - left;
  }

  /** The next line with its end, or its first `bytesMax` where it is longer; null at the end of the stream. */
  async line(bytesMax: number): Promise<Buffer | null> {
    let end = this.#ready.indexOf(NEWLINE);
    while (end < 0 && this.#ready.byteLength < bytesMax) {
      const chunk = await this.#next();
      if (chunk === null) break;
      const before = this.#ready.byteLength;
      this.#ready = before === 0 ? chunk : Buffer.concat([this.#ready, chunk]);
      end = this.#ready.indexOf(NEWLINE, before);
    }
    if (this.#ready.byteLength === 0) return null;
    return this.#taken(Math.min(end < 0 ? this.#ready.byteLength : end + 1, bytesMax));
  }

  /** Gives back bytes that were just taken, to be read again. */
  putBack(bytes: Buffer): void {
    this.#ready = Buffer.concat([bytes, this.#ready]);
    this.#offset -= bytes.byteLength;
  }
}
