import { beforeAll, describe, expect, test } from 'vitest';
import { createTagger, type Tagger } from '../../src/classify/tagger.ts';
import { alias, subject } from './dossier.ts';
import { headlines, type Case } from './headlines.ts';
import { shuttleTagger } from '../support/shuttle-dossier.ts';

let tagger: Tagger;
beforeAll(async () => {
  tagger = await shuttleTagger();
});

const { idsOf, holds, lacks } = headlines(() => tagger);

describe('Korean names stand at the head of an eojeol, with particles and suffixes', () => {
  holds('ko', [
    ['시진핑이 먼저 손을 내밀었다', 'xi-jinping'],
    ['이재명은 귀국길에 올랐다', 'lee-jae-myung'],
    ['대만서 열린 포럼', 'taiwan'],
    ['한중간 협의 재개', 'south-korea', 'china'],
    ['한미일 외교차관 협의', 'south-korea', 'united-states', 'japan', 'trilateral-us'],
    ['북중러 밀착에 우려', 'north-korea', 'china', 'russia'],
    ['방중 앞둔 경제사절단', 'china'],
    ['5차방중 마친 전용열차', 'china'],
    ['국빈방중 첫날', 'china'],
    ['탈중국 나선 기업들', 'china'],
    ['대중국 수출 늘어', 'china'],
    ['이 대통령, 주말 안동으로', 'lee-jae-myung', 'andong'],
    ['시 주석은 답하지 않았다', 'xi-jinping'],
    ['일본도 참여하기로', 'japan'],
    ['북, 사흘 만에 또 담화', 'north-korea'],
    ['주한미군 감축설 부인', 'south-korea', 'united-states'],
    ['다카이치와 통화한 李', 'sanae-takaichi', 'lee-jae-myung'],
    ['美·中 협상 재개', 'united-states', 'china'],
    ['北서 온 편지', 'north-korea'],
    ['日총리 관저에서 회담', 'japan'],
    ['\uF9E1대통령 신년사', 'lee-jae-myung'],
    ['일본 나라에서 만난 두 정상', 'nara', 'japan'],
    ['주중 한국대사관 앞 시위', 'china', 'south-korea'],
    ['주미中대사 교체', 'united-states', 'china'],
    ['한·미 정부 합의문', 'south-korea', 'united-states'],
    ['한·중미 협정 발효', 'south-korea'],
    ['이란·미 회담 결렬', 'united-states'],
    ['한불 수교 기념', 'south-korea'],
    ['北미사일 또 발사', 'north-korea'],
    ['북미 회동 가능성', 'north-korea', 'united-states'],
    ['북러 조약 비준', 'north-korea'],
    ['대(對)중 관세 인하', 'china'],
    ['남북미 회동 1년', 'south-korea', 'north-korea', 'united-states'],
    ['체포되는 미 남성', 'united-states'],
    ['日 첫 여성 총리의 하루', 'sanae-takaichi'],
    ['한∙미∙일 훈련', 'trilateral-us'],
    ['나라에서 만난 두 정상, 호류지로', 'nara'],
  ]);
});

