import { readRuleFile } from '../dossier/load.ts';
import { PROBLEMS_LISTED_MAX, problemText } from '../dossier/problem.ts';
import type { RuleDefinition } from '../events/rule.ts';
import { readInput } from './input.ts';
import { UsageError } from './usage.ts';

/** The rules of a file written like a dossier's rules.yaml, `-` being stdin. Throws UsageError with every problem. */
export async function readRulesOf(file: string): Promise<readonly RuleDefinition[]> {
  const name = file === '-' ? 'stdin' : file;
  const read = readRuleFile(name, await readInput(file));
  if ('rules' in read) {
    if (read.rules.length === 0) throw new UsageError(`${name}: no rules in it`);
    return read.rules;
  }
  const listed = read.problems.slice(0, PROBLEMS_LISTED_MAX).map((problem) => `  ${problemText(problem)}`);
  throw new UsageError(`the rules make no sense:\n${listed.join('\n')}`);
}
