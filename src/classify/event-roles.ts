import type { EventType } from '../events/event-type.ts';
import type { Party } from './event-actors.ts';
import { AROUND_UNITS, aheadOf, behindOf } from './event-compounds.ts';
import type { EventLang } from './event-langs.ts';
import type { Deed, Role, RoleMarks } from './event-role.ts';
import { ENGLISH } from './event-roles-en.ts';
import { JAPANESE } from './event-roles-ja.ts';
import { KOREAN } from './event-roles-ko.ts';
import { CHINESE } from './event-roles-zh.ts';

const MARKS: Readonly<Record<EventLang, RoleMarks>> = {
  en: ENGLISH,
  ko: KOREAN,
  ja: JAPANESE,
  zh: CHINESE,
};

/** Whether the words between two names of one side make them one. */
export function joinsNames(lang: EventLang, between: string): boolean {
  return between.length <= AROUND_UNITS * 2 && MARKS[lang].titles.test(between);
}

/** What those who act together do to one another. */
const MUTUAL: ReadonlySet<EventType> = new Set(['agree', 'meet', 'cooperate', 'investigate']);

/** Whether those who act together do so to one another. */
export function isMutual(type: EventType): boolean {
  return MUTUAL.has(type);
}

const STRAIT = /^\s?(?:strait|해협|海峡|海峽)/iu;

/** Whether a name is of a strait, which is where one acts: 中共台海演习. */
function isStrait(text: string, party: Party): boolean {
  return STRAIT.test(behindOf(text, party)) || /[台臺]海$/u.test(text.slice(party.start, party.end));
}

/** Whether two parties side by side act together: `Seoul and Tokyo`, 日韓, 中国と韓国が. */
export function actTogether(lang: EventLang, deed: Deed, a: Party, b: Party): boolean {
  const between = deed.text.slice(a.end, b.start).replace(MARKS[lang].offices, '');
  if (!MARKS[lang].and.test(between) || isStrait(deed.text, b)) return false;
  // `中, 日에` and `中国、日本に` are a subject and whom it does something to; `韓国、日本が合意` are two.
  if ((lang === 'ko' && between.includes(',')) || (lang === 'ja' && between.includes('、'))) {
    const role = roleOf(lang, deed, b);
    return isMutual(deed.type) && (role === 'subject' || role === 'inner');
  }
  return true;
}

/** Where the name of a party ends with the office that goes with it. */
export function endOfName(lang: EventLang, text: string, party: Party): number {
  return party.end + (MARKS[lang].offices.exec(behindOf(text, party))?.[0].length ?? 0);
}

const MEDIA = /^(?:['’]s)?\s?(?:newspaper|daily|broadcaster|paper|媒|メディア|언론|매체|신문|媒体|媒體)/iu;

/** What is talked about and is no party: `Taiwan remarks`, 대만 발언, 台湾有事, 涉台言论. */
const MATTER =
  /^(?:['’]s)?\s?(?:remarks?|comments?|issues?|questions?|contingency|policy|stance|row|spat|dispute|arms|strait|발언|문제|유사|에?\s?개입|에?\s?무력|를?\s?건드리|해협|정책|이슈|사태|答弁|有事|発言|問題|海峡|情勢|政策|に介入|への介入|に武力|问题|言论|议题|答辩|海峡|局势|牌)/iu;

/** In what somebody meddles: 介入台海. */
const MEDDLING = /(?:介入|插手|干涉|干预|\binterven\w+ (?:in|over))\s?$/iu;

/** What a party is to the act of its clause. */
export function roleOf(lang: EventLang, deed: Deed, party: Party): Role {
  const behind = behindOf(deed.text, party);
  // Who crosses a strait does it to whose it is.
  const isMatter = MATTER.test(behind) && !(deed.type === 'mobilize' && STRAIT.test(behind));
  const ahead = aheadOf(deed.text, party);
  if (MEDIA.test(behind) || isMatter || MEDDLING.test(ahead)) return 'aside';
  return MARKS[lang].roleOf(deed, party);
}

/** Acts that are passive by themselves. */
const SUFFERED = /^(?:遇|被|遭|获释|피습|피격|풀려나|구금|억류|습격당|released|freed)/iu;
const SUFFERED_LATE = /(?:당해|당했|피습|피격|襲われ|刺され|撃たれ|殺され|拘束され|逮捕され|찔려|징역형 받)/u;
/** A participle without its auxiliary, as headlines write it: `Yoon sentenced to life`. */
const EN_PARTICIPLE = /^\s(?:to|in|over|for|on|at|after|amid)\b/iu;
const SUFFERING: ReadonlySet<EventType> = new Set(['coerce', 'assault', 'investigate', 'yield', 'sanction']);

/** Whether the act is told in the passive. */
export function isPassive(lang: EventLang, { text, cue, type }: Deed): boolean {
  const ahead = aheadOf(text, cue);
  const behind = behindOf(text, cue);
  const act = text.slice(cue.start, cue.end);
  const { ahead: marker, behind: ending } = MARKS[lang].passive;
  if (lang !== 'en') {
    if (marker.test(ahead) || ending.test(behind) || SUFFERED.test(act)) return true;
    // Whoever is hurt is named first, and the verb comes late: 흉기에 … 습격당해, 刃物の男に襲われる.
    return SUFFERING.has(type) && SUFFERED_LATE.test(text.slice(cue.start, cue.end + AROUND_UNITS));
  }
  if (marker.test(ahead)) return true;
  if (!/(?:ed|freed|called in)$/iu.test(act)) return false;
  return /^\sby\b/iu.test(behind) || (SUFFERING.has(type) && EN_PARTICIPLE.test(behind));
}
