import { longest, type Candidate, type Longest } from './candidate.ts';
import { leader, strengthOf } from './evidence.ts';
import type { Sign } from './compiled-pattern.ts';
import type { Gazetteer } from './gazetteer.ts';
import type { Mentions } from './mentions.ts';
import { NumberSet } from './number-set.ts';
import { actsInOffice } from './people.ts';
import type { Proposals } from './propose.ts';
import type { Refusals } from './refusals.ts';
import type { Rule } from './rules.ts';

/** Rounds in which one conditional name may be the condition of the next. */
const ROUNDS_MAX = 3;

/** What an item is known to hold when its names are decided on. */
export interface Before {
  /** The cue words in it. */
  readonly words: NumberSet;
  /** What it was found to name already. */
  readonly present: Mentions;
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

const NONE: Longest = { standing: [], covered: [] };

/** The subjects an item was found to name; items are decided on one after the other. */
const PRESENT = new NumberSet();

function presentBefore({ present }: Before): NumberSet {
  PRESENT.clear();
  for (let place = 0; place < present.count; place++) PRESENT.add(present.subjectAt(place));
  return PRESENT;
}

/** The candidate, standing by another rule. */
function by(rule: Rule, { subject, alias, field, text, start, end }: Candidate): Candidate {
  return { subject, alias, field, text, start, end, rule };
}

/** Where a dateline has its places, a name that is also a word is the place. */
const isCertain = ({ alias, rule }: Candidate): boolean => alias.certain || rule === 'dateline';

class Decision {
  readonly #gazetteer: Gazetteer;
  readonly #refusals: Refusals;
  readonly #words: NumberSet;
  readonly #present: NumberSet;
  readonly #proposals: readonly Proposals[];
  /** What stands of all that was accepted so far. */
  #longest = NONE;

  constructor(proposals: readonly Proposals[], before: Before, gazetteer: Gazetteer, refusals: Refusals) {
    this.#gazetteer = gazetteer;
    this.#refusals = refusals;
    this.#words = before.words;
    this.#present = presentBefore(before);
    this.#proposals = proposals;
  }

  made(): readonly Candidate[] {
    const accepted: Candidate[] = [];
    let waiting: Candidate[] = [];
    for (const candidate of this.#open()) (isCertain(candidate) ? accepted : waiting).push(candidate);
    this.#see(accepted);
    for (let round = 0; round < ROUNDS_MAX && waiting.length > 0; round++) {
      const rest = this.#take(waiting, accepted);
      if (rest.length === waiting.length) break;
      this.#see(accepted);
      waiting = rest;
    }
    for (const candidate of waiting) this.#refuse(candidate, this.#whyWaiting(candidate));
    return this.#taggable();
  }

  #refuse(candidate: Candidate, rule: Rule): void {
    this.#refusals.note(candidate.alias, candidate, rule);
  }

  #idOf(subject: number): string {
    const { rivalIds, taggable, subjects } = this.#gazetteer;
    return rivalIds[subject - taggable] ?? subjects[subject]?.subject.id ?? '';
  }

  /** All that is proposed and neither excluded by a word of the item nor lost to a rival. */
  #open(): readonly Candidate[] {
    const { taggable } = this.#gazetteer;
    const open: Candidate[] = [];
    let hasRivals = false;
    for (const { candidates } of this.#proposals) {
      for (const candidate of candidates) {
        if (this.#isExcluded(candidate)) continue;
        open.push(candidate);
        hasRivals ||= candidate.subject >= taggable;
      }
    }
    return hasRivals ? this.#uncontested(open) : open;
  }

  #isExcluded(candidate: Candidate): boolean {
    for (const word of candidate.alias.excludes) {
      if (!this.#words.has(word)) continue;
      this.#refuse(candidate, `excluded-by:${this.#gazetteer.wordTexts[word] ?? ''}`);
      return true;
    }
    return false;
  }

