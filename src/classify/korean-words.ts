import { characters, wordList, type WordList } from './affixes.ts';
import { foldedText } from './normalize.ts';
import { WordSet } from './word-set.ts';

/** What is told of one-character names, by their units as texts are folded. */
function bySign<T>(entries: readonly (readonly [sign: string, T])[]): ReadonlyMap<number, T> {
  return new Map(entries.map(([sign, told]) => [foldedText(sign).charCodeAt(0), told]));
}

/** Words that can follow a shorter compound and begin with what would be one more name. */
const AFTER_COMPOUND =
  /^(?:미래|미사일|미디어|미술|미얀마|일정(?!상)|일부|일제|일대(?!화)|일행|중간선거|중앙|중심|중요|중재|중견|중소|중장|중단|중학|중공업|중계|중동|중남미|중미 ?(?:fta|국가|지역|\d개국)|한반도|한계|한류|한방|북부|북상|러브|독립)/;
/** Those that do so behind a dot: 초·중·일반고, 미·한화. Without one, 한일관계 and 한미수교 read otherwise. */
const AFTER_DOT =
  /^(?:미(?:용|만|분양|납|달|비|성년|세|숙|약|식|지급|취학|혼|팅|션|니|주|드)|일(?:반|상|자리|시|괄|방|산|선|손|용|원|주|체|치|회(?!담)|가|교차)|중(?:등|고|기|년|도|립|부|세|순|식|점|추|퇴|형|화|환|개|복|증)|한(?:강|글|복|식|옥|우|파|화|전|은|동훈|덕수)|북(?:극|구|유럽|아프리카|동|서|반구|카페|콘서트)|러(?:닝|시|스트))/;
/** Those that also end a compound of two: 한중간 is between the two, 한미|중간 a middle. */
const AFTER_TWO = /^중간/;

/** Whether what goes on after `taken` names of a compound is a word of its own. */
export function beginsOtherWord(next: string, taken: number, dotted: boolean): boolean {
  if (AFTER_COMPOUND.test(next) || (taken > 1 && AFTER_TWO.test(next))) return true;
  return dotted && AFTER_DOT.test(next);
}

/** Compounds that are words of their own (to work, mirror, Central America): only what states do makes them names. */
export const AMBIGUOUS_COMPOUNDS = new WordSet(
  ['일한', '일러', '미러', '중미', '북미', '北美', '北미', '북美', '미한', '중한', '일미', '러일'].map(
    foldedText,
  ),
);
export const STATECRAFT =
  /^ ?(?:정상|관계|외교|양국|회담|회동|만남|대화|협상|담판|접촉|동맹|간 |의원|갈등|전쟁|양 정상|외무|조약|수교|공조|우호|친선|합의|실무|핵협상|고위급|긴장|대결|적대|안보|채널|[·,] ?(?:남북|북중|북러|북일|한미|한중|미중))/;

/** 중일 때, 중일 것: in the middle of doing so. */
export const WHILE_DOING = /^중일 ?(?:때|것|거|게|수|듯|지 |뿐|텐|땐|터|줄|경우|가능성|만큼|뿐)/;

/** One syllable that may end an eojeol after a compound, besides particles: 한미간, 한일전. More are given names: 한미숙. */
export const COMPOUND_TAILS = characters('간측전판발행식계파형군산');

/** What the names of Korean firms go on with, with no more than a particle behind. */
export const FIRM =
  /^(?:은행|증권|전선|시멘트|약품|제약|생명|화재|캐피탈|저축은행|합섬|방직|제지|철강|물산|해운|제관|정공|홀딩스|사이언스|레미콘|사료|단조|전자|화학|건설|고속|네트웍스)(?:[은이을과의도와가를는로]|에서?|으로|측)?$/;

