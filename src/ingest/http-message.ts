/** Bytes of the header of an HTTP message. */
const HTTP_HEADER_BYTES_MAX = 64 * 1024;
/** Bytes of the line before a chunk. */
const CHUNK_LINE_BYTES_MAX = 1024;

/** An HTTP answer as it went over the wire. */
export interface HttpMessage {
  readonly status: number;
  /** By lower-case name; a header sent twice is joined by a comma. */
  readonly headers: Readonly<Record<string, string>>;
  /** As it was packed, but no longer in chunks. */
  readonly body: Buffer;
}

function headersOf(lines: readonly string[]): Record<string, string> {
  const headers: Record<string, string> = Object.create(null) as Record<string, string>;
  for (const line of lines) {
    const colon = line.indexOf(':');
    if (colon <= 0) continue;
    const name = line.slice(0, colon).trim().toLowerCase();
    const value = line.slice(colon + 1).trim();
    headers[name] = headers[name] === undefined ? value : `${headers[name]}, ${value}`;
  }
  return headers;
}

/**
 * A body without the frame of its chunks (RFC 9112 §7.1), as far as it goes; as it is where it has none: many who archive
 * take the chunks off and leave the header that names them.
 */
function unchunked(body: Buffer): Buffer {
  const parts: Buffer[] = [];
  let at = 0;
  for (;;) {
    const lineEnd = body.indexOf('\r\n', at);
    const line = lineEnd < 0 ? '' : body.toString('latin1', at, Math.min(lineEnd, at + CHUNK_LINE_BYTES_MAX));
    const size = /^\s*([0-9a-f]{1,8})\s*(?:;.*)?$/i.exec(line);
    if (size === null) return parts.length === 0 ? body : Buffer.concat(parts);
    const bytes = parseInt(size[1] ?? '', 16);
    if (bytes === 0) return Buffer.concat(parts);
    const from = lineEnd + 2;
    parts.push(body.subarray(from, from + bytes));
    at = from + bytes + 2;
    if (at >= body.byteLength) return Buffer.concat(parts);
  }
}

/** Reads an HTTP answer from its bytes; null where they are none. */
export function readHttpMessage(bytes: Buffer): HttpMessage | null {
  const head = bytes.subarray(0, HTTP_HEADER_BYTES_MAX).toString('latin1');
  const status = /^HTTP\/\d(?:\.\d)? (\d{3})\b/.exec(head)?.[1];
  const end = /\r?\n\r?\n/.exec(head);
  if (status === undefined || end === null) return null;
  const headers = headersOf(head.slice(0, end.index).split(/\r?\n/).slice(1));
  const body = bytes.subarray(end.index + end[0].length);
  const isChunked = /\bchunked\b/i.test(headers['transfer-encoding'] ?? '');
  return { status: Number(status), headers, body: isChunked ? unchunked(body) : body };
}
