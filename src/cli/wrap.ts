import stringWidth from 'string-width';

/** `text` in lines of at most `columns` terminal columns, broken between words; its own line ends stay. */
export function wrap(text: string, columns: number): string[] {
  return text.split('\n').flatMap((line) => wrapLine(line, columns));
}

/** The same, with what does not fit into a line under it, two blanks further in than it begins. */
export function wrapHanging(text: string, columns: number): string {
  const rows = (line: string): string[] => {
    const lead = /^ */.exec(line)?.[0] ?? '';
    const [first = '', ...more] = wrapLine(line.slice(lead.length), columns - lead.length - 2);
    return [`${lead}${first}`, ...more.map((row) => `${lead}  ${row}`)];
  };
  return text.split('\n').flatMap(rows).join('\n');
}

function wrapLine(text: string, columns: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    const longer = line === '' ? word : `${line} ${word}`;
    if (line !== '' && stringWidth(longer) > columns) {
      lines.push(line);
      line = word;
    } else {
      line = longer;
    }
  }
  return [...lines, line];
}