const COUNTRIES =
  '아세안|유럽|중앙아|아프리카|중남미|중미|중동|아랍|베트남|캄보디아|인도|필리핀|태국|말레이|싱가포르|라오스|미얀마|브루나이|동티모르|몽골|대만|홍콩|러시아|우크라|폴란드|독일|프랑스|영국|이탈리아|스페인|포르투갈|그리스|체코|슬로바키아|헝가리|루마니아|불가리아|세르비아|네덜란드|벨기에|오스트리아|스웨덴|덴마크|노르웨이|핀란드|아일랜드|캐나다|호주|뉴질랜드|태평양|멕시코|브라질|칠레|페루|콜롬비아|아르헨|에콰도르|파나마|쿠바|베네수|사우디|이란|이라크|이스라엘|팔레스타인|이집트|튀르키예|카타르|쿠웨이트|오만|바레인|요르단|시리아|레바논|모로코|알제리|나이지리아|케냐|남아공|에티오피아|가나|탄자니아|르완다|카자흐|우즈베|우즈벡|인니|터키|유라시아|투르크메|키르기스|타지크|아제르바이잔|조지아|파키스탄|방글라데시|네팔|스리랑카|스위스|바티칸|교황청|메르코수르|eu|uae|asean|gcc|나토|유엔';
/** Countries and unions that Korean headlines pair with one syllable: 한·캐나다, 한-캄보디아, 인도·중 국경. */
export const PARTNER_AFTER = new RegExp(`^(?:${COUNTRIES})`);
export const PARTNER_BEFORE = new RegExp(`(?:${COUNTRIES}|러시아|우크라이나)$`);
/** Partners of one syllable, which need what states do after them: 한불 수교, 한·영 정상회담. */
export const SHORT_PARTNER =
  /^[·-]?[영불독호베몽] ?(?:정상|수교|외교|국방|외무|양국|조약|fta|친선|우호|관계 |교류)/;

const WIDE_STATE =
  '정부 당국 외교 국방 언론 매체 대사 총영사 관리 고위 군사 군용 해군 공군 육군 특사 정보기관 총리 외무 방위 ';

/**
 * What follows a one-syllable country as a word of its own, wherever it stands in a sentence: 트럼프 미 대통령. 중 is also
 * `while`, so it counts only where a clause begins.
 */
export const STATE_WORDS: ReadonlyMap<number, WordList> = bySign([
  [
    '미',
    wordList(`${WIDE_STATE}
      국무 국토 재무 상무 법무 노동부 노동통계 농무 교육부 보건 내무 에너지 전쟁부 대통령 부통령 대선 상원 하원 상하원 의회 의원 행정부
      연방 연준 법원 대법 검찰 경찰 동부 서부 남부 북부 중서부 중부 동북부 백악관 무역 관세 본토 중간선거 항모 항공모함 항공우주국 전략
      핵잠 잠수함 군함 함정 특수 싱크탱크 우주 빅테크 민주 공화 국가 중앙정보 월가 나스닥 증시 주식 채권 금리 국채 달러 소비자 고용 물가
      경제 투자 반도체 제조 기업 시장 기술 자동차 완성차 은행 이민 비자 시민권 여론 정가 조야 매파 학계 전문가 연구 대학 유력 일간 주간
      경제매체 시사 전문매체 방송 신문 해병 해안경비 국경 식품 환경 질병 특허 증권거래 통신 캘리포니아 텍사스 뉴욕 플로리다 애리조나 조지아
      테네시 오하이오 미시간 미네소타 앨라배마 인디애나 일리노이 펜실베이니아 버지니아 네바다 워싱턴 하와이 알래스카 루이지애나 켄터키
      캔자스 오리건 유타 콜로라도 매사추세츠 뉴저지 메릴랜드 조지타운 샌프란 로스앤젤 라스베이거스 시카고 보스턴 휴스턴 시애틀 디트로이트
      실리콘밸리 스탠퍼드 하버드 예일 cnn nbc cbs abc ap fbi cia fda nasa ice irs nsc xai ai it lng`),
  ],
  [
    '북',
    wordList(`${WIDE_STATE}
      김정은 김여정 김정일 김일성 최선희 리설주 주애 미사일 탄도 핵 도발 노동당 노동신문 정권 주민 무인기 병사 군인 인권 선박 선원 해커 해킹
      체제 지도부 최고 위협 제재 방사포 순항 icbm slbm 잠수함 구축함 열병식 오물 풍선 파병 포로 어선 경비정 조선중앙 당대회 인민군 총참모
      국무위 담화 접경 억류 비핵화 대남`),
  ],
  [
    '일',
    wordList(`${WIDE_STATE}
      관방 자위대 중의원 참의원 내각 경제산업 재무성 재무상 농림 국토교통 문부 후생 자민 입헌 해상보안 후쿠시마 원전 요미우리 아사히 마이니치
      산케이 닛케이 니혼 교도 극우 우익 강점 nhk`),
  ],
  [
    '중',
    wordList(
      `${WIDE_STATE} 상무 공산당 인민 관영 해경 국무원 왕이 시진핑 리창 전기차 희토류 부동산 증시 경제 기업 빅테크`,
    ),
  ],
]);

