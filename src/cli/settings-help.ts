import { OPTIONS } from '../config.ts';

/** Columns that help texts keep to, as commander does without a terminal. */
const HELP_COLUMNS = 80;
const INDENT = '    ';

/** `text` in lines of at most `columns` characters, broken between words. */
function wrap(text: string, columns: number): string[] {
  const lines = [''];
  for (const word of text.split(' ')) {
    const last = lines[lines.length - 1] ?? '';
    if (last === '') lines[lines.length - 1] = word;
    else if (last.length + 1 + word.length <= columns) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}

/** The settings as a section of `--help`. */
export function settingsHelp(): string {
  const lines = Object.entries(OPTIONS).flatMap(([name, { about, default: fallback }]) => {
    const known = typeof fallback === 'number' ? ` (default: ${fallback})` : '';
    const words = wrap(`${about}${known}`, HELP_COLUMNS - INDENT.length);
    return [`  ${name}`, ...words.map((line) => `${INDENT}${line}`)];
  });
  return `\nSettings (environment variables):\n${lines.join('\n')}`;
}
