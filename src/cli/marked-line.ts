import stringWidth from 'string-width';
import { unsteered } from '../alerts/console-channel.ts';

/** UTF-16 units looked at on either side of a mention: more than fits into any line that is read. */
const AROUND_UNITS = 200;
const [OPEN, CLOSE] = ['«', '»'];
const MORE = '…';
/** Columns a line has where nothing says how many: a file or a pipe. */
const LINE_COLUMNS = 160;

/** On one line, with the space it begins or ends with: words stand apart from the mark. */
function flat(text: string): string {
  return unsteered(text).replace(/\s+/g, ' ');
}

/** As much of the end (or the beginning) of `text` as `columns` hold, characters whole; `…` stands for what is cut off. */
function cut(text: string, columns: number, side: 'end' | 'beginning', isMore: boolean): string {
  if (!isMore && stringWidth(text) <= columns) return text;
  const characters = Array.from(text);
  if (side === 'end') characters.reverse();
  const kept: string[] = [];
  let width = 1;
  for (const character of characters) {
    width += stringWidth(character);
    if (width > columns) break;
    kept.push(character);
  }
  return side === 'end' ? `${MORE}${kept.reverse().join('')}` : `${kept.join('')}${MORE}`;
}

/**
 * One line of `columns` terminal columns at most (East Asian characters take two) with the text around [start, end) and that stretch
 * marked as «so». What stands before it gets a third of the room that is left, so that what follows is seen.
 */
export function markedLine(text: string, start: number, end: number, columns: number): string {
  const room = Math.min(columns, LINE_COLUMNS);
  const marked = `${OPEN}${flat(text.slice(start, end))}${CLOSE}`;
  const before = flat(text.slice(Math.max(0, start - AROUND_UNITS), start)).trimStart();
  const after = flat(text.slice(end, end + AROUND_UNITS)).trimEnd();
  const left = Math.max(2, room - stringWidth(marked));
  const third = Math.max(Math.floor(left / 3), left - stringWidth(after));
  const head = cut(before, third, 'end', start > AROUND_UNITS && stringWidth(before) <= third);
  const isMore = end + AROUND_UNITS < text.length;
  return `${head}${marked}${cut(after, left - stringWidth(head), 'beginning', isMore)}`;
}
