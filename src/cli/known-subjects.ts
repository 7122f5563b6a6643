import { closest } from 'fastest-levenshtein';
import { loadConfig } from '../config.ts';
import { loadDossier } from '../dossier/load.ts';
import type { SubjectId } from '../events/ids.ts';
import { UsageError } from './usage.ts';

const SUGGESTIONS_MAX = 3;

/** The ids that somebody who wrote `id` may have meant: those it is a part of, or else the one spelt most alike. */
export function suggestions(id: string, known: readonly string[]): string[] {
  const containing = known.filter((candidate) => candidate.includes(id)).slice(0, SUGGESTIONS_MAX);
  return containing.length > 0 ? containing : [closest(id, known)];
}

/** Throws UsageError, with the nearest known ids, when one of `asked` is no entity or topic of the dossier. */
export async function requireKnown(asked: readonly SubjectId[]): Promise<void> {
  if (asked.length === 0) return;
  const dossier = await loadDossier(loadConfig(process.env).SHUTTLEWATCH_DOSSIER);
  const known = dossier.subjects.map((subject) => subject.id as string);
  const problems = asked
    .filter((id) => !known.includes(id))
    .map(
      (id) =>
        `${id} is no entity or topic of ${dossier.name}; did you mean ${suggestions(id, known).join(' or ')}?`,
    );
  if (problems.length > 0) throw new UsageError(problems.join('\n'));
}
