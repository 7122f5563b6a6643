import type { SubjectId } from '../events/ids.ts';
import type { EventType } from '../events/event-type.ts';
import type { Party } from './event-actors.ts';
import { clausesOf, type Clauses } from './event-clauses.ts';
import { groupsOf, placeOf, type Group } from './event-groups.ts';
import type { EventLang } from './event-langs.ts';
import { endOfName, isActLast, isMutual, isPassive } from './event-roles.ts';
import { isReaction, type Deed, type Role, type Span } from './event-role.ts';

/** Who does it to whom, most specific first; either may be empty. */
export interface Parties {
  readonly from: readonly SubjectId[];
  readonly to: readonly SubjectId[];
}

export const NO_PARTIES: Parties = { from: [], to: [] };

function idsOf(groups: readonly Group[]): readonly SubjectId[] {
  const parties = groups.flatMap((group) => group.parties);
  const sides = new Set<SubjectId>(parties.map(({ side }) => side));
  const ids = [...new Set(parties.flatMap((party) => party.ids))];
  return [...ids.filter((id) => !sides.has(id)), ...ids.filter((id) => sides.has(id))];
}

const sidesOf = (groups: readonly Group[]): ReadonlySet<SubjectId> =>
  new Set(groups.flatMap(({ parties }) => parties.map(({ side }) => side)));

const isWithin = (group: Group, sides: ReadonlySet<SubjectId>): boolean =>
  group.parties.every(({ side }) => sides.has(side));

const isSeveral = ({ parties }: Group): boolean => new Set(parties.map(({ side }) => side)).size > 1;

const NOBODY: ReadonlySet<SubjectId> = new Set();

