import type { EventType } from '../events/event-type.ts';
import type { Party } from './event-actors.ts';
import { aheadOf, behindOf } from './event-compounds.ts';
import { isReaction, type Deed, type Role, type RoleMarks } from './event-role.ts';

const ASIDE =
  /\b(?:at|near|around|off|from|amid|despite|before|ahead of|during|like|than|via)\s(?:the\s)?$/iu;
const SCENE = /\b(?<!\bcall(?:s|ed|ing)?\s)(?:in|inside|across)\s(?:the\s)?$/iu;
const OBJECT =
  /\b(?:on|against|to|toward|towards|with|for|of|over|outside|about|between|upon|into|targeting|urging|visits?|hits?)\s(?:the\s|its\s|some\s)?$/iu;
const AGENT = /\bby\s(?:the\s)?$/iu;
/** Persons, goods and businesses, of which a country's name only says where they come from. */
const PRIVATE =
  '(?:nationals?|NGOs?|charit\\w+|citizens?|students?|tourists?|travell?ers|seafood|goods|products?|beef|firms?|compan\\w+|m[ae]n|wom[ae]n|worker\\w*|employees?|fishing|fisher\\w*|trawlers?|team|researchers?|scientists?|stars?|singers?|act(?:or|ress)|athletes?|players?|swimmers?|skaters?|racers?|cyclists?|footballers?|fans|couple|mother|teen\\w*|family|families|prisoners?|publisher|influencers?|billionaires?|tycoon|start-?ups?|(?:car|chip|drug|auto|plane|film)?makers?|giants?|retailers?|banks?|stocks|shares|bonds|markets?|economy|prices|sales|production|consumers?|shoppers|films?|drama|movie|novel\\w*|brands?|apps?|universit\\w+|scholars?|experts?|analysts?|economists?|historians?|authors?|writers?|artists?|insurers?|investors?|traders|expo)\\b';
const OWNED = new RegExp(`^(?:['’]s)?\\s${PRIVATE}`, 'iu');
/** `Russian hockey star`: after what can only be an adjective another word may come first. */
const ADJECTIVE = /(?:ese|[ie]an|ish|ench|utch|aeli|German|American|Mexican)$/u;
const OWNED_FURTHER = new RegExp(`^\\s[a-z-]+\\s${PRIVATE}`, 'u');

