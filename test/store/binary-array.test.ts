import fc from 'fast-check';
import { sql } from 'kysely';
import { expect, test } from 'vitest';
import {
  bigintArray,
  intArray,
  jsonbArray,
  realArray,
  smallintArray,
  textArray,
  timestamptzArray,
  uuidArray,
} from '../../src/store/binary-array.ts';
import { useStore } from '../support/store.ts';

const log = useStore();
const RUNS = 40;

const orNull = <T>(one: fc.Arbitrary<T>): fc.Arbitrary<(T | null)[]> => fc.array(fc.option(one));
const storable = fc.string({ unit: 'grapheme' }).map((text) => text.replaceAll('\0', ''));
const moment = fc
  .date({
    min: new Date('0001-01-01T00:00:00Z'),
    max: new Date('9999-12-31T23:59:59.999Z'),
    noInvalidDate: true,
  })
  .map((date) => date.toISOString());

const KINDS: readonly (readonly [string, fc.Arbitrary<unknown[]>, (values: never) => Buffer])[] = [
  ['text', orNull(storable), textArray],
  ['uuid', orNull(fc.uuid()), uuidArray],
  ['bigint', orNull(fc.maxSafeInteger()), bigintArray],
  ['int', orNull(fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 })), intArray],
  ['smallint', orNull(fc.integer({ min: -32_768, max: 32_767 })), smallintArray],
  ['real', orNull(fc.float({ noNaN: true, noDefaultInfinity: true })), realArray],
  ['jsonb', fc.array(fc.json().filter((json) => !json.includes('\\u0000'))), jsonbArray],
  [
    'timestamptz',
    orNull(moment),
    (values: readonly (string | null)[]) =>
      timestamptzArray(values.map((value) => (value === null ? null : new Date(value)))),
  ],
];

test.each(KINDS)(
  'an array of %s comes as the same values as one that is written as text',
  async (type, values, encode) => {
    await fc.assert(
      fc.asyncProperty(values, async (given) => {
        const list = sql.raw(`${type}[]`);
        const { rows } = await sql<{ same: boolean; count: number }>`
        select ${encode(given as never)}::${list} is not distinct from ${given.map((one) => (one === null ? null : (one as string)))}::${list} as same,
               cardinality(${encode(given as never)}::${list}) as count`.execute(log.store.db);
        expect(rows).toEqual([{ same: true, count: given.length }]);
      }),
      { numRuns: RUNS },
    );
  },
);

test('what is no whole number, no uuid or no moment is not passed as another one', () => {
  expect(() => bigintArray([2 ** 53])).toThrow('no whole number');
  expect(() => uuidArray(['1234'])).toThrow('"1234" is no uuid');
  expect(() => timestamptzArray([new Date(Number.NaN)])).toThrow(RangeError);
});
