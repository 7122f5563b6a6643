import fc from 'fast-check';
import stringWidth from 'string-width';
import { describe, expect, test } from 'vitest';
import { drawBars, shares, SPLIT_VALUES_MAX } from '../../src/cli/bars.ts';
import type { Chart } from '../../src/cli/bars.ts';

const PLAIN = { columns: 80, colour: false };
const VALUES = ['en', 'ko', 'ja', 'zh', 'zh-Hant', 'other'];

const charts = fc.integer({ min: 0, max: SPLIT_VALUES_MAX + 1 }).chain((values) =>
  fc.record({
    values: fc.constant(VALUES.slice(0, values)),
    bars: fc.array(
      fc.array(fc.nat({ max: 1_000_000 }), { minLength: values, maxLength: values }).map((parts) => ({
        from: '2026-01-13',
        items: parts.reduce((total, part) => total + part, 0),
        parts,
      })),
      { maxLength: 20 },
    ),
  }),
);

describe('shares', () => {
  test('every part that is not nothing is seen, and the whole is as wide as asked unless that widens it', () => {
    fc.assert(
      fc.property(
        fc.array(fc.nat({ max: 10_000 }), { minLength: 1, maxLength: 6 }),
        fc.integer({ min: 1, max: 100 }),
        (parts, width) => {
          const given = shares(parts, width);
          const seen = parts.filter((part) => part > 0).length;
          const total = given.reduce((sum, share) => sum + share, 0);
          expect(given.map((share) => share > 0)).toEqual(parts.map((part) => part > 0));
          if (seen === 0) expect(total).toBe(0);
          else {
            expect(total).toBeGreaterThanOrEqual(width);
            expect(total).toBeLessThanOrEqual(width + seen - 1);
          }
        },
      ),
    );
  });

  test('are in proportion', () => {
    expect(shares([2, 1, 1], 40)).toEqual([20, 10, 10]);
    expect(shares([1, 1, 1], 10)).toEqual([4, 3, 3]);
    expect(shares([0, 999, 1], 10)).toEqual([0, 10, 1]);
  });
});

describe('drawBars', () => {
  const chart: Chart = {
    values: ['en', 'ko', 'other'],
    bars: [
      { from: '2026-01-12', items: 8, parts: [4, 2, 2] },
      { from: '2026-01-13', items: 0, parts: [0, 0, 0] },
      { from: '2026-01-14', items: 1, parts: [0, 1, 0] },
    ],
  };

  test('never writes past the last column, whatever there is to draw', () => {
    fc.assert(
      fc.property(charts, fc.constantFrom(40, 80, 140), (chart, columns) => {
        for (const line of drawBars(chart, { columns, colour: false }).split('\n')) {
          expect(stringWidth(line)).toBeLessThanOrEqual(columns);
        }
      }),
    );
  });

  test('stacks the parts in shapes of their own, with a legend that counts them', () => {
    const [legend, gap, ...bars] = drawBars(chart, { columns: 33, colour: false }).split('\n');
    expect(legend).toBe('█ en 4   ▒ ko 3   ▚ other 2');
    expect(gap).toBe('');
    expect(bars).toEqual(['2026-01-12  8  ████████▒▒▒▒▚▚▚▚', '2026-01-13  0', '2026-01-14  1  ▒▒', '']);
  });

  test('colour comes on top of the shapes and takes nothing away', () => {
    const coloured = drawBars(chart, { columns: 80, colour: true });
    expect(coloured).toContain('\u001b[');
    // eslint-disable-next-line no-control-regex -- the escapes are what is taken off
    expect(coloured.replace(/\u001b\[\d+m/g, '')).toBe(drawBars(chart, PLAIN));
  });

  test('a bar that is not split has neither legend nor parts, and a file is drawn for as a terminal of 80', () => {
    const whole = { values: [], bars: [{ from: '2026-01-12', items: 3, parts: [] }] };
    expect(drawBars(whole, { columns: Infinity, colour: false })).toBe(drawBars(whole, PLAIN));
    expect(drawBars(whole, PLAIN)).toMatch(/^2026-01-12 {2}3 {2}█{65}\n$/);
  });
});
