import type { Party } from './event-actors.ts';
import { isPrefixed, aheadOf, behindOf, UNNAMED_FIRST } from './event-compounds.ts';
import { isAboutFurther, type Deed, type Role, type RoleMarks } from './event-role.ts';

const OFFICES =
  /^(?:\s?(?:정부|외교부|외무성|외교당국|국방부|국방성|방위성|방위상|상무부|경제산업성|경산성|통일부|문화여유부|재무부|국무부|국무원|국방차관|외무차관|외교차관|차관보|차관|국장|세관|해관총서|총리|대통령실|대통령|국가주석|주석|외교부장|외무상|외교장관|국방장관|상무장관|국무장관|외교|장관|당국자|당국|군용기|전투기|폭격기|함재기|정찰기|무인기|드론|(?:항공모함|항모|구축함|호위함|이지스함|잠수함|상륙함)(?:\s\S{1,6}[함호])?|함정|군함|순시선|조사선|해상보안청|해보|해병대|사령부|군|해경국|해경선|해경|검찰|경찰|대사대리|대사|총괄공사|공사|의회|의원단|의원|특사|위원장|당서기|정상|대표단|사절단|측|국민|공안|관방장관|관방|부대변인|대변인|인민군|함대|국무위원장|부부장|부장|법원|공산당|자민당|노동당|해군|공군|해상자위대|자위대|방산기업\s?\d*\S?|수석|실장|의장|안보보좌관|보좌관|장(?=[은는이가도에의과,…\s])|양국|3국|양측|씨|부부))+/u;
