import stringWidth from 'string-width';
import { fit } from './output.ts';

/** A day or week: how many items, and what part of them each value has (in the order of the chart's values). */
export interface Bar {
  readonly from: string;
  readonly items: number;
  readonly parts: readonly number[];
}

/** Bars, oldest first, split by `values`; without any the bars are whole. */
export interface Chart {
  readonly values: readonly string[];
  readonly bars: readonly Bar[];
}

/** How it is drawn. */
export interface Canvas {
  readonly columns: number;
  readonly colour: boolean;
}

/** Values that have a sign of their own, and one more for all others. */
export const SPLIT_VALUES_MAX = 5;
/** What the values beyond those go by. */
export const OTHER = 'other';

/** Shapes that are told apart without colour, densest first; the last is for what is left over. */
const SHAPES = ['█', '▒', '▚', '░', '▬', '·'] as const;
/** Colours as SGR parameters that are told apart by most colour-blind readers, on dark and on light. */
const COLOURS = [34, 33, 36, 35, 32, 90] as const;

const BAR_COLUMNS_MIN = 10;
const BAR_COLUMNS_MAX = 100;
/** Columns of a file or pipe, that has none of its own. */
const PLAIN_COLUMNS = 80;
const DAY_COLUMNS = 10;
const GAPS = 4;

function painted(text: string, value: number, colour: boolean): string {
  return colour && text !== '' ? `\u001b[${COLOURS[value] ?? COLOURS[0]}m${text}\u001b[39m` : text;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}

/**
 * `width` columns shared out in proportion to `parts`, by largest remainders. Each part that is not 0 keeps a column at
 * least, so that the whole may be wider: a part that rounds to nothing would read as silence.
 */
export function shares(parts: readonly number[], width: number): number[] {
  const total = sum(parts);
  if (total === 0) return parts.map(() => 0);
  const exact = parts.map((part) => (part / total) * width);
  const given = exact.map(Math.floor);
  const byRemainder = exact
    .map((value, index) => ({ index, remainder: value - Math.floor(value) }))
    .sort((a, b) => b.remainder - a.remainder);
  for (const { index } of byRemainder.slice(0, Math.round(width - sum(given)))) {
    given[index] = (given[index] ?? 0) + 1;
  }
  return given.map((columns, index) => (parts[index] === 0 ? 0 : Math.max(1, columns)));
}

function legend({ values, bars }: Chart, { columns, colour }: Canvas): string {
  const entries = values.map((value, index) => {
    const items = sum(bars.map((bar) => bar.parts[index] ?? 0));
    const words = fit(`${value} ${items}`, columns - 2);
    return {
      text: `${painted(SHAPES[index] ?? '·', index, colour)} ${words}`,
      width: stringWidth(words) + 2,
    };
  });
  let text = '';
  let width = 0;
  for (const entry of entries) {
    const gap = width === 0 ? '' : '   ';
    const isFull = width > 0 && width + gap.length + entry.width > columns;
    text += isFull ? `\n${entry.text}` : `${gap}${entry.text}`;
    width = isFull ? entry.width : width + gap.length + entry.width;
  }
  return `${text}\n\n`;
}

/** The chart as lines: a legend where there are values, then a day, a number and a bar a line. */
export function drawBars(chart: Chart, canvas: Canvas): string {
  const { values, bars } = chart;
  const columns = Number.isFinite(canvas.columns) ? canvas.columns : PLAIN_COLUMNS;
  const lengthOf = (bar: Bar): number => (values.length === 0 ? bar.items : sum(bar.parts));
  const most = Math.max(1, ...bars.map(lengthOf));
  const numberColumns = Math.max(1, ...bars.map((bar) => bar.items.toString().length));
  const left = columns - DAY_COLUMNS - numberColumns - GAPS;
  // Parts that are kept visible can make a bar wider than its share.
  const room = Math.min(BAR_COLUMNS_MAX, Math.max(BAR_COLUMNS_MIN, left)) - Math.max(0, values.length - 1);
  const lines = bars.map((bar) => {
    const width = Math.max(1, Math.round((lengthOf(bar) / most) * room));
    const widths = shares(values.length === 0 ? [bar.items] : bar.parts, width);
    const drawn = widths
      .map((share, value) => painted((SHAPES[value] ?? '·').repeat(share), value, canvas.colour))
      .join('');
    return `${bar.from}  ${bar.items.toString().padStart(numberColumns)}  ${drawn}`.trimEnd() + '\n';
  });
  return (values.length === 0 ? '' : legend(chart, { ...canvas, columns })) + lines.join('');
}
