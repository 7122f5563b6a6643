import type { Field } from '../events/item.ts';
import type { CompiledPattern, Sign } from './compiled-pattern.ts';

/** A sign of a pattern where it stands, in units of its normalised field. */
export interface Occurrence {
  readonly field: Field;
  readonly start: number;
  readonly end: number;
  /** The cue word, or `@` and the subject. */
  readonly text: string;
}

/** How far apart signs may stand in a full text where a pattern takes them from anywhere in an item: about as far as in a lead. */
const BODY_WINDOW_CHARS = 400;

export interface Item {
  /** Title and text are looked through together, a full text by itself. */
  readonly part: 'lead' | 'body';
  readonly day: string | null;
  /** Where a sign stands in the item, in reading order. */
  readonly occurrences: (sign: Sign) => readonly Occurrence[];
}

function isInForce({ pattern: { from, until } }: CompiledPattern, day: string | null): boolean {
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

/** Whether the item meets a pattern, and where; null when it lacks one of the groups. */
export function meet(compiled: CompiledPattern, item: Item): Met | null {
  // Most patterns fail at their first group: look before gathering.
  const met = compiled.allOf.every((group) => group.some((sign) => item.occurrences(sign).length > 0));
  if (!met) return null;
  const groups = compiled.allOf.map((group) => group.flatMap((sign) => item.occurrences(sign)));
  const at = groups[0]?.[0];
  if (at === undefined) return null;
  if (!isInForce(compiled, item.day)) return { missed: 'pattern-outside-dates', at };
  if (compiled.noneOf.some((sign) => item.occurrences(sign).length > 0))
    return { missed: 'pattern-barred', at };
  const occurrences = together(compiled, item, groups);
  return occurrences === null ? { missed: 'pattern-too-far', at } : { occurrences };
}

function together(
  { pattern: { withinChars } }: CompiledPattern,
  { part }: Item,
  groups: readonly (readonly Occurrence[])[],
): readonly Occurrence[] | null {
  if (part === 'body') return within(groups, 'body', withinChars ?? BODY_WINDOW_CHARS);
  if (withinChars === null) return groups.flatMap((group) => group.slice(0, 1));
  return within(groups, 'title', withinChars) ?? within(groups, 'text', withinChars);
}

/** The first window of a field that holds one occurrence of every group. */
function within(
  groups: readonly (readonly Occurrence[])[],
  field: Field,
  chars: number,
): readonly Occurrence[] | null {
  const marks = groups
    .flatMap((group, index) =>
      group.filter((occurrence) => occurrence.field === field).map((occurrence) => ({ occurrence, index })),
    )
    .sort((a, b) => a.occurrence.start - b.occurrence.start);
  const last = new Map<number, Occurrence>();
  for (const { occurrence, index } of marks) {
    last.set(index, occurrence);
    if (last.size < groups.length) continue;
    const chosen = [...last.values()];
    const start = Math.min(...chosen.map((one) => one.start));
    const end = Math.max(...chosen.map((one) => one.end));
    if (end - start <= chars) return chosen;
  }
  return null;
}
