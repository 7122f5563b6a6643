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

/** Candidates up to which each is compared with all that were kept: taking room for the length of their texts costs more. */
const COMPARED_MAX = 48;

/** The names kept so far, by the place they take: who holds the first or last unit of another one in its arena. */
interface Holders {
  readonly of: (candidate: Candidate) => Candidate | undefined;
  readonly add: (candidate: Candidate) => void;
}

type ArenaOf = (subject: number) => Arena;

function isInArena(a: Candidate, b: Candidate, arenaOf: ArenaOf): boolean {
  if (a.field !== b.field) return false;
  const arena = arenaOf(a.subject);
  return arena === 'other' ? a.subject === b.subject : arena === arenaOf(b.subject);
}

function holds({ start, end }: Candidate, unit: number): boolean {
  return start <= unit && unit < end;
}

function fewHolders(arenaOf: ArenaOf): Holders {
  const kept: Candidate[] = [];
  const holder = (candidate: Candidate, unit: number): Candidate | undefined =>
    kept.find((one) => holds(one, unit) && isInArena(one, candidate, arenaOf));
  return {
    of: (candidate) => holder(candidate, candidate.start) ?? holder(candidate, candidate.end - 1),
    add: (candidate) => kept.push(candidate),
  };
}

function manyHolders(arenaOf: ArenaOf): Holders {
  /** For each field and arena, the units with the number of their holder from 1. */
  const covers = new Map<string, Int32Array>();
  const kept: Candidate[] = [];
  const coverOf = ({ subject, field, text }: Candidate): Int32Array => {
    const arena = arenaOf(subject);
    const key = arena === 'other' ? `${field} ${subject}` : `${field} ${arena}`;
    const cover = covers.get(key) ?? new Int32Array(text.length);
    covers.set(key, cover);
    return cover;
  };
  return {
    of: (candidate) => {
      const cover = coverOf(candidate);
      const number = cover[candidate.start] || cover[candidate.end - 1];
      return number === undefined || number === 0 ? undefined : kept[number - 1];
    },
    add: (candidate) => {
      kept.push(candidate);
      coverOf(candidate).fill(kept.length, candidate.start, candidate.end);
    },
  };
}

/**
 * Of names that overlap in one arena, the longest stands: `South Korea` and not `Korea`, 李强 and not 李. Names in
 * different arenas may share words: `Japan's prime minister` names a country and a person. `covered` hears of those that fall.
 */
export function longest(
  candidates: readonly Candidate[],
  arenaOf: ArenaOf,
  covered: (candidate: Candidate, holder: Candidate) => void = () => undefined,
): readonly Candidate[] {
  const rivals =
    candidates.length <= COMPARED_MAX ? overlapping(candidates, arenaOf) : [...candidates.keys()];
  if (rivals.length === 0) return candidates;
  const stands = new Uint8Array(candidates.length).fill(1);
  const units = (index: number): number => (candidates[index]?.end ?? 0) - (candidates[index]?.start ?? 0);
  rivals.sort((a, b) => units(b) - units(a) || a - b);
  const holders = candidates.length <= COMPARED_MAX ? fewHolders(arenaOf) : manyHolders(arenaOf);
  for (const index of rivals) {
    const candidate = candidates[index];
    const holder = candidate === undefined ? undefined : holders.of(candidate);
    if (candidate === undefined) continue;
    if (holder === undefined) holders.add(candidate);
    else if (!sharesPlace(candidate, holder)) {
      stands[index] = 0;
      covered(candidate, holder);
    }
  }
  return candidates.filter((_, index) => stands[index] === 1);
}

/** Where the candidates stand that are compared with one another, in one place that is used again and again. */
const STARTS = new Int32Array(COMPARED_MAX);
const ENDS = new Int32Array(COMPARED_MAX);
const NO_NUMBERS: number[] = [];

/** The numbers of those that share a unit with another one of their arena: most names stand alone. */
function overlapping(candidates: readonly Candidate[], arenaOf: ArenaOf): number[] {
  let overlaps: Uint8Array | null = null;
  for (let a = 0; a < candidates.length; a++) {
    const one = candidates[a];
    if (one === undefined) continue;
    const { start, end } = one;
    for (let b = 0; b < a; b++) {
      if (start >= (ENDS[b] ?? 0) || (STARTS[b] ?? 0) >= end) continue;
      const other = candidates[b];
      if (other === undefined || !isInArena(one, other, arenaOf)) continue;
      overlaps ??= new Uint8Array(candidates.length);
      overlaps[a] = 1;
      overlaps[b] = 1;
    }
    STARTS[a] = start;
    ENDS[a] = end;
  }
  if (overlaps === null) return NO_NUMBERS;
  return [...candidates.keys()].filter((index) => overlaps[index] === 1);
}

/** Whether two subjects are named by the same words. */
function sharesPlace(a: Candidate, b: Candidate): boolean {
  return a.start === b.start && a.end === b.end && a.subject !== b.subject;
}
