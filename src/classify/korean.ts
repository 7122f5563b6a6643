import { textAt, unitAt } from './following.ts';
import type { Normalized } from './normalize.ts';
import type { Rule } from './rules.ts';
import { DIGIT, HAN, HANGUL, LETTER, SPACE, classOf } from './script.ts';
import { WordSet } from './word-set.ts';

/** Hangul units looked at on either side of a name: no eojeol that matters is longer. */
const EOJEOL_UNITS_MAX = 24;
/** Syllables from which a name is too long to be a piece of another word. */
const LONG_NAME_SYLLABLES = 3;
/** Syllables before a country's name in its eojeol from which a lost space is likelier than another word. */
const GLUED_SYLLABLES = 3;
/** The longest suffix. */
const SUFFIX_SYLLABLES_MAX = 5;
/** Particles stacked at most: 에서+는+요. */
const PARTICLES_MAX = 3;
/** The longest particle that another one follows. */
const PARTICLE_SYLLABLES_MAX = 3;
/** The longest title. */
const TITLE_SYLLABLES_MAX = 4;
/** The shortest name of a trade in COMPANY. */
const TRADE_SYLLABLES_MIN = 2;

const words = (list: string): WordSet => new WordSet(list.split(/\s+/).filter((word) => word !== ''));

/** Case markers, topic markers, copulas and endings that can follow any noun. */
const PARTICLES = words(`
  은 는 이 가 을 를 의 에 에게 에겐 엔 에서 에선 서 선 으로 로 와 과 랑 이랑 하고 도 만 뿐 부터 까지 한테 께 께서 께선
  보다 보단 처럼 같이 같은 마저 조차 나 이나 든 이든 라 이라 라고 이라고 라는 이라는 란 이란 라며 이라며 라면 이라면
  며 이며 다 이다 인 일 임 였다 이었다 로서 로써 으로서 로부터 으로부터 대로 마다 밖에 여 야 이야 고 이고 지만 이지만
  입니다 이냐 냐 들 등 님 씨 측 간 쪽 엔 에겐 요 때 때문 뿐만 이자 자 조차 커녕 치고 더러 보고 말고 와의 과의 로의 에의`);

/** Nouns and suffixes that attach to a name without making it another one. */
const SUFFIXES = words(`
  산 행 발 전 내 계 인 군 식 판 형 풍 명 국 어 팀 제 당 가 권 령 시 현 부 역 항 섬 법 댐 후 표 호 파 시장 시장실 시민
  시내 시청 도청 공항 사람 정부 내각 정권 체제 대통령 총리 주석 외상 외무상 장관 대표 후보 부부 방문 회담 정상 정상회담
  측근 당국 외교부 대사 대사관 총영사관 특파원 현지 지역 지방 출신 하회마을 탄광 사태 문제 해협 독립 침공 유사 땅 주민
  영토 영유권 경비대 관련 때리기 리스크 쇼크 특수 특사 담화 발언 외교 시대 주의 정책 노선 수출 수입 규제 제재 금지
  언론 매체 기업 업체 증시 경제 국민 국회 의회 시의회 시의원 의원 입법원 총통 총통부 선수 대표팀 야구 축구 농구 여행 관광 관광객 사무판공실
  국방부 군사 방어 무기 봉쇄 통일 영공 상공 해군 공군 군함 비행 사랑 지킴이 체험관 박물관 재단 수호 수호대 방어훈련 왜곡 도발 망언 교육
  홍보 탐방 바다 연구소 지점 지사 법인 사무소 무역관 영사관 총영사 본사 공장 출장 직항 유학 유학생 교민 한인 지법 지방법원 지검 경찰 경찰서
  소방서 축제 산불 화재`);

/**
 * Prefixes before a proper noun: 대(對)중국, 반일본, 전(前)…; a post names where it is before whose it is, 주한|일본대사관, and a visit
 * how it is paid: 국빈|방중.
 */
const PREFIXES = words(
  '대 탈 반 친 주 재 전 범 비 항 혐 주한 주일 주중 주미 주북 재한 재일 재중 재미 국빈 공식 실무 전격 극비',
);

/** Syllables that count after a number. */
const COUNTERS = new Set(
  Array.from('일월년명시분초원호개대건곳차회세인위점중만주', (syllable) => syllable.charCodeAt(0)),
);

/** How often, on to which a name is written: 5차|방중. */
const TIMES = '차'.charCodeAt(0);

