import type { Field } from '../events/item.ts';
import type { CompiledAlias } from './gazetteer.ts';
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

/** A name that is covered by a longer one of its ground. */
interface Covered {
  readonly candidate: Candidate;
  readonly holder: Candidate;
}

/** Those of the names that stand, in their order, and those that do not, the longest first. */
export interface Longest {
  readonly standing: readonly Candidate[];
  readonly covered: readonly Covered[];
}

/** Candidates up to which each is compared with all that were kept: taking room for the length of their texts costs more. */
const COMPARED_MAX = 48;

/** The names kept so far, by the place they take: who holds the first or last unit of another one on its ground. */
interface Holders {
  of(candidate: Candidate): Candidate | undefined;
  add(candidate: Candidate): void;
}

class FewHolders implements Holders {
  readonly #kept: Candidate[] = [];

  of(candidate: Candidate): Candidate | undefined {
    return this.#holder(candidate, candidate.start) ?? this.#holder(candidate, candidate.end - 1);
  }

  add(candidate: Candidate): void {
    this.#kept.push(candidate);
  }

  #holder({ field, alias: { ground } }: Candidate, unit: number): Candidate | undefined {
    for (const one of this.#kept) {
      if (one.start <= unit && unit < one.end && one.field === field && one.alias.ground === ground)
        return one;
    }
    return undefined;
  }
}

class ManyHolders implements Holders {
  /** For each field and ground, the units with the number of their holder from 1. */
  readonly #covers = new Map<string, Int32Array>();
  readonly #kept: Candidate[] = [];

  of(candidate: Candidate): Candidate | undefined {
    const cover = this.#coverOf(candidate);
    const number = cover[candidate.start] || cover[candidate.end - 1];
    return number === undefined || number === 0 ? undefined : this.#kept[number - 1];
  }

  add(candidate: Candidate): void {
    this.#kept.push(candidate);
    this.#coverOf(candidate).fill(this.#kept.length, candidate.start, candidate.end);
  }

  #coverOf({ alias, field, text }: Candidate): Int32Array {
    const key = `${field} ${alias.ground}`;
    const cover = this.#covers.get(key) ?? new Int32Array(text.length);
    this.#covers.set(key, cover);
    return cover;
  }
}

const NONE_COVERED: readonly Covered[] = [];

/**
 * Of names that overlap on one ground, the longest stands: `South Korea` and not `Korea`, 李强 and not 李. Names of
 * different grounds may share words: `Japan's prime minister` names a country and a person.
 */
export function longest(candidates: readonly Candidate[]): Longest {
  const isFew = candidates.length <= COMPARED_MAX;
  const rivals = isFew ? overlapping(candidates) : byLength(candidates);
  if (rivals.length === 0) return { standing: candidates, covered: NONE_COVERED };
  const falls = isFew ? FALLS.fill(0) : new Uint8Array(candidates.length);
  const covered = fall(candidates, rivals, isFew ? new FewHolders() : new ManyHolders(), falls);
  const standing = covered.length === 0 ? candidates : candidates.filter((_, n) => falls[n] === 0);
  return { standing, covered };
}

/** Lets the rivals, in their order, take their places or fall; marks those that do. */
function fall(
  candidates: readonly Candidate[],
  rivals: readonly number[],
  holders: Holders,
  falls: Uint8Array,
): readonly Covered[] {
  const covered: Covered[] = [];
  for (const number of rivals) {
    const candidate = candidates[number];
    if (candidate === undefined) continue;
    const holder = holders.of(candidate);
    if (holder === undefined) holders.add(candidate);
    else if (!sharesPlace(candidate, holder)) {
      falls[number] = 1;
      covered.push({ candidate, holder });
    }
  }
  return covered;
}

/** Of the candidates that are compared with one another, what is compared: in one place that is used again and again. */
const STARTS = new Int32Array(COMPARED_MAX);
const ENDS = new Int32Array(COMPARED_MAX);
const GROUNDS = new Int32Array(COMPARED_MAX);
/** How far any of the candidates up to one reaches. */
const REACHES = new Int32Array(COMPARED_MAX);
const OVERLAPS = new Uint8Array(COMPARED_MAX);
const FALLS = new Uint8Array(COMPARED_MAX);
const NO_NUMBERS: readonly number[] = [];

/** The numbers of those that share a unit with another one of their ground, the longest first: most names stand alone. */
function overlapping(candidates: readonly Candidate[]): readonly number[] {
  let overlaps = 0;
  for (let number = 0; number < candidates.length; number++) overlaps += compare(candidates, number);
  if (overlaps === 0) return NO_NUMBERS;
  const numbers: number[] = [];
  for (let n = 0; n < candidates.length; n++) if (OVERLAPS[n] === 1) insert(numbers, n);
  return numbers;
}

/** Compares a candidate with those before it; gives how many of them it overlaps. */
function compare(candidates: readonly Candidate[], number: number): number {
  const candidate = candidates[number];
  if (candidate === undefined) return 0;
  STARTS[number] = candidate.start;
  ENDS[number] = candidate.end;
  GROUNDS[number] = candidate.alias.ground;
  OVERLAPS[number] = 0;
  REACHES[number] = Math.max(candidate.end, number === 0 ? 0 : (REACHES[number - 1] ?? 0));
  let overlaps = 0;
  // Names come in the order of reading, save for some at the end: those far before reach nowhere near.
  for (let other = number - 1; other >= 0 && (REACHES[other] ?? 0) > candidate.start; other--) {
    if (!sharesUnit(other, number) || candidates[other]?.field !== candidate.field) continue;
    OVERLAPS[number] = 1;
    OVERLAPS[other] = 1;
    overlaps += 1;
  }
  return overlaps;
}

/** Whether two candidates of one field and ground overlap. */
function sharesUnit(a: number, b: number): boolean {
  return (STARTS[b] ?? 0) < (ENDS[a] ?? 0) && (STARTS[a] ?? 0) < (ENDS[b] ?? 0) && GROUNDS[a] === GROUNDS[b];
}

const unitsAt = (number: number): number => (ENDS[number] ?? 0) - (STARTS[number] ?? 0);

/** Puts a number behind all that are as long or longer: few overlap, and sorting asks for more than moving them. */
function insert(numbers: number[], number: number): void {
  let at = numbers.length;
  while (at > 0 && unitsAt(numbers[at - 1] ?? 0) < unitsAt(number)) {
    numbers[at] = numbers[at - 1] ?? 0;
    at -= 1;
  }
  numbers[at] = number;
}

/** The numbers of all, the longest first. */
function byLength(candidates: readonly Candidate[]): readonly number[] {
  const units = (index: number): number => (candidates[index]?.end ?? 0) - (candidates[index]?.start ?? 0);
  return [...candidates.keys()].sort((a, b) => units(b) - units(a) || a - b);
}

/** Whether two subjects are named by the same words. */
function sharesPlace(a: Candidate, b: Candidate): boolean {
  return a.start === b.start && a.end === b.end && a.subject !== b.subject;
}
