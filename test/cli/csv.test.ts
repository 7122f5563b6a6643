import { expect, test } from 'vitest';
import { csv } from '../../src/cli/csv.ts';

test('is RFC 4180: CRLF, quotes doubled, cells with commas or quotes quoted, nothing for null', () => {
  expect(
    csv(
      ['item', 'title'],
      [
        ['a', 'Lee, "shuttle"'],
        [null, 3],
      ],
    ),
  ).toBe('item,title\r\na,"Lee, ""shuttle"""\r\n,3\r\n');
});

test.each(['=1+1', '+82', '-2', '@cmd', '\t=1', '＝1+1'])('%j is no formula to a spreadsheet', (title) => {
  expect(csv(['title'], [[title]])).toMatch(/^title\r\n'[^\t\r]+\r\n$/);
});

test('a title that breaks lines or turns text around stays one line of its own', () => {
  expect(csv(['title'], [['one\r\ntwo\u202ethree']])).toBe('title\r\none two three\r\n');
});
