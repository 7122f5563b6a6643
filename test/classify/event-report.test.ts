import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { EVENT_LANGS, type EventLang } from '../../src/classify/event-langs.ts';
import { EVENT_MODEL_VERSION, EVENT_WEIGHTS } from '../../src/classify/event-weights.ts';
import { REPORTED_EVENT_TYPES } from '../../src/events/event-type.ts';
import type { ReportedEvent } from '../../src/events/item.ts';
import { scoreEvents } from '../../scripts/event-score.ts';
import { EVENT_EXAMPLES, readExamples, trainEvents, versionOf } from '../../scripts/event-training.ts';
import { shuttleDossier, shuttleTagger } from '../support/shuttle-dossier.ts';

const dossier = await shuttleDossier();
const tagger = await shuttleTagger();
const sides = new Map<string, string>(dossier.subjects.map(({ id, side }) => [id, side ?? id]));
const LANGS = Object.keys(EVENT_LANGS) as EventLang[];

const DATE = '2026-02-01';
const reported = (lang: string, title: string, text = ''): ReportedEvent | null =>
  tagger.tag({ title, text, lang, date: DATE }).event;

describe.each(LANGS)('%s', (lang) => {
  test('events are told on examples that the model was not trained on', async () => {
    const examples = await readExamples(`${EVENT_EXAMPLES}/held-out/${lang}.jsonl`);
    const { macroF1, parties, wrong } = scoreEvents(examples, tagger, lang, (id) => sides.get(id) ?? id);
    expect(macroF1, wrong.join('\n')).toBeGreaterThanOrEqual(0.85);
    expect(parties.right / parties.of, wrong.join('\n')).toBeGreaterThanOrEqual(0.8);
  });

  test('no example is both trained on and held out, and every type has some of both', async () => {
    const trained = await readExamples(`${EVENT_EXAMPLES}/${lang}.jsonl`);
    const heldOut = await readExamples(`${EVENT_EXAMPLES}/held-out/${lang}.jsonl`);
    const titles = new Set(trained.map(({ title }) => title));
    expect(heldOut.filter(({ title }) => titles.has(title))).toEqual([]);
    expect(trained.length).toBeGreaterThanOrEqual(100);
    for (const type of [...REPORTED_EVENT_TYPES, null]) {
      expect(heldOut.filter((example) => example.type === type).length, `${type} held out`).toBeGreaterThan(
        1,
      );
      expect(trained.filter((example) => example.type === type).length, `${type} trained`).toBeGreaterThan(4);
    }
  });
});

test('the committed model is what training gives', async () => {
  const trained = await Promise.all(
    LANGS.map(async (lang) => [
      lang,
      trainEvents(await readExamples(`${EVENT_EXAMPLES}/${lang}.jsonl`), lang),
    ]),
  );
  expect(Object.fromEntries(trained), 'npm run train').toEqual(EVENT_WEIGHTS);
  expect(versionOf(EVENT_WEIGHTS)).toBe(EVENT_MODEL_VERSION);
});

test('training leaves the built-ins of its process as they are', () => {
  expect(Math.sign(0)).toBe(0);
});

