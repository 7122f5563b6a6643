import type { AlertMatch } from '../events/alert.ts';
import type { RuleDefinition } from '../events/rule.ts';
import type { QueryContext } from '../query/context.ts';
import type { QueryItem } from '../query/item.ts';
import { problemText } from '../query/problem.ts';
import { isRelativeQuery } from '../query/relative.ts';
import { understand } from '../query/understand.ts';
import type { ItemFilter } from '../query/understand.ts';

/**
 * By what an item fires a rule, the most salient subject first and words after subjects; null when it does not. `at` is
 * what `now` means in the rule.
 */
export type Matcher = (item: QueryItem, at: Date) => readonly AlertMatch[] | null;

/** A rule that is understood. */
export interface CompiledRule {
  /** Whether it looks at the words of an item, which are not at hand otherwise. */
  readonly asksForWords: boolean;
  readonly match: Matcher;
}

/** Cannot be understood by this build or with this dossier. */
export class UnreadableRule extends Error {
  override readonly name = 'UnreadableRule';
}

function filterOf({ rule, query }: RuleDefinition, context: QueryContext): ItemFilter {
  const understood = understand(query, context);
  if ('filter' in understood) return understood.filter;
  throw new UnreadableRule(`${rule}: ${understood.problems.map(problemText).join('; ')} (in ${query})`);
}

function sorted(matches: readonly AlertMatch[]): AlertMatch[] {
  const seen = new Map(
    matches.map((match) => ['subject' in match ? match.subject : `${match.field} ${match.words}`, match]),
  );
  const rank = (match: AlertMatch): number => ('subject' in match ? match.salience : -1);
  const name = (match: AlertMatch): string => ('subject' in match ? match.subject : match.words);
  return [...seen.values()].sort((a, b) => rank(b) - rank(a) || (name(a) < name(b) ? -1 : 1));
}

/**
 * Compiles a rule. One that asks for no subject and no words fires on nothing: it would alert on every item there is.
 * Throws UnreadableRule.
 */
export function compileRule(definition: RuleDefinition, context: Omit<QueryContext, 'now'>): CompiledRule {
  const first = filterOf(definition, { ...context, now: new Date(0) });
  return { asksForWords: first.words !== null, match: matcherOf(definition, first, context) };
}

function matcherOf(
  definition: RuleDefinition,
  first: ItemFilter,
  context: Omit<QueryContext, 'now'>,
): Matcher {
  if (!first.telling) return () => null;
  if (!isRelativeQuery(first.query)) {
    return (item) => (first.matches(item) ? sorted(first.evidence(item)) : null);
  }
  // Items that were tagged together ask at one moment, and understanding costs more than judging.
  let latest = { at: 0, filter: first };
  return (item, at) => {
    if (latest.at !== at.getTime()) {
      latest = { at: at.getTime(), filter: filterOf(definition, { ...context, now: at }) };
    }
    const { filter } = latest;
    return filter.matches(item) ? sorted(filter.evidence(item)) : null;
  };
}
