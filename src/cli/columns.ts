import stringWidth from 'string-width';
import { fit } from './output.ts';

/** A name with a number beside it. */
export interface Counted {
  readonly name: string;
  readonly items: number;
}

/** A list of numbers under a title. */
export interface CountList {
  readonly title: string;
  readonly rows: readonly Counted[];
  /** What to say below it of what is not shown; null where all is. */
  readonly more: string | null;
}

const GAP = '   ';
const NAME_COLUMNS_MAX = 30;

function pad(text: string, columns: number): string {
  return text + ' '.repeat(Math.max(0, columns - stringWidth(text)));
}

/** A list as lines that are all equally wide. */
function block({ title, rows, more }: CountList): string[] {
  const numbers = rows.map((row) => row.items.toString());
  const numberColumns = Math.max(0, ...numbers.map((number) => number.length));
  const names = rows.map((row) => fit(row.name, NAME_COLUMNS_MAX));
  const nameColumns = Math.max(
    stringWidth(title) - numberColumns - 2,
    (more?.length ?? 0) - numberColumns - 2,
    ...names.map((name) => stringWidth(name)),
  );
  const lines = names.map(
    (name, index) => `${pad(name, nameColumns)}  ${(numbers[index] ?? '').padStart(numberColumns)}`,
  );
  const all = [title, ...lines, ...(more === null ? [] : [more])];
  const width = Math.max(...all.map((line) => stringWidth(line)));
  return all.map((line) => pad(line, width));
}

function joined(blocks: readonly (readonly string[])[]): string {
  const height = Math.max(...blocks.map((lines) => lines.length));
  const lines = Array.from({ length: height }, (_, row) =>
    blocks
      .map((block) => block[row] ?? ' '.repeat(stringWidth(block[0] ?? '')))
      .join(GAP)
      .trimEnd(),
  );
  return lines.map((line) => `${line}\n`).join('');
}

/** Lists beside one another as far as `columns` go, the others below; those without rows are left out. */
export function countLists(lists: readonly CountList[], columns: number): string {
  const groups: string[][][] = [];
  let width = Infinity;
  for (const list of lists.filter(({ rows }) => rows.length > 0)) {
    const lines = block(list);
    const blockColumns = stringWidth(lines[0] ?? '');
    width += GAP.length + blockColumns;
    if (width > columns) {
      groups.push([]);
      width = blockColumns;
    }
    groups.at(-1)?.push(lines);
  }
  return groups.map(joined).join('\n');
}
