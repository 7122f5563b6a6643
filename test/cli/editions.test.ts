import { expect, test } from 'vitest';
import fc from 'fast-check';
import { editionOf } from '../../src/cli/editions.ts';

test('bytes without markers come out as they went in, whatever they are', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 500 }), fc.integer({ min: 1, max: 9 }), (bytes, edition) => {
      expect(editionOf(bytes, edition)).toEqual(Buffer.from(bytes));
    }),
  );
});

test('a block is there from its edition on, or in that edition alone', () => {
  const file = Buffer.from(
    'a<!-- edition:2 -->b<!-- /edition --><!-- edition:1 only -->\nc<!-- /edition -->d',
  );
  const shown = [1, 2, 3].map((edition) => editionOf(file, edition).toString());
  expect(shown).toEqual(['a\ncd', 'abd', 'abd']);
});
