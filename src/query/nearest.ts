import { distance } from 'fastest-levenshtein';

/** Suggestions for one unknown name. */
export const SUGGESTIONS_MAX = 3;
/** Characters of an unknown name that are compared: what is longer is no slip of the pen. */
const COMPARED_CHARS_MAX = 80;

export interface Candidate {
  /** What would be suggested. */
  readonly name: string;
  /** What it is known by besides. */
  readonly aliases?: readonly string[];
}

function sorted(name: string): string {
  return name
    .split(/[-_\s]+/)
    .sort()
    .join('-');
}

/** Lower is nearer; Infinity is not near at all. */
function apart(asked: string, { name, aliases = [] }: Candidate): number {
  if ([name, ...aliases].some((known) => known.toLowerCase() === asked)) return 0;
  // Given name and family name change places between languages.
  const edits = Math.min(
    distance(asked, name.toLowerCase()),
    distance(sorted(asked), sorted(name.toLowerCase())) + 0.5,
  );
  // Letters that changed places make two edits: topci.
  if (edits <= Math.max(1, Math.round(asked.length / 3))) return edits;
  if (asked.length < 2) return Infinity;
  const contains = [name, ...aliases].some((known) => known.toLowerCase().includes(asked));
  return contains ? asked.length : Infinity;
}

/** The names that somebody who wrote `asked` may have meant, nearest first; none when nothing is near. */
export function nearest(asked: string, known: Iterable<Candidate>): string[] {
  const wanted = asked.toLowerCase().slice(0, COMPARED_CHARS_MAX);
  return [...known]
    .map((candidate) => ({ name: candidate.name, apart: apart(wanted, candidate) }))
    .filter((candidate) => Number.isFinite(candidate.apart))
    .sort((a, b) => a.apart - b.apart || (a.name < b.name ? -1 : 1))
    .slice(0, SUGGESTIONS_MAX)
    .map(({ name }) => name);
}
