import type { QueryCheck } from '../dossier/check.ts';
import type { Dossier } from '../dossier/dossier.ts';
import { loadDossier } from '../dossier/load.ts';
import { contextOf } from './context.ts';
import { renderProblems } from './problem.ts';
import { understand } from './understand.ts';

/** The zone whose days rules mean: what a rule decides may not depend on whose machine decides it. */
export const RULE_ZONE = 'UTC';

function indented(text: string): string {
  return text
    .split('\n')
    .map((line) => (line === '' ? '' : `\n      ${line}`))
    .join('');
}

/** Says what is wrong with the query of a rule, indented below the words it begins with; null when nothing is. */
export const checkRuleQueries: QueryCheck = (dossier) => {
  const context = contextOf(dossier, { now: new Date(0), zone: RULE_ZONE });
  return (query) => {
    const understood = understand(query, context);
    if ('problems' in understood)
      return `makes no sense:${indented(renderProblems(query, understood.problems))}`;
    const { notes, telling } = understood.filter;
    // A name that may come from elsewhere is a remark to a reader, and a mistake in a rule.
    if (notes.length > 0) return `asks for what is not there:${indented(renderProblems(query, notes))}`;
    return telling
      ? null
      : 'asks for no entity, topic or word that must be there, and would alert on nearly everything';
  };
};

/** loadDossier, the queries of its rules understood too. @throws DossierError */
export async function openDossier(folder: string): Promise<Dossier> {
  return await loadDossier(folder, checkRuleQueries);
}
