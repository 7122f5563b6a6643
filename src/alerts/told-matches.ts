import type { AlertMatch } from '../events/alert.ts';
import type { Field, Tag } from '../events/item.ts';
import { IN_FULL_TEXT } from './channel.ts';
import type { ToldMatch } from './channel.ts';

const isInFullText = (field: Field): boolean => field === 'body';

/** Whether a match stands in the page alone: of a subject, that all its mentions do. */
function onlyInFullText(match: AlertMatch, tags: readonly Tag[]): boolean {
  if (!('subject' in match)) return isInFullText(match.field);
  const mentions = tags.find(({ id }) => id === match.subject)?.mentions ?? [];
  return mentions.length > 0 && mentions.every(({ field }) => isInFullText(field));
}

/** The matches of an alert as people are told them, by the `tags` it was decided on: with the place of those that headline and lead do not show. */
export function toldMatches(matches: readonly AlertMatch[], tags: readonly Tag[]): ToldMatch[] {
  return matches.map((match) => (onlyInFullText(match, tags) ? { ...match, where: IN_FULL_TEXT } : match));
}
