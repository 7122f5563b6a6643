import type { SubjectMatch } from '../events/alert.ts';
import type { PublisherId, SubjectId } from '../events/ids.ts';
import type { Tag } from '../events/item.ts';
import type { RuleCondition } from '../events/rule.ts';

/** What a rule looks at. */
export interface MatchInput {
  readonly tags: readonly Tag[];
  readonly lang: string | null;
  readonly publisher: PublisherId | null;
}

/** The primary subtag: `zh` for `zh-Hant`. */
function primary(lang: string): string {
  return lang.toLowerCase().split('-', 1)[0] ?? lang;
}

function holds<T>(allowed: readonly T[], value: T | null): boolean {
  return allowed.length === 0 || (value !== null && allowed.includes(value));
}

/**
 * The tags by which an item satisfies a condition, most salient first; null when it does not. A condition that
 * asks for no subject at all matches nothing: it would alert on every item there is.
 */
export function matchRule(when: RuleCondition, input: MatchInput): SubjectMatch[] | null {
  if (when.all.length === 0 && when.any.length === 0) return null;
  if (!holds(when.langs.map(primary), input.lang === null ? null : primary(input.lang))) return null;
  if (!holds(when.publishers, input.publisher)) return null;

  const present = new Map<SubjectId, Tag>(input.tags.map((tag) => [tag.id, tag]));
  if (when.none.some((subject) => present.has(subject))) return null;

  const salient = (subject: SubjectId): Tag[] => {
    const tag = present.get(subject);
    return tag !== undefined && tag.salience >= when.salienceMin ? [tag] : [];
  };
  const all = when.all.flatMap(salient);
  const any = when.any.flatMap(salient);
  if (all.length < when.all.length || (when.any.length > 0 && any.length === 0)) return null;

  return [...new Set([...all, ...any])]
    .map((tag) => ({ subject: tag.id, salience: tag.salience, surface: tag.mentions[0]?.surface ?? '' }))
    .sort((a, b) => b.salience - a.salience || a.subject.localeCompare(b.subject));
}
