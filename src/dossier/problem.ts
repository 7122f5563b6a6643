/** Where in a dossier something stands: for people, so lines count from 1. */
export interface Place {
  readonly file: string;
  readonly line: number | null;
  /** As one would write it in code: `[3].aliases.ko[1]`; empty for the file itself. */
  readonly field: string;
}

export interface Problem extends Place {
  readonly message: string;
}

/** Problems one error lists before it only counts the rest. */
export const PROBLEMS_LISTED_MAX = 200;

/** `entities.yaml:14 [3].aliases.ko[1]: expected text` */
export function problemText({ file, line, field, message }: Problem): string {
  const at = line === null ? file : `${file}:${line}`;
  return field === '' ? `${at}: ${message}` : `${at} ${field}: ${message}`;
}

/** A dossier folder that cannot be used, with everything that is wrong in it. */
export class DossierError extends Error {
  override readonly name = 'DossierError';
  readonly folder: string;
  readonly problems: readonly Problem[];

  constructor(folder: string, problems: readonly Problem[]) {
    const listed = problems.slice(0, PROBLEMS_LISTED_MAX).map((problem) => `  ${problemText(problem)}`);
    const rest = problems.length - listed.length;
    if (rest > 0) listed.push(`  and ${rest} more`);
    const count = problems.length === 1 ? '1 problem' : `${problems.length} problems`;
    super(`the dossier in ${folder} has ${count}:\n${listed.join('\n')}`);
    this.folder = folder;
    this.problems = problems;
  }
}

export type Path = readonly PropertyKey[];

/** `[3].aliases.ko[1]`: a path as one would write it in code. */
export function fieldOf(path: Path): string {
  return path
    .map((part, index) => {
      if (typeof part === 'number') return `[${part}]`;
      const name = String(part);
      if (!/^[\w-]+$/.test(name)) return `[${JSON.stringify(name)}]`;
      return index === 0 ? name : `.${name}`;
    })
    .join('');
}