/** What follows a country's name in the name of a company, medium, club or school. */
const COMPANY =
  /^(?:경제신문|경제TV|일보|신문|방송|증권|투자증권|투자금융|투자신탁|금융지주|금융신문|금융투자|은행|생명|화재|카드|캐피탈|전력|전력공사|남부발전|동서발전|서부발전|중부발전|남동발전|가스공사|수력원자력|타이어|제지|제약|콜마|카본|조선해양|시리즈|갤럽|토지신탁|자산신탁|거래소|예탁결제원|지엠|지멘스|항공우주산업|항공대|공항공사|외대|외국어대|공학대|교통대|체대|해양대|폴리텍|정보공학|앤컴퍼니|맥도날드|토요타|닛산|씨티|미니스톱|마사회|토지주택|도로공사|철도공사|수자원공사|석유공사|관광공사|산업은행|수출입은행|동방항공|남방항공|항공|[가-힣]{2,8}(?:공사(?!관)|신문|일보|투자증권|자산운용|투자운용|펀드평가|신용평가)|선급|리서치|벤처투자|금거래소|평가데이터|신용데이터|암웨이|야쿠르트|딥러닝|씰마스타|마이크로소프트|오라클|필립모리스|화이자|릴리|로슈|머크|노바티스|애브비|얀센|아스트라제네카|베링거|바이엘|다케다|에자이|오츠카|후지필름|후지쯔|엡손|네슬레|코카콜라|[가-힣]{2,6}(?:제약(?!바이오)|은행|저축은행))/;

/** Behind a country a person of it, and not the ending of the copula that is written so. */
const PERSON = '인';

/** Titles after a surname that say it is somebody else's: 李 의원, 李 장관. */
const OTHER_TITLES = words(`
  의원 장관 후보 후보자 대표 원내대표 위원장 총장 지사 시장 회장 부회장 사장 교수 감독 선수 변호사 판사 검사 특검 처장
  실장 수석 대변인 차관 청장 이사장 원장 군수 구청장 씨 전 前 총리 총재 행장 부총리 본부장 최고위원 대법관 재판관 대사 작가 배우 기자 여사 사령관 모`);

/** Where the eojeol's Hangul before `at` begins. */
function hangulStart({ units }: Normalized, at: number): number {
  let start = at;
  while (start > 0 && at - start < EOJEOL_UNITS_MAX && classOf(units[start - 1]) === HANGUL) start -= 1;
  return start;
}

/** Where the Hangul ends that follows `at` without a break. */
export function hangulEnd({ units, length }: Normalized, at: number): number {
  let end = at;
  while (end < length && end - at < EOJEOL_UNITS_MAX && classOf(units[end]) === HANGUL) end += 1;
  return end;
}

/** The Hangul that follows `at` without a break. */
export function hangulAfter(text: Normalized, at: number): string {
  return textAt(text, at, hangulEnd(text, at));
}

/** The Hangul that ends at `at` without a break. */
export function hangulBefore(text: Normalized, at: number): string {
  return textAt(text, hangulStart(text, at), at);
}

/** How a name begins in its eojeol: at its head, after a prefix, or inside it; null where it cannot begin. */
type Head = 'head' | 'prefixed' | 'inside';

const AT_HEAD: { readonly head: Head; readonly syllables: number } = { head: 'head', syllables: 0 };

function headOf(text: Normalized, start: number): { readonly head: Head; readonly syllables: number } | null {
  // 5일 총리: a counter after a number is no name.
  if (classOf(unitAt(text, start - 1)) === DIGIT && COUNTERS.has(unitAt(text, start))) return null;
  const eojeol = hangulStart(text, start);
  if (eojeol === start || isTimes(text, eojeol, start)) return AT_HEAD;
  const head = PREFIXES.has(text.units, eojeol, start) ? 'prefixed' : 'inside';
  return { head, syllables: start - eojeol };
}

/** Whether [start, end) counts the times, behind its number. */
function isTimes({ units }: Normalized, start: number, end: number): boolean {
  return end === start + 1 && units[start] === TIMES && start > 0 && classOf(units[start - 1]) === DIGIT;
}

/** Whether [start, end) is particles and nothing else, or empty. */
export function isParticles(text: Normalized, start: number, end: number, depth = 0): boolean {
  if (start === end || PARTICLES.has(text.units, start, end)) return true;
  if (depth >= PARTICLES_MAX) return false;
  for (let at = Math.min(end - 1, start + PARTICLE_SYLLABLES_MAX); at > start; at--) {
    if (PARTICLES.has(text.units, start, at) && isParticles(text, at, end, depth + 1)) return true;
  }
  return false;
}