test.each([
  ['en', 'Japanese employee was detained by China', '', 'coerce', ['china'], ['japan']],
  ['en', 'After Japan’s move, China urges South Korea to stop', '', 'demand', ['china'], ['south-korea']],
  ['ko', '中, 日에 수출통제 경고…"대가 치를 것"', '', 'threaten', ['china'], ['japan']],
  ['ko', '한일, 공급망 협력 합의', '', 'agree', ['south-korea', 'japan'], ['south-korea', 'japan']],
  ['ja', '韓国大統領が訪日、首相と会談', '', 'meet', ['lee-jae-myung', 'south-korea'], ['japan']],
  ['ja', '中国、対日輸入規制を強化', '', 'sanction', ['china'], ['japan']],
  ['ja', '中国、軍民両用品の対日輸出を禁止', '', 'sanction', ['china'], ['japan']],
  [
    'ja',
    '高市首相、奈良で李大統領と会談',
    '',
    'meet',
    ['sanae-takaichi', 'japan'],
    ['lee-jae-myung', 'south-korea'],
  ],
  ['en', 'China bans dual-use exports to Japan, Lee urges calm', '', 'sanction', ['china'], ['japan']],
  ['ko', '일방위상 "독도는 일본 영토" 망언에 외교부 초치', '', 'accuse', ['south-korea'], ['japan']],
  ['ja', '政府、中国の規制に抗議', '', 'accuse', ['japan'], ['china']],
  ['ja', 'カナダ外務省が日本に抗議', '', 'accuse', ['canada'], ['japan']],
  [
    'ko',
    '이 대통령, 다카이치와 안동서 회담',
    '',
    'meet',
    ['lee-jae-myung', 'south-korea'],
    ['sanae-takaichi', 'japan'],
  ],
  [
    'ko',
    '한미일 해상 훈련…美항모 참가',
    '',
    'cooperate',
    ['south-korea', 'united-states', 'japan'],
    ['south-korea', 'united-states', 'japan'],
  ],
  ['zh', '外交部召见日本大使', '中国外交部表示抗议。', 'accuse', ['china'], ['japan']],
  ['zh', '外交部譴責中國軍演', '', 'accuse', ['taiwan'], ['china']],
  ['zh', '日本要求撤销措施', '日本政府向中国提出要求。', 'demand', ['japan'], ['china']],
  ['zh', '韩国就教科书向日本提出抗议', '', 'accuse', ['south-korea'], ['japan']],
  ['zh', '中共台海實彈射擊 國防部：嚴密戒備', '', 'mobilize', ['china'], ['taiwan']],
  ['zh', '中日达成协议', '', 'agree', ['china', 'japan'], ['china', 'japan']],
  [
    'en',
    'Sanctions imposed on exports',
    'U.S. officials said with Mr. Lee that Washington imposed sanctions on China. Japan watched.',
    'sanction',
    ['united-states'],
    ['china'],
  ],
  ['ko', '대만, 중국에 선원 석방 촉구', '', 'demand', ['taiwan'], ['china']],
  [
    'ko',
    '북중러 밀착 속…한미일 외교장관 통화',
    '',
    'meet',
    ['south-korea', 'united-states', 'japan'],
    ['south-korea', 'united-states', 'japan'],
  ],
  ['ko', '리창 중국 총리, 한중일 정상회의 참석차 일본 방문', '', 'meet', ['li-qiang', 'china'], ['japan']],
  ['ko', '미국은 중국의 대만 포위훈련이 위험하다고 비판했다', '', 'accuse', ['united-states'], ['china']],
  ['ko', '중국, 대만에 무기 파는 미국에 항의', '', 'accuse', ['china'], ['united-states']],
  ['ko', '시진핑, 트럼프와 통화서 일본 비판', '', 'accuse', ['xi-jinping', 'china'], ['japan']],
  ['ko', '중국 어선, 일본 해상보안청에 나포', '', 'coerce', ['japan'], ['china']],
  ['ko', '중국 해경선, 이틀째 센카쿠 접속수역 진입', '', 'mobilize', ['china'], ['japan']],
  [
    'ja',
    '李大統領が来日、高市首相と会談',
    '',
    'meet',
    ['lee-jae-myung', 'south-korea'],
    ['sanae-takaichi', 'japan'],
  ],
  ['ja', '中国、米国の台湾への武器売却に抗議', '', 'accuse', ['china'], ['united-states']],
  ['ja', '中国で邦人拘束', '', 'coerce', ['china'], ['japan']],
  ['zh', '韩国向遭受地震的台湾捐款', '', 'aid', ['south-korea'], ['taiwan']],
  ['zh', '国台办警告民进党当局不要玩火', '', 'threaten', ['china'], ['taiwan']],
  ['en', 'Beijing lashes out at Tokyo over missile plan', '', 'accuse', ['china'], ['japan']],
  ['en', 'Japan, angered by Chinese drills, summons ambassador', '', 'accuse', ['japan'], ['china']],
  [
    'en',
    'Concerts by Japanese singers cancelled across Chinese cities',
    '',
    'sanction',
    ['china'],
    ['japan'],
  ],
  ['en', 'Two more Japanese detained in China', '', 'coerce', ['china'], ['japan']],
  ['en', 'Chinese envoy dresses down Japanese diplomat', '', 'accuse', ['china'], ['japan']],
  ['ko', '중국, 일본산 소재 수입 고삐 조였다', '', 'sanction', ['china'], ['japan']],
  ['ko', '한일, 어업협정 조인', '', 'agree', ['south-korea', 'japan'], ['south-korea', 'japan']],
  ['ko', '외교부 "일본과 추가 합의한 바 없어"', '', 'state', ['south-korea'], []],
  ['zh', '首尔否认将与东京举行外长会谈', '', 'state', ['south-korea'], []],
  ['ja', '首脳会談の日程で日韓が一致', '', 'agree', ['japan', 'south-korea'], ['japan', 'south-korea']],
] as const)('who does what to whom: %s %s', (lang, title, text, type, from, to) => {
  expect(reported(lang, title, text)).toMatchObject({ type, from, to });
});

