import type { SubjectId } from '../events/ids.ts';
import type { Party } from './event-actors.ts';
import type { EventLang } from './event-langs.ts';
import { actTogether, isMutual, isPassive, roleOf, type Clause, type Role } from './event-roles.ts';

/** Who does it to whom, most specific first; either may be empty. */
export interface Parties {
  readonly from: readonly SubjectId[];
  readonly to: readonly SubjectId[];
}

export const NO_PARTIES: Parties = { from: [], to: [] };

/** Parties read of one clause: a headline that names more is a list. */
const PARTIES_MAX = 8;

/** Parties side by side that act as one, and their role: that of the last says most, as its particle comes after all of them. */
interface Group {
  readonly parties: readonly Party[];
  readonly role: Role;
}

function groupsOf(lang: EventLang, clause: Clause, parties: readonly Party[]): readonly Group[] {
  const groups: { parties: Party[]; role: Role }[] = [];
  for (const party of parties.slice(0, PARTIES_MAX)) {
    const role = roleOf(lang, clause, party);
    const last = groups.at(-1);
    const before = last?.parties.at(-1);
    const together =
      last !== undefined &&
      before !== undefined &&
      role !== 'aside' &&
      last.role !== 'aside' &&
      actTogether(lang, clause, before, party);
    if (together) {
      last.parties.push(party);
      last.role = lang === 'ko' || lang === 'ja' ? role : last.role;
    } else groups.push({ parties: [party], role });
  }
  return groups;
}

function idsOf(groups: readonly Group[]): readonly SubjectId[] {
  const parties = groups.flatMap((group) => group.parties);
  const sides = new Set<SubjectId>(parties.map(({ side }) => side));
  const ids = [...new Set(parties.flatMap((party) => party.ids))];
  return [...ids.filter((id) => !sides.has(id)), ...ids.filter((id) => sides.has(id))];
}

const sidesOf = (groups: readonly Group[]): ReadonlySet<SubjectId> =>
  new Set(groups.flatMap(({ parties }) => parties.map(({ side }) => side)));

function first(groups: readonly Group[], role: Role, not: ReadonlySet<SubjectId>): Group | undefined {
  return groups.find((group) => group.role === role && !group.parties.every(({ side }) => not.has(side)));
}

const NOBODY: ReadonlySet<SubjectId> = new Set();

/** Where a crowd stands says against whom: `outside the Japanese embassy`. */
const MISSION =
  /^(?:ese|n|s)?['’]?s?\s?总?(?:embassy|consulate|대사관|총영사관|영사관|大使館|総領事館|領事館|使馆|使館|总领馆|總領館|领馆|領館|flag|国旗|國旗|日の丸|일장기)/iu;

/** Units after a name that are read for a mission. */
const MISSION_UNITS = 16;

function protested({ text }: Clause, groups: readonly Group[]): Parties {
  const parties = groups.flatMap((group) => group.parties);
  const mission = parties.find(({ end }) => MISSION.test(text.slice(end, end + MISSION_UNITS)));
  if (mission !== undefined) return { from: [], to: mission.ids };
  // The last who is named, as what is marched against comes after who marches.
  const last = groups.at(-1);
  const isTarget =
    last !== undefined && (groups.length > 1 || last.role === 'object' || last.role === 'bare');
  return { from: [], to: isTarget ? idsOf([last]) : [] };
}

/** Who does it to whom in one clause, by particles and prepositions, and by order where those say nothing. */
export function partiesOf(lang: EventLang, clause: Clause, named: readonly Party[]): Parties {
  const groups = groupsOf(lang, clause, named).filter(({ role }) => role !== 'aside');
  if (groups.length === 0) return NO_PARTIES;
  if (clause.type === 'protest') return protested(clause, groups);
  const together = groups.find(({ parties }) => new Set(parties.map(({ side }) => side)).size > 1);
  if (together !== undefined && isMutual(clause.type) && !groups.some((group) => isApart(group, together))) {
    const ids = idsOf([together]);
    return { from: ids, to: ids };
  }
  const agent = first(groups, 'agent', NOBODY);
  if (agent !== undefined || isPassive(lang, clause)) return passive(groups, agent);
  return active(lang, clause, groups);
}

function active(lang: EventLang, clause: Clause, groups: readonly Group[]): Parties {
  const marked = first(groups, 'subject', NOBODY) ?? first(groups, 'bare', NOBODY);
  const from = marked ?? companion(lang, clause, groups);
  const done = from === undefined ? NOBODY : sidesOf([from]);
  // Who only says something says it to everybody.
  const to = clause.type === 'state' ? undefined : target(groups, done);
  return { from: from === undefined ? [] : idsOf([from]), to: to === undefined ? [] : without(to, done) };
}

/** Who is named alone where the other is nobody of the dossier: `高市首相とモディ首相、会談`. */
function companion(lang: EventLang, { type, text }: Clause, groups: readonly Group[]): Group | undefined {
  const [only, another] = groups;
  const isFirst = only?.parties[0]?.start === 0;
  if (only === undefined || another !== undefined || !isFirst || !isMutual(type)) return undefined;
  return (lang === 'ja' && /と/u.test(text)) || lang === 'ko' || lang === 'zh' ? only : undefined;
}

/** A subject that is none of those who act together: they are what it acts on. */
function isApart(group: Group, together: Group): boolean {
  const sides = sidesOf([together]);
  return (
    group !== together && group.role === 'subject' && group.parties.every(({ side }) => !sides.has(side))
  );
}

/** Whom it is done to: a marked object, or, where nobody is marked, whoever else is named first, in quotation marks as well. */
function target(groups: readonly Group[], done: ReadonlySet<SubjectId>): Group | undefined {
  const other = groups.find(
    ({ parties, role }) => role !== 'object' && parties.some(({ side }) => !done.has(side)),
  );
  return first(groups, 'object', done) ?? other;
}

/** The ids of a group without those who act themselves: `China puts off the three-way talks`. */
function without(group: Group, done: ReadonlySet<SubjectId>): readonly SubjectId[] {
  return idsOf([{ ...group, parties: group.parties.filter(({ side }) => !done.has(side)) }]);
}

function passive(groups: readonly Group[], agent: Group | undefined): Parties {
  const done = agent === undefined ? NOBODY : sidesOf([agent]);
  const to = first(groups, 'subject', done) ?? first(groups, 'bare', done) ?? first(groups, 'object', done);
  return { from: agent === undefined ? [] : idsOf([agent]), to: to === undefined ? [] : idsOf([to]) };
}
