import type { Field } from '../events/item.ts';
import type { IndexedPattern } from './pattern-index.ts';
import { NONE, type Occurrence, type SignPlaces } from './sign-places.ts';

/** How far apart signs may stand in a full text where a pattern takes them from anywhere in an item: about as far as in a lead. */
const BODY_WINDOW_CHARS = 400;

/** What is looked through: title and text together, or a full text by itself. */
export interface Part {
  readonly name: 'lead' | 'body';
  readonly day: string | null;
  readonly places: SignPlaces;
}

function isInForce({ pattern: { from, until } }: IndexedPattern, day: string | null): boolean {
  if (from === null && until === null) return true;
  if (day === null) return false;
  return (from === null || day >= from) && (until === null || day <= until);
}

/** The occurrences that meet a pattern, one of each group; or by which rule one that holds all its groups is not met. */
export type Met =
  | { readonly occurrences: readonly Occurrence[] }
  | {
      readonly missed: 'pattern-too-far' | 'pattern-barred' | 'pattern-outside-dates';
      readonly at: Occurrence;
    };

/** The first of the signs that the part has; NONE where it has none. */
function presentOf(signs: Uint32Array, places: SignPlaces): number {
  for (const sign of signs) if (places.has(sign)) return sign;
  return NONE;
}

/** Whether the part meets a pattern, and where; null when it lacks one of the groups. */
export function meet(pattern: IndexedPattern, part: Part): Met | null {
  const { places, day } = part;
  const firsts: number[] = [];
  for (const group of pattern.allOf) {
    const sign = presentOf(group, places);
    if (sign === NONE) return null;
    firsts.push(places.first(sign));
  }
  const first = firsts[0];
  if (first === undefined) return null;
  if (!isInForce(pattern, day)) return { missed: 'pattern-outside-dates', at: places.at(first) };
  if (presentOf(pattern.noneOf, places) !== NONE) return { missed: 'pattern-barred', at: places.at(first) };
  const together = togetherIn(pattern, part, firsts);
  if (together === null) return { missed: 'pattern-too-far', at: places.at(first) };
  return { occurrences: together.map((occurrence) => places.at(occurrence)) };
}

function togetherIn(
  { pattern: { withinChars }, allOf }: IndexedPattern,
  { name, places }: Part,
  firsts: readonly number[],
): readonly number[] | null {
  if (name === 'body') return within(allOf, places, 'body', withinChars ?? BODY_WINDOW_CHARS);
  if (withinChars === null) return firsts;
  return within(allOf, places, 'title', withinChars) ?? within(allOf, places, 'text', withinChars);
}

/** An occurrence of a sign of a group, by the numbers of both. */
interface Mark {
  readonly occurrence: number;
  readonly group: number;
}

function marksIn(groups: readonly Uint32Array[], places: SignPlaces, field: Field): readonly Mark[] {
  const marks: Mark[] = [];
  groups.forEach((signs, group) => {
    for (const sign of signs) {
      if (!places.has(sign)) continue;
      for (let one = places.first(sign); one !== NONE; one = places.next(one)) {
        if (places.isIn(field, one)) marks.push({ occurrence: one, group });
      }
    }
  });
  return marks.sort((a, b) => places.start(a.occurrence) - places.start(b.occurrence));
}

/** The first window of a field that holds one occurrence of every group. */
function within(
  groups: readonly Uint32Array[],
  places: SignPlaces,
  field: Field,
  chars: number,
): readonly number[] | null {
  const last = new Map<number, number>();
  for (const { occurrence, group } of marksIn(groups, places, field)) {
    last.set(group, occurrence);
    if (last.size < groups.length) continue;
    const chosen = [...last.values()];
    const start = Math.min(...chosen.map((one) => places.start(one)));
    const end = Math.max(...chosen.map((one) => places.end(one)));
    if (end - start <= chars) return chosen;
  }
  return null;
}