describe('Korean syllables that hide in other words are no names', () => {
  lacks('ko', [
    ['日 10만원 버는 배달', 'japan'],
    ['中 2학년 교실', 'china'],
    ['기대만큼 오르지 않은 주가', 'taiwan'],
    ['대만족이라는 손님들', 'taiwan'],
    ['깨진 유리창 너머', 'li-qiang'],
    ['감독도 선수도 울었다', 'takeshima-dokdo'],
    ['일본도 휘두른 남성 체포', 'japan'],
    ['우리 나라 축구의 미래', 'nara'],
    ['방한용품 매출 급증', 'south-korea'],
    ['한파에 패딩·방한 대란', 'south-korea'],
    ['소나무의 美, 먹으로 그리다', 'united-states'],
    ['역대 일본 총리들 한자리에', 'sanae-takaichi'],
    ['北상하는 단풍', 'north-korea'],
    ['대중교통 요금 인상', 'china'],
    ['주중 기온이 오르겠다', 'china'],
    ['대미를 장식한 무대', 'united-states'],
    ['북미 시장 공략', 'north-korea', 'united-states'],
    ['북방한계선 인근 조업', 'south-korea'],
    ['한미약품 신약 임상', 'south-korea', 'united-states'],
    ['중소기업 대출 확대', 'china'],
    ['회의中 자리를 떠난 위원', 'china'],
    ['다음달 5일 총리 인준 표결', 'sanae-takaichi'],
    ['독일 총리의 방문', 'sanae-takaichi'],
    ['李 의원, 장관 후보자에 질의', 'lee-jae-myung'],
    ['책상 위의 북 카페 안내문', 'north-korea'],
    ['이중용도 안전화 출시', 'dual-use-export-ban'],
    ['수업 중일 때 잠든 학생', 'china', 'japan'],
    ['논의 중 정부가 나섰다', 'china'],
    ['한미숙 작가 새 소설', 'south-korea', 'united-states'],
    ['초·중·일반고 급식', 'china', 'japan'],
    ['한·미얀마 친선협회', 'united-states'],
    ['동, 서, 남, 북 어디든', 'north-korea'],
    ['中2 아들의 방', 'china'],
    ['건강美 뽐낸 화보', 'united-states'],
    ['尹·韓 재판 병합', 'south-korea'],
    ['북한산 둘레길 통제', 'north-korea'],
    ['남한산성 아랫마을', 'south-korea'],
    ['두 대만 다니는 버스', 'taiwan'],
    ['리창호 총국장 공개', 'li-qiang'],
    ['차기 日총리 후보군', 'sanae-takaichi'],
    ['표기 시 주석을 달 것', 'xi-jinping'],
    ['러시아산 수산물 수입 금지한 일본 정부', 'marine-imports'],
  ]);
});

describe('Japanese and Chinese names end where words end', () => {
  holds('ja', [
    ['日韓、往来を続ける方針', 'japan', 'south-korea'],
    ['米中間の溝は深い', 'united-states', 'china'],
    ['訪中団が帰国', 'china'],
    ['親日的な世論', 'japan'],
    ['習氏、年内に訪韓か', 'xi-jinping', 'south-korea'],
    ['米、関税を見直し', 'united-states'],
    ['李大統領が奈良へ', 'lee-jae-myung', 'nara'],
    ['日中関係の行方', 'japan', 'china'],
    ['日首相が年頭会見', 'japan', 'sanae-takaichi'],
    ['海自の護衛艦が寄港', 'japan-sdf'],
    ['日朝協議、再開の兆し', 'japan', 'north-korea'],
    ['長生炭鉱で遺骨の調査', 'chosei-mine'],
    ['対北制裁を延長', 'north-korea'],
  ]);
  holds('zh', [
    ['韩总统抵达首都', 'south-korea', 'lee-jae-myung'],
    ['对华出口下滑', 'china'],
    ['美台关系再升温', 'united-states', 'taiwan'],
    ['中韩外长通话', 'china', 'south-korea'],
    ['中巴关系走深走实', 'china'],
    ['臺灣與台湾與台灣', 'taiwan'],
    ['日政府否认传闻', 'japan'],
    ['獨島問題再起', 'takeshima-dokdo'],
    ['赴美留学人数下降', 'united-states'],
    ['高市早苗再被追问', 'sanae-takaichi'],
  ]);
});

describe('Japanese and Chinese characters that meet across word borders are no names', () => {
  lacks('ja', [
    ['米中間選挙の予備選始まる', 'china'],
    ['日中の気温は二十度まで上がる', 'japan', 'china'],
    ['中国電力が料金を改定', 'china'],
    ['中国地方で雪', 'china'],
    ['新米の価格が下がる', 'united-states'],
    ['南米の選挙', 'united-states'],
    ['前営業日比で小幅安', 'japan'],
    ['竹島水族館に新しい仲間', 'takeshima-dokdo'],
    ['大坂なおみが棄権', 'osaka'],
    ['朝鮮通信使の絵巻を公開', 'north-korea'],
    ['マドゥロ大統領の演説', 'russia'],
    ['朝方から買いが先行', 'north-korea'],
    ['東北で大雨のおそれ', 'north-korea'],
  ]);
  lacks('zh', [
    ['1日美国股市休市', 'japan'],
    ['七成以上海外订单取消', 'shanghai'],
    ['采访中他几度落泪', 'china'],
    ['发展中国家的债务', 'china'],
    ['韓國瑜主持院會', 'south-korea'],
    ['美好生活从早餐开始', 'united-states'],
    ['市值再创新高市场看好', 'sanae-takaichi'],
    ['第一中学开学', 'one-china', 'china'],
    ['平台下架多款应用', 'taiwan'],
    ['日前公布的名单', 'japan'],
  ]);
});

