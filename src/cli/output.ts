import { once } from 'node:events';
import stringWidth from 'string-width';
import { printable } from '../alerts/console-channel.ts';
import { withoutPasswords } from '../log/without-passwords.ts';
import { leave } from './leaving.ts';

/** Where a command writes: data to stdout, words about the work to stderr. */
export interface Output {
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
  /** Whether stderr is a terminal: then progress may rewrite its line. */
  readonly interactive: boolean;
  /** Columns of the terminal; Infinity without one, as what reads a file or a pipe can cut for itself. */
  readonly columns: number;
  /** Whether stdout may be coloured: a terminal, and nobody has set NO_COLOR (no-color.org). */
  readonly colour: boolean;
  /** Resolves when stdout can take more: a slow reader shall not fill our memory. */
  readonly drained: () => Promise<void>;
}

const EXIT_FAILED = 1;

/** The process's own streams. A reader that closes the pipe (`| head`) ends the command quietly. */
export function processOutput(): Output {
  const { stdout, stderr } = process;
  stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') leave(0);
    else if (leave(EXIT_FAILED)) stderr.write(`shuttlewatch: stdout: ${error.message}\n`);
  });
  stderr.on('error', (error: NodeJS.ErrnoException) => {
    leave(error.code === 'EPIPE' ? 0 : EXIT_FAILED);
  });
  return {
    out: (text) => void stdout.write(text),
    // What is said about the work may name any URL, a feed's or a database's.
    err: (text) => void stderr.write(withoutPasswords(text)),
    interactive: stderr.isTTY,
    columns: stdout.columns || Infinity,
    colour: stdout.isTTY && (process.env['NO_COLOR'] ?? '') === '',
    drained: async () => {
      // A reader that is gone is the error handler's business, above.
      if (stdout.writableNeedDrain) await once(stdout, 'drain').catch(() => undefined);
    },
  };
}

/** What an error says, on lines that a terminal can be given. */
export function messageOf(error: unknown): string {
  // Happy Eyeballs gives one error for every address it tried, and none for all of them together.
  const [first] = error instanceof AggregateError ? (error.errors as unknown[]) : [];
  const told = first instanceof Error ? first : error;
  const message = told instanceof Error ? told.message || told.name : String(told);
  return message.split('\n').map(printableEnd).join('\n');
}

/** `line` as printable gives it, but with the indentation it has. */
export function printableEnd(line: string): string {
  return `${/^ */.exec(line)?.[0] ?? ''}${printable(line)}`;
}

// What JSON may hold as it is and a terminal obeys all the same: DEL, C1 controls, marks that turn text around.
const UNESCAPED = /[\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g;

/** `value` as one JSON document and a line end, with nothing in it that a terminal obeys; `indent` 0 is one line. */
export function json(value: unknown, indent = 2): string {
  const text = JSON.stringify(value, null, indent);
  const escape = (mark: string): string => `\\u${mark.charCodeAt(0).toString(16).padStart(4, '0')}`;
  return `${text.replace(UNESCAPED, escape)}\n`;
}

/** As json, with the passwords of URLs masked: for what shows where feeds are. */
export function jsonShown(value: unknown): string {
  return withoutPasswords(json(value));
}

/** UTF-16 units that one column may take: a family of emoji has 11 in two; what has more is marks without end. */
const UNITS_PER_COLUMN_MAX = 16;

/** `text` on one line, cut to `columns` terminal columns (a Chinese character takes two). */
export function fit(text: string, columns: number): string {
  const whole = printable(text);
  if (columns === Infinity) return whole;
  // Measuring takes longer than its length grows: of a text no more than may be shown is measured.
  const line = whole.slice(0, columns * UNITS_PER_COLUMN_MAX);
  if (line.length === whole.length && stringWidth(line) <= columns) return line;
  let width = 0;
  let kept = '';
  for (const character of line) {
    width += stringWidth(character);
    if (width > columns - 1) break;
    kept += character;
  }
  return `${kept}…`;
}

function pad(text: string, columns: number): string {
  return text + ' '.repeat(Math.max(0, columns - stringWidth(text)));
}

const GAP = '  ';
/** Columns of a terminal that the last column has at least, and any that is cut. */
const LAST_COLUMNS_MIN = 20;
const CELL_COLUMNS_MIN = 8;

type Rows = readonly (readonly string[])[];

function widthsOf(head: readonly string[], cells: Rows): number[] {
  return head.map((_, column) => Math.max(...cells.map((row) => stringWidth(row[column] ?? ''))));
}

const sumBefore = (widths: readonly number[]): number =>
  widths.slice(0, -1).reduce((sum, width) => sum + width + GAP.length, 0);

/** Terminal columns that all but the last column of a table take. */
export function tableColumns(head: readonly string[], rows: Rows): number {
  return sumBefore(
    widthsOf(
      head,
      [head, ...rows].map((row) => row.map(printable)),
    ),
  );
}

/** `widths` within `columns`, as far as those of `cuttable` give way: the widest first. */
function narrowed(widths: readonly number[], columns: number, cuttable: readonly number[]): number[] {
  const narrow = [...widths];
  for (let over = sumBefore(narrow) + LAST_COLUMNS_MIN - columns; over > 0; over -= 1) {
    const widest = [...cuttable].sort((a, b) => (narrow[b] ?? 0) - (narrow[a] ?? 0))[0];
    const width = widest === undefined ? 0 : (narrow[widest] ?? 0);
    if (widest === undefined || width <= CELL_COLUMNS_MIN) break;
    narrow[widest] = width - 1;
  }
  return narrow;
}

/**
 * Rows under a head, in aligned columns; the last column is cut to what is left of `columns`, and before it gets too narrow those
 * of `cuttable` (by number) are.
 */
export function table(
  head: readonly string[],
  rows: Rows,
  columns: number,
  cuttable: readonly number[] = [],
): string {
  const cells = [head, ...rows].map((row) => row.map(printable));
  const widths = narrowed(widthsOf(head, cells), columns, cuttable);
  const last = head.length - 1;
  const room = Math.max(LAST_COLUMNS_MIN, columns - sumBefore(widths));
  const cellOf = (cell: string, column: number): string => {
    const width = widths[column] ?? 0;
    return column === last ? fit(cell, room) : pad(fit(cell, width), width);
  };
  return cells.map((row) => `${row.map(cellOf).join(GAP).trimEnd()}\n`).join('');
}

/** A moment for people: UTC, to the minute. */
export function moment(at: Date | null): string {
  return at === null ? '' : at.toISOString().slice(0, 16).replace('T', ' ');
}
