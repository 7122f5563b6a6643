/** Bytes of one line of JSONL. */
export const LINE_BYTES_MAX = 1024 * 1024;
const NEWLINE = 0x0a;

const textOf = (bytes: Buffer, isFirst: boolean): string => {
  const text = bytes.toString('utf8');
  return isFirst ? text.replace(/^\ufeff/, '') : text;
};

/** A line of a stream of bytes. */
export interface Line {
  readonly number: number;
  /** Null when the line was too long to be kept. */
  readonly text: string | null;
  /** Where the next one begins, in bytes. */
  readonly end: number;
}

/** Lines of a stream of bytes, numbered from 1, without the byte order mark that may come before the first; of one longer than LINE_BYTES_MAX only that it was. */
export async function* linesOf(chunks: AsyncIterable<Buffer>): AsyncGenerator<Line, void> {
  let parts: Buffer[] = [];
  let bytes = 0;
  let number = 0;
  let end = 0;
  const keep = (part: Buffer): void => {
    bytes += part.byteLength;
    if (bytes <= LINE_BYTES_MAX) parts.push(part);
    else parts = [];
  };
  /** `ends` is how many bytes end the line. */
  const finish = (ends: number): Line => {
    number += 1;
    end += bytes + ends;
    const text = bytes > LINE_BYTES_MAX ? null : textOf(Buffer.concat(parts), number === 1);
    const line = { number, text, end };
    parts = [];
    bytes = 0;
    return line;
  };
  for await (const chunk of chunks) {
    let from = 0;
    for (let at = chunk.indexOf(NEWLINE); at >= 0; at = chunk.indexOf(NEWLINE, from)) {
      keep(chunk.subarray(from, at));
      from = at + 1;
      yield finish(1);
    }
    keep(chunk.subarray(from));
  }
  if (bytes > 0) yield finish(0);
}
