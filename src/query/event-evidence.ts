import type { AlertMatch } from '../events/alert.ts';
import type { SubjectId } from '../events/ids.ts';
import type { QueryItem } from './item.ts';
import type { Readable } from './readable.ts';

/** The type an item reports with the words that first say so; nothing where the cues are not at hand, or none is of the type. */
export function typeEvidence({ item: { event } }: Readable): readonly AlertMatch[] {
  const cue = event?.cues?.[0];
  if (event === null || cue === undefined) return [];
  return [{ words: `event:${event.type}`, field: cue.field, surface: cue.surface }];
}

/**
 * Those of the parties that a query asks for, as the item names them. A country that is not named itself, since somebody who stands
 * for it is, is a party without a surface.
 */
export function partyEvidence(
  item: QueryItem,
  side: 'from' | 'to',
  wants: (id: SubjectId) => boolean,
): readonly AlertMatch[] {
  return (item.event?.[side] ?? []).filter(wants).map((subject) => {
    const tag = item.tags.find(({ id }) => id === subject);
    return { subject, salience: tag?.salience ?? 0, surface: tag?.surface ?? '' };
  });
}
