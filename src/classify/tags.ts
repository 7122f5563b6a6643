import type { SubjectId } from '../events/ids.ts';
import type { Field, Mention, SubjectKind, Tag } from '../events/item.ts';
import { FIELD_NUMBERS } from './fields.ts';
import type { Gazetteer } from './gazetteer.ts';
import type { Mentions } from './mentions.ts';
import { PLACED_MAX, placeLast } from './place-last.ts';
import type { Voices } from './relevance.ts';
import { salienceOf } from './salience.ts';

/** Mentions listed for one tag at most; salience counts them all. */
export const MENTIONS_MAX = 100;
/**
 * Mentions listed for all tags of one item together, save that each tag has one; salience counts them all. So many of the longest
 * names the dossier may hold, each with a tag of its own, and the refusals beside them fit into one event (EVENT_CHARS_MAX).
 */
export const ITEM_MENTIONS_MAX = 400;

/** The tags of an item by salience, then id, from fields of so many UTF-16 units; `voices` hears them. */
export function tagsOf(
  { subjects }: Gazetteer,
  mentions: Mentions,
  chars: Readonly<Record<Field, number>>,
  voices: Voices,
): readonly Tag[] {
  const tags: Tag[] = [];
  const { count } = mentions;
  voices.begin();
  for (let place = 0; place < count; place++) {
    const number = mentions.subjectAt(place);
    const compiled = subjects[number];
    if (compiled === undefined) throw new RangeError(`no subject has the number ${number}`);
    const { id, kind } = compiled.subject;
    const tag = tagOf(id, kind, mentions.of(number), chars);
    voices.hear(id, kind, tag.salience, compiled.stake);
    tags.push(tag);
    if (count <= PLACED_MAX) placeLast(tags, isAfter);
  }
  return count <= PLACED_MAX ? tags : tags.sort(bySalience);
}

function bySalience(a: Tag, b: Tag): number {
  return b.salience - a.salience || (a.id < b.id ? -1 : 1);
}

const isAfter = (a: Tag, b: Tag): boolean => bySalience(a, b) > 0;

function tagOf(
  id: SubjectId,
  kind: SubjectKind,
  mentions: readonly Mention[],
  chars: Readonly<Record<Field, number>>,
): Tag {
  const sorted = isInReadingOrder(mentions) ? mentions : [...mentions].sort(byPlace);
  return {
    id,
    kind,
    salience: salienceOf(sorted, chars),
    mentions: sorted.length > MENTIONS_MAX ? sorted.slice(0, MENTIONS_MAX) : sorted,
  };
}

function isInReadingOrder(mentions: readonly Mention[]): boolean {
  for (let at = 1; at < mentions.length; at++) {
    const before = mentions[at - 1];
    const mention = mentions[at];
    if (before !== undefined && mention !== undefined && byPlace(before, mention) > 0) return false;
  }
  return true;
}

function byPlace(a: Mention, b: Mention): number {
  if (a.field !== b.field) return FIELD_NUMBERS[a.field] - FIELD_NUMBERS[b.field];
  return a.start - b.start || a.end - b.end;
}

/** The tags with the first mentions of each, as many of every tag as ITEM_MENTIONS_MAX lets stand. */
export function shortened(tags: readonly Tag[]): readonly Tag[] {
  let most = MENTIONS_MAX;
  while (most > 1 && listed(tags, most) > ITEM_MENTIONS_MAX) most -= 1;
  return most === MENTIONS_MAX
    ? tags
    : tags.map((tag) => ({ ...tag, mentions: tag.mentions.slice(0, most) }));
}

function listed(tags: readonly Tag[], most: number): number {
  let sum = 0;
  for (const { mentions } of tags) sum += Math.min(most, mentions.length);
  return sum;
}