describe('English names are words, companies and namesakes somebody else', () => {
  holds('en', [
    ["South Korea's Lee heads to Nara", 'south-korea', 'lee-jae-myung', 'nara'],
    ['Lee urges calm ahead of the talks', 'lee-jae-myung'],
    ['Xi to host summit', 'xi-jinping'],
    ['LET US TROOPS STAY, SAYS GOVERNOR; EXPERTS TELL TOKYO US IS SERIOUS', 'united-states'],
    ['US-led drills begin off Taiwan', 'united-states', 'taiwan'],
    ['Koreans and Chinese share a stage', 'south-korea', 'china'],
    ['Japan’s PM will not attend', 'japan', 'sanae-takaichi'],
    ['Premier Li opens the forum', 'li-qiang'],
    ['Tokyo would join if the CPTPP’s members agree', 'cptpp'],
    ["Japan's SDF sends a second ship", 'japan', 'japan-sdf'],
    ['Japan Inc hoards cash', 'japan'],
  ]);
  lacks('en', [
    ['Orders at Maruwa Japan Inc double', 'japan'],
    ['Let us in, say fans', 'united-states'],
    ['LET US IN, say fans', 'united-states'],
    ['Xi Chen, a professor of public health, agrees', 'xi-jinping'],
    ['Naomi Osaka withdraws', 'osaka'],
    ['Lee Kang-in starts on the bench', 'lee-jae-myung'],
    ['Spike Lee returns with a thriller', 'lee-jae-myung'],
    ['Tensions rise in the South China Sea', 'china'],
    ['South China Morning Post hires an editor', 'china'],
    ['Bank of America lifts its forecast', 'united-states'],
    ['Korean Air adds a route', 'south-korea'],
    ['SDF fighters leave the Syrian city', 'japan-sdf'],
    ['Exports reach US$4 billion', 'united-states'],
    ['TPP lawmakers walk out of the Legislative Yuan', 'cptpp'],
    ['Former Japanese prime minister returns to the stump', 'sanae-takaichi'],
    ['Naoki Takeshima, 42, is a chef', 'takeshima-dokdo'],
  ]);
});

describe('an office description means its holder on the day', () => {
  test.each([
    ["Japan's PM to visit the shrine", 'en', '2026-01-10', true],
    ["Japan's PM to visit the shrine", 'en', '2025-09-10', false],
    ["Japan's PM to visit the shrine", 'en', null, false],
    ['韓国大統領が来日', 'ja', '2025-06-03', false],
    ['韓国大統領が来日', 'ja', '2025-06-04', true],
  ])('%s (%s, %s)', (title, lang, date, isNamed) => {
    const holders = idsOf(title, lang, date).filter(
      (id) => id === 'sanae-takaichi' || id === 'lee-jae-myung',
    );
    expect(holders.length > 0).toBe(isNamed);
  });
});

describe('Chinese dates, measures and pairs are read by what stands around them', () => {
  holds('zh', [
    ['中老铁路新增班次', 'china'],
    ['芬中两国换文', 'china'],
    ['陸擬放寬簽注', 'china'],
    ['日拟调整税制', 'japan'],
    ['訪中前一日抵達', 'china'],
    ['2026日本大选前瞻', 'japan'],
    ['日本酒馆冷清', 'japan'],
    ['国务院总理到访', 'li-qiang'],
    ['高市立即回应', 'sanae-takaichi'],
  ]);
  lacks('zh', [
    ['6日军乐团巡演', 'japan'],
    ['3月9日本市停水', 'japan'],
    ['购入两台新型机床', 'taiwan'],
    ['尚在调查中，美方未回应', 'china'],
    ['朝日新闻改版', 'north-korea', 'japan'],
    ['日韩美妆打折', 'united-states', 'trilateral-us'],
    ['學生赴華府實習', 'china'],
    ['第一个中国车队夺冠', 'one-china'],
    ['高市議員質詢', 'sanae-takaichi'],
    ['时任日本首相的回忆录', 'sanae-takaichi'],
    ['民间自卫队巡村', 'japan-sdf'],
  ]);
});

