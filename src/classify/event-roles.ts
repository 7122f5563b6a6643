import type { EventType } from '../events/event-type.ts';
import type { Party } from './event-actors.ts';
import type { EventLang } from './event-langs.ts';

/** What the words around a name say it is to the act. */
export type Role =
  /** Does it, by a particle or by standing first. */
  | 'subject'
  /** It is done to, with or against. */
  | 'object'
  /** Does it, in the passive. */
  | 'agent'
  /** Where it is done, or whose paper writes so: no party. */
  | 'aside'
  /** The words say nothing; the order decides. */
  | 'bare';

/** A field as the parties are looked for in it. */
export interface Clause {
  readonly text: string;
  /** Where the act is said: UTF-16 offsets. */
  readonly cue: { readonly start: number; readonly end: number };
  readonly type: EventType;
}

/** Units read before and after a name. */
const AROUND_UNITS = 24;

/** Words that only say in what office somebody is, between the names of one side: `Japanese Prime Minister Takaichi`. */
const TITLES: Readonly<Record<EventLang, RegExp>> = {
  en: /^(?:['’]s)?\s*(?:(?:prime|foreign|defen[cs]e|minister|president|premier|leader|chief|new|counterpart|secretary|of|state|chairman|top|diplomat|first|female|security|adviser|national|supreme|chinese|japanese|korean|south|north|-|,|the|\s)+)?\s*$/iu,
  ko: /^\s?(?:의)?\s?(?:총리|대통령|국가주석|주석|외교부장|외무상|외교장관|외교|장관|국무위원장|신임|측|정부|부장|국회의장)?\s?$/u,
  ja: /^の?(?:首相|大統領|国家主席|主席|外相|総書記|政府|新首相|外務大臣)?[のは、\u3000 ]?$/u,
  zh: /^(?:新任)?(?:首相|总统|總統|国家主席|主席|外长|外長|外交部长|总理|總理|领导人|領導人|外相|新首相)?$/u,
};

/** Whether the words between two names of one side make them one. */
export function joinsNames(lang: EventLang, between: string): boolean {
  return between.length <= AROUND_UNITS * 2 && TITLES[lang].test(between);
}

const AND: Readonly<Record<EventLang, RegExp>> = {
  en: /^\s?(?:,|and|&|-|–|\/|, and|,\s?)\s?$/iu,
  ko: /^(?:·|ㆍ|-|–|과 |와 |, ?)?$/u,
  ja: /^(?:・|と|、|—|―|-|·)?$/u,
  zh: /^(?:、|和|与|與|-|—|·|・)?$/u,
};

const NO_OFFICES = /^(?!)/u;
const OFFICES: Readonly<Record<EventLang, RegExp>> = {
  en: NO_OFFICES,
  ko: /^\s?(?:총리|대통령|국가주석|주석|정상|정부|외교장관|해경|경찰)+/u,
  ja: /^(?:の)?(?:首相|大統領|国家主席|主席|外相|政府|海警|警察|情報院|公安)+/u,
  zh: /^(?:首相|总统|總統|主席|外长|外長|政府|海警|警方|情报机构|公安)+/u,
};

/** Whether two parties side by side act together: `Seoul and Tokyo`, 日韓, 中国と韓国が. */
export function actTogether(lang: EventLang, { text, type }: Clause, a: Party, b: Party): boolean {
  const between = text.slice(a.end, b.start).replace(OFFICES[lang], '');
  if (!AND[lang].test(between)) return false;
  // `中, 日에` and `中国、日本に` are a subject and whom it does something to; `韓国、日本が合意` are two.
  if (lang === 'ko' && between.includes(',')) return isMutual(type) && koreanRole(text, b) === 'subject';
  if (lang === 'ja' && between.includes('、')) return isMutual(type) && japaneseRole(text, b) === 'subject';
  return true;
}

/** What those who act together do to one another. */
const MUTUAL: ReadonlySet<EventType> = new Set(['agree', 'meet', 'cooperate', 'investigate']);

/** Whether those who act together do so to one another. */
export function isMutual(type: EventType): boolean {
  return MUTUAL.has(type);
}

function before(text: string, party: Party): string {
  return text.slice(Math.max(0, party.start - AROUND_UNITS), party.start);
}

function after(text: string, party: Party): string {
  return text.slice(party.end, party.end + AROUND_UNITS);
}

const MEDIA = /^(?:['’]s)?\s?(?:newspaper|daily|broadcaster|paper|媒|メディア|언론|매체|신문|媒体|媒體)/iu;

const EN_ASIDE =
  /\b(?:in|at|near|inside|across|around|off|from|amid|despite|after|before|ahead of|during|like|than)\s(?:the\s)?$/iu;
const EN_OBJECT =
  /\b(?:on|against|to|toward|towards|with|for|of|over|outside|about|between|upon|into|targeting|urging|visits?|hits?)\s(?:the\s|its\s)?$/iu;
const EN_AGENT = /\bby\s(?:the\s)?$/iu;
/** A headline that begins with a subordinate clause: its names are not those of the main one. */
const EN_INTRO =
  /^(?:after|as|amid|despite|following|while|ahead of|with|since|in response to|days after|weeks after)\b[^,]*,/iu;

function englishRole(clause: Clause, party: Party): Role {
  const { text, cue, type } = clause;
  const ahead = before(text, party);
  const intro = EN_INTRO.exec(text);
  if (intro !== null && party.end <= intro[0].length) return 'aside';
  if (EN_AGENT.test(ahead)) return 'agent';
  if (/\banti-$/iu.test(ahead) || isVisited(type, ahead)) return 'object';
  return party.start > cue.start ? roleAfterAct(type, ahead) : roleBeforeAct(ahead, after(text, party));
}

function roleAfterAct(type: EventType, ahead: string): Role {
  if (/\bfrom\s(?:the\s)?$/iu.test(ahead)) return type === 'yield' || type === 'meet' ? 'aside' : 'object';
  if (type === 'mobilize' && /\b(?:around|near|off|into)\s$/iu.test(ahead)) return 'object';
  return EN_ASIDE.test(ahead) ? 'aside' : 'object';
}

function roleBeforeAct(ahead: string, behind: string): Role {
  if (EN_ASIDE.test(ahead)) return 'aside';
  if (EN_OBJECT.test(ahead)) return 'object';
  return /^['’]s?\s/u.test(behind) || behind.startsWith('-') ? 'bare' : 'subject';
}

/** `talks in Beijing` names a place; `arrives in Beijing` names whom the visit is to. */
function isVisited(type: EventType, ahead: string): boolean {
  return (
    type === 'meet' &&
    /\b(?:arriv\w+|land\w*|fl(?:y|ies|ew)|travel\w*|trip|leaves?|departs?|heads?)\s(?:\w+\s)?(?:in|to|for|on|at)\s$/iu.test(
      ahead,
    )
  );
}

/** Words between a Korean name and its particle: 일본 정부가, 中외교부는. */
const KO_OFFICES =
  /^\s?(?:정부|외교부|외무성|국방부|방위성|상무부|통일부|총리|대통령실|대통령|국가주석|주석|외교부장|외무상|외교장관|외교당국|국방장관|장관|당국|군|해경|검찰|경찰|대사|의회|특사|위원장|당서기|정상|측|국민|관방|대변인|인민군|함대|국무위원장|부장|법원|공산당|방산기업\s?\d*\S?|수석|실장|의장|정부는)+/u;
const KO_SUBJECT = /^(?:은|는|이|가|도|께서|선|측은|측이)(?=[\s,…"“”'‘’·\d]|$)|^\s?[,，:…]|^\s?[“"'‘「]/u;
const KO_OBJECT =
  /^(?:에게서|에게|에도|에만|에|한테|와의|과의|와|과|을|를|로부터|으로부터|향해|행|로)(?=[\s,…"“”'‘’(]|$)|^\s?(?:대해|대한|겨냥|향해|상대|대상)/u;
const KO_ASIDE = /^(?:에서도|에서|서|내|발)(?=[\s,…"“”'‘’]|$)/u;

/** Someone unnamed comes first: `정부, 日 …에 항의`, `政府、中国の…`. What follows without a particle is done to. */
const UNNAMED_FIRST = /^[^,、，“"「]{1,12}(?:,|、)/u;

function orderRole(text: string, party: Party): Role {
  const isFirst = UNNAMED_FIRST.exec(text);
  if (isFirst !== null && party.start >= isFirst[0].length) return 'object';
  return party.isPlace ? 'aside' : 'bare';
}

/** Units of a compound of a sign and a country: 방일, 訪韓, 対中. */
const COMPOUND_UNITS_MAX = 2;

/** Whether one of the signs stands right before a country, in the name as the dossier has it or before it. */
function isPrefixed(text: string, { start, end }: Party, signs: RegExp): boolean {
  const isCompound = end - start <= COMPOUND_UNITS_MAX;
  const first = text.charAt(isCompound && end - start === COMPOUND_UNITS_MAX ? start : start - 1);
  if (!isCompound && end - start > 3)
    return signs.test(text.charAt(start - 1)) && /[訪對赴駐在対反]/u.test(first);
  return signs.test(first) || (isCompound && signs.test(text.charAt(start - 1)));
}

function koreanRole(text: string, party: Party): Role {
  const behind = after(text, party).replace(KO_OFFICES, '');
  if (isPrefixed(text, party, /[방訪대對향赴반혐反嫌]/u)) return 'object';
  if (isPrefixed(text, party, /[주駐재在]/u)) return 'aside';
  if (KO_ASIDE.test(behind)) return 'aside';
  if (KO_SUBJECT.test(behind)) return 'subject';
  if (KO_OBJECT.test(behind)) return 'object';
  return orderRole(text, party);
}

const JA_OFFICES =
  /^(?:の)?(?:政府|外務省|国防省|防衛省|商務省|首相|大統領府|大統領|国家主席|主席|外相|国防相|総領事館|大使館|大使|当局|軍|海警船|海警|機|側|国務省|統一省|氏|報道官|外務省報道官|船|紙|党|国会|野党|検察|裁判所|特別検察|海洋警察|警察|議長|企業\d*社?)+/u;
const JA_SUBJECT = /^(?:が|は|も)|^[、\u3000 :：「]/u;
const JA_OBJECT = /^(?:に対し|に対する|への|へ|に|を|と|との|から|向け)/u;

function japaneseRole(text: string, party: Party): Role {
  const ahead = before(text, party);
  const behind = after(text, party).replace(JA_OFFICES, '');
  if (
    isPrefixed(text, party, /[訪対對反嫌]/u) ||
    /^(?:訪|対|對|反)/u.test(text.slice(party.start, party.end))
  )
    return 'object';
  if (/(?:駐|在)$/u.test(ahead)) return 'aside';
  if (/^(?:で|国内|沖|発)/u.test(behind)) return 'aside';
  if (JA_SUBJECT.test(behind)) return 'subject';
  if (JA_OBJECT.test(behind)) return 'object';
  return orderRole(text, party);
}

const ZH_OBJECT =
  /(?:对原产|对|對|向|给|給|访|訪|赴|促|就|让|把|将|與|与|和|同|跟|反|吁|籲|要|针对|針對|涉|来|警告|侵|帮助|提醒|支持|为|会见|會見|召见)$/u;
const ZH_AGENT = /(?:被|遭|受|由|经)$/u;
const ZH_ASIDE = /(?:在|于|於|从|自|驻|駐|飞往|途经)$/u;

function chineseRole({ text, cue }: Clause, party: Party): Role {
  const ahead = before(text, party);
  const behind = after(text, party);
  if (ZH_AGENT.test(ahead)) return 'agent';
  if (ZH_ASIDE.test(ahead)) return 'aside';
  if (/^(?:访|訪|对|對|涉|反|赴)/u.test(text.slice(party.start, party.end))) return 'object';
  if (ZH_OBJECT.test(ahead) && party.start > 1) return 'object';
  if (party.start >= cue.start || /^(?:若|如果|一旦|如)/u.test(behind)) return 'object';
  return /^(?:的|产|人|籍)/u.test(behind) ? 'bare' : 'subject';
}

/** What a party is to the act of its clause. */
export function roleOf(lang: EventLang, clause: Clause, party: Party): Role {
  if (MEDIA.test(after(clause.text, party))) return 'aside';
  switch (lang) {
    case 'en':
      return englishRole(clause, party);
    case 'ko':
      return koreanRole(clause.text, party);
    case 'ja':
      return japaneseRole(clause.text, party);
    case 'zh':
      return chineseRole(clause, party);
  }
}

/** Words right before or in an act that turn it round: who is named first suffers it. */
const PASSIVE: Readonly<Record<EventLang, { readonly ahead: RegExp; readonly behind: RegExp }>> = {
  en: { ahead: /\b(?:was|were|is|are|been|being|be|gets?|got)\s(?:\w+ly\s)?$/iu, behind: /^\sby\b/iu },
  ko: { ahead: /(?:에 의해|에게)\s$/u, behind: /^(?:당해|당했|됐|된|되|받아|받았)/u },
  ja: { ahead: /によ(?:り|って)\S{0,4}$/u, behind: /^(?:され|さる|られ)/u },
  zh: { ahead: /(?:被|遭|遭到|受到)\S{0,6}$/u, behind: /^(?:者被)/u },
};

/** Acts that are passive by themselves. */
const SUFFERED = /^(?:遇|被|遭|获释|피습|피격|풀려나|구금|억류|습격당|released|freed)/iu;
const SUFFERED_LATE = /(?:당해|당했|피습|피격|襲われ|刺され|撃たれ|殺され|拘束され|逮捕され|찔려|징역형 받)/u;
/** A participle without its auxiliary, as headlines write it: `Yoon sentenced to life`. */
const EN_PARTICIPLE = /^\s(?:to|in|over|for|on|at|after|amid)\b/iu;
const SUFFERING: ReadonlySet<EventType> = new Set(['coerce', 'assault', 'investigate', 'yield']);

/** Whether the act is told in the passive. */
export function isPassive(lang: EventLang, { text, cue, type }: Clause): boolean {
  const ahead = text.slice(Math.max(0, cue.start - AROUND_UNITS), cue.start);
  const behind = text.slice(cue.end, cue.end + AROUND_UNITS);
  const act = text.slice(cue.start, cue.end);
  const { ahead: marker, behind: ending } = PASSIVE[lang];
  if (lang !== 'en') {
    if (marker.test(ahead) || ending.test(behind) || SUFFERED.test(act)) return true;
    // Whoever is hurt is named first, and the verb comes late: 흉기에 … 습격당해, 刃物の男に襲われる.
    return SUFFERING.has(type) && SUFFERED_LATE.test(text.slice(cue.start, cue.end + AROUND_UNITS));
  }
  if (marker.test(ahead)) return true;
  if (!/(?:ed|freed)$/iu.test(act)) return false;
  return /^\sby\b/iu.test(behind) || (SUFFERING.has(type) && EN_PARTICIPLE.test(behind));
}
