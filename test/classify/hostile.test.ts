import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Tagger } from '../../src/classify/tagger.ts';
import { shuttleTagger } from './dossier.ts';

let tagger: Tagger;
beforeAll(async () => {
  tagger = await shuttleTagger();
});

/** Pieces that meet the rules: names, particles, titles, marks, lone surrogates. */
const PIECES = [
  'Taiwan',
  'South Korea',
  'Lee',
  'Xi',
  "'s ",
  ' ',
  'U.S.',
  '대만',
  '북한',
  '이 대통령',
  '한미일',
  '은',
  '에서',
  '李',
  '美',
  '中',
  '日',
  '韓',
  '高市',
  '早苗',
  '台灣',
  '臺',
  '訪',
  '軍',
  'レアアース',
  'ロ',
  '首相',
  '、',
  '・',
  '\u0301',
  '\u3099',
  '\u1112\u1161\u11ab',
  '\ud800',
  '\udc00',
  '\u200b',
  '𠮷',
  'ﬁ',
  '㈱',
  '\uf9e1',
  '1',
  '-',
  '"',
  '…',
];
const hostileText = fc.array(
  fc.oneof(fc.constantFrom(...PIECES), fc.string({ unit: 'binary', maxLength: 3 })),
  { maxLength: 60 },
);

describe('a tag says where it comes from', () => {
  test('every mention is a slice of the original field, with the alias and the rule that let it stand', () => {
    fc.assert(
      fc.property(hostileText, hostileText, (title, text) => {
        const item = { title: title.join(''), text: text.join(''), lang: null, date: '2026-01-13' };
        for (const { mentions, salience } of tagger.tag(item).tags) {
          expect(salience).toBeGreaterThanOrEqual(0);
          expect(salience).toBeLessThanOrEqual(1);
          expect(mentions.length).toBeGreaterThan(0);
          for (const { field, start, end, surface, alias, rule } of mentions) {
            expect(item[field].slice(start, end)).toBe(surface);
            expect(end).toBeGreaterThan(start);
            expect(alias).not.toBe('');
            expect(rule).not.toBe('');
          }
        }
      }),
      { numRuns: 300 },
    );
  });

  test('the same item has the same tags, whatever was tagged in between', () => {
    fc.assert(
      fc.property(hostileText, hostileText, (one, other) => {
        const item = { title: one.join(''), text: one.join(' '), date: '2026-01-13' };
        const before = JSON.stringify(tagger.tag(item));
        tagger.tag({ title: other.join(''), text: other.join('') });
        expect(JSON.stringify(tagger.tag(item))).toBe(before);
      }),
    );
  });
});

describe('a hostile text', () => {
  const LENGTH = 100_000;
  const texts: Readonly<Record<string, string>> = {
    'one kanji': '日'.repeat(LENGTH),
    'one syllable': '북'.repeat(LENGTH),
    'signs of countries': '美日韓中'.repeat(LENGTH / 4),
    'names side by side': '中国'.repeat(LENGTH / 2),
    'names with dots': 'China.'.repeat(LENGTH / 6),
    'names with spaces': 'Lee Xi '.repeat(LENGTH / 7),
    'beginnings of long names': 'comprehensive and progressive '.repeat(LENGTH / 30),
    'combining marks': 'a' + '\u0301\u0327'.repeat(LENGTH / 2),
    'lone surrogates': '\ud800'.repeat(LENGTH),
    'one long word': 'a'.repeat(LENGTH),
    'signs of one pattern': 'export dual-use China Japan '.repeat(LENGTH / 28),
  };

  // Linear work takes some tens of milliseconds here and quadratic work minutes, so the bound can be generous.
  test.each(Object.keys(texts))('of 100,000 units is tagged at once: %s', { timeout: 5_000 }, (name) => {
    const { tags } = tagger.tag({ title: 'x', text: texts[name] ?? '', lang: 'zh', date: '2026-01-13' });
    for (const { mentions } of tags) expect(mentions.length).toBeLessThanOrEqual(100);
  });

  // Looking at the whole text for every name once took 15 seconds here; now it is half a second.
  test(
    'of a megabyte and a half of offices and surnames is tagged in time linear in its length',
    { timeout: 5_000 },
    () => {
      const text = 'Japanese Prime Minister Lee '.repeat(60_000);
      expect(tagger.tag({ title: 'x', text, lang: 'en', date: '2026-01-13' }).tags).not.toEqual([]);
    },
  );
});