  /** Without the names that a rival goes by too, where the item says more of the rival. */
  #uncontested(candidates: readonly Candidate[]): readonly Candidate[] {
    const { contests } = this.#gazetteer;
    const sure = longest(candidates.filter(isCertain)).standing;
    // One answer for a name wherever it stands: each looks through all that is sure.
    const winners = new Map<string, number | null>();
    return candidates.filter((candidate) => {
      const { subject, alias } = candidate;
      const mine = contests.get(subject);
      if (mine === undefined) return true;
      const key = `${subject} ${alias.folded}`;
      let winner = winners.get(key);
      if (winner === undefined) {
        const shared = mine.filter(({ shares }) => shares.has(alias.folded));
        winner = leader(sure, subject, shared, this.#present);
        winners.set(key, winner);
      }
      if (winner === null) return true;
      this.#refuse(candidate, `rival:${this.#idOf(winner)}`);
      return false;
    });
  }

  #see(accepted: readonly Candidate[]): void {
    this.#longest = longest(accepted);
    for (const { subject } of this.#longest.standing) this.#present.add(subject);
  }

  /** What stands in the end and is no rival. */
  #taggable(): readonly Candidate[] {
    const { standing, covered } = this.#longest;
    for (const { candidate, holder } of covered) {
      if (candidate.subject !== holder.subject)
        this.#refuse(candidate, `longer-name:${this.#idOf(holder.subject)}`);
    }
    const { taggable } = this.#gazetteer;
    const isRival = ({ subject }: Candidate): boolean => subject >= taggable;
    return standing.some(isRival) ? standing.filter((candidate) => !isRival(candidate)) : standing;
  }

  /** Moves those whose condition is met, and weak ones that add up, to `accepted`; gives the rest. */
  #take(waiting: readonly Candidate[], accepted: Candidate[]): Candidate[] {
    const rest: Candidate[] = [];
    const weak: Candidate[] = [];
    for (const candidate of waiting) {
      const rule = this.#conditionMet(candidate);
      if (rule === null) rest.push(candidate);
      else if (candidate.alias.alias.weight >= 1 || this.#present.has(candidate.subject)) {
        accepted.push(by(rule, candidate));
      } else weak.push(by(rule, candidate));
    }
    if (weak.length > 0) this.#addUp(weak, accepted, rest);
    return rest;
  }

  /** Moves the weak signs of subjects for which they add up to `accepted`, the others to `rest`. */
  #addUp(weak: readonly Candidate[], accepted: Candidate[], rest: Candidate[]): void {
    const { standing } = longest(weak);
    const strengths = new Map<number, number>();
    for (const candidate of weak) {
      const { subject } = candidate;
      const strength = strengths.get(subject) ?? strengthOf(standing, subject);
      strengths.set(subject, strength);
      if (strength >= 1) accepted.push(by(`${candidate.rule}, adds-up`, candidate));
      else rest.push(candidate);
    }
  }

  /** Whether the item has the sign. */
  #isMet(sign: Sign): boolean {
    return 'word' in sign ? this.#words.has(sign.word) : this.#present.has(sign.subject);
  }

  #firstMet(signs: readonly Sign[]): Sign | null {
    for (const sign of signs) if (this.#isMet(sign)) return sign;
    return null;
  }

  /** A sign as the dossier writes it. */
  #textOf(sign: Sign): string {
    return 'word' in sign ? (this.#gazetteer.wordTexts[sign.word] ?? '') : `@${this.#idOf(sign.subject)}`;
  }

  /** Whether somebody else of the subject's name is in the item. */
  #isNamesake(subject: number): boolean {
    for (const { namesakes } of this.#proposals) if (namesakes.has(subject)) return true;
    return false;
  }

  #conditionMet(candidate: Candidate): Rule | null {
    const { subject, alias, field, text, start, end, rule } = candidate;
    // Once named in full, or by an unambiguous title, a person may be named by surname.
    if (this.#present.has(subject)) return `${rule}, named-elsewhere`;
    if (alias.requires.length === 0) return rule;
    if (this.#isNamesake(subject)) return null;
    const sign = this.#firstMet(alias.requires);
    if (sign !== null) return `${rule}, borne-out-by:${this.#textOf(sign)}`;
    const inOffice =
      alias.arena === 'person' && field === 'title' && alias.surname && actsInOffice(text, start, end);
    return inOffice ? `${rule}, acts-in-office` : null;
  }

  #whyWaiting({ subject, alias }: Candidate): Rule {
    if (alias.requires.length > 0 && this.#isNamesake(subject)) return 'namesake';
    const met = alias.requires.length === 0 || this.#firstMet(alias.requires) !== null;
    return met ? 'too-weak' : 'condition-not-met';
  }
}
