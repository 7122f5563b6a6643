import { readFileSync } from 'node:fs';

/** An instruction of the Dockerfile: its keyword, and the rest of it on one line. */
export interface Instruction {
  readonly keyword: string;
  readonly text: string;
}

/** A stage: what it starts from, its name, and what is done in it. */
export interface Stage {
  readonly from: string;
  readonly name: string;
  readonly instructions: readonly Instruction[];
}

export const dockerfileText = readFileSync('Dockerfile', 'utf8');

function instructions(): Instruction[] {
  const lines = dockerfileText
    .split('\n')
    .filter((line) => line.trim() !== '' && !line.startsWith('#'))
    .join('\n')
    .replaceAll(/\\\n\s*/g, '')
    .split('\n');
  return lines.map((line) => {
    const [keyword = ''] = line.split(' ', 1);
    return { keyword, text: line.slice(keyword.length + 1) };
  });
}

/** The stages in their order; what is true of their syntax, dockerfile-utils checks. */
export function readStages(): Stage[] {
  const stages: { from: string; name: string; instructions: Instruction[] }[] = [];
  for (const instruction of instructions()) {
    const [, from, name] = /^(\S+) AS (\S+)$/.exec(instruction.text) ?? [];
    if (instruction.keyword === 'FROM') stages.push({ from: from ?? '', name: name ?? '', instructions: [] });
    else stages.at(-1)?.instructions.push(instruction);
  }
  return stages;
}

/** The words of an instruction's JSON form. */
export function words(text: string): string[] {
  return JSON.parse(text.slice(text.indexOf('['))) as string[];
}

export interface Copied {
  /** The stage that it comes from; null for the folder of the sources. */
  readonly from: string | null;
  readonly sources: readonly string[];
  readonly target: string;
}

export function copies({ instructions: all }: Stage): Copied[] {
  return all
    .filter(({ keyword }) => keyword === 'COPY')
    .map(({ text }) => {
      const parts = text.split(/\s+/);
      const from = /^--from=(.*)$/.exec(parts[0] ?? '')?.[1] ?? null;
      const paths = parts.filter((part) => !part.startsWith('--'));
      return { from, sources: paths.slice(0, -1), target: paths.at(-1) ?? '' };
    });
}