describe('Chinese one-character names after verbs and before longer names', () => {
  holds('zh', [
    ['記者赴美發稿受阻', 'united-states'],
    ['旅美學者談貿易', 'united-states'],
    ['專家批評減少美韓軍演', 'united-states', 'south-korea'],
    ['對手竊取美AI晶片設計', 'united-states'],
    ['傳美擬延後談判', 'united-states'],
    ['家屬：赴陸探親後失聯', 'china'],
    ['陸媒稱雙方已談妥', 'china'],
    ['廠商將產線遷回大陸', 'china'],
    ['他訪問過南北韓', 'south-korea', 'north-korea'],
    ['欢迎中外游客', 'china'],
    ['与台裔作家对谈', 'taiwan'],
    ['日船傍晚離港', 'japan'],
    ['川習將在秋天見面', 'xi-jinping'],
    ['外長再度重申一中', 'one-china'],
  ]);
  lacks('zh', [
    ['總統籲朝野合作', 'north-korea'],
    ['朝九晚五的日子', 'north-korea'],
    ['火箭朝西飛行', 'north-korea'],
    ['前美中情局長出書', 'china'],
    ['颱風今晚登陸', 'china'],
    ['陸委會回應', 'china'],
    ['欧洲大陆持续高温', 'china'],
    ['最美乡村评选揭晓', 'united-states'],
    ['拉美多国选举', 'united-states'],
    ['上海男篮客场取胜', 'shanghai'],
    ['北京女排晋级', 'beijing'],
  ]);
});

describe('Korean syllables paired by a dot, and names of firms', () => {
  holds('ko', [
    ['한·캐나다 외교장관 통화', 'south-korea'],
    ['오늘 열린 한-베트남 협의', 'south-korea'],
    ['미·이란 협상 결렬', 'united-states'],
    ['중국 공사관 앞 집회', 'china'],
  ]);
  lacks('ko', [
    ['한국농어촌공사 채용 공고', 'south-korea'],
    ['한국해운신문 창간 기념', 'south-korea'],
    ['초·중·고 개학 연기', 'china'],
    ['대통령은 이 계획을 한-두 차례 언급', 'south-korea'],
  ]);
});

describe('an organisation named for a city is not the city', () => {
  lacks('en', [['A meeting of the Shanghai Cooperation group', 'shanghai']]);
});

describe('米 before a trade is American, before a harvest it is rice', () => {
  holds('ja', [
    ['米作家の新作が話題', 'united-states'],
    ['通信大手米ベライゾンが増資', 'united-states'],
    ['強まる米の関税圧力', 'united-states'],
    ['社説米の孤立／遠のく協調', 'united-states'],
  ]);
  lacks('ja', [
    ['米作りを学ぶ', 'united-states'],
    ['米の輸出に農家が挑む', 'united-states'],
    ['うまい米を土鍋で', 'united-states'],
  ]);
});

describe('Japanese characters of countries that are something else together, or tell a time', () => {
  holds('ja', [
    ['中米両国の貿易摩擦', 'china', 'united-states'],
    ['訪日中の台湾議員団', 'japan', 'taiwan'],
    ['日ASEAN首脳会議へ', 'japan'],
    ['日・トルコの経済協定', 'japan'],
  ]);
  lacks('ja', [
    ['中米グアテマラで噴火', 'china', 'united-states'],
    ['中日、9回に逆転', 'china', 'japan'],
    ['訪日中の議員団', 'china'],
    ['その日政府は沈黙した', 'japan'],
    ['15日本会議で採決', 'japan'],
    ['会期中国会は荒れた', 'china'],
  ]);
});

