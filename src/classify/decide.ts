import { longest, type Candidate } from './candidate.ts';
import type { Arena, Gazetteer, Sign } from './gazetteer.ts';
import { actsInOffice, isSurname } from './people.ts';
import type { Proposals } from './propose.ts';
import type { Rule } from './rules.ts';

/** Rounds in which one conditional name may be the condition of the next. */
const ROUNDS_MAX = 3;

const NOBODY: ReadonlySet<number> = new Set();

/** Which of the proposed names the item as a whole lets stand, where it names those of `before` already. */
export function decide(
  proposals: readonly Proposals[],
  words: ReadonlySet<number>,
  gazetteer: Gazetteer,
  before = NOBODY,
): readonly Candidate[] {
  const arenaOf = (subject: number) => gazetteer.subjects[subject]?.arena ?? 'other';
  const candidates = proposals
    .flatMap((proposal) => proposal.candidates)
    .filter(({ alias }) => !alias.excludes.some((word) => words.has(word)));
  const sure = candidates.filter(({ alias }) => alias.requires.length === 0);
  const present = new Set([...before, ...longest(sure, arenaOf).map(({ subject }) => subject)]);
  const namesakes = new Set(proposals.flatMap((proposal) => [...proposal.namesakes]));
  const accepted: Candidate[] = [...sure];
  let waiting = candidates.filter(({ alias }) => alias.requires.length > 0);
  for (let round = 0; round < ROUNDS_MAX && waiting.length > 0; round++) {
    const rest: Candidate[] = [];
    for (const candidate of waiting) {
      const rule = requirementMet(candidate, { words, present, namesakes }, arenaOf(candidate.subject));
      if (rule === null) rest.push(candidate);
      else accepted.push({ ...candidate, rule });
    }
    if (rest.length === waiting.length) break;
    for (const { subject } of longest(accepted, arenaOf)) present.add(subject);
    waiting = rest;
  }
  return longest(accepted, arenaOf);
}

interface Known {
  readonly words: ReadonlySet<number>;
  readonly present: ReadonlySet<number>;
  readonly namesakes: ReadonlySet<number>;
}

/** Whether the item has the sign. */
function isMet(sign: Sign, { words, present }: Pick<Known, 'words' | 'present'>): boolean {
  return 'word' in sign ? words.has(sign.word) : present.has(sign.subject);
}

function requirementMet(candidate: Candidate, known: Known, arena: Arena): Rule | null {
  const { subject, alias, field, text, start, end, rule } = candidate;
  // Once named in full, or by an unambiguous title, a person may be named by surname.
  if (known.present.has(subject)) return `${rule}, named-elsewhere`;
  if (known.namesakes.has(subject)) return null;
  if (alias.requires.some((sign) => isMet(sign, known))) return `${rule}, in-context`;
  const inOffice =
    arena === 'person' && field === 'title' && isSurname(alias) && actsInOffice(text, start, end);
  return inOffice ? `${rule}, acts-in-office` : null;
}
