import fc from 'fast-check';
import stringWidth from 'string-width';
import { describe, expect, test } from 'vitest';
import { fit, json, messageOf, moment, table } from '../../src/cli/output.ts';
import { cpuMsOf } from '../support/cpu-time.ts';

/** Text in the four scripts, with emoji, combining marks and things a terminal would obey. */
const anyText = fc
  .array(
    fc.constantFrom(
      'a',
      'é',
      '高',
      '시',
      '。',
      '👨‍👩‍👧',
      'e\u0301',
      '\u001b[31m',
      '\u202e',
      '\n',
      ' ',
      '\u009b',
      '｡',
    ),
    { maxLength: 30 },
  )
  .map((parts) => parts.join(''));

describe('fit', () => {
  test('leaves alone what fits, whatever the script', () => {
    expect(fit('Nara', 4)).toBe('Nara');
    expect(fit('高市首相', 8)).toBe('高市首相');
  });

  test('cuts by columns, two for a Chinese character, and says so with an ellipsis', () => {
    expect(fit('Leaders meet', 8)).toBe('Leaders…');
    expect(fit('高市首相', 7)).toBe('高市首…');
    expect(fit('高市首相', 6)).toBe('高市…');
  });

  test('measures no more of a long word than may be shown', () => {
    const ms = cpuMsOf(() => {
      expect(fit('高'.repeat(100_000), 80)).toBe(`${'高'.repeat(39)}…`);
    });
    expect(ms).toBeLessThan(1_000);
  });

  test('cuts nothing where there is no edge', () => {
    const long = '奈良'.repeat(5_000);
    expect(fit(long, Infinity)).toBe(long);
  });

  test('never takes more columns than it is given, and never breaks the line or half a character', () => {
    fc.assert(
      fc.property(anyText, fc.integer({ min: 1, max: 40 }), (text, columns) => {
        const line = fit(text, columns);
        expect(stringWidth(line)).toBeLessThanOrEqual(columns);
        expect(line).not.toMatch(/[\p{Cc}\u202e]/u);
        expect(line).not.toMatch(/\p{Cs}/u);
      }),
    );
  });
});

describe('table', () => {
  test('aligns columns by what a terminal shows, not by characters', () => {
    const text = table(
      ['id', 'name', 'title'],
      [
        ['a', '고려', 'one'],
        ['bcd', 'Nara', 'two'],
        ['', '', 'three'],
      ],
      80,
    );
    expect(text).toBe(
      ['id   name  title', 'a    고려  one', 'bcd  Nara  two', '           three', ''].join('\n'),
    );
  });

  test('cuts the last column alone, to what is left of the line', () => {
    const [, row = ''] = table(
      ['id', 'title'],
      [['abc', '竹島の式典に政務官派遣へ韓国外務省は抗議']],
      30,
    ).split('\n');
    expect(stringWidth(row)).toBeLessThanOrEqual(30);
    expect(row).toMatch(/^abc {2}竹島.*…$/);
  });

  test('cuts columns that may be before the last gets too narrow, the widest first, and keeps the others whole', () => {
    const rows = [
      [
        '0123abcd',
        '한겨레통신사뉴스네트워크',
        'a-long-name-of-a-feed-somewhere',
        'Leaders meet in Nara again',
      ],
    ];
    const lines = table(['item', 'publisher', 'feed', 'title'], rows, 60, [1, 2]).split('\n');
    for (const line of lines) expect(stringWidth(line)).toBeLessThanOrEqual(60);
    expect(lines[1]).toMatch(/^0123abcd {2}한.*… {1,3}a-long.*… {2}Leaders meet in Nar…$/);
    // Without an edge, as into a file or a pipe, all is there.
    expect(table(['item', 'publisher', 'feed', 'title'], rows, Infinity, [1, 2])).toContain(
      rows[0]?.join('  '),
    );
  });

  test('stays a table with hostile cells: a line a row, aligned, nothing to obey', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(anyText, anyText), { minLength: 1, maxLength: 5 }), (rows) => {
        const lines = table(['one', 'two'], rows, 60).split('\n');
        expect(lines).toHaveLength(rows.length + 2);
        for (const line of lines) expect(line).not.toMatch(/[\p{Cc}\u202e]| $/u);
      }),
    );
  });
});

describe('json', () => {
  test('keeps every value and gives a terminal nothing to obey', () => {
    fc.assert(
      fc.property(
        fc.record({ title: fc.string({ unit: 'binary' }), more: anyText }),
        fc.constantFrom(0, 2),
        (value, indent) => {
          const text = json(value, indent);
          expect(JSON.parse(text)).toEqual(value);
          expect(text.replaceAll('\n', '')).not.toMatch(
            /[\p{Cc}\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/u,
          );
          expect(text.endsWith('\n')).toBe(true);
          if (indent === 0) expect(text.indexOf('\n')).toBe(text.length - 1);
        },
      ),
    );
  });

  test('leaves scripts readable', () => {
    expect(json('高市首相', 0)).toBe('"高市首相"\n');
  });
});

describe('messageOf', () => {
  test('speaks for an error that has no words of its own', () => {
    const first = new Error('connect ECONNREFUSED ::1:5432');
    expect(messageOf(new AggregateError([first, new Error('other')]))).toBe(first.message);
    expect(messageOf(new TypeError())).toBe('TypeError');
    expect(messageOf('just text')).toBe('just text');
  });

  test('keeps its lines and their indentation, and nothing a terminal obeys', () => {
    expect(messageOf(new Error('could be\n  a \u001b[31mred\u202e one'))).toBe('could be\n  a  [31mred  one');
  });
});

describe('moment', () => {
  test('is UTC to the minute, and nothing for no moment', () => {
    expect(moment(new Date('2026-01-13T09:59:59.999+09:00'))).toBe('2026-01-13 00:59');
    expect(moment(null)).toBe('');
  });
});
