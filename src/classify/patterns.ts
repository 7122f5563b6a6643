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

/** Whether a part that has signs of all groups of a pattern meets it, and where. */
export function meet(pattern: IndexedPattern, part: Part): Met {
  const { places, day } = part;
  const firsts = pattern.allOf.map((group) => places.first(presentOf(group, places)));
  const [first = NONE] = firsts;
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
  readonly start: number;
  readonly group: number;
}

/** Marks up to which each is put in its place as it comes: sorting calls a function for each two that it compares. */
const PLACED_MAX = 32;

/** The occurrences of the groups in a field, by their starts; null where it lacks one of the groups. */
function marksIn(groups: readonly Uint32Array[], places: SignPlaces, field: Field): readonly Mark[] | null {
  const marks: Mark[] = [];
  for (let group = 0; group < groups.length; group++) {
    const before = marks.length;
    for (const sign of groups[group] ?? NO_SIGNS) addMarks(sign, group, places, field, marks);
    if (marks.length === before) return null;
  }
  return marks.length <= PLACED_MAX ? marks : marks.sort((a, b) => a.start - b.start);
}

const NO_SIGNS = new Uint32Array(0);

function addMarks(sign: number, group: number, places: SignPlaces, field: Field, marks: Mark[]): void {
  if (!places.has(sign)) return;
  for (let occurrence = places.first(sign); occurrence !== NONE; occurrence = places.next(occurrence)) {
    if (!places.isIn(field, occurrence)) continue;
    marks.push({ occurrence, start: places.start(occurrence), group });
    if (marks.length <= PLACED_MAX) placeLast(marks);
  }
}

/** Moves the last of the marks to its place among the others, which are in order: behind those that start where it does. */
function placeLast(marks: Mark[]): void {
  let at = marks.length - 1;
  const mark = marks[at];
  if (mark === undefined) return;
  for (; at > 0; at--) {
    const other = marks[at - 1];
    if (other === undefined || other.start <= mark.start) break;
    marks[at] = other;
  }
  marks[at] = mark;
}

/** The first window of a field that holds one occurrence of every group. */
function within(
  groups: readonly Uint32Array[],
  places: SignPlaces,
  field: Field,
  chars: number,
): readonly number[] | null {
  const marks = marksIn(groups, places, field);
  if (marks === null) return null;
  /** The groups that came, in their order, and the last occurrence of each. */
  const came: number[] = [];
  const lasts: number[] = [];
  for (const { occurrence, group } of marks) {
    const known = came.indexOf(group);
    lasts[known < 0 ? came.length : known] = occurrence;
    if (known < 0) came.push(group);
    if (came.length === groups.length && unitsOf(lasts, places) <= chars) return lasts;
  }
  return null;
}

/** Units from the first to the last of the occurrences. */
function unitsOf(occurrences: readonly number[], places: SignPlaces): number {
  const [first = NONE] = occurrences;
  let start = places.start(first);
  let end = places.end(first);
  for (const one of occurrences) {
    start = Math.min(start, places.start(one));
    end = Math.max(end, places.end(one));
  }
  return end - start;
}
