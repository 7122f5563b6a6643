import { longest, type Candidate } from './candidate.ts';
import { leader, strengthOf } from './evidence.ts';
import type { Sign } from './compiled-pattern.ts';
import type { Arena, Gazetteer } from './gazetteer.ts';
import { actsInOffice, isSurname } from './people.ts';
import type { Proposals } from './propose.ts';
import type { Refusals } from './refusals.ts';
import type { Rule } from './rules.ts';

/** Rounds in which one conditional name may be the condition of the next. */
const ROUNDS_MAX = 3;

/** What an item is known to hold when its names are decided on. */
export interface Before {
  /** The cue words in it. */
  readonly words: ReadonlySet<number>;
  /** Subjects it was found to name already. */
  readonly present: ReadonlySet<number>;
}

/**
 * Which of the proposed names the item as a whole lets stand. Names without a condition come first, save those that a rival of
 * their subject may go by (see evidence.ts); then, round by round, those whose condition is met by what stands already, and weak
 * signs that add up. Of overlapping names the longest stands.
 */
export function decide(
  proposals: readonly Proposals[],
  before: Before,
  gazetteer: Gazetteer,
  refusals: Refusals,
): readonly Candidate[] {
  const decision = new Decision(proposals, before, gazetteer, refusals);
  return decision.made();
}

const isCertain = ({ alias }: Candidate): boolean => alias.requires.length === 0 && alias.alias.weight >= 1;

class Decision {
  readonly #gazetteer: Gazetteer;
  readonly #refusals: Refusals;
  readonly #words: ReadonlySet<number>;
  readonly #present: Set<number>;
  readonly #namesakes: ReadonlySet<number>;
  readonly #candidates: readonly Candidate[];
  readonly #arenaOf = (subject: number): Arena => this.#gazetteer.subjects[subject]?.arena ?? 'other';

  constructor(proposals: readonly Proposals[], before: Before, gazetteer: Gazetteer, refusals: Refusals) {
    this.#gazetteer = gazetteer;
    this.#refusals = refusals;
    this.#words = before.words;
    this.#present = new Set(before.present);
    this.#namesakes = new Set(proposals.flatMap((proposal) => [...proposal.namesakes]));
    this.#candidates = proposals.flatMap((proposal) => proposal.candidates);
  }

  made(): readonly Candidate[] {
    const open = this.#uncontested(this.#candidates.filter((candidate) => !this.#isExcluded(candidate)));
    const accepted: Candidate[] = open.filter(isCertain);
    this.#see(accepted);
    let waiting: readonly Candidate[] = open.filter((candidate) => !isCertain(candidate));
    for (let round = 0; round < ROUNDS_MAX && waiting.length > 0; round++) {
      const rest = this.#take(waiting, accepted);
      if (rest.length === waiting.length) break;
      this.#see(accepted);
      waiting = rest;
    }
    for (const candidate of waiting) this.#refuse(candidate, this.#whyWaiting(candidate));
    const { taggable } = this.#gazetteer;
    return longest(accepted, this.#arenaOf, (candidate, holder) => {
      if (candidate.subject !== holder.subject)
        this.#refuse(candidate, `longer-name:${this.#idOf(holder.subject)}`);
    }).filter(({ subject }) => subject < taggable);
  }

  #refuse(candidate: Candidate, rule: Rule): void {
    this.#refusals.note(candidate.alias, candidate, rule);
  }

  #idOf(subject: number): string {
    const { rivalIds, taggable, subjects } = this.#gazetteer;
    return rivalIds[subject - taggable] ?? subjects[subject]?.subject.id ?? '';
  }

  #isExcluded(candidate: Candidate): boolean {
    const word = candidate.alias.excludes.find((one) => this.#words.has(one));
    if (word === undefined) return false;
    this.#refuse(candidate, `excluded-by:${this.#gazetteer.wordTexts[word] ?? ''}`);
    return true;
  }

  /** Without the names that a rival goes by too, where the item says more of the rival. */
  #uncontested(candidates: readonly Candidate[]): readonly Candidate[] {
    const { contests, taggable } = this.#gazetteer;
    if (!candidates.some(({ subject }) => subject >= taggable)) return candidates;
    const sure = longest(candidates.filter(isCertain), this.#arenaOf);
    // One answer for a name wherever it stands: each looks through all that is sure.
    const winners = new Map<string, number | null>();
    return candidates.filter((candidate) => {
      const { subject, alias } = candidate;
      const key = `${subject} ${alias.folded}`;
      let winner = winners.get(key);
      if (winner === undefined) {
        const mine = contests.get(subject)?.filter(({ shares }) => shares.has(alias.folded)) ?? [];
        winner = leader(sure, subject, mine, this.#present);
        winners.set(key, winner);
      }
      if (winner === null) return true;
      this.#refuse(candidate, `rival:${this.#idOf(winner)}`);
      return false;
    });
  }

  #see(accepted: readonly Candidate[]): void {
    for (const { subject } of longest(accepted, this.#arenaOf)) this.#present.add(subject);
  }

  /** Moves those whose condition is met, and weak ones that add up, to `accepted`; gives the rest. */
  #take(waiting: readonly Candidate[], accepted: Candidate[]): readonly Candidate[] {
    const rest: Candidate[] = [];
    const weak: Candidate[] = [];
    for (const candidate of waiting) {
      const rule = this.#conditionMet(candidate);
      if (rule === null) rest.push(candidate);
      else if (candidate.alias.alias.weight >= 1 || this.#present.has(candidate.subject)) {
        accepted.push({ ...candidate, rule });
      } else weak.push({ ...candidate, rule });
    }
    const standing = longest(weak, this.#arenaOf);
    const strengths = new Map<number, number>();
    for (const candidate of weak) {
      const { subject } = candidate;
      const strength = strengths.get(subject) ?? strengthOf(standing, subject);
      strengths.set(subject, strength);
      if (strength >= 1) accepted.push({ ...candidate, rule: `${candidate.rule}, adds-up` });
      else rest.push(candidate);
    }
    return rest;
  }

  /** Whether the item has the sign. */
  #isMet(sign: Sign): boolean {
    return 'word' in sign ? this.#words.has(sign.word) : this.#present.has(sign.subject);
  }

  #conditionMet(candidate: Candidate): Rule | null {
    const { subject, alias, field, text, start, end, rule } = candidate;
    // Once named in full, or by an unambiguous title, a person may be named by surname.
    if (this.#present.has(subject)) return `${rule}, named-elsewhere`;
    if (alias.requires.length === 0) return rule;
    if (this.#namesakes.has(subject)) return null;
    if (alias.requires.some((sign) => this.#isMet(sign))) return `${rule}, in-context`;
    const inOffice =
      this.#arenaOf(subject) === 'person' &&
      field === 'title' &&
      isSurname(alias) &&
      actsInOffice(text, start, end);
    return inOffice ? `${rule}, acts-in-office` : null;
  }

  #whyWaiting({ subject, alias }: Candidate): Rule {
    if (alias.requires.length > 0 && this.#namesakes.has(subject)) return 'namesake';
    const met = alias.requires.length === 0 || alias.requires.some((sign) => this.#isMet(sign));
    return met ? 'too-weak' : 'condition-not-met';
  }
}