/** Where the suffix ends that [start, end) begins with, particles alone behind it; null where there is none. */
function suffixEnd(text: Normalized, start: number, end: number): number | null {
  for (let at = Math.min(end, start + SUFFIX_SYLLABLES_MAX); at > start; at--) {
    if (SUFFIXES.has(text.units, start, at) && isParticles(text, at, end)) return at;
  }
  return null;
}

/** What follows a name in its eojeol: nothing, particles, a known suffix, or null for any other noun. */
function tailOf(text: Normalized, end: number): Rule | null {
  const tailEnd = hangulEnd(text, end);
  if (tailEnd === end) return 'korean-word';
  if (isParticles(text, end, tailEnd)) return `korean-particle:${textAt(text, end, tailEnd)}`;
  const suffix = suffixEnd(text, end, tailEnd);
  return suffix === null ? null : `korean-suffix:${textAt(text, end, suffix)}`;
}

/**
 * Why a name that begins or ends in Hangul stands at [start, end); null when it is a piece of another word.
 *
 * At the head of an eojeol particles and suffixes may follow, and after a country or a name of three syllables any
 * noun. After a prefix, no other noun may. Inside an eojeol, where feeds have lost a space, only long names and, far
 * enough in, countries are believed.
 */
export function koreanStands(text: Normalized, start: number, end: number, country: boolean): Rule | null {
  const begins = classOf(text.units[start]) === HANGUL ? headOf(text, start) : AT_HEAD;
  if (begins === null) return null;
  const tail = classOf(text.units[end - 1]) === HANGUL ? tailOf(text, end) : 'korean-word';
  if (begins.head === 'head') return headStands(text, { start, end, country, tail });
  // 독일 총리 holds 일 총리: a name whose first word is one syllable must begin an eojeol.
  const syllables = firstWord(text, start, end);
  // Written like particles it is particles after another word: 결과물이란.
  if (tail === null || syllables < 2 || isParticles(text, start, end)) return null;
  if (begins.head === 'prefixed') return `${tail}, prefixed`;
  const long = syllables >= LONG_NAME_SYLLABLES;
  return long || (country && isGlued(begins.syllables, tail)) ? `${tail}, glued` : null;
}

/** Syllables of the name's first word. */
function firstWord(text: Normalized, start: number, end: number): number {
  let at = start;
  while (at < end && classOf(text.units[at]) === HANGUL) at += 1;
  return at - start;
}

interface Eojeol {
  readonly start: number;
  readonly end: number;
  readonly country: boolean;
  readonly tail: Rule | null;
}

function headStands(text: Normalized, { start, end, country, tail }: Eojeol): Rule | null {
  if (country && isCompanyAfter(text, end)) return null;
  if (tail !== null) return country && isPersonAfter(text, end) ? `korean-suffix:${PERSON}` : tail;
  // HD한국조선…: a name written on to Latin letters is a company's.
  if (classOf(unitAt(text, start - 1)) === LETTER) return null;
  return country || end - start >= LONG_NAME_SYLLABLES ? 'korean-compound' : null;
}

function isCompanyAfter(text: Normalized, end: number): boolean {
  const nounEnd = hangulEnd(text, end);
  return nounEnd - end >= TRADE_SYLLABLES_MIN && COMPANY.test(textAt(text, end, nounEnd));
}

function isPersonAfter({ units, length }: Normalized, end: number): boolean {
  return end < length && units[end] === PERSON.charCodeAt(0);
}

function isGlued(syllables: number, tail: string): boolean {
  return syllables >= GLUED_SYLLABLES && !tail.startsWith('korean-suffix');
}

/** Whether the surname that ends at `end` goes on as another person's: a title of no head of state, a given name. */
export function isOtherPerson(text: Normalized, end: number): boolean {
  if (classOf(text.units[end]) === HAN) return true;
  const start = classOf(text.units[end]) === SPACE ? end + 1 : end;
  const next = hangulEnd(text, start);
  for (let at = Math.min(next, start + TITLE_SYLLABLES_MAX); at > start; at--) {
    if (OTHER_TITLES.has(text.units, start, at) && isParticles(text, at, next)) return true;
  }
  return false;
}
