import stringWidth from 'string-width';
import { printable } from '../alerts/console-channel.ts';

/** Where a command writes: data to stdout, words about the work to stderr. */
export interface Output {
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
  /** Whether stderr is a terminal: then progress may rewrite its line. */
  readonly interactive: boolean;
  /** Columns of the terminal, or what is assumed without one. */
  readonly columns: number;
}

const COLUMNS_DEFAULT = 120;

/** The process's own streams. A reader that closes the pipe (`| head`) ends the command quietly. */
export function processOutput(): Output {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(0);
    throw error;
  });
  return {
    out: (text) => void process.stdout.write(text),
    err: (text) => void process.stderr.write(text),
    interactive: process.stderr.isTTY,
    columns: process.stdout.columns || COLUMNS_DEFAULT,
  };
}

/** `value` as one JSON document and a line end. */
export function json(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}

/** `text` on one line, cut to `columns` terminal columns (a Chinese character takes two). */
export function fit(text: string, columns: number): string {
  const line = printable(text);
  if (stringWidth(line) <= columns) return line;
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

/** Rows under a head, in aligned columns; the last column is cut to what is left of `columns`. */
export function table(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  columns: number,
): string {
  const cells = [head, ...rows].map((row) => row.map(printable));
  const widths = head.map((_, column) => Math.max(...cells.map((row) => stringWidth(row[column] ?? ''))));
  const last = head.length - 1;
  const before = widths.slice(0, last).reduce((sum, width) => sum + width + 2, 0);
  const room = Math.max(20, columns - before);
  return cells
    .map((row) =>
      row.map((cell, column) => (column === last ? fit(cell, room) : pad(cell, widths[column] ?? 0))),
    )
    .map((row) => `${row.join('  ').trimEnd()}\n`)
    .join('');
}

/** A moment for people: UTC, to the minute. */
export function moment(at: Date | null): string {
  return at === null ? '' : at.toISOString().slice(0, 16).replace('T', ' ');
}