describe('names of something else count as they are written', () => {
  holds('en', [['US steel makers lobby for quotas', 'united-states']]);
  lacks('en', [
    ['US Steel to close a mill', 'united-states'],
    ['Strike grounds Air France jets', 'france'],
    ['Radio Taiwan signs off', 'taiwan'],
  ]);
  holds('en', [['In the air, China is catching up', 'china']]);
  holds('en', [['Clean-air Japan: a plan', 'japan']]);
});

describe('an office is its holder in whatever order it is written', () => {
  holds('en', [
    ['The prime minister of Japan sends her regrets', 'sanae-takaichi'],
    ['Xi and his South Korean counterpart dine', 'lee-jae-myung'],
  ]);
  lacks('en', [
    ["China's premier tech fair opens", 'li-qiang'],
    ['Minister greets Trump and then his Japanese counterpart', 'sanae-takaichi'],
  ]);
});

describe('a firm or a brand is no place', () => {
  lacks('ko', [
    ['한일은행 합병 30년', 'south-korea', 'japan'],
    ['한중전선이 수주', 'china'],
  ]);
  holds('ko', [
    ['한일 은행 협력', 'japan'],
    ['미중전선 확대', 'china'],
  ]);
  lacks('zh', [['老人的上海牌手表', 'shanghai']]);
  holds('zh', [
    ['上海牌照拍卖', 'shanghai'],
    ['美国打台湾牌施压', 'taiwan'],
  ]);
});

test('a rule is told with the characters of the text, and an office of an item without a day that its day is not known', () => {
  const tagged = (title: string, lang: string, date: string | null) =>
    tagger.tag({ title, text: '', lang, date });
  const korea = tagged('再度對韓施壓', 'zh', '2026-02-03').tags.find(({ id }) => id === 'south-korea');
  expect(korea?.mentions[0]?.rule).toBe('country-affix:對');
  const japan = tagged('일본인 관광객', 'ko', '2026-02-03').tags.find(({ id }) => id === 'japan');
  expect(japan?.mentions[0]?.rule).toBe('korean-suffix:인');
  const undated = tagged('韓国大統領が訪日', 'ja', null).refused;
  expect(undated.map(({ rule }) => rule)).toContain('no-day');
});

test('a name that asks for company is told with what of it there is, or with the first of what there is not', () => {
  const requires = ['deer', 'temple, old', 'Kansai', 'Todaiji', 'Kasuga'];
  const small = createTagger({ subjects: [subject('nara', 'place', [alias('Nara', 'en', { requires })])] });
  const { refused } = small.tag({ title: 'Nara smiles', text: '', lang: 'en', date: null });
  expect(refused.map(({ rule }) => rule)).toEqual(['asks-for:deer or Kansai or Todaiji or one of 2 more']);
  const { tags } = small.tag({ title: 'A temple, old: Nara', text: '', lang: 'en' });
  expect(tags[0]?.mentions[0]?.rule).toBe('latin-word, borne-out-by:temple, old');
});

describe('an office with its country is not its holder where staff, a house or a race follows', () => {
  const about: Readonly<Record<string, readonly Case[]>> = {
    ja: [
      ['韓国大統領補佐官が訪日', 'lee-jae-myung'],
      ['日本首相官邸が声明', 'sanae-takaichi'],
      ['韓国大統領夫人が来日', 'lee-jae-myung'],
    ],
    zh: [
      ['韩国总统特使访日', 'lee-jae-myung'],
      ['日本首相夫人访韩', 'sanae-takaichi'],
    ],
    ko: [
      ['한국 대통령 특사 방일', 'lee-jae-myung'],
      ['日총리 관저서 회견', 'sanae-takaichi'],
    ],
  };
  for (const [lang, cases] of Object.entries(about)) lacks(lang, cases);
  holds('ko', [['한국 대통령 부인했다는 보도', 'lee-jae-myung']]);
  holds('zh', [['韩国总统选择沉默', 'lee-jae-myung']]);
  holds('ja', [['李大統領夫人が同行', 'lee-jae-myung']]);
});
