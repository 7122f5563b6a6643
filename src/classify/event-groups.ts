import type { Party } from './event-actors.ts';
import type { Clauses } from './event-clauses.ts';
import { behindOf } from './event-compounds.ts';
import type { EventLang } from './event-langs.ts';
import { actTogether, isActLast, isInRelative, roleOf } from './event-roles.ts';
import { isReaction, type Deed, type Role, type Span } from './event-role.ts';

/** Parties read of one field: a headline that names more is a list. */
const PARTIES_MAX = 8;

/** Parties side by side that act as one. */
export interface Group {
  readonly parties: readonly Party[];
  /** What they are: that of the last in Korean and Japanese, whose particles come after all of them. */
  readonly role: Role;
  readonly isQuoted: boolean;
  /** How far its clause is from that of the act: negative before it. */
  readonly distance: number;
  /** Whether its clause only says under what circumstances. */
  readonly isUnder: boolean;
  /** Whether its clause goes on about the act, or says who asked for what is granted. */
  readonly isActing: boolean;
  /** Whether an act of the type is said in its clause, be it in a quotation. */
  readonly isTelling: boolean;
}

interface Gathered extends Group {
  readonly parties: Party[];
  role: Role;
}

/** Where an act is said that may have two words: the verb, which comes last in Korean and Japanese. */
export const placeOf = (lang: EventLang, { start, end }: Span): number =>
  isActLast(lang) ? Math.max(start, end - 1) : start;

/** Whether a party goes on a group: in its clause, and in a list with its last; whoever is at a place is not listed with it. */
function goesOn(lang: EventLang, deed: Deed, last: Gathered, next: Gathered): boolean {
  const before = last.parties.at(-1);
  const party = next.parties[0];
  if (before === undefined || party === undefined || last.distance !== next.distance) return false;
  // What the last of a compound is, all of it is: 한중일 정상회의 참석.
  if (next.role === 'aside')
    return lang === 'ko' && before.end === party.start && party.end - party.start === 1;
  if (last.role === 'aside') return false;
  if (next.role === 'scene' && last.role !== 'scene') return false;
  return actTogether(lang, deed, before, party);
}

/** Who gives way does so to whoever asked for it: 한국의 요구에, 韓国の求めに応じ, after Seoul's requests. */
const ASKED =
  /^(?:의|の|['’]s|方)?\s?(?:요구|요청|우려|求め|要求|要請|懸念|关切|關切|requests?|demands?|calls|concerns?)/iu;

function hasAsked({ text, type }: Deed, party: Party): boolean {
  return type === 'yield' && ASKED.test(behindOf(text, party));
}

/** By whom something else is done is no agent of the act: `angered by China, Japan summons …`. */
function roleElsewhere({ type }: Deed, role: Role): Role {
  if (role !== 'agent') return role;
  return isReaction(type) ? 'owner' : 'aside';
}

/** Where the act goes on to be told. Who shows force is often answered in kind. */
function goesOnWith({ type }: Deed, places: readonly number[], clauses: Clauses): readonly number[] {
  return type === 'mobilize' ? [] : places.filter((place) => !clauses.isQuoted(place));
}

/** The parties of a field by what they are to the act, those side by side together. */
export function groupsOf(
  lang: EventLang,
  deed: Deed,
  parties: readonly Party[],
  clauses: Clauses,
): readonly Group[] {
  const groups: Gathered[] = [];
  const here = clauses.at(placeOf(lang, deed.cue));
  const places = deed.acts.map((act) => placeOf(lang, act));
  const telling = new Set(places.map((place) => clauses.at(place)));
  const acting = new Set(goesOnWith(deed, places, clauses).map((place) => clauses.at(place)));
  for (const [number, party] of parties.slice(0, PARTIES_MAX).entries()) {
    if (isInRelative(lang, deed, party, parties[number + 1])) continue;
    const at = clauses.at(party.start);
    const role = roleOf(lang, deed, party);
    const group = {
      parties: [party],
      role: at === here ? role : roleElsewhere(deed, role),
      isQuoted: clauses.isQuoted(party.start),
      distance: at - here,
      isUnder: clauses.list[at]?.isUnder === true,
      isActing: acting.has(at) || hasAsked(deed, party),
      isTelling: telling.has(at),
    };
    const last = groups.at(-1);
    if (last !== undefined && goesOn(lang, deed, last, group)) {
      last.parties.push(party);
      // A place that stands in a list with somebody is no scene.
      if (isActLast(lang) || last.role === 'scene') last.role = group.role;
    } else groups.push(group);
  }
  return groups;
}
