import type { Field } from '../events/item.ts';
import type { IndexedPattern } from './pattern-index.ts';
import { PLACED_MAX, placeLast } from './place-last.ts';
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
  const look = (field: Field | null, chars: number, shift = 0): readonly number[] | null =>
    within(allOf, places, { field, shift }, chars);
  if (name === 'body') return look('body', withinChars ?? BODY_WINDOW_CHARS);
  if (withinChars === null) return firsts;
  return (
    look('title', withinChars) ??
    look('text', withinChars) ??
    look(null, withinChars, 1 + titleEnd(allOf, places))
  );
}

/** What is looked at: a field, or title and text as one with the text moved by so many units, as a lead goes on where its headline ended. */
interface Reach {
  readonly field: Field | null;
  readonly shift: number;
}

/** Where the last sign of the groups in the title ends; 0 where it has none. */
function titleEnd(groups: readonly Uint32Array[], places: SignPlaces): number {
  let end = 0;
  for (const group of groups) {
    for (const sign of group) end = Math.max(end, places.has(sign) ? endInTitle(sign, places) : 0);
  }
  return end;
}

function endInTitle(sign: number, places: SignPlaces): number {
  let end = 0;
  for (let one = places.first(sign); one !== NONE; one = places.next(one)) {
    if (places.isIn('title', one)) end = Math.max(end, places.end(one));
  }
  return end;
}

/** An occurrence of a sign of a group, by the numbers of both. */
interface Mark {
  readonly occurrence: number;
  readonly start: number;
  readonly end: number;
  readonly group: number;
}

const isAfter = (a: Mark, b: Mark): boolean => a.start > b.start;

/** The occurrences of the groups within reach, by their starts; null where one of the groups has none. */
function marksIn(groups: readonly Uint32Array[], places: SignPlaces, reach: Reach): readonly Mark[] | null {
  const marks: Mark[] = [];
  for (let group = 0; group < groups.length; group++) {
    const before = marks.length;
    for (const sign of groups[group] ?? NO_SIGNS) addMarks(sign, group, places, reach, marks);
    if (marks.length === before) return null;
  }
  return marks.length <= PLACED_MAX ? marks : marks.sort((a, b) => a.start - b.start);
}

const NO_SIGNS = new Uint32Array(0);

function addMarks(
  sign: number,
  group: number,
  places: SignPlaces,
  { field, shift }: Reach,
  marks: Mark[],
): void {
  if (!places.has(sign)) return;
  for (let occurrence = places.first(sign); occurrence !== NONE; occurrence = places.next(occurrence)) {
    if (field !== null && !places.isIn(field, occurrence)) continue;
    const by = field === null && places.isIn('text', occurrence) ? shift : 0;
    marks.push({ occurrence, start: places.start(occurrence) + by, end: places.end(occurrence) + by, group });
    if (marks.length <= PLACED_MAX) placeLast(marks, isAfter);
  }
}

/** The first window that holds one occurrence of every group. */
function within(
  groups: readonly Uint32Array[],
  places: SignPlaces,
  reach: Reach,
  chars: number,
): readonly number[] | null {
  const marks = marksIn(groups, places, reach);
  if (marks === null) return null;
  /** The groups that came, in their order, and the last mark of each. */
  const came: number[] = [];
  const lasts: Mark[] = [];
  for (const mark of marks) {
    const known = came.indexOf(mark.group);
    lasts[known < 0 ? came.length : known] = mark;
    if (known < 0) came.push(mark.group);
    if (came.length === groups.length && unitsOf(lasts) <= chars)
      return lasts.map(({ occurrence }) => occurrence);
  }
  return null;
}

/** Units from the first to the last of the marks. */
function unitsOf(marks: readonly Mark[]): number {
  let start = Infinity;
  let end = 0;
  for (const one of marks) {
    start = Math.min(start, one.start);
    end = Math.max(end, one.end);
  }
  return end - start;
}