/** Where a crowd stands says against whom: `outside the Japanese embassy`. */
const MISSION =
  /^(?:ese|n|s)?['’]?s?\s?总?(?:embassy|consulate|대사관|총영사관|영사관|大使館|大使馆|総領事館|領事館|使馆|使館|总领馆|總領館|总领事馆|领馆|領館|flag|国旗|國旗|日の丸|일장기)/iu;

/** Units after a name that are read for a mission. */
const MISSION_UNITS = 16;

function protested({ text }: Deed, groups: readonly Group[]): Parties {
  const parties = groups.flatMap((group) => group.parties);
  const mission = parties.find(({ end }) => MISSION.test(text.slice(end, end + MISSION_UNITS)));
  if (mission !== undefined) return { from: [], to: mission.ids };
  // The last who is named, as what is marched against comes after who marches.
  const last =
    groups.findLast(({ role }) => role === 'object') ?? groups.findLast(({ role }) => role !== 'scene');
  const isTarget =
    last !== undefined && (groups.length > 1 || (last.role !== 'subject' && last.role !== 'inner'));
  return { from: [], to: isTarget ? idsOf([last]) : [] };
}

/** How likely whoever is named so is the one who acts: 0 is not at all. */
const DOES: Readonly<Record<Role, number>> = {
  agent: 110,
  speaker: 100,
  subject: 80,
  inner: 60,
  bare: 50,
  owner: 20,
  origin: 0,
  object: 0,
  scene: 0,
  aside: 0,
};
/** What being in the clause of the act is worth, and what a clause of circumstances costs. */
const HERE = 15;
const UNDER = 45;

/** What is done rather than said: who is quoted on it elsewhere only reports it. */
const DEEDS: ReadonlySet<EventType> = new Set([
  'agree',
  'meet',
  'cooperate',
  'aid',
  'yield',
  'sanction',
  'mobilize',
  'coerce',
  'assault',
  'investigate',
]);
const REPORTER = 60;
const ANSWERED = 85;

function doing(lang: EventLang, type: EventType): (group: Group) => number {
  return ({ role, isQuoted, distance, isUnder, isTelling }) => {
    // Who is quoted in a clause before is answered by whom the act is told of: 日 "…"…정부, 대사 초치.
    const isAnswered = role === 'speaker' && distance < 0 && isActLast(lang) && !isTelling;
    const worth = isQuoted ? 0 : isAnswered ? ANSWERED : DOES[role];
    if (worth === 0) return 0;
    const cost =
      (isUnder ? UNDER : 0) + (role === 'speaker' && distance !== 0 && DEEDS.has(type) ? REPORTER : 0);
    return worth + (distance === 0 ? HERE : 0) - cost;
  };
}

/** The group that scores highest, the first of equals; undefined where none scores. */
function best(groups: readonly Group[], score: (group: Group) => number): Group | undefined {
  let found: Group | undefined;
  let most = 0;
  for (const group of groups) {
    const worth = score(group);
    if (worth > most) [found, most] = [group, worth];
  }
  return found;
}

/** How likely whoever is named so is the one it is done to. */
const SUFFERS: Readonly<Record<Role, number>> = {
  object: 100,
  bare: 70,
  owner: 65,
  origin: 65,
  inner: 60,
  subject: 55,
  speaker: 40,
  agent: 0,
  scene: 0,
  aside: 0,
};
/** Where force is used or shown is against whom. */
const STRIKES: ReadonlySet<EventType> = new Set(['assault', 'mobilize']);
const STRUCK = 20;
const ELSEWHERE = 20;
/** The same in quotation marks, where whoever is said to do something is who is blamed for it. */
const SUFFERS_QUOTED: Readonly<Record<Role, number>> = {
  ...SUFFERS,
  subject: 60,
  inner: 60,
  bare: 50,
  owner: 50,
  object: 40,
};

/** What a name in another clause than the act is worth: nothing where the act has names of its own, unless it answers what they did. */
function fromElsewhere(lang: EventLang, type: EventType, actHasNames: boolean): (group: Group) => boolean {
  const isAnswer = isReaction(type);
  return ({ distance, isUnder, isActing }) => {
    if (isAnswer || !actHasNames || isActing) return true;
    return distance < 0 && isActLast(lang) && !isUnder;
  };
}

function suffering(lang: EventLang, type: EventType, actHasNames: boolean): (group: Group) => number {
  const counts = fromElsewhere(lang, type, actHasNames);
  return (group) => {
    const table = group.isQuoted ? SUFFERS_QUOTED : SUFFERS;
    const worth = group.role === 'scene' && STRIKES.has(type) ? STRUCK : table[group.role];
    if (worth === 0 || (group.distance !== 0 && !counts(group))) return 0;
    // Where something happened that is answered is not who is answered: 야스쿠니에 공물을 보내자 …
    if (group.distance !== 0 && group.parties.every(({ isPlace }) => isPlace)) return STRUCK;
    return worth - (group.distance === 0 ? 0 : ELSEWHERE);
  };
}

/** A conference, a drill, a pact of several is what the act is about, not whom it is done to, where the one who acts is of them. */
function aboutThemselves(group: Group, done: ReadonlySet<SubjectId>): boolean {
  return sidesOf([group]).size > 2 && group.parties.some(({ side }) => done.has(side));
}

function active(lang: EventLang, deed: Deed, groups: readonly Group[]): Parties {
  const from = best(groups, doing(lang, deed.type));
  const done = from === undefined ? NOBODY : sidesOf([from]);
  // Who only says something says it to everybody.
  if (deed.type === 'state') return { from: from === undefined ? [] : idsOf([from]), to: [] };
  const others = groups.filter(
    (group) => group !== from && !isWithin(group, done) && !aboutThemselves(group, done),
  );
  const actHasNames = groups.some((group) => group.distance === 0);
  const to = best(others, suffering(lang, deed.type, actHasNames));
  return {
    from: idsOf([from ?? scene(deed, groups, to)].filter((group) => group !== undefined)),
    to: to === undefined ? [] : without(alsoTo(to, groups), done),
  };
}

/** Whoever else of the same side it is done to in so many words: `visits Tokyo for talks with Motegi`. */
function alsoTo(to: Group, groups: readonly Group[]): readonly Group[] {
  if (to.role !== 'object' || to.isQuoted) return [to];
  const sides = sidesOf([to]);
  return groups.filter(
    (group) =>
      group === to ||
      (group.role === 'object' &&
        !group.isQuoted &&
        (group.distance === to.distance || group.isActing) &&
        isWithin(group, sides)),
  );
}

/** The ids of groups without those who act themselves: `China puts off its talks with Japan`, 日中会談を中国が拒否. */
function without(groups: readonly Group[], done: ReadonlySet<SubjectId>): readonly SubjectId[] {
  return idsOf(
    groups.map((group) => ({ ...group, parties: group.parties.filter(({ side }) => !done.has(side)) })),
  );
}

/** What a state does to those on its soil: 中国で拘束, 日本歌手在华演唱会取消. */
const ON_SOIL: ReadonlySet<EventType> = new Set(['coerce', 'sanction', 'yield', 'investigate']);

function scene({ type }: Deed, groups: readonly Group[], to: Group | undefined): Group | undefined {
  if (!ON_SOIL.has(type)) return undefined;
  const found = groups.find((group) => group.role === 'scene' && group !== to);
  // In a city courts and the police are at work every day: 大阪で会社員を逮捕.
  if (to === undefined && found?.parties.every(({ isPlace }) => isPlace) === true) return undefined;
  return found === undefined || (to !== undefined && isWithin(found, sidesOf([to]))) ? undefined : found;
}

/** Who does it in the passive where nothing marks them: on whose soil it is done, or whoever acts in another clause. */
function byWhom(deed: Deed, groups: readonly Group[], to: Group | undefined): Group | undefined {
  const where = scene(deed, groups, to);
  if (where !== undefined || to === undefined || !ON_SOIL.has(deed.type)) return where;
  const others = groups.filter((group) => !group.isQuoted && !isWithin(group, sidesOf([to])));
  return (
    others.find(({ distance, role }) => distance < 0 && role === 'subject') ??
    others.find(({ distance, role }) => distance === 0 && role === 'bare')
  );
}

/** Who does it in the passive by a particle that elsewhere marks whom it is done to, or where: 日에 나포돼, 일본에서 넘겨받아. */
function markedAgent(groups: readonly Group[], to: Group | undefined): Group | undefined {
  if (to === undefined) return undefined;
  return groups.find(
    (group) =>
      group !== to &&
      group.distance === 0 &&
      (group.role === 'object' || group.role === 'scene') &&
      !isWithin(group, sidesOf([to])),
  );
}

function passive(lang: EventLang, deed: Deed, groups: readonly Group[], agent: Group | undefined): Parties {
  const done = agent === undefined ? NOBODY : sidesOf([agent]);
  const to = best(
    groups.filter((group) => group !== agent && !isWithin(group, done)),
    ({ role, isQuoted, distance }) =>
      role === 'aside' || role === 'scene' || isQuoted
        ? 0
        : (role === 'object' ? 10 : 50) + (distance === 0 ? HERE : 0),
  );
  const by = agent ?? (isActLast(lang) ? markedAgent(groups, to) : undefined) ?? byWhom(deed, groups, to);
  return {
    from: by === undefined ? [] : idsOf([by]),
    to: to === undefined ? [] : idsOf([to]),
  };
}

/** A subject that is none of those who act together: they are what it acts on. */
function isApart(group: Group, together: Group): boolean {
  const isDoing = group.role === 'subject' || group.role === 'speaker' || group.role === 'inner';
  return group !== together && isDoing && !isWithin(group, sidesOf([together]));
}

function mutual(lang: EventLang, { type }: Deed, groups: readonly Group[]): Parties | null {
  const several = groups.filter((group) => isSeveral(group) && !group.isQuoted && !group.isUnder);
  const together = several.find(({ distance }) => distance === 0) ?? several[0];
  if (together === undefined) return null;
  const isOverruled = groups.some(
    (group) =>
      isApart(group, together) ||
      (group.distance === 0 && together.distance !== 0 && doing(lang, type)(group) > 0),
  );
  if (isOverruled) return null;
  const ids = idsOf([together]);
  return { from: ids, to: ids };
}

/** Who does what, as a field says it. */
export interface Report {
  readonly text: string;
  /** Where acts of the type are said, in the order of reading. */
  readonly acts: readonly Span[];
  readonly type: EventType;
}

/**
 * Where the main act is said: in the first clause that has one outside of quotation marks. Where only words that are quoted, or no words at
 * all say it, it is said right behind the first who is named (English, Chinese), or after everything.
 */
function mainAct(lang: EventLang, { text, acts }: Report, named: readonly Party[], clauses: Clauses): Span {
  const said = acts.filter((act) => !clauses.isQuoted(placeOf(lang, act)));
  const first = said[0];
  if (first !== undefined) {
    const clause = clauses.at(placeOf(lang, first));
    const here = said.filter((act) => clauses.at(placeOf(lang, act)) === clause);
    return (isActLast(lang) ? here.at(-1) : undefined) ?? first;
  }
  const speaker =
    isActLast(lang) || acts.length === 0 ? undefined : named.find(({ start }) => !clauses.isQuoted(start));
  const at = speaker?.end ?? acts.at(-1)?.start ?? text.length;
  return { start: at, end: at };
}

/** What is done to a country by being done to its people, its goods or its businesses, whoever does it: 일본인 억류. */
const TO_PRIVATE: ReadonlySet<EventType> = new Set([
  'aid',
  'assault',
  'coerce',
  'investigate',
  'protest',
  'sanction',
  'yield',
]);

/** Who does it to whom in a field, by particles and prepositions, and by order where those say nothing. */
export function partiesOf(lang: EventLang, report: Report, named: readonly Party[]): Parties {
  const { text, acts, type } = report;
  const ends = new Set(named.flatMap((party) => [party.end, endOfName(lang, text, party)]));
  const clauses = clausesOf(text, lang, acts[0]?.start ?? text.length, (place) => ends.has(place));
  const deed = { text, type, acts, cue: mainAct(lang, report, named, clauses) };
  const groups = groupsOf(lang, deed, named, clauses).filter(({ role }) => role !== 'aside');
  const isPrivate = groups.every(({ role }) => role === 'origin') && !TO_PRIVATE.has(type);
  if (groups.length === 0 || isPrivate) return NO_PARTIES;
  if (type === 'protest') return protested(deed, groups);
  const both = isMutual(type) ? mutual(lang, deed, groups) : null;
  if (both !== null) return both;
  const agent = groups.find(({ role }) => role === 'agent');
  if (agent !== undefined || isPassive(lang, deed)) return passive(lang, deed, groups, agent);
  return active(lang, deed, groups);
}

const shares = (a: readonly SubjectId[], b: readonly SubjectId[]): boolean => a.some((id) => b.includes(id));

/**
 * What a title says, and what it leaves out as its lead has it, where the two tell of the same party: the lead of a title that names
 * only whom it is done to says who does it.
 */
export function filledIn(title: Parties, lead: Parties): Parties {
  if (title.from.length === 0 && title.to.length === 0) return lead;
  const without = (ids: readonly SubjectId[], others: readonly SubjectId[]): readonly SubjectId[] =>
    shares(ids, others) ? [] : ids;
  if (title.from.length === 0) return { from: without(lead.from, title.to), to: title.to };
  if (lead.from.length > 0 && !shares(lead.from, title.from)) return title;
  return { from: title.from, to: without(lead.to, title.from) };
}