test.each([
  ['a match', 'en', 'South Korea beat Japan 2-1 in baseball final'],
  ['a leader of the paper', 'ja', '（社説）中国の輸出規制に抗議する'],
  ['a column', 'ko', '[칼럼] 중국의 경고를 읽는 법'],
  ['the weather', 'ko', '[북한날씨] 전 지역 눈'],
  ['a question', 'en', 'Why did China ban Japanese scallops?'],
  ['a question', 'ko', '중국, 일본산 수산물 수입 금지 풀까'],
  ['a leader of the paper that asks for something', 'ja', '中国の輸出規制　日本は冷静な対話を'],
  ['a leader of the paper whose label has no end', 'ja', '社説中国の輸出規制／日本に抗議'],
  ['a column by its name', 'zh', '海峽觀點》中國制裁日本'],
  ['a company of a country', 'ja', '米IBM、工場建設を検討'],
  ['a sportsman of a country', 'en', 'Russian hockey star says he is happy'],
  ['a statement of nobody who acts', 'en', 'Taiwan economy to grow, bank says'],
  ['politics at home', 'ja', '高市首相、衆院選の公約を説明'],
  ['a crime in a city', 'ja', '大阪で会社員を逮捕'],
  ['an item that names nobody of the dossier', 'en', 'Mayor condemns vandals'],
  ['a language without cues', 'fr', 'La Chine condamne le Japon'],
])('%s reports no event', (_, lang, title) => {
  expect(reported(lang, title)).toBeNull();
});

test.each([
  ['en', 'Watch makers hit as China bans Japanese imports', 'Watch: China bans Japanese imports'],
  ['en', 'Comment by Chinese envoy condemned by Japan', 'Comment | Chinese envoy condemned by Japan'],
  ['ko', '사설 업체, 중국 제재에 항의', '사설: 중국 제재에 항의'],
  ['ja', '中国の主張、日本が拒否', '主張　中国の要求を日本は拒否'],
  ['ja', '「中国の主張は不当」日本が抗議', '【主張】中国に日本が抗議'],
  ['zh', '中国观察人士谴责日本首相参拜靖国神社', '社论：中国谴责日本参拜'],
  ['zh', '《观察者报》谴责日本首相参拜靖国神社', '【国际观察】中国谴责日本'],
] as const)('a genre is told by its label, not by its word: %s %s', (lang, report, labelled) => {
  expect(reported(lang, report)).not.toBeNull();
  expect(reported(lang, labelled)).toBeNull();
});

test('a person acts with the country it stands for, a capital as its government', () => {
  expect(reported('en', 'Takaichi rejects Beijing’s demand')).toMatchObject({
    type: 'reject',
    from: ['sanae-takaichi', 'japan'],
    to: ['china'],
  });
});

test.each([
  ['a double blank', ' ', '  '],
  ['a tab', ' ', '\t'],
  ['a line break', ' ', '\r\n'],
  ['a blank that does not break', ' ', '\u00a0'],
  ['a blank of no width', ' ', ' \u200b'],
  ['a hyphen that does not break', '-', '\u2011'],
])('who does it to whom is the same with %s', (_, usual, other) => {
  for (const title of [
    'South Korea, Japan agree to restart vice-ministerial economic dialogue',
    'Liaoning carrier group transits Miyako Strait, Japan says',
    'North Korea slams US-South Korea drills as rehearsal for nuclear war',
  ]) {
    const { type, from, to } = reported('en', title) ?? {};
    expect(type).toBeDefined();
    expect(reported('en', title.replaceAll(usual, other))).toMatchObject({ type, from, to });
  }
});

test.each(['…', '.', '\u202c', '\0'])(
  'who says it at the end of a headline is told before %j, too',
  (mark) => {
    const title = 'Japan must stop crossing the line, Chinese foreign ministry says';
    expect(reported('en', title + mark)).toMatchObject({ type: 'demand', from: ['china'], to: ['japan'] });
  },
);

test.each(['…', '...', ' …'])('a lead that is cut off with %j tells of the same parties', (mark) => {
  const title = 'A year after raid on battery plant, workers sue';
  const lead = 'Some 317 Koreans were held in Folkston; lawyers say US agents broke the law';
  const { type, from, to } = reported('en', title, `${lead}.`) ?? {};
  expect(type).toBeDefined();
  expect(reported('en', title, lead + mark)).toMatchObject({ type, from, to });
});

test('every cue is where it says, whatever the text', () => {
  const part = fc.oneof(
    fc.constantFrom(
      '중국',
      'China ',
      '日本',
      ' condemns',
      '비난',
      '抗議',
      '制裁',
      '谴责',
      '①',
      'ｶﾞ',
      '\u0301',
      '\ud800',
    ),
    fc.string({ unit: 'binary', maxLength: 3 }),
  );
  const words = fc.array(part, { maxLength: 12 }).map((parts) => parts.join(''));
  fc.assert(
    fc.property(words, words, fc.constantFrom(...LANGS), (title, text, lang) => {
      const event = tagger.tag({ title, text, lang, date: DATE }).event;
      for (const { field, start, end, surface } of event?.cues ?? []) {
        expect((field === 'title' ? title : text).slice(start, end)).toBe(surface);
      }
    }),
    { numRuns: 60 },
  );
});
