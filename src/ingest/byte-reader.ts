const NEWLINE = 0x0a;

/** `pieces` as one; a copy only where there are several. */
export function joined(pieces: readonly Buffer[]): Buffer {
  const [first] = pieces;
  return pieces.length === 1 && first !== undefined ? first : Buffer.concat(pieces);
}

/**
 * Reads a stream of bytes in the pieces its reader asks for, and knows how far it has got. Bytes are kept in the pieces in which they
 * came, so that giving back many of them copies none.
 */
export class ByteReader {
  readonly #chunks: AsyncIterator<Uint8Array>;
  /** What was read ahead or given back; the next piece is the last one. */
  readonly #ready: Buffer[] = [];
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

  async #read(): Promise<Buffer | null> {
    const next = await this.#chunks.next();
    if (next.done === true) return null;
    const chunk = next.value;
    return Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
  }

  /** The first `bytes` of a piece that has just come; the rest is next. */
  #taken(piece: Buffer, bytes: number): Buffer {
    if (bytes < piece.byteLength) this.#ready.push(piece.subarray(bytes));
    const taken = piece.subarray(0, bytes);
    this.#offset += taken.byteLength;
    return taken;
  }

  /** The next `bytes` as they came, fewer only where the stream ends. */
  async pieces(bytes: number): Promise<Buffer[]> {
    const pieces: Buffer[] = [];
    for (let missing = bytes; missing > 0;) {
      const piece = this.#ready.pop() ?? (await this.#read());
      if (piece === null) break;
      const taken = this.#taken(piece, missing);
      if (taken.byteLength > 0) pieces.push(taken);
      missing -= taken.byteLength;
    }
    return pieces;
  }

  /** The next `bytes`, fewer only where the stream ends. */
  async take(bytes: number): Promise<Buffer> {
    return joined(await this.pieces(bytes));
  }

  /** Passes over `bytes` without keeping them; says how many there were. */
  async skip(bytes: number): Promise<number> {
    let left = bytes;
    while (left > 0) {
      const piece = this.#ready.pop() ?? (await this.#read());
      if (piece === null) break;
      left -= this.#taken(piece, left).byteLength;
    }
    return bytes - left;
  }

  /** The next line with its end, or its first `bytesMax` where it is longer; null at the end of the stream. */
  async line(bytesMax: number): Promise<Buffer | null> {
    const pieces: Buffer[] = [];
    let isWhole = false;
    for (let left = bytesMax; left > 0 && !isWhole;) {
      const piece = this.#ready.pop() ?? (await this.#read());
      if (piece === null) break;
      // No further than this line may go: what lies behind is looked through when its turn comes.
      const end = piece.subarray(0, left).indexOf(NEWLINE);
      isWhole = end >= 0;
      const taken = this.#taken(piece, isWhole ? end + 1 : left);
      if (taken.byteLength > 0) pieces.push(taken);
      left -= taken.byteLength;
    }
    return pieces.length === 0 ? null : joined(pieces);
  }

  /** Gives back bytes that were just taken, to be read again. */
  putBack(...pieces: readonly Buffer[]): void {
    for (const piece of pieces.toReversed()) {
      if (piece.byteLength > 0) this.#ready.push(piece);
      this.#offset -= piece.byteLength;
    }
  }
}
