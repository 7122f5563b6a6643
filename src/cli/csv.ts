import { stringify } from 'csv-stringify/sync';
import { printable } from '../alerts/console-channel.ts';

/**
 * Rows under a head as CSV (RFC 4180: CRLF, quotes doubled). Each cell is one line, and none begins a formula: what a
 * feed says must stay text in a spreadsheet.
 */
export function csv(head: readonly string[], rows: readonly (readonly (string | number | null)[])[]): string {
  const cells = [head, ...rows].map((row) =>
    row.map((cell) => (typeof cell === 'string' ? printable(cell) : cell)),
  );
  return stringify(cells, { record_delimiter: 'windows', escape_formulas: true });
}
