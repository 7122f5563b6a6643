import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { foldedText, normalize, RUN_UNITS_MAX, type Normalized } from '../../src/classify/normalize.ts';

describe('a text as the matcher reads it', () => {
  test('written variants of one character become one', () => {
    expect(foldedText('臺灣')).toBe(foldedText('台湾'));
    expect(foldedText('獨島')).toBe(foldedText('独島'));
    expect(foldedText('對')).toBe(foldedText('対'));
    expect(foldedText('\uF9E1')).toBe(foldedText('李'));
  });

  test('width, case, decomposed syllables, quotes, dashes and spaces become one', () => {
    expect(foldedText('ＣＰＴＰＰ')).toBe('cptpp');
    expect(foldedText('한국'.normalize('NFD'))).toBe('한국');
    expect(foldedText('ﾚｱｱｰｽ ｶﾞ')).toBe('レアアース ガ');
    expect(foldedText('it’s – a\u3000\u00a0test\u200b')).toBe("it's - a test");
    expect(foldedText('\u202bLee\u202c \u2068李\u2069')).toBe('lee 李');
  });

  test('every unit leads back into the original, in order', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (text) => {
        const { starts, ends, length } = normalize(text);
        for (let at = 0; at < length; at++) {
          const [start, end] = [starts[at] ?? -1, ends[at] ?? -1];
          expect(start).toBeGreaterThanOrEqual(at === 0 ? 0 : (starts[at - 1] ?? 0));
          expect(end).toBeGreaterThan(start);
          expect(end).toBeLessThanOrEqual(text.length);
        }
      }),
    );
  });

  test('a text of ASCII is folded as it is before a character that is not', () => {
    const unit = fc.integer({ min: 0, max: 0x7f }).map((code) => String.fromCharCode(code));
    const text = fc.string({
      unit: fc.oneof(unit, fc.constantFrom(' ', 'Z', '[', '@', 'A', '\t')),
      maxLength: 40,
    });
    const head = ({ units, cased, starts, ends }: Normalized, length: number): unknown =>
      [units, cased, starts, ends].map((list) => [...list.subarray(0, length)]);
    fc.assert(
      fc.property(text, (ascii) => {
        const alone = normalize(ascii);
        const { length } = alone;
        const mixed = normalize(`${ascii}中`);
        expect(mixed.length).toBe(length + 1);
        expect(head(alone, length)).toEqual(head(mixed, length));
        expect([...alone.units.subarray(length, length + 8)]).toEqual(Array(8).fill(0));
      }),
      { numRuns: 500 },
    );
  });

  test('a run of marks is cut into pieces of bounded length', () => {
    const { starts, ends, length } = normalize('a' + '\u0301\u0327'.repeat(5_000));
    for (let at = 0; at < length; at++) {
      expect((ends[at] ?? 0) - (starts[at] ?? 0)).toBeLessThanOrEqual(RUN_UNITS_MAX);
    }
  });
});
