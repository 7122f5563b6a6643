import { closest } from 'fastest-levenshtein';
import type { Dossier } from '../dossier/dossier.ts';
import type { SubjectId } from '../events/ids.ts';
import { UsageError } from './usage.ts';

/** Throws UsageError, with the nearest known id, when one of `asked` is no entity or topic of the dossier. */
export function requireKnown(dossier: Dossier, asked: readonly SubjectId[]): void {
  const known = dossier.subjects.map((subject) => subject.id as string);
  const unknown = asked.filter((id) => !known.includes(id));
  if (unknown.length === 0) return;
  const problems = unknown.map(
    (id) => `${id} is no entity or topic of ${dossier.name}; did you mean ${closest(id, known)}?`,
  );
  throw new UsageError(problems.join('\n'));
}