const TOPIC = /^(?:은|는|도|께서|선|측은)(?=[\s,…"“”'‘’·\d]|$)|^\s?[,，:…]/u;
const SPEAKER = /^(?:은|는|이|가)?\s?(?:또|또다시|다시|거듭|연일)?\s?[“"「]/u;
const INNER = /^(?:이|가|측이)(?=[\s,…"“”'‘’\d]|$)/u;
const OBJECT =
  /^(?:에게서|에게도|에게|에도|에만|에|한테|와의|과의|와|과|을|를|로부터|으로부터|향해|행|行|로|으로)(?=[\s,…"“”'‘’(]|$)|^\s?(?:대해|대한|겨냥|향해|상대|대상)/u;
const SCENE = /^(?:에서도|에서|서|내)(?=[\s,…"“”'‘’]|$)/u;
const OWNED =
  /^(?:인|산)(?=[\s,…0-9가-힣]|$)|^\s?(?:국적|어선|선박|제품|수산물|영화|가수|여행|관광|국민|화물|기업|동포|교민|출신|땅|영토|직원|빅테크|증시|업체|완성차|철강사|스타트업|연구진|연구팀|소년|소녀|남성|여성|유튜버|대학|프로야구|메이저리그|매장|소비자|배우|선수|팬|브랜드|화장품|음식|학자|전문가|교수|주식|부동산|유학생|노동자|주민|드라마|대기업|최대|\d위|재계|셰프|과학기술원|은행|타이어|(?!FBI|CIA|ICE|NSC|FRB|USTR|NASA|FDA|LNG|IRA|AI|IT|FTA|GDP)[A-Z]{2,}|(?:반도체|자동차|금융|제약|유통|배터리|전기차) ?(?:업체|기업|회사|업계|주))/u;
/** Reporters of what others do: 합참, 언론. */
const ASIDE = /^(?:발)(?=[\s,…"“”'‘’]|$)/u;
/** Conferences that are gone to, and whom another follows: 한중일 정상회의 참석, EU 이어 일본도. */
const ATTENDED = /^(?:에)?\s이어(?=[\s,…])|^\s?(?:정상|장관|외교장관)?\s?(?:회의|회담)\s?참석/u;
/** Acts that are done to whoever is named right before, told of whoever is named right behind: 중국을 찾은 …, 日 초치한 韓. */
const DOING =
  '(?:만난|찾은|겨눈|넘본|때린|(?:초치|겨냥|방문|압박|위협|견제|자극|상대|초청|포위|봉쇄|설득)한)';
/** Verbs before a name that tell of it something else than what they are done to: syllables that seldom end a noun, as 북한 and 비난 do. */
const RELATIVE = new RegExp(
  '(?:[가-힣](?<![북방남주제권대기무])한|쏜|푼|[돕도나싸세키]운|(?<![비재피])난|낸|(?<![기비수])준|린|킨|친|른|던|긴|된|온|둔|튼|든|(?<![비재심])판|[어라아]진|[하파쏘내막찾있없되않받키]는|[막받품않맞잡얻]은)' +
    `(?<!${DOING})\\s$`,
  'u',
);
const DONE_BY = new RegExp(`${DOING}\\s$`, 'u');
const DONE_TO = new RegExp(`^\\s${DOING}\\s`, 'u');
/** People of a country in one word with it: 대만인. */
const NATIONAL = /[가-힣]{2}인$/u;
/** Whose deed or mishap brings about what another does: 中 압박에 日 …, 일본 지진에. */
const CAUSE =
  /^\s?(?:[가-힣]{2,4}\s)?[가-힣]{0,2}(?:압박|도발|망언|발언|조치|규제|제재|통제|요구|주장|비난|경고|위협|반발|공세|공격|훈련|발사|침범|봉쇄|결정|제안|방침|강행|참배|지진|홍수|수해|산불|태풍|폭우|참사|화재|피해|재해)에(?:도|는)?(?=[\s,…])/u;
/** Where force is shown to somebody. */
const NEAR = /^\s?(?:섬\s)?(?:본토|영해|영공|배타적|방공|인근|주변|코앞|앞바다|근해|상공)/u;
/** Where a journey goes. */
const ARRIVAL = /^\s?(?:국빈\s?|공식\s?|전격\s?)?(?:도착|방문|입국|찾|향발)/u;

function roleByMarks(deed: Deed, party: Party): Role | null {
  const { text } = deed;
  const behind = behindOf(text, party).replace(OFFICES, '');
  if (isPrefixed(text, party, /[방訪대對향赴반혐反嫌]/u)) return 'object';
  if (isPrefixed(text, party, /[주駐재在]/u)) return 'aside';
  if (ASIDE.test(behind) || ATTENDED.test(behind)) return 'aside';
  if (SCENE.test(behind)) return 'scene';
  if (SPEAKER.test(behind)) return 'speaker';
  if (TOPIC.test(behind)) return 'subject';
  if (INNER.test(behind)) return 'inner';
  if (OBJECT.test(behind)) return 'object';
  return null;
}

const nameOf = ({ text }: Deed, { start, end }: Party): string => text.slice(start, end);

/** What is in somebody's deed is no party of the answer to it: 중국의 대만 포위훈련을 비판. */
function isOwned(deed: Deed, party: Party, ahead: string): boolean {
  return isAboutFurther(deed, party) && /의\s$/u.test(ahead);
}

/** What the verb or the noun behind a name says, where no particle does. */
function roleByWords(deed: Deed, party: Party, ahead: string, behind: string): Role | null {
  if (deed.type === 'mobilize' && NEAR.test(behind)) return 'object';
  if (deed.type === 'meet' && ARRIVAL.test(behind)) return 'object';
  if (DONE_TO.test(behind)) return 'object';
  if (DONE_BY.test(ahead)) return 'subject';
  if (OWNED.test(behindOf(deed.text, party)) || NATIONAL.test(nameOf(deed, party))) return 'origin';
  return CAUSE.test(behind) ? 'owner' : null;
}

function roleByPlace({ text }: Deed, party: Party, ahead: string): Role {
  if (/(?:에|서)\s$/u.test(ahead) && !party.isPlace) return 'bare';
  const isFirst = UNNAMED_FIRST.exec(text);
  if (isFirst !== null && party.start >= isFirst[0].length) return 'object';
  return party.isPlace ? 'scene' : 'bare';
}

function koreanRole(deed: Deed, party: Party): Role {
  const ahead = aheadOf(deed.text, party);
  const whole = behindOf(deed.text, party);
  const behind = whole.replace(OFFICES, '');
  const isWithin = isOwned(deed, party, ahead);
  if (isWithin && /^에 대한\s/u.test(behind)) return 'aside';
  const told = roleByMarks(deed, party) ?? roleByWords(deed, party, ahead, behind);
  if (told !== null) return told;
  if (/^의\s/u.test(behind)) return behind.length < whole.length ? 'bare' : 'owner';
  return isWithin ? 'aside' : roleByPlace(deed, party, ahead);
}

export const KOREAN: RoleMarks = {
  titles:
    /^\s?(?:의)?\s?(?:총리|대통령|국가주석|주석|외교부장|외무상|외교장관|외교|장관|국무위원장|신임|측|정부|부장|국회의장)?\s?$/u,
  and: /^(?:·|ㆍ|-|–|과 |와 |, ?)?$/u,
  offices: OFFICES,
  relative: RELATIVE,
  roleOf: koreanRole,
  passive: {
    ahead: /에 의해\s$/u,
    behind:
      /^(?:\s?(?:통보|조치|부과|처분|명령))?(?:을|를)?\s?(?:당해|당했|당한|됐|된|되|돼|받아|받았|받는|받은|받기로)/u,
  },
};
