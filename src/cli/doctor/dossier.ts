import type { Dossier } from '../../dossier/dossier.ts';
import { DossierError, problemText } from '../../dossier/problem.ts';
import { openDossier } from '../../query/dossier.ts';
import { messageOf } from '../output.ts';
import { counted } from '../words.ts';
import { fail, ok } from './finding.ts';
import type { Finding } from './finding.ts';

const PROBLEMS_SHOWN_MAX = 10;

export interface DossierRead {
  readonly findings: readonly Finding[];
  /** Null when it cannot be used. */
  readonly dossier: Dossier | null;
}

function broken({ folder, problems }: DossierError): Finding {
  const shown = problems.slice(0, PROBLEMS_SHOWN_MAX).map(problemText);
  const rest = problems.length - shown.length;
  const lines = [`${folder} has ${counted(problems.length, 'problem')}:`, ...shown];
  if (rest > 0) lines.push(`and ${rest} more`);
  return fail(
    'dossier',
    lines.join('\n'),
    'Mend what is named by file, line and field, or set SHUTTLEWATCH_DOSSIER to another folder.',
  );
}

/** Reads the dossier as the workers do, the queries of its rules too. */
export async function readDossier(folder: string): Promise<DossierRead> {
  try {
    const dossier = await openDossier(folder);
    const { name, version, subjects, feeds, rules, commitments } = dossier;
    const parts = [
      counted(subjects.length, 'subject'),
      counted(feeds.length, 'feed'),
      counted(rules.length, 'rule'),
      counted(commitments.length, 'commitment'),
    ];
    return { findings: [ok('dossier', `${name}, version ${version}: ${parts.join(', ')}`)], dossier };
  } catch (error) {
    const finding =
      error instanceof DossierError
        ? broken(error)
        : fail(
            'dossier',
            `${folder}: ${messageOf(error)}`,
            'Set SHUTTLEWATCH_DOSSIER to a dossier folder that this user may read.',
          );
    return { findings: [finding], dossier: null };
  }
}
