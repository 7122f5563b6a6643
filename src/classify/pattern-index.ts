import type { Pattern } from '../dossier/dossier.ts';
import type { CompiledPattern, Sign } from './compiled-pattern.ts';

/** A pattern of a topic as items are asked for it, its signs by their numbers: see PatternIndex. */
export interface IndexedPattern {
  readonly subject: number;
  readonly pattern: Pattern;
  readonly allOf: readonly Uint32Array[];
  readonly noneOf: Uint32Array;
}

/**
 * The patterns of a dossier in their order, and what each sign is to them. Signs are numbered through: first the cue words, by
 * theirs, then the subjects, by theirs, counted on from the last word.
 */
export interface PatternIndex {
  readonly patterns: readonly IndexedPattern[];
  readonly wordCount: number;
  /** For each sign how it is written: the cue word, or `@` and the subject. */
  readonly signTexts: readonly string[];
  /** For each sign the groups that it meets: the number of a pattern and the bit of one of its groups, one after the other. */
  readonly groups: readonly Uint32Array[];
  /** For each pattern the bits of all its groups; a pattern without a group, which nothing meets, has a bit that no sign gives. */
  readonly allGroups: Uint32Array;
  /** For each sign 1 where a pattern asks for it. */
  readonly isAsked: Uint8Array;
}

/** What of a subject patterns are made of. */
interface PatternSubject {
  readonly subject: { readonly id: string };
  readonly patterns: readonly CompiledPattern[];
}

const NO_GROUPS = new Uint32Array(0);
/** Groups of a pattern that bits tell apart; a dossier's files may have fewer. */
const GROUPS_MAX = 31;

/** Numbers the signs of all patterns. */
export function indexPatterns(
  subjects: readonly PatternSubject[],
  wordTexts: readonly string[],
): PatternIndex {
  const wordCount = wordTexts.length;
  const numberOf = (sign: Sign): number => ('word' in sign ? sign.word : wordCount + sign.subject);
  const numbersOf = (signs: readonly Sign[]): Uint32Array => Uint32Array.from(signs, numberOf);
  const patterns = subjects.flatMap((one, subject) =>
    one.patterns.map(({ pattern, allOf, noneOf }): IndexedPattern => {
      return { subject, pattern, allOf: allOf.map(numbersOf), noneOf: numbersOf(noneOf) };
    }),
  );
  const signTexts = [...wordTexts, ...subjects.map(({ subject }) => `@${subject.id}`)];
  const groups = new Map<number, number[]>();
  const isAsked = new Uint8Array(signTexts.length);
  patterns.forEach(({ allOf, noneOf, pattern: { name } }, pattern) => {
    if (allOf.length > GROUPS_MAX)
      throw new RangeError(`the pattern ${name} has more than ${GROUPS_MAX} groups`);
    allOf.forEach((signs, group) => {
      for (const sign of signs) groups.set(sign, [...(groups.get(sign) ?? []), pattern, 1 << group]);
    });
    for (const signs of [...allOf, noneOf]) for (const sign of signs) isAsked[sign] = 1;
  });
  return {
    patterns,
    wordCount,
    signTexts,
    groups: signTexts.map((_, sign) => {
      const met = groups.get(sign);
      return met === undefined ? NO_GROUPS : Uint32Array.from(met);
    }),
    allGroups: Uint32Array.from(patterns, ({ allOf }) => Math.max(1, (1 << allOf.length) - 1)),
    isAsked,
  };
}
