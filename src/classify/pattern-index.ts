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
 * The patterns of a dossier in their order, and which of them are worth a look where a sign is found. Signs are numbered through:
 * first the cue words, by theirs, then the subjects, by theirs, counted on from the last word.
 */
export interface PatternIndex {
  readonly patterns: readonly IndexedPattern[];
  readonly wordCount: number;
  /** For each sign how it is written: the cue word, or `@` and the subject. */
  readonly signTexts: readonly string[];
  /** For each sign the patterns worth a look where it is found. */
  readonly opens: readonly Uint32Array[];
  /** For each sign 1 where a pattern asks for it. */
  readonly isAsked: Uint8Array;
}

/** What of a subject patterns are made of. */
interface PatternSubject {
  readonly subject: { readonly id: string };
  readonly patterns: readonly CompiledPattern[];
}

/** Subjects come up more often than cue words: one counts as so many of them. */
const SUBJECT_WORDS = 8;

function commonness(group: readonly Sign[]): number {
  return group.reduce((sum, sign) => sum + ('word' in sign ? 1 : SUBJECT_WORDS), 0);
}

const NO_PATTERNS = new Uint32Array(0);

/** Files each pattern under the signs of its rarest group: without one of them it is not met. */
export function indexPatterns(
  subjects: readonly PatternSubject[],
  wordTexts: readonly string[],
): PatternIndex {
  const wordCount = wordTexts.length;
  const numberOf = (sign: Sign): number => ('word' in sign ? sign.word : wordCount + sign.subject);
  const numbersOf = (signs: readonly Sign[]): Uint32Array => Uint32Array.from(signs, numberOf);
  const signTexts = [...wordTexts, ...subjects.map(({ subject }) => `@${subject.id}`)];
  const patterns: IndexedPattern[] = [];
  const opens = new Map<number, number[]>();
  const isAsked = new Uint8Array(signTexts.length);
  subjects.forEach((one, subject) => {
    for (const { pattern, allOf, noneOf } of one.patterns) {
      const [rarest = []] = [...allOf].sort((a, b) => commonness(a) - commonness(b));
      for (const sign of rarest.map(numberOf)) {
        const opened = opens.get(sign) ?? [];
        opened.push(patterns.length);
        opens.set(sign, opened);
      }
      for (const sign of [...allOf.flat(), ...noneOf]) isAsked[numberOf(sign)] = 1;
      patterns.push({ subject, pattern, allOf: allOf.map(numbersOf), noneOf: numbersOf(noneOf) });
    }
  });
  return {
    patterns,
    wordCount,
    signTexts,
    opens: signTexts.map((_, sign) => {
      const opened = opens.get(sign);
      return opened === undefined ? NO_PATTERNS : Uint32Array.from(opened);
    }),
    isAsked,
  };
}
