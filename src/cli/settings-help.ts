import { OPTIONS, PACKAGE_ROOT } from '../config.ts';
import { fileName, flagOf } from '../config/names.ts';
import { shownDefault } from '../config/show.ts';

/** Columns that help texts keep to, as commander does without a terminal. */
const HELP_COLUMNS = 80;
const INDENT = '    ';
const HEAD = `
Settings, by environment variable or by flag (a flag wins; shuttlewatch config
shows them all, docs/configuration.md explains them):`;

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
  const lines = Object.entries(OPTIONS).flatMap(([name, option]) => {
    const fallback = shownDefault(option, process.cwd(), PACKAGE_ROOT);
    const notes = [
      ...(option.secret ? [`or a file that holds it, in ${fileName(name)}`] : []),
      ...(fallback === null ? [] : [`default: ${fallback}`]),
    ];
    const known = notes.length > 0 ? ` (${notes.join('; ')})` : '';
    const words = wrap(`${option.about}${known}`, HELP_COLUMNS - INDENT.length);
    return [`  ${name}, ${flagOf(name)} <${option.parser.word}>`, ...words.map((line) => `${INDENT}${line}`)];
  });
  return `${HEAD}\n${lines.join('\n')}`;
}
