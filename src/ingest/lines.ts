/** Bytes of one line of JSONL. */
export const LINE_BYTES_MAX = 1024 * 1024;
const NEWLINE = 0x0a;

/** A line of a stream of bytes. */
export interface Line {
  readonly number: number;
  /** Null when the line was too long to be kept. */
  readonly text: string | null;
}

/** Lines of a stream of bytes, numbered from 1; of one longer than LINE_BYTES_MAX only that it was. */
export async function* linesOf(chunks: AsyncIterable<Buffer>): AsyncGenerator<Line, void> {
  let parts: Buffer[] = [];
  let bytes = 0;
  let number = 0;
  const keep = (part: Buffer): void => {
    bytes += part.byteLength;
    if (bytes <= LINE_BYTES_MAX) parts.push(part);
    else parts = [];
  };
  const finish = (): Line => {
    number += 1;
    const line = { number, text: bytes > LINE_BYTES_MAX ? null : Buffer.concat(parts).toString('utf8') };
    parts = [];
    bytes = 0;
    return line;
  };
  for await (const chunk of chunks) {
    let from = 0;
    for (let end = chunk.indexOf(NEWLINE); end >= 0; end = chunk.indexOf(NEWLINE, from)) {
      keep(chunk.subarray(from, end));
      from = end + 1;
      yield finish();
    }
    keep(chunk.subarray(from));
  }
  if (bytes > 0) yield finish();
}
