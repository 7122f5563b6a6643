import type { Candidate } from './candidate.ts';
import type { Gazetteer } from './gazetteer.ts';

/** What an item that named a subject before says for it. */
const NAMED_BEFORE = 1;

/**
 * How strongly names speak for a subject: the sum of the weights of its different aliases among `candidates`, each counted once
 * however often it stands. From 1 the subject is meant. One certain name (weight 1, as aliases are unless the dossier says less)
 * is enough; weak signs have to come together, and one never does.
 */
export function strengthOf(candidates: readonly Candidate[], subject: number): number {
  const weights = new Map<string, number>();
  for (const { subject: own, alias } of candidates) {
    if (own === subject)
      weights.set(alias.folded, Math.max(alias.alias.weight, weights.get(alias.folded) ?? 0));
  }
  const sum = [...weights.values()].reduce((total, weight) => total + weight, 0);
  // Three weights of 1/3 as people write them, and ten of 0.1, are 1.
  return Math.round(sum * 100) / 100;
}

type Contests = Gazetteer['contests'] extends ReadonlyMap<number, infer List> ? List : never;

/**
 * The rival that `subject` loses a shared name to: one that certain names speak for more strongly than for the subject, the names
 * they share left out of account. Null where there is none: of equals the subject wins.
 */
export function leader(
  sure: readonly Candidate[],
  subject: number,
  contests: Contests,
  named: Pick<ReadonlySet<number>, 'has'>,
): number | null {
  for (const { rival, shares } of contests) {
    const unshared = sure.filter(({ alias }) => !shares.has(alias.folded));
    const own = strengthOf(unshared, subject) + (named.has(subject) ? NAMED_BEFORE : 0);
    if (strengthOf(unshared, rival) > own) return rival;
  }
  return null;
}
