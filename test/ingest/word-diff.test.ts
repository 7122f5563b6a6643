import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { diffText } from '../../src/cli/diff-text.ts';
import { DIFF_CHARS_MAX, wordDiff } from '../../src/ingest/word-diff.ts';
import { cpuMsOf } from '../support/cpu-time.ts';

const shown = (before: string, after: string, lang: string | null): string =>
  diffText(wordDiff(before, after, lang), false);

describe('what became of a text, word by word', () => {
  test.each([
    ['en', 'Lee leaves for Nara', 'Lee arrives in Nara', 'Lee [-leaves for-]{+arrives in+} Nara'],
    ['en', 'Talks failed', 'Talks failed?', 'Talks failed{+?+}'],
    ['en', 'Quake kills 1,200', 'Quake kills 3,100', 'Quake kills [-1,200-]{+3,100+}'],
    ['ko', '이 대통령 나라 도착', '이 대통령이 나라 출발', '이 [-대통령-]{+대통령이+} 나라 [-도착-]{+출발+}'],
    ['ja', '首相が奈良で会談', '首相が京都で会談', '首相が[-奈良-]{+京都+}で会談'],
    ['zh-Hans', '两国领导人在北京会谈', '两国领导人在首尔会谈', '两国领导人在[-北京-]{+首尔+}会谈'],
    [null, '', 'New', '{+New+}'],
  ])('%s: %s → %s', (lang, before, after, expected) => {
    expect(shown(before, after, lang)).toBe(expected);
  });

  test('is shown near the changes only, and gives a terminal nothing to obey', () => {
    const far = 'word '.repeat(30);
    expect(shown(`${far}old`, `${far}new`, 'en')).toMatch(/^…[word ]{30,40}\[-old-\]\{\+new\+\}$/);
    expect(shown('a\u001b[31m', 'b\u001b[31m', 'en')).not.toContain('\u001b');
  });
});

test('kept and deleted words are the text of before, kept and added ones that of after', () => {
  const text = fc
    .array(
      fc.constantFrom('Lee', 'nara', '회담', '이', '会談', '中', ' ', '  ', ',', '1.5', '😀', '\u0301'),
      { maxLength: 30 },
    )
    .map((words) => words.join(''));
  fc.assert(
    fc.property(text, text, fc.constantFrom('en', 'ko', 'ja', 'zh-Hans', null), (before, after, lang) => {
      const parts = wordDiff(before, after, lang);
      const without = (kind: string): string =>
        parts
          .filter((part) => part.kind !== kind)
          .map((part) => part.text)
          .join('');
      expect(without('added')).toBe(before);
      expect(without('deleted')).toBe(after);
    }),
  );
});

test.each([
  ['words that all differ', 'a b ', 'c d '],
  ['one character without end', '漢', '字'],
  ['words that half match', 'x y z ', 'y x z '],
])('%s are compared or replaced as a whole, in good time', (_what, one, other) => {
  const fill = (unit: string): string => unit.repeat(Math.floor(DIFF_CHARS_MAX / unit.length));
  const ms = cpuMsOf(() => {
    expect(wordDiff(fill(one), fill(other), 'zh').length).toBeGreaterThan(0);
  });
  expect(ms).toBeLessThan(1_000);
});
