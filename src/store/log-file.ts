import { createReadStream, createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip, createGzip } from 'node:zlib';
import { LINE_BYTES_MAX } from './log-line.ts';
import { InvalidLogFile } from './read-line.ts';

/** What a file is called while it is being written, by this process alone: two that write it at once do not meet. */
const UNFINISHED = `.${process.pid}.part`;
const GZIP_NAME = /\.gz$/i;
const GZIP_MAGIC = Buffer.from([0x1f, 0x8b]);
const NEWLINE = 0x0a;

/**
 * Writes `texts` to `file`, compressed when its name ends in .gz. It appears under its name once it is whole and on the
 * disk; what stood there before stays until then.
 */
export async function writeLogFile(file: string, texts: AsyncIterable<string>): Promise<void> {
  const unfinished = `${file}${UNFINISHED}`;
  const out = createWriteStream(unfinished, { flush: true });
  try {
    if (GZIP_NAME.test(file)) await pipeline(texts, createGzip(), out);
    else await pipeline(texts, out);
    await rename(unfinished, file);
  } catch (error) {
    await rm(unfinished, { force: true });
    throw error;
  }
}

/** `bytes` decompressed if they are gzip, which their beginning tells. */
async function* plain(bytes: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  const source = bytes[Symbol.asyncIterator]();
  const first = await source.next();
  if (first.done === true) return;
  const all = (async function* () {
    yield first.value;
    for (let next = await source.next(); next.done !== true; next = await source.next()) yield next.value;
  })();
  if (!first.value.subarray(0, GZIP_MAGIC.length).equals(GZIP_MAGIC)) {
    yield* all;
    return;
  }
  const gunzip = createGunzip();
  const piped = pipeline(Readable.from(all), gunzip);
  // It fails for whoever reads, below; here nobody is left to tell.
  piped.catch(() => undefined);
  yield* gunzip as AsyncIterable<Buffer>;
}

/** What of an error of zlib, or null for one that is none. */
function damage(error: unknown): string | null {
  const code = error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
  if (code === 'Z_BUF_ERROR') return 'is cut off';
  return code.startsWith('Z_') ? 'is in a damaged part of the compressed file' : null;
}

/** A line of a file. */
export interface FileLine {
  /** From 1. */
  readonly number: number;
  /** Without its end. */
  readonly bytes: Buffer;
}

/** A line as it comes in, in pieces. */
class Piece {
  #begun: Buffer[] = [];
  length = 0;

  add(bytes: Buffer): void {
    if (bytes.length === 0) return;
    this.#begun.push(bytes);
    this.length += bytes.length;
  }

  take(rest: Buffer): Buffer {
    const whole = this.#begun.length === 0 ? rest : Buffer.concat([...this.#begun, rest]);
    this.#begun = [];
    this.length = 0;
    return whole;
  }
}

/**
 * Cuts `bytes`, which may be compressed, into lines. Holds one line at a time, and no more than LINE_BYTES_MAX of it,
 * however far a compressed file may swell.
 *
 * Throws InvalidLogFile for a line that is too long or has no end, and for damaged compression.
 */
export async function* readLines(bytes: AsyncIterable<Buffer>): AsyncGenerator<FileLine> {
  let number = 1;
  const piece = new Piece();
  try {
    for await (const chunk of plain(bytes)) {
      let start = 0;
      for (let end = chunk.indexOf(NEWLINE); end !== -1; end = chunk.indexOf(NEWLINE, start)) {
        yield { number, bytes: piece.take(chunk.subarray(start, end)) };
        number += 1;
        start = end + 1;
      }
      piece.add(chunk.subarray(start));
      if (piece.length > LINE_BYTES_MAX)
        throw new InvalidLogFile(number, `is longer than ${LINE_BYTES_MAX} bytes`);
    }
  } catch (error) {
    const why = damage(error);
    throw why === null ? error : new InvalidLogFile(number, why);
  }
  if (piece.length > 0) throw new InvalidLogFile(number, 'is cut off');
}

/** The bytes of `file`. */
export function readLogFile(file: string): AsyncIterable<Buffer> {
  return createReadStream(file);
}