/** Syllables that end what modifies 일 as a matter or work: 할 일, 이번 일. */
export const MATTER_BEFORE = characters('번그이할한된는은던온든른볼될간린');

/** Words behind which 미 is beauty and 북 a drum. */
export const NOT_BEHIND: ReadonlyMap<number, RegExp> = bySign([
  ['미', /(?:의|적|적인|진|선|레|우|유)$/],
  [
    '북',
    /^(?:큰|작은|이|그|두|세|한|새|치는|치던|울리는|소|용고|갤럭시|맥|노트|크롬|.*(?:가야금|거문고|해금|장구|꽹과리|징|대금|피리|아쟁|나팔)[과와]?)$/,
  ],
]);

/** What 미(未) before it says is not done yet. */
export const UNDONE: WordList = wordList(`
  신고 제출 제공 제작 이행 착용 접종 등록 확인 설치 지급 납부 가입 참석 사용 완료 해결 공개 배정 달성 준수 반영 포함 체결 발급 개봉 보유
  적용 이수 응시 응답 충족 결제 수령 수거 수행 처리 부착 분양 동의 수료 취업 취득 결정 발견 예약 접수 실시 시행 게시 고지 기재 표기 검증
  회신 회수 환불 완성 완공 착공 착수 개통 도착 도달 출석 출근 이용 활용 포장 조치 입금 입주 입력 조정 성년 취학 소진 청구 상환 작성 충원 수강 교부`);

const SURNAMES = '尹朴金鄭張曺洪宋安文禹權羅吳崔趙姜秋元明郭';
interface Series {
  readonly before: ReadonlySet<number>;
  readonly after: ReadonlySet<number>;
}
const series = (before: string, after: string): Series => ({
  before: characters(before),
  after: characters(after),
});

/**
 * For a one-character name, what stands beside it in a list of other things: 초·중·고, 남, 북, 토·일, 선·미, and surnames
 * beside 韓.
 */
export const SERIES: ReadonlyMap<number, Series> = bySign(
  (
    [
      ['북', '남', '장꽹징소'],
      ['北', '南남', ''],
      ['미', '레선', '파'],
      ['美', '善', ''],
      ['중', '상초대', '고하소'],
      ['中', '上大初상대초', '高下小고하소'],
      ['일', '토', '육쉼삶가놀'],
      ['日', '土토', '月월'],
      ['한', '', '두'],
      ['韓', SURNAMES, SURNAMES],
    ] as const
  ).map(([sign, before, after]) => [sign, series(before, after)] as const),
);

/** Titles that follow a character which is then a surname: 韓 전 대표. */
export const SURNAME_TITLE: ReadonlyMap<number, RegExp> = bySign([
  ['韓', /^ ?(?:(?:전|前) ?(?:대표|총리|국무총리|대행|위원장|장관|부총리|원내)|대행|권한대행|총재|후보)/],
]);
