import assert from 'node:assert/strict';

/**
 * Arrays in PostgreSQL's binary form (array_recv in src/backend/utils/adt/arrayfuncs.c), one dimension from 1. pg sends a Buffer
 * as it is; the cast in the statement says which type it is. As text, each element would be quoted and escaped here and
 * read again there: half of what passing a batch costs.
 */

/** Object ids of element types (src/include/catalog/pg_type.dat). */
const OIDS = {
  bigint: 20,
  smallint: 21,
  int: 23,
  text: 25,
  real: 700,
  timestamptz: 1184,
  uuid: 2950,
  jsonb: 3802,
} as const;

/** Dimensions, whether there are nulls, element type, elements, lower bound: five int4. */
const HEAD_BYTES = 20;
const INT4_BYTES = 4;
/** In place of an element's size. */
const NULL_SIZE = -1;
const JSONB_VERSION = 1;
const UUID_BYTES = 16;
/** Where PostgreSQL's clock begins, in milliseconds of ours. */
const POSTGRES_EPOCH_MS = Date.UTC(2000, 0, 1);
const WORD = 2 ** 32;

type Writer<T> = (buffer: Buffer, value: T, at: number) => void;

function headOf(oid: number, count: number, hasNulls: boolean, bytes: number): Buffer {
  const buffer = Buffer.allocUnsafe(HEAD_BYTES + bytes);
  let at = 0;
  // PostgreSQL wants no dimension of an empty array, and reads on after its type.
  for (const field of [count === 0 ? 0 : 1, hasNulls ? 1 : 0, oid, count, 1])
    at = buffer.writeInt32BE(field, at);
  return count === 0 ? buffer.subarray(0, 3 * INT4_BYTES) : buffer;
}

function fixed<T>(oid: number, size: number, write: Writer<T>, values: readonly (T | null)[]): Buffer {
  const nulls = values.reduce((sum: number, value) => (value === null ? sum + 1 : sum), 0);
  const buffer = headOf(oid, values.length, nulls > 0, values.length * (INT4_BYTES + size) - nulls * size);
  let at = HEAD_BYTES;
  for (const value of values) {
    at = buffer.writeInt32BE(value === null ? NULL_SIZE : size, at);
    if (value === null) continue;
    write(buffer, value, at);
    at += size;
  }
  return buffer;
}

function texts(oid: number, prefix: readonly number[], values: readonly (string | null)[]): Buffer {
  let [bytes, nulls] = [0, 0];
  for (const value of values) {
    if (value === null) nulls += 1;
    else bytes += prefix.length + Buffer.byteLength(value);
  }
  const buffer = headOf(oid, values.length, nulls > 0, values.length * INT4_BYTES + bytes);
  let at = HEAD_BYTES;
  for (const value of values) {
    if (value === null) {
      at = buffer.writeInt32BE(NULL_SIZE, at);
      continue;
    }
    const size = at;
    at += INT4_BYTES;
    for (const byte of prefix) at = buffer.writeUInt8(byte, at);
    at += buffer.write(value, at);
    buffer.writeInt32BE(at - size - INT4_BYTES, size);
  }
  return buffer;
}

function writeInt64(buffer: Buffer, value: number, at: number): void {
  assert(Number.isSafeInteger(value), `${value} is no whole number that can be passed`);
  const high = Math.floor(value / WORD);
  buffer.writeInt32BE(high, at);
  buffer.writeUInt32BE(value - high * WORD, at + INT4_BYTES);
}

const HEX = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

function writeUuid(buffer: Buffer, value: string, at: number): void {
  assert(HEX.test(value), `${JSON.stringify(value)} is no uuid`);
  buffer.write(value.replaceAll('-', ''), at, 'hex');
}

/** Text must hold no NUL, which PostgreSQL refuses. */
export function textArray(values: readonly (string | null)[]): Buffer {
  return texts(OIDS.text, [], values);
}

export function jsonbArray(values: readonly string[]): Buffer {
  return texts(OIDS.jsonb, [JSONB_VERSION], values);
}

export function uuidArray(values: readonly (string | null)[]): Buffer {
  return fixed(OIDS.uuid, UUID_BYTES, writeUuid, values);
}

export function bigintArray(values: readonly (number | null)[]): Buffer {
  return fixed(OIDS.bigint, 8, writeInt64, values);
}

export function intArray(values: readonly (number | null)[]): Buffer {
  return fixed(OIDS.int, 4, (buffer, value: number, at) => void buffer.writeInt32BE(value, at), values);
}

export function smallintArray(values: readonly (number | null)[]): Buffer {
  return fixed(OIDS.smallint, 2, (buffer, value: number, at) => void buffer.writeInt16BE(value, at), values);
}

export function realArray(values: readonly (number | null)[]): Buffer {
  return fixed(OIDS.real, 4, (buffer, value: number, at) => void buffer.writeFloatBE(value, at), values);
}

/** Microseconds need more than a number holds before 1714 and after 2285. */
function writeMoment(buffer: Buffer, value: Date, at: number): void {
  const micros = (value.getTime() - POSTGRES_EPOCH_MS) * 1_000;
  if (Number.isSafeInteger(micros)) writeInt64(buffer, micros, at);
  else buffer.writeBigInt64BE(BigInt(value.getTime() - POSTGRES_EPOCH_MS) * 1_000n, at);
}

/** Moments, to the millisecond. Throws RangeError for an invalid Date. */
export function timestamptzArray(values: readonly (Date | null)[]): Buffer {
  return fixed(OIDS.timestamptz, 8, writeMoment, values);
}
