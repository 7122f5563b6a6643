import type { Field } from '../events/item.ts';
import type { Arena, CompiledAlias } from './gazetteer.ts';
import type { Normalized } from './normalize.ts';
import type { Rule } from './rules.ts';

/** A mention in the making: units of the normalised field, and the rule that let it stand. */
export interface Candidate {
  readonly subject: number;
  readonly alias: CompiledAlias;
  readonly field: Field;
  readonly text: Normalized;
  readonly start: number;
  readonly end: number;
  readonly rule: Rule;
}

/** Units of one field, each with the candidate that holds it (its number from 1). */
type Cover = Int32Array;

/**
 * Of names that overlap in one arena, the longest stands: `South Korea` and not `Korea`, 李强 and not 李. Names in
 * different arenas may share words: `Japan's prime minister` names a country and a person. `covered` hears of those that fall.
 */
export function longest(
  candidates: readonly Candidate[],
  arenaOf: (subject: number) => Arena,
  covered: (candidate: Candidate, holder: Candidate) => void = () => undefined,
): readonly Candidate[] {
  const covers = new Map<string, Cover>();
  const sorted = candidates
    .map((candidate, order) => ({ candidate, order }))
    .sort(
      (a, b) =>
        b.candidate.end - b.candidate.start - (a.candidate.end - a.candidate.start) || a.order - b.order,
    );
  const kept = sorted.filter(({ candidate }, index) => {
    const { subject, field, text, start, end } = candidate;
    const arena = arenaOf(subject);
    const key = arena === 'other' ? `${field} ${subject}` : `${field} ${arena}`;
    const cover = covers.get(key) ?? new Int32Array(text.length);
    covers.set(key, cover);
    const holder = cover[start] !== 0 ? cover[start] : cover[end - 1];
    if (holder !== undefined && holder !== 0) {
      const other = sorted[holder - 1]?.candidate;
      const shares = other?.start === start && other.end === end && other.subject !== subject;
      if (!shares && other !== undefined) covered(candidate, other);
      return shares;
    }
    cover.fill(index + 1, start, end);
    return true;
  });
  return kept.sort((a, b) => a.order - b.order).map(({ candidate }) => candidate);
}
