import { ByteReader, joined } from './byte-reader.ts';

/** Bytes of a record that are kept; of a longer one only that it was, however long. */
export const WARC_BLOCK_BYTES_MAX = 17 * 1024 * 1024;
/** Bytes of one line of a record's header. */
const HEADER_LINE_BYTES_MAX = 16 * 1024;
/** Lines of a record's header. */
const HEADER_LINES_MAX = 200;
const VERSION = /^WARC\/[01]\.\d{1,2}\s*$/;
const VERSION_IN_BLOCK = '\nWARC/';
/** What a record ends with. */
const RECORD_END = '\r\n\r\n';
/** Bytes behind a block that tell whether its last ones begin the line of the next record. */
const VERSION_LINE_BYTES_MAX = 16;

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
  /** What was wrong with it and could be mended, in words; null where nothing was. */
  readonly mended: string | null;
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

/** A block, and what of it was mended; words where it cannot be had. */
type Block = { readonly bytes: Buffer; readonly mended: string | null } | string;

const TOO_LONG = 'mended: its Content-Length reached into the next record';
const WRONG_LENGTH = 'its Content-Length is not where it ends';

/** Bytes of a block that are looked through first for the next record, and how many times as many then. */
const LOOK_BYTES = 64 * 1024;
const LOOK_GROWTH = 4;

/** The first `bytes` of pieces, as one, and the pieces behind them. */
function cutAt(pieces: readonly Buffer[], bytes: number): { front: Buffer; behind: Buffer[] } {
  const front: Buffer[] = [];
  let left = bytes;
  for (const [index, piece] of pieces.entries()) {
    if (left < piece.byteLength) {
      front.push(piece.subarray(0, left));
      return { front: joined(front), behind: [piece.subarray(left), ...pieces.slice(index + 1)] };
    }
    front.push(piece);
    left -= piece.byteLength;
  }
  return { front: joined(front), behind: [] };
}

/** Where the line of the next record begins in `bytes`, before `end`; -1 where none does. */
function nextIn(bytes: Buffer, end: number): number {
  for (let at = bytes.indexOf(VERSION_IN_BLOCK); at >= 0; at = bytes.indexOf(VERSION_IN_BLOCK, at + 1)) {
    if (at >= end) return -1;
    const [line = ''] = bytes.toString('latin1', at + 1, at + 1 + VERSION_LINE_BYTES_MAX).split('\n', 1);
    if (VERSION.test(line)) return at + 1;
  }
  return -1;
}

/**
 * Goes back to the record that begins within the `length` bytes of `block`, or with its last ones; else on to the next one. Gives the
 * block as far as it is its record's, where the line ends that belong between two records say where that is. What it costs follows
 * from where that record begins and not from `length`: a file may be all records that claim to be the longest.
 */
async function recover(reader: ByteReader, block: readonly Buffer[], length: number): Promise<Block> {
  const behind = await reader.take(VERSION_LINE_BYTES_MAX);
  const all = [...block, behind];
  for (let look = LOOK_BYTES; ; look *= LOOK_GROWTH) {
    const isAll = look >= length;
    const { front } = cutAt(all, isAll ? length + behind.byteLength : look);
    const next = nextIn(front, isAll ? length : look - VERSION_LINE_BYTES_MAX);
    if (next >= 0) {
      reader.putBack(...cutAt(all, next).behind);
      const end = next - RECORD_END.length;
      if (front.toString('latin1', Math.max(0, end), next) !== RECORD_END) return WRONG_LENGTH;
      return { bytes: front.subarray(0, end), mended: TOO_LONG };
    }
    if (isAll) break;
  }
  reader.putBack(behind);
  await toNextRecord(reader);
  return WRONG_LENGTH;
}

/** A record's block, whether anybody asked for it or not: where its length is wrong the next record may be in it. */
async function readBlock(reader: ByteReader, length: number): Promise<Block> {
  if (length <= WARC_BLOCK_BYTES_MAX) {
    const block = await reader.pieces(length);
    const read = block.reduce((sum, { byteLength }) => sum + byteLength, 0);
    if (read === length && (await endsHere(reader))) return { bytes: joined(block), mended: null };
    const recovered = await recover(reader, block, read);
    const isCut = read < length && recovered === WRONG_LENGTH;
    return isCut ? `cut off: ${read} of ${length} bytes` : recovered;
  }
  const skipped = await reader.skip(length);
  if (skipped < length) return `cut off: ${skipped} of ${length} bytes`;
  if (await endsHere(reader)) return TOO_LARGE;
  await toNextRecord(reader);
  return WRONG_LENGTH;
}

const TOO_LARGE = `larger than ${WARC_BLOCK_BYTES_MAX} bytes`;

/** Bytes of a record's block, as its header says; null where that says none. */
function lengthOf(fields: Fields): number | null {
  const written = fields.get('content-length') ?? '';
  return /^\d{1,15}$/.test(written) ? Number(written) : null;
}

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
  const length = typeof fields === 'string' ? null : lengthOf(fields);
  if (typeof fields === 'string' || length === null) {
    await toNextRecord(reader);
    return bad(typeof fields === 'string' ? fields : 'no Content-Length');
  }
  const type = (fields.get('warc-type') ?? '').toLowerCase();
  const isWanted = wanted.has(type);
  const block = await readBlock(reader, length);
  const record = { kind: 'record', offset, end: reader.offset, type, fields } as const;
  if (block === TOO_LARGE && !isWanted) return { ...record, block: null, mended: null };
  if (typeof block === 'string') return bad(block);
  return { ...record, block: isWanted ? block.bytes : null, mended: block.mended };
}

/**
 * Reads the records of an unpacked WARC file, versions 0.17 to 1.1 (ISO 28500), holding one at a time; blocks of the `wanted`
 * types only. What is no record, or not whole, comes as a value that says where it stood, and reading goes on at the next
 * `WARC/1.x` line; a record whose length reaches into the next one is mended. Throws what the stream throws.
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
