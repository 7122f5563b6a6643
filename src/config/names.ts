import { distance } from 'fastest-levenshtein';

/** What the variables that are ours alone begin with. */
export const PREFIX = 'SHUTTLEWATCH_';
/** A secret may stand in a file, whose path is in the variable of its name and this. */
const FILE_SUFFIX = '_FILE';
/** More letters than these apart, another name was not meant. */
const SLIP_LETTERS_MAX = 3;

/** The variable that names the file of a secret. */
export function fileName(name: string): string {
  return `${name}${FILE_SUFFIX}`;
}

/** The flag of a variable: without our prefix, in small letters, with hyphens: SHUTTLEWATCH_POLL_MINUTES is --poll-minutes. */
export function flagOf(name: string): string {
  return `--${name.replace(PREFIX, '').toLowerCase().replaceAll('_', '-')}`;
}

/** The name of `known` that somebody who wrote `name` may have meant, or null where none is near. */
export function nearestName(name: string, known: readonly string[]): string | null {
  const [nearest] = known
    .map((candidate) => ({ candidate, apart: distance(name, candidate) }))
    .sort((a, b) => a.apart - b.apart);
  return nearest !== undefined && nearest.apart <= SLIP_LETTERS_MAX ? nearest.candidate : null;
}
