import type { Party } from './event-actors.ts';
import { isPrefixed, aheadOf, behindOf, UNNAMED_FIRST } from './event-compounds.ts';
import type { Deed, Role, RoleMarks } from './event-role.ts';

const OFFICES =
  /^(?:\s?(?:정부|외교부|외무성|외교당국|국방부|방위성|방위상|상무부|통일부|문화여유부|재무부|국무부|세관|총리|대통령실|대통령|국가주석|주석|외교부장|외무상|외교장관|국방장관|외교|장관|당국|당국자|군용기|군|해경국|해경선|해경|검찰|경찰|대사대리|대사|총괄공사|공사|의회|특사|위원장|당서기|정상|측|국민|관방|부대변인|대변인|인민군|함대|국무위원장|부장|법원|공산당|해군|공군|해상자위대|자위대|방산기업\s?\d*\S?|수석|실장|의장|양국|3국|양측|씨))+/u;
const TOPIC = /^(?:은|는|도|께서|선|측은)(?=[\s,…"“”'‘’·\d]|$)|^\s?[,，:…]/u;
const SPEAKER = /^(?:은|는|이|가)?\s?(?:또|또다시|다시|거듭|연일)?\s?[“"「]/u;
const INNER = /^(?:이|가|측이)(?=[\s,…"“”'‘’\d]|$)/u;
const OBJECT =
  /^(?:에게서|에게도|에게|에도|에만|에|한테|와의|과의|와|과|을|를|로부터|으로부터|향해|행|로|으로)(?=[\s,…"“”'‘’(]|$)|^\s?(?:대해|대한|겨냥|향해|상대|대상)/u;
const SCENE = /^(?:에서도|에서|서|내)(?=[\s,…"“”'‘’]|$)/u;
const OWNED =
  /^(?:인|산)(?=[\s,…0-9가-힣]|$)|^\s?(?:국적|어선|선박|제품|수산물|영화|가수|여행|관광|국민|화물|기업|동포|교민|출신|땅|영토|직원|빅테크|증시|업체|완성차|철강사|스타트업|연구진|연구팀|소년|소녀|남성|여성|유튜버|대학|프로야구|메이저리그|매장|소비자|배우|선수|팬|브랜드|화장품|음식|학자|전문가|교수|주식|부동산|유학생|노동자|주민|드라마|대기업|최대|\d위|재계|셰프|과학기술원|은행|타이어|(?!FBI|CIA|ICE|NSC|FRB|USTR|NASA|FDA|LNG|IRA|AI|IT|FTA|GDP)[A-Z]{2,}|(?:반도체|자동차|금융|제약|유통|배터리|전기차) ?(?:업체|기업|회사|업계|주))/u;
/** Reporters of what others do: 합참, 언론. */
const ASIDE = /^(?:발)(?=[\s,…"“”'‘’]|$)/u;

function roleByMarks(deed: Deed, party: Party): Role | null {
  const { text } = deed;
  const behind = behindOf(text, party).replace(OFFICES, '');
  if (isPrefixed(text, party, /[방訪대對향赴반혐反嫌]/u)) return 'object';
  if (isPrefixed(text, party, /[주駐재在]/u)) return 'aside';
  if (ASIDE.test(behind)) return 'aside';
  if (SCENE.test(behind)) return 'scene';
  if (SPEAKER.test(behind)) return 'speaker';
  if (TOPIC.test(behind)) return 'subject';
  if (INNER.test(behind)) return 'inner';
  if (OBJECT.test(behind)) return 'object';
  return null;
}

function koreanRole(deed: Deed, party: Party): Role {
  const marked = roleByMarks(deed, party);
  if (marked !== null) return marked;
  if (OWNED.test(behindOf(deed.text, party))) return 'origin';
  if (/^의\s/u.test(behindOf(deed.text, party))) return 'owner';
  if (/(?:에|서)\s$/u.test(aheadOf(deed.text, party)) && !party.isPlace) return 'bare';
  const isFirst = UNNAMED_FIRST.exec(deed.text);
  if (isFirst !== null && party.start >= isFirst[0].length) return 'object';
  return party.isPlace ? 'scene' : 'bare';
}

export const KOREAN: RoleMarks = {
  titles:
    /^\s?(?:의)?\s?(?:총리|대통령|국가주석|주석|외교부장|외무상|외교장관|외교|장관|국무위원장|신임|측|정부|부장|국회의장)?\s?$/u,
  and: /^(?:·|ㆍ|-|–|과 |와 |, ?)?$/u,
  offices: OFFICES,
  roleOf: koreanRole,
  passive: { ahead: /(?:에 의해|에게)\s$/u, behind: /^(?:당해|당했|됐|된|되|받아|받았)/u },
};
