import { readFile } from 'node:fs/promises';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { encodeLine } from '../../src/store/log-line.ts';
import type { LogLine } from '../../src/store/log-line.ts';
import { decodeLine, InvalidLine } from '../../src/store/read-line.ts';

const SOURCE = 'urn:uuid:00000000-0000-4000-8000-000000000000';
const count = fc.maxSafeNat().map((n) => Math.max(1, n));
const sha256 = fc.stringMatching(/^[0-9a-f]{64}$/);
const uuid = fc.uuid();
const time = fc
  .date({ min: new Date('1990-01-01T00:00:00Z'), max: new Date('2200-01-01T00:00:00Z'), noInvalidDate: true })
  .map((at) => at.toISOString().replace('Z', '123Z'));
/** JSON as a database may hold it: any text, numbers that a double cannot hold, and what looks like the envelope. */
const json = fc.oneof(
  fc.dictionary(fc.string({ unit: 'binary' }), fc.jsonValue()).map((value) => JSON.stringify(value)),
  fc.constantFrom(
    '{}',
    '{"n": 1.0, "big": 12345678901234567890123, "long": 1e400}',
    '{"s": ",\\"data\\":{}}", "t": "\u2028\u0085\u007f", "ko": "나라 회담", "ja": "対中", "zh": "台海"}',
    '{"data": {"data": [1, {"data": null}]}}',
  ),
);

const line: fc.Arbitrary<LogLine> = fc.oneof(
  fc.record({
    kind: fc.constant('event' as const),
    position: count,
    stream: fc.stringMatching(/^[!-~]{1,200}$/),
    version: count,
    id: uuid,
    type: fc.constantFrom('ItemIngested', 'SomethingNew'),
    schemaVersion: fc.integer({ min: 1, max: 32_767 }),
    decidedAt: time,
    recordedAt: time,
    data: json,
  }),
  fc.record({
    kind: fc.constant('content' as const),
    hash: sha256,
    contentKind: fc.constantFrom('item' as const, 'response' as const),
    body: json,
  }),
  fc.record({
    kind: fc.constant('seal' as const),
    ...{ seal: count, from: count, to: count, recordedToUs: fc.maxSafeNat() },
    ...{ root: sha256, prev: sha256, hash: sha256 },
  }),
  fc.record({ kind: fc.constant('begin' as const), format: count, from: count, to: fc.maxSafeNat() }),
  fc.record({
    kind: fc.constant('end' as const),
    ...{ to: fc.maxSafeNat(), events: fc.maxSafeNat(), contents: fc.maxSafeNat(), seals: fc.maxSafeNat() },
    ...{ lastEvent: fc.option(uuid), sha256 },
  }),
);

const isLine = (text: string): boolean => {
  try {
    decodeLine(text);
    return true;
  } catch (error) {
    if (error instanceof InvalidLine) return false;
    throw error;
  }
};

test('a line says again what was written, its JSON to the byte, and is one line', () => {
  fc.assert(
    fc.property(line, (written) => {
      const text = encodeLine(SOURCE, written);
      expect(text).not.toContain('\n');
      expect(decodeLine(text)).toEqual({ source: SOURCE, line: written });
    }),
  );
});

test('every line is a CloudEvent 1.0: the attributes it needs, names and types as demanded', () => {
  fc.assert(
    fc.property(line, (written) => {
      const { data, ...attributes } = JSON.parse(encodeLine(SOURCE, written)) as Record<string, unknown>;
      expect(attributes).toMatchObject({
        ...{ specversion: '1.0', source: SOURCE, datacontenttype: 'application/json' },
        ...{ type: expect.stringMatching(/./) as string, id: expect.stringMatching(/./) as string },
      });
      for (const [name, value] of Object.entries(attributes)) {
        expect(name).toMatch(/^[a-z0-9]{1,20}$/);
        if (typeof value === 'number') expect(value).toBe(value | 0);
        else expect(value).toEqual(expect.any(String));
      }
      expect(data).toEqual(expect.any(Object));
    }),
  );
});

test('of a line that is cut, or has a byte changed outside its data, nothing is taken for what it was', () => {
  fc.assert(
    fc.property(line, fc.nat(), fc.string({ unit: 'binary', maxLength: 3 }), (written, place, other) => {
      const text = encodeLine(SOURCE, written);
      const at = place % text.length;
      expect(isLine(text.slice(0, at))).toBe(false);
      const changed = text.slice(0, at) + other + text.slice(at + 1);
      // It may say another thing of the same form (a position, a type); what says that is not the line's business.
      if (isLine(changed)) expect(encodeLine(...reread(changed))).toBe(changed);
    }),
  );
});

function reread(text: string): [string, LogLine] {
  const { source, line: read } = decodeLine(text);
  return [source, read];
}

const EVENT = encodeLine(SOURCE, {
  kind: 'event',
  ...{ position: 7, stream: 'item-x', version: 1, type: 'ItemIngested', schemaVersion: 1, data: '{}' },
  id: '11111111-1111-8111-8111-111111111111',
  decidedAt: '2026-01-13T03:00:00.000000Z',
  recordedAt: '2026-01-13T03:00:00.123456Z',
});

test.each([
  ['an attribute twice', EVENT.replace('"position":"7"', '"position":"8","position":"7"')],
  ['an attribute too many', EVENT.replace('"position":"7"', '"position":"7","more":1')],
  [
    'attributes in another order',
    EVENT.replace('{"specversion":"1.0",', '{').replace(',"data"', ',"specversion":"1.0","data"'),
  ],
  ['a second value behind the data', EVENT.replace('"data":{}', '"data":{},"data":{}')],
  ['a position that is no number of its own', EVENT.replace('"position":"7"', '"position":"07"')],
  ['a position beyond what a number holds', EVENT.replace('"position":"7"', '"position":"9999999999999999"')],
  ['NUL in the stream', EVENT.replace('item-x', 'item-\\u0000')],
  ['a raw NUL', EVENT.replace('item-x', 'item-\0')],
  ['a time without a zone', EVENT.replace('123456Z', '123456')],
  ['data that is a list', EVENT.replace('"data":{}', '"data":[]')],
  ['lists too deep to be read', EVENT.replace('"data":{}', `"data":{"a":${'['.repeat(1e6)}}`)],
  ['another version of CloudEvents', EVENT.replace('"1.0"', '"0.3"')],
  ['a carriage return', `${EVENT}\r`],
  ['a byte order mark', `\ufeff${EVENT}`],
  ['nothing', ''],
])('%s is no line', (_, text) => {
  expect(isLine(EVENT)).toBe(true);
  expect(isLine(text)).toBe(false);
});

test('the example in docs/log-format.md is a line', async () => {
  const page = await readFile('docs/log-format.md', 'utf8');
  const example = /```text\n([^`]*)```/.exec(page)?.[1] ?? '';
  const text = example.replaceAll('\n', '');
  expect(encodeLine(...reread(text))).toBe(text);
});
