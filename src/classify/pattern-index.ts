import type { CompiledPattern, Sign } from './compiled-pattern.ts';

/** The patterns of a dossier in their order, and which of them are worth a look where a sign is found. */
export interface PatternIndex {
  readonly patterns: readonly { readonly subject: number; readonly compiled: CompiledPattern }[];
  readonly byWord: ReadonlyMap<number, readonly number[]>;
  readonly bySubject: ReadonlyMap<number, readonly number[]>;
}

/** Subjects come up more often than cue words: one counts as so many of them. */
const SUBJECT_WORDS = 8;

function commonness(group: readonly Sign[]): number {
  return group.reduce((sum, sign) => sum + ('word' in sign ? 1 : SUBJECT_WORDS), 0);
}

/** Files each pattern under the signs of its rarest group: without one of them it is not met. */
export function indexPatterns(
  subjects: readonly { readonly patterns: readonly CompiledPattern[] }[],
): PatternIndex {
  const patterns = subjects.flatMap((one, subject) =>
    one.patterns.map((compiled) => ({ subject, compiled })),
  );
  const byWord = new Map<number, number[]>();
  const bySubject = new Map<number, number[]>();
  patterns.forEach(({ compiled }, number) => {
    const [rarest = []] = [...compiled.allOf].sort((a, b) => commonness(a) - commonness(b));
    for (const sign of rarest) {
      const [index, key] = 'word' in sign ? [byWord, sign.word] : [bySubject, sign.subject];
      index.set(key, [...(index.get(key) ?? []), number]);
    }
  });
  return { patterns, byWord, bySubject };
}
