import type { EventType } from '../events/event-type.ts';
import type { Party } from './event-actors.ts';
import { AROUND_UNITS, aheadOf, behindOf } from './event-compounds.ts';
import type { EventLang } from './event-langs.ts';
import { isReaction, type Deed, type Role, type RoleMarks } from './event-role.ts';
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

/** Languages whose clauses end with their act. */
export const isActLast = (lang: EventLang): boolean => lang === 'ko' || lang === 'ja';

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
  /^(?:['’]s)?\s?(?:remarks?|comments?|issues?|questions?|contingency|policy|stance|row|spat|dispute|strait|발언|문제|유사|에?\s?개입|에?\s?무력|를?\s?건드리|해협|정책|이슈|사태|答弁|有事|発言|問題|海峡|情勢|政策|に介入|への介入|に武力|问题|言论|议题|答辩|海峡|局势|牌)/iu;

/** What somebody has said, who is a party to what it is answered with: 다카이치 발언 철회하라. */
const SAID = /^(?:['’]s)?\s?(?:remarks?|comments?|발언|答弁|発言|言论|答辩)/iu;

/** In what somebody meddles: 介入台海. */
const MEDDLING = /(?:介入|插手|干涉|干预|\binterven\w+ (?:in|over))\s?$/iu;

/** With whom somebody talks about others: 트럼프와 통화서 日 비판. */
const TALKING =
  /^(?:(?:와|과)의?\s?(?:정상\s?|전화\s?)?(?:통화|회담|회동|면담|만나|만난)|との?(?:電話|会談|会合|会い|会って))/u;

/** Whether nothing but a particle stands between an owner and the act. */
function isRightBefore(party: Party, { text, cue }: Deed): boolean {
  return /^(?:의\s?|の|\s)?$/u.test(text.slice(party.end, cue.start)) && !/^대로/u.test(behindOf(text, cue));
}

/** Whether a party is only what is talked about, or whose paper writes so. */
function isAside(lang: EventLang, deed: Deed, party: Party, behind: string): boolean {
  // Who reports it comes first where acts do: `Chinese censors block Japanese broadcaster`.
  if (MEDIA.test(behind) && (isActLast(lang) || party.start < deed.cue.start)) return true;
  if (MEDDLING.test(aheadOf(deed.text, party))) return true;
  // Who crosses a strait does it to whose it is; who has said something is answered.
  const isMeant =
    (deed.type === 'mobilize' && STRAIT.test(behind)) ||
    (isReaction(deed.type) && party.ids.length > 1 && SAID.test(behind));
  return MATTER.test(behind) && !isMeant;
}

/** What a party is to the act of its clause. */
export function roleOf(lang: EventLang, deed: Deed, party: Party): Role {
  const behind = behindOf(deed.text, party);
  if (isAside(lang, deed, party, behind)) return 'aside';
  if (!isMutual(deed.type) && TALKING.test(behind.replace(MARKS[lang].offices, ''))) return 'owner';
  const role = MARKS[lang].roleOf(deed, party);
  // What somebody is said to have done is the act itself: 한국의 항의에도 日 ….
  const isOwnAct = role === 'owner' && isActLast(lang) && isRightBefore(party, deed);
  return isOwnAct ? 'subject' : role;
}

/** What a name can be that stands in a clause about another. */
const TOLD_BESIDE: ReadonlySet<Role> = new Set(['object', 'bare', 'owner', 'origin']);

/**
 * Whether a name stands in a clause that only tells of whom the next one is, and that is not about the act: 대만에 무기 파는 美에 항의.
 */
export function isInRelative(lang: EventLang, deed: Deed, party: Party, next: Party | undefined): boolean {
  const { relative } = MARKS[lang];
  if (relative === null || next === undefined) return false;
  const between = deed.text.slice(party.end, next.start);
  if (/[,…、「」“”"]/u.test(between) || !relative.test(between.slice(-AROUND_UNITS))) return false;
  // Who ends a headline does what the clause tells: 日 초치한 韓….
  if (/^(?:…|$)/u.test(behindOf(deed.text, next).replace(MARKS[lang].offices, ''))) return false;
  return (
    TOLD_BESIDE.has(roleOf(lang, deed, party)) &&
    !deed.acts.some(({ end }) => end > party.start && end <= next.start + 1)
  );
}

/** Acts that are passive by themselves. */
const SUFFERED = /^(?:遇|被|遭|获释|피습|피격|풀려나|구금|억류|습격당|released|freed)/iu;
const SUFFERED_LATE =
  /(?:당해|당했|피습|피격|붙잡혔|붙잡힌|붙잡혀|끌려갔|끌려가|쫓겨|넘겨졌|襲われ|刺され|撃たれ|殺され|拘束され|逮捕され|찔려|징역형 받)/u;
/** A participle without its auxiliary, as headlines write it: `Yoon sentenced to life`, `two detained in China`. */
const PARTICIPLE = /(?:ed|called in)(\sby|\s(?:in|at|on|over|for))?$/iu;
const GOES_ON = /^\s(?:to|in|over|for|on|at|after|amid)\b/iu;
/** Acts of seizing that need no verb in the passive behind whoever seizes: 日해상보안청에 나포. */
const SEIZED = /^(?:나포|체포|구속|억류|구금|연행|적발|검거|압송)/u;
/** Whoever is given something is named first: 넘겨받는다. */
const RECEIVED = /(?:넘겨|건네|물려|돌려|제공|지원|전달)받|譲り受け|供与を受け|支援を受け/u;
const GIVING: ReadonlySet<EventType> = new Set(['aid', 'yield']);
const SUFFERING: ReadonlySet<EventType> = new Set(['coerce', 'assault', 'investigate', 'yield', 'sanction']);

/** Whether the act is told in the passive. */
export function isPassive(lang: EventLang, deed: Deed): boolean {
  const ahead = aheadOf(deed.text, deed.cue);
  if (MARKS[lang].passive.ahead.test(ahead)) return true;
  return lang === 'en' ? isParticiple(deed) : isSuffered(deed, ahead, MARKS[lang].passive.behind);
}

function isParticiple({ text, cue, type }: Deed): boolean {
  const participle = PARTICIPLE.exec(text.slice(cue.start, cue.end));
  if (participle === null) return false;
  const behind = (participle[1] ?? '') + behindOf(text, cue);
  return /^\sby\b/iu.test(behind) || (SUFFERING.has(type) && GOES_ON.test(behind));
}

function isSuffered({ text, cue, type }: Deed, ahead: string, ending: RegExp): boolean {
  const act = text.slice(cue.start, cue.end);
  if (ending.test(behindOf(text, cue)) || SUFFERED.test(act)) return true;
  if (SEIZED.test(act) && /[가-힣]에\s$/u.test(ahead)) return true;
  // Whoever is hurt is named first, and the verb comes late: 흉기에 … 습격당해, 刃物の男に襲われる.
  const late = text.slice(cue.start, cue.end + AROUND_UNITS);
  return (SUFFERING.has(type) && SUFFERED_LATE.test(late)) || (GIVING.has(type) && RECEIVED.test(late));
}
