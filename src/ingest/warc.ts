import { ByteReader } from './byte-reader.ts';

/** Bytes of a record that are kept; of a longer one only that it was, however long. */
export const WARC_BLOCK_BYTES_MAX = 17 * 1024 * 1024;
/** Bytes of one line of a record's header. */
const HEADER_LINE_BYTES_MAX = 16 * 1024;
/** Lines of a record's header. */
const HEADER_LINES_MAX = 200;
const VERSION = /^WARC\/[01]\.\d{1,2}\s*$/;
const VERSION_IN_BLOCK = '\nWARC/1.';

/** One record of a WARC file (ISO 28500). */
export interface WarcRecord {
  readonly kind: 'record';
  /** Where it begins, and where the next one does, in bytes of the unpacked file. */
  readonly offset: number;
  readonly end: number;
  /** `response`, `request`, `warcinfo` ... in lower case. */
  readonly type: string;
  /** By lower-case name. */
  readonly fields: ReadonlyMap<string, string>;
  /** Null for a record of a type that nobody asked for. */
  readonly block: Buffer | null;
}

/** What stands where a record should, or a record that cannot be had whole. */
export interface WarcFault {
  readonly kind: 'bad';
  readonly offset: number;
  readonly end: number;
  readonly reason: string;
}

type Fields = ReadonlyMap<string, string>;

/** The fields of a header up to its empty line; words where it is none. */
async function readFields(reader: ByteReader): Promise<Fields | string> {
  const fields = new Map<string, string>();
  let last = '';
  for (let count = 0; count < HEADER_LINES_MAX; count += 1) {
    const line = await reader.line(HEADER_LINE_BYTES_MAX);
    if (line === null) return 'cut off within its header';
    const text = line.toString('utf8').replace(/\r?\n$/, '');
    if (text === '') return fields;
    if (/^[ \t]/.test(text)) {
      // ISO 28500 §4: a line that begins with a blank goes on with the field before it.
      fields.set(last, `${fields.get(last) ?? ''} ${text.trim()}`.trim());
      continue;
    }
    const colon = text.indexOf(':');
    if (colon <= 0) return `a header line without a name: ${JSON.stringify(text.slice(0, 60))}`;
    last = text.slice(0, colon).trim().toLowerCase();
    fields.set(last, text.slice(colon + 1).trim());
  }
  return `more than ${HEADER_LINES_MAX} header lines`;
}

/** Reads on to where a record may begin. */
async function toNextRecord(reader: ByteReader): Promise<void> {
  for (;;) {
    const line = await reader.line(HEADER_LINE_BYTES_MAX);
    if (line === null) return;
    if (VERSION.test(line.toString('latin1'))) {
      reader.putBack(line);
      return;
    }
  }
}

/** Reads over empty lines to the next line; null at the end. */
async function firstLine(reader: ByteReader): Promise<{ text: string; offset: number } | null> {
  for (;;) {
    const { offset } = reader;
    const line = await reader.line(HEADER_LINE_BYTES_MAX);
    if (line === null) return null;
    const text = line.toString('latin1');
    if (text.trim() !== '') return { text, offset };
  }
}

/** Whether a record ends here, as its two line ends or the end of the file say. */
async function endsHere(reader: ByteReader): Promise<boolean> {
  const behind = await reader.take(4);
  const text = behind.toString('latin1');
  if (text === '\r\n\r\n' || text === '') return true;
  reader.putBack(behind);
  // Bare line ends, or too few of them, are a writer's slip: what follows tells.
  return /^\s+(?:W|$)/.test(text);
}

/** Goes back to the record that began within `block`, where its length was too long; else on to the next. */
async function recover(reader: ByteReader, block: Buffer | null): Promise<void> {
  const within = block?.indexOf(VERSION_IN_BLOCK) ?? -1;
  if (block !== null && within >= 0) reader.putBack(block.subarray(within + 1));
  else await toNextRecord(reader);
}

/** A record's block; words where it cannot be had. */
async function readBlock(
  reader: ByteReader,
  length: number,
  wanted: boolean,
): Promise<Buffer | null | string> {
  if (wanted && length <= WARC_BLOCK_BYTES_MAX) {
    const block = await reader.take(length);
    if (block.byteLength === length && (await endsHere(reader))) return block;
    await recover(reader, block);
    return block.byteLength < length ? `cut off: ${block.byteLength} of ${length} bytes` : WRONG_LENGTH;
  }
  const skipped = await reader.skip(length);
  if (skipped < length) return `cut off: ${skipped} of ${length} bytes`;
  if (await endsHere(reader)) return wanted ? `larger than ${WARC_BLOCK_BYTES_MAX} bytes` : null;
  await recover(reader, null);
  return WRONG_LENGTH;
}

const WRONG_LENGTH = 'its Content-Length is not where it ends';

async function readRecord(
  reader: ByteReader,
  { text, offset }: { readonly text: string; readonly offset: number },
  wanted: ReadonlySet<string>,
): Promise<WarcRecord | WarcFault> {
  const bad = (reason: string): WarcFault => ({ kind: 'bad', offset, end: reader.offset, reason });
  if (!VERSION.test(text)) {
    await toNextRecord(reader);
    return bad(`no WARC record begins here but ${JSON.stringify(text.trim().slice(0, 40))}`);
  }
  const fields = await readFields(reader);
  const written = typeof fields === 'string' ? '' : (fields.get('content-length') ?? '');
  const length = /^\d{1,15}$/.test(written) ? Number(written) : null;
  if (typeof fields === 'string' || length === null) {
    await toNextRecord(reader);
    return bad(typeof fields === 'string' ? fields : 'no Content-Length');
  }
  const type = (fields.get('warc-type') ?? '').toLowerCase();
  const block = await readBlock(reader, length, wanted.has(type));
  if (typeof block === 'string') return bad(block);
  return { kind: 'record', offset, end: reader.offset, type, fields, block };
}

/**
 * Reads the records of an unpacked WARC file, versions 0.17 to 1.1 (ISO 28500), holding one at a time; blocks of the `wanted`
 * types only. What is no record, or not whole, comes as a value that says where it stood, and reading goes on at the next
 * record. Throws what the stream throws.
 *
 * `from` is the `end` of a record, at which `chunks` begin.
 */
export async function* readWarc(
  chunks: AsyncIterable<Uint8Array>,
  wanted: ReadonlySet<string>,
  from = 0,
): AsyncGenerator<WarcRecord | WarcFault, void> {
  const reader = new ByteReader(chunks, from);
  for (let line = await firstLine(reader); line !== null; line = await firstLine(reader)) {
    yield await readRecord(reader, line, wanted);
  }
}
