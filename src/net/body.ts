import { promisify } from 'node:util';
import zlib from 'node:zlib';
import type { InputType, ZlibOptions } from 'node:zlib';

/** The body was more than we take, packed or unpacked. */
export class BodyTooLarge extends Error {
  override readonly name = 'BodyTooLarge';
  constructor(what: 'packed' | 'unpacked', bytesMax: number) {
    super(`the ${what} body is larger than ${bytesMax} bytes`);
  }
}

/** The body is packed in a way we cannot unpack. */
export class BodyUnreadable extends Error {
  override readonly name = 'BodyUnreadable';
}

/** Codings applied one on top of another, announced or not: more than this is somebody playing. */
const CODINGS_MAX = 3;
/** How much of a body is looked at to see whether it is text. */
const LOOK_BYTES = 64;
/** The largest window that RFC 8878 asks a reader of zstd to offer, 8 MB, as a power of two. */
const ZSTD_WINDOW_LOG_MAX = 23;

type Unpack = (packed: InputType, options: ZlibOptions) => Promise<Buffer>;

// Node 20 has no zstd; where a later Node does, it is offered and understood.
const zstd = (zlib as { zstdDecompress?: Parameters<typeof promisify>[0] }).zstdDecompress;
const unpackZstd = zstd === undefined ? null : (promisify(zstd) as unknown as Unpack);

const gunzip = promisify(zlib.gunzip) as Unpack;
const inflateZlib = promisify(zlib.inflate) as Unpack;
const inflateRaw = promisify(zlib.inflateRaw) as Unpack;
const brotli = promisify(zlib.brotliDecompress) as Unpack;

// RFC 9110 §8.4.1.2 means zlib by "deflate"; some servers send it bare. The low four bits of a zlib header
// are 8.
const inflate: Unpack = (packed, options) =>
  ((packed as Uint8Array)[0] ?? 0) % 16 === 8 ? inflateZlib(packed, options) : inflateRaw(packed, options);

const unpackers = new Map<string, { readonly unpack: Unpack; readonly options: ZlibOptions }>([
  // Sync flush: a body cut off on the way is still read as far as it goes; the parser deals with the rest.
  ['gzip', { unpack: gunzip, options: { finishFlush: zlib.constants.Z_SYNC_FLUSH } }],
  ['x-gzip', { unpack: gunzip, options: { finishFlush: zlib.constants.Z_SYNC_FLUSH } }],
  ['deflate', { unpack: inflate, options: { finishFlush: zlib.constants.Z_SYNC_FLUSH } }],
  ['br', { unpack: brotli, options: { finishFlush: zlib.constants.BROTLI_OPERATION_FLUSH } }],
  ...(unpackZstd === null ? [] : [['zstd', { unpack: unpackZstd, options: zstdOptions() }] as const]),
]);

function zstdOptions(): ZlibOptions {
  const { ZSTD_d_windowLogMax: key } = zlib.constants as unknown as Record<string, number>;
  return { params: key === undefined ? {} : { [key]: ZSTD_WINDOW_LOG_MAX } } as ZlibOptions;
}

/** What to send as `Accept-Encoding`. */
export const ACCEPT_ENCODING = ['gzip', 'deflate', 'br', ...(unpackZstd === null ? [] : ['zstd'])].join(', ');

/** Collects a stream of chunks; throws BodyTooLarge as soon as it is longer than `bytesMax`. */
export async function collect(chunks: AsyncIterable<Uint8Array>, bytesMax: number): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of chunks) {
    bytes += chunk.byteLength;
    if (bytes > bytesMax) throw new BodyTooLarge('packed', bytesMax);
    parts.push(chunk);
  }
  return Buffer.concat(parts, bytes);
}

/** Control characters of text: tab, line ends, the escape of ISO-2022-JP, and 0, half a letter of UTF-16. */
const TEXT_CONTROLS: ReadonlySet<number> = new Set([0x00, 0x09, 0x0a, 0x0d, 0x1b]);
const MARKS = /^(?:\u00ef\u00bb\u00bf|\u00ff\u00fe|\u00fe\u00ff)/;

/** Whether bytes are plainly the beginning of XML, HTML or JSON; packed ones are soon among the control characters. */
function isPlainText(body: Uint8Array): boolean {
  const start = body.subarray(0, LOOK_BYTES);
  if (!start.every((byte) => byte >= 0x20 || TEXT_CONTROLS.has(byte))) return false;
  const text = Buffer.from(start).toString('latin1').replace(MARKS, '').replaceAll('\0', '').trimStart();
  return /^(?:<[?!a-z]|[{[]\s*["{[\]}])/i.test(text);
}

const isGzip = (body: Uint8Array): boolean => body[0] === 0x1f && body[1] === 0x8b && body[2] === 8;

function codingsOf(contentEncoding: string): string[] {
  const codings = contentEncoding.toLowerCase().split(',');
  return codings.map((coding) => coding.trim()).filter((coding) => coding !== '' && coding !== 'identity');
}

/**
 * Unpacks `packed` as its `Content-Encoding` says, outermost coding first, and what is gzip after that all the same:
 * servers pack twice, or hand out files that were packed before. A body that is plainly text is taken as it is, whatever
 * the header says. Inflating stops at `bytesMax`, however small the packed body was. Throws BodyTooLarge or
 * BodyUnreadable.
 */
export async function unpack(
  packed: Uint8Array,
  contentEncoding: string,
  bytesMax: number,
): Promise<Uint8Array> {
  const codings = codingsOf(contentEncoding);
  if (codings.length > CODINGS_MAX)
    throw new BodyUnreadable(`the body is packed ${codings.length} times over`);
  let body = packed;
  for (let times = 0; body.byteLength > 0 && !isPlainText(body); times++) {
    const coding = codings.pop() ?? (isGzip(body) ? 'gzip' : null);
    if (coding === null) break;
    if (times === CODINGS_MAX)
      throw new BodyUnreadable(`the body is packed more than ${CODINGS_MAX} times over`);
    body = await unpackOnce(body, coding, bytesMax);
  }
  if (body.byteLength > bytesMax) throw new BodyTooLarge('unpacked', bytesMax);
  return body;
}

async function unpackOnce(body: Uint8Array, coding: string, bytesMax: number): Promise<Uint8Array> {
  const unpacker = unpackers.get(coding);
  if (unpacker === undefined)
    throw new BodyUnreadable(`the body is packed as ${coding.slice(0, 40)}, which is unknown here`);
  try {
    return await unpacker.unpack(body, { ...unpacker.options, maxOutputLength: bytesMax });
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ERR_BUFFER_TOO_LARGE') {
      throw new BodyTooLarge('unpacked', bytesMax);
    }
    throw new BodyUnreadable(`the body says it is packed as ${coding} but does not unpack`, { cause: error });
  }
}
