import { expect, test } from 'vitest';
import { countLists } from '../../src/cli/columns.ts';

const LISTS = [
  {
    title: 'entity',
    rows: [
      { name: 'taiwan', items: 120 },
      { name: '高市', items: 7 },
    ],
    more: 'and 3 more',
  },
  { title: 'topic', rows: [], more: null },
  { title: 'language', rows: [{ name: 'ja', items: 5 }], more: null },
];

test('lists stand beside one another while there is room, and those without rows are left out', () => {
  expect(countLists(LISTS, 80)).toBe(
    ['entity        language', 'taiwan  120   ja     5', '高市      7', 'and 3 more', ''].join('\n'),
  );
});

test('and below one another where there is not', () => {
  expect(countLists(LISTS, 20)).toBe(
    ['entity', 'taiwan  120', '高市      7', 'and 3 more', '', 'language', 'ja     5', ''].join('\n'),
  );
});
