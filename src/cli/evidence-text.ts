import { printableEnd } from './output.ts';

/** Characters of what is no text that are printed. */
const BINARY_CHARS_MAX = 1_000;
/** Characters that tell whether it is text. */
const LOOKED_AT_CHARS = 4_096;
/** Share of characters that no text has, from which on it is none. */
const BINARY_SHARE_MIN = 0.05;
const LINE_COLUMNS = 80;

// Controls that no text has, and what a decoder puts where bytes are none of its charset.
// eslint-disable-next-line no-control-regex -- matching control characters is the point
const NO_TEXT = /[\u0000-\u0008\u000b\u000e-\u001a\u001c-\u001f\u007f-\u009f\ufffd]/g;
const TO_ESCAPE = /[^\u0020-\u007e]/g;

const ESCAPE_OR_MARK = /\\u[0-9a-f]{4}|./g;

function escaped(text: string): string {
  return text.replace(TO_ESCAPE, (mark) => `\\u${mark.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/** What was kept of a body for a terminal: text line by line; what is none escaped and cut, with how many characters are `left` out. */
export function evidenceText(
  text: string,
  columns: number,
): { readonly shown: string; readonly left: number } {
  const looked = text.slice(0, LOOKED_AT_CHARS);
  const odd = looked.match(NO_TEXT)?.length ?? 0;
  if (odd < looked.length * BINARY_SHARE_MIN) {
    const lines = text.split(/\r\n?|\n/).map(printableEnd);
    return { shown: `${lines.join('\n')}\n`, left: 0 };
  }
  const written = escaped(text.slice(0, BINARY_CHARS_MAX));
  const width = Math.min(columns, LINE_COLUMNS);
  const lines = [''];
  // No escape is broken in two.
  for (const mark of written.match(ESCAPE_OR_MARK) ?? []) {
    const line = lines.at(-1) ?? '';
    if (line.length + mark.length <= width) lines[lines.length - 1] = line + mark;
    else lines.push(mark);
  }
  return { shown: `${lines.join('\n')}\n`, left: Math.max(0, text.length - BINARY_CHARS_MAX) };
}
