import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { FIELD_UNITS_MAX, tokensOf, WORD_UNITS_MAX } from '../../src/query/tokens.ts';
import {
  LEXEME_POSITIONS_MAX,
  LEXEMES_UNITS_MAX,
  lookupForm,
  POSITION_MAX,
  wordsOf,
} from '../../src/query/words.ts';

/** The lexemes of a text with their positions, counted from its first. */
function lexemes(text: string): Record<string, readonly number[]> {
  const words = wordsOf('', text);
  return Object.fromEntries(
    Array.from(words.lexemes, ([lexeme, positions]) => [
      lexeme,
      positions.map((position) => position - words.textFrom + 1),
    ]),
  );
}

describe('the words of a text', () => {
  test('of a spaced script stand as they are and by their stems, at one position', () => {
    expect(lexemes('The summits, normalised')).toEqual({
      the: [1],
      summits: [2],
      summit: [2],
      normalised: [3],
      normal: [3],
    });
  });

  test('lose accents where they are Latin, and keep what another script cannot do without', () => {
    expect(Object.keys(lexemes('Café Nguyễn x\u0302y'))).toEqual(['cafe', 'nguyen', 'xy']);
    expect(Object.keys(lexemes('दिल्ली'))).toEqual(['दिल्ली']);
    expect(Object.keys(lexemes('Йемен'))).toEqual(['йемен']);
  });

  test('lose the possessive of English, whatever the quote', () => {
    expect(lexemes("Seoul's and Xi’s offer")).toEqual(lexemes('Seoul and Xi offer'));
    expect(Object.keys(lexemes("o'sullivan"))).toEqual(['o', 'sullivan']);
  });

  test('give pairs of neighbours and the last character where they are CJK, a position a character', () => {
    expect(lexemes('高市首相')).toEqual({ 高市: [1], 市首: [2], 首相: [3], 相: [4] });
    expect(lexemes('G7サミ 一')).toEqual({ g7: [1], サミ: [2], ミ: [3], 一: [4] });
  });

  test('give the pair over one space between Hangul, in a form of its own', () => {
    expect(lexemes('셔틀 외교')).toEqual({ 셔틀: [1], 틀: [2], 틀_외: [2], 외교: [3], 교: [4] });
    for (const apart of ['셔틀, 외교', '셔틀 A 외교', '首脳 会談', '셔틀 会談']) {
      expect(Object.keys(lexemes(apart)).some((lexeme) => lexeme.includes('_'))).toBe(false);
    }
  });

  test('are one run across a dot between CJK characters', () => {
    for (const dotted of ['한·중·일', '한・중・일', '한ㆍ중ㆍ일'])
      expect(lexemes(dotted)).toEqual(lexemes('한중일'));
    expect(lexemes('한··중')).toEqual(lexemes('한 / 중'));
    expect(Object.keys(lexemes('A·B'))).toEqual(['a', 'b']);
  });

  test('take kanji beyond the first plane as one character, whatever selector follows', () => {
    expect(lexemes('𠮷野')).toEqual({ 𠮷野: [1], 野: [2] });
    expect(lexemes('辻\u{E0100}井')).toEqual(lexemes('辻井'));
    expect(lexemes('\ud842 野 \udfb7')).toEqual({ 野: [1] });
  });

  test('of text stand after those of the title, with room between', () => {
    const { lexemes: found, textFrom } = wordsOf('Xi arrives', 'Xi left');
    expect(found.get('xi')).toEqual([1, textFrom]);
    expect(textFrom).toBeGreaterThan(2 + 2);
  });
});

describe('the stem that a word is looked up by', () => {
  test('is itself where the word is no English, long, or a number', () => {
    for (const word of ['g7s', 'éxitos', '2026', 'ab', 'x'.repeat(50) + 'ing'])
      expect(lookupForm(word)).toBe(word);
  });

  test('joins the short words that Porter parts, and parts the two that he joins', () => {
    for (const word of ['ties', 'tied']) expect(lookupForm(word)).toBe(lookupForm('tie'));
    expect(lookupForm('supplies')).toBe(lookupForm('supply'));
    expect(lookupForm('news')).not.toBe(lookupForm('new'));
  });

  test('is never empty', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom(...Array.from('aeisdngy')), minLength: 1, maxLength: 6 }),
        (word) => {
          expect(lookupForm(word)).not.toBe('');
        },
      ),
    );
  });
});

describe('hostile text', () => {
  const hostile: readonly (readonly [string, string])[] = [
    ['one kanji', '台'.repeat(FIELD_UNITS_MAX)],
    ['marks', 'a' + '\u0301\u0327'.repeat(FIELD_UNITS_MAX)],
    ['marks on a letter that keeps them', 'क' + '\u093f\u0301'.repeat(FIELD_UNITS_MAX)],
    ['letters', 'x'.repeat(2 * FIELD_UNITS_MAX)],
    ['letters that grow', '\ufdfa'.repeat(FIELD_UNITS_MAX)],
    ['apostrophes', "a's".repeat(FIELD_UNITS_MAX)],
    ['dots', '한·'.repeat(FIELD_UNITS_MAX)],
    ['Hangul, each alone', '한 '.repeat(FIELD_UNITS_MAX)],
    ['words', Array.from({ length: FIELD_UNITS_MAX / 4 }, (_, n) => n.toString(36)).join(' ')],
    [
      'kanji, all different',
      Array.from({ length: 20_000 }, (_, n) => String.fromCharCode(0x4e00 + n)).join(''),
    ],
    ['emoji', '😀'.repeat(FIELD_UNITS_MAX)],
  ];

  test.each(hostile)('of %s stays within what a tsvector holds', (_, text) => {
    const { lexemes: found } = wordsOf(text.slice(0, 500), text);
    let units = 0;
    const beyond: string[] = [];
    for (const [lexeme, positions] of found) {
      units += lexeme.length;
      const ascends = positions.every((position, n) => n === 0 || position > (positions[n - 1] ?? 0));
      const fits = lexeme.length <= WORD_UNITS_MAX && positions.length <= LEXEME_POSITIONS_MAX;
      if (!ascends || !fits || (positions.at(-1) ?? 0) > POSITION_MAX) beyond.push(lexeme);
    }
    expect(beyond).toEqual([]);
    expect(units).toBeLessThanOrEqual(LEXEMES_UNITS_MAX);
  });

  test('of any kind is cut into parts that lead back into it, in order', () => {
    const text = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 100 }),
      fc.string({
        unit: fc.constantFrom(...Array.from("한국 ·高\u3099a\u0301's_7"), '𠮷', '\ud842', '\u{E0100}'),
        maxLength: 60,
      }),
    );
    fc.assert(
      fc.property(text, (original) => {
        let before = 0;
        for (const { parts, starts, ends } of tokensOf(original, POSITION_MAX)) {
          for (const [n, part] of parts.entries()) {
            const [start, end] = [starts[n] ?? -1, ends[n] ?? -1];
            if (part === '' || start < before || end <= start || end > original.length) return false;
            before = start;
          }
        }
        return true;
      }),
    );
  });
});