const OFFICES =
  /^(?:['’]s)?(?:\s(?:prime|foreign|state|treasury|department|presidential|office|spokes\w+|top|senior|defen[cs]e|commerce|trade|minister|ministers|ministry|president|premier|leader|government|officials?|embassy|envoy|ambassador|diplomats?|PM|coast|guard|navy|army|military|jets?|bombers?|ships?|vessels?|troops))+/iu;
const SAID_BY = /\b(?:says|said|according to)\s(?:the\s)?$/iu;
const SAYS = /^(?:\s?:\s|\s(?:says?|said)(?![\p{L}\p{N}'’-])|\st(?:ells?|old)\s)/iu;

/** `calls in Japanese envoy`, but `detained in US raid`. */
const ENDS_IN_PLACE = /(?<!\bcall(?:s|ed)?)\s(?:in|at|near|off|from)$/iu;
/** What somebody asked for is answered to them: `balks at Seoul's request`. */
const ASKED = /^['’]s?\s(?:\w+\s)?(?:requests?|calls?|demands?|offers?|proposals?|pleas?|claims?)\b/iu;

/** `lashes out at Japan`, `fires water cannon at a Philippine vessel`, but `condemns X at Beijing forum`. */
const AIMED = /\bat\s(?:the\s|an?\s)?$/iu;
const OCCASION =
  /^(?:['’]s)?\s(?:\w+\s)?(?:summit|meeting|forum|talks|conference|ceremony|event|embassy|airport|court)\b/iu;
/** What somebody does all the same is against whoever wants otherwise: `despite Chinese pressure`. */
const DEFIED = /\b(?:despite|in defiance of)\s$/iu;

/** Whose prisoners somebody asks for: `seeks release of citizens held in China`. */
const HELD = /\b(?:held|detained|jailed|imprisoned|arrested)\s(?:\w+\s)?(?:in|by)\s$/iu;
/** What somebody's deed brings about another does: `draws furious response from Beijing`. */
const DRAWN = /\b(?:draws?|drew|sparks?|sparked|prompts?|triggers?|provokes?)\s(?:\w+\s){0,2}$/iu;

/** `liberation of the town by Russian troops`. */
const OF_BY = /\bof\s(?:\S+\s){1,3}by\s$/iu;
const DRAWN_FROM = /\bfrom\s$/iu;

/** Whether the words around a name behind the act say that it is done to whoever is named. */
function isAddressed(type: EventType, ahead: string, behind: string): boolean {
  if (ASKED.test(behind) || (type === 'demand' && HELD.test(ahead))) return true;
  if (type === 'reject' && DEFIED.test(ahead)) return true;
  // `shoots man at Trump's resort` names a place.
  const isAiming = isReaction(type) || ((type === 'coerce' || type === 'assault') && !/^['’]/u.test(behind));
  return isAiming && AIMED.test(ahead) && !OCCASION.test(behind);
}

/** Whether a name stands right behind the act. */
function isNext({ text, cue }: Deed, party: Party): boolean {
  if (party.start < cue.end || ENDS_IN_PLACE.test(text.slice(cue.start, cue.end))) return false;
  return /^(?:\s(?:the|its|a|some|two|more))*\s$/iu.test(text.slice(cue.end, party.start));
}

/** Whose doing it is by the preposition ahead: `cancelled by China`, but `concerts by Japanese singers cancelled`. */
function roleByAgent({ text, cue }: Deed, party: Party, ahead: string): Role | null {
  if (AGENT.test(ahead)) return party.start > cue.start || OF_BY.test(ahead) ? 'agent' : 'origin';
  return DRAWN_FROM.test(ahead) && DRAWN.test(aheadOf(text, cue)) ? 'agent' : null;
}

function englishRole(deed: Deed, party: Party): Role {
  const { text, cue, type } = deed;
  const ahead = aheadOf(text, party);
  const behind = behindOf(text, party);
  const by = roleByAgent(deed, party, ahead);
  if (by !== null) return by;
  if (/\banti-$/iu.test(ahead) || isVisited(type, ahead)) return 'object';
  if (isNext(deed, party) || (party.start > cue.start && isAddressed(type, ahead, behind))) return 'object';
  if (SAID_BY.test(ahead) || SAYS.test(behind.replace(OFFICES, ''))) return 'speaker';
  if (party.start > cue.start) return roleAfterAct(type, ahead);
  return roleBeforeAct(text.slice(party.start, party.end), ahead, behind);
}

function roleAfterAct(type: EventType, ahead: string): Role {
  if (/\bfrom\s(?:the\s)?$/iu.test(ahead)) return type === 'yield' || type === 'meet' ? 'aside' : 'object';
  if (type === 'mobilize' && /\b(?:around|near|off|into)\s$/iu.test(ahead)) return 'object';
  if (SCENE.test(ahead)) return 'scene';
  return ASIDE.test(ahead) ? 'aside' : 'object';
}

function roleBeforeAct(name: string, ahead: string, behind: string): Role {
  if (SCENE.test(ahead)) return 'scene';
  if (ASIDE.test(ahead)) return 'aside';
  if (OBJECT.test(ahead)) return 'object';
  if (OWNED.test(behind) || (ADJECTIVE.test(name) && OWNED_FURTHER.test(behind))) return 'origin';
  return /^['’]s?\s/u.test(behind) || behind.startsWith('-') ? 'bare' : 'subject';
}

/** `talks in Beijing` names a place; `arrives in Beijing` names whom the visit is to. */
function isVisited(type: EventType, ahead: string): boolean {
  return (
    type === 'meet' &&
    /\b(?:arriv\w+|land\w*|fl(?:y|ies|ew)|travel\w*|trip|visit|leaves?|departs?|heads?)\s(?:\w+\s)?(?:in|to|for|on|at)\s$/iu.test(
      ahead,
    )
  );
}

export const ENGLISH: RoleMarks = {
  titles:
    /^(?:['’]s)?\s*(?:(?:prime|foreign|defen[cs]e|minister|president|premier|leader|chief|new|counterpart|secretary|of|state|chairman|top|diplomat|first|female|security|adviser|national|supreme|chinese|japanese|korean|south|north|-|,|the|\s)+)?\s*$/iu,
  and: /^\s?(?:,|and|&|-|–|\/|, and|,\s?)\s?$/iu,
  offices: OFFICES,
  relative: null,
  roleOf: englishRole,
  passive: {
    ahead: /\b(?:was|were|is|are|been|being|be|gets?|got)\s(?:\w+ly\s)?$/iu,
    behind: /^\sby\b/iu,
  },
};
