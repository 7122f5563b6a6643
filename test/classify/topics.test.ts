import { beforeAll, describe, expect, test } from 'vitest';
import type { Pattern } from '../../src/dossier/dossier.ts';
import { createTagger, type Tagger, type TaggerInput } from '../../src/classify/tagger.ts';
import { alias, subject } from './dossier.ts';
import { shuttleTagger } from '../support/shuttle-dossier.ts';

let tagger: Tagger;
beforeAll(async () => {
  tagger = await shuttleTagger();
});

function idsOf(title: string, rest: Partial<TaggerInput> = {}): readonly string[] {
  return tagger.tag({ title, text: '', date: '2026-02-03', ...rest }).tags.map(({ id }): string => id);
}

describe('a topic is an instance, not a word', () => {
  test.each([
    ['Beijing widens curbs on exports of dual-use goods to Japan', 'dual-use-export-ban'],
    ['中国、対日で軍民両用品の輸出を禁止', 'dual-use-export-ban'],
    ['中, 日에 이중용도 물자 수출 금지', 'dual-use-export-ban'],
    ['Lee and Takaichi revive shuttle diplomacy', 'shuttle-diplomacy'],
    ['셔틀외교 이어간다…한일 정상 안동서 만나', 'shuttle-diplomacy'],
    ['Trilateral drills bring together the US, Japan and South Korea', 'trilateral-us'],
    ['일본산 수산물 수입 재개 논의', 'marine-imports'],
    ['China lifts its ban on seafood from Fukushima', 'marine-imports'],
    ['Seoul repeats its offer to mediate between China and Japan', 'seoul-mediation-offer'],
    ['Pyongyang rejects talk of denuclearising', 'nk-denuclearization'],
    ['Export controls on rare earths tightened by China', 'rare-earth-export-controls'],
    ['中国のレアアース輸出規制', 'rare-earth-export-controls'],
    ['하나의 중국 원칙 재확인', 'one-china'],
    ['K팝 공연 막는 한한령 풀리나', 'hallyu-ban'],
    ['サプライチェーンの再編', 'economic-security'],
  ])('%s: %s', (title, id) => {
    expect(idsOf(title)).toContain(id);
  });

  test('a lead goes on where its headline ended, and no further than a pattern looks', () => {
    const title = 'US, Japan and South Korea vow to stand together';
    expect(idsOf(title, { text: 'The trilateral call was the third.' })).toContain('trilateral-us');
    const far = `${'The weather was fine that day. '.repeat(6)}A trilateral contest of choirs began.`;
    expect(idsOf(title, { text: far })).not.toContain('trilateral-us');
  });

  test.each([
    ['Dual-use research needs rules, say biologists', 'dual-use-export-ban'],
    ['Israel bars dual-use goods from Gaza', 'dual-use-export-ban'],
    ['日米、軍民両用技術で協力', 'dual-use-export-ban'],
    ['US envoy returns from shuttle diplomacy in the Middle East', 'shuttle-diplomacy'],
    ['Shares fall in the US, Japan and South Korea', 'trilateral-us'],
    ['Norway exports more seafood', 'marine-imports'],
    ['Trilateral talks of China, Japan and South Korea put off', 'trilateral-us'],
    ['日本の非核三原則', 'nk-denuclearization'],
  ])('%s: not %s', (title, id) => {
    expect(idsOf(title)).not.toContain(id);
  });
});

describe('a dossier decides, not the code', () => {
  const made = createTagger({
    subjects: [
      subject('atlantis', 'country', [
        alias('Atlantis', 'en', { notIn: ['Atlantis Times'] }),
        alias('亜', 'ja'),
      ]),
      subject('lemuria', 'country', [alias('Lemuria', 'en'), alias('雷', 'ja')]),
      subject('ro', 'person', [
        alias('Ada Ro', 'en'),
        alias('Ro', 'en', { exactCase: true, requires: ['@atlantis'] }),
      ]),
      subject(
        'salt-pact',
        'agreement',
        [],
        [
          {
            name: 'salt-between-the-two',
            allOf: [['@atlantis'], ['@lemuria'], ['salt treaty', 'salt pact']],
            noneOf: ['pepper'],
            withinChars: 60,
            from: '2030-01-01',
            until: null,
          },
        ],
      ),
    ],
  });
  const tagsOf = (title: string, text = '', date: string | null = '2030-05-05', lang = 'en') =>
    made.tag({ title, text, date, lang }).tags;

  test('compounds of one-character names come from its aliases', () => {
    expect(tagsOf('亜雷協定に署名', '', null, 'ja').map(({ id }) => id)).toEqual(['atlantis', 'lemuria']);
  });

  test('a pattern names its signs as mentions', () => {
    const [pact] = tagsOf('Atlantis and Lemuria sign salt treaties').filter(({ id }) => id === 'salt-pact');
    expect(pact?.mentions.map(({ surface, rule }) => [surface, rule])).toEqual([
      ['Atlantis', 'pattern:salt-between-the-two'],
      ['Lemuria', 'pattern:salt-between-the-two'],
      ['salt treaties', 'pattern:salt-between-the-two'],
    ]);
  });

  test.each([
    ['too far apart', 'Atlantis', `Lemuria ${'and others '.repeat(10)} salt pact`, '2030-05-05'],
    ['before its day', 'Atlantis and Lemuria sign salt pact', '', '2029-05-05'],
    ['without a day', 'Atlantis and Lemuria sign salt pact', '', null],
    ['with a word it forbids', 'Atlantis and Lemuria sign salt pact, not pepper', '', '2030-05-05'],
  ])('a pattern is not met %s', (_, title, text, date) => {
    expect(tagsOf(title, text, date).map(({ id }): string => id)).not.toContain('salt-pact');
  });

  test('a surname counts once its owner is named or acts in office, and not when it is a namesake’s', () => {
    const ro = (title: string) =>
      tagsOf(title).find(({ id }) => (id as string) === 'ro')?.mentions.length ?? 0;
    expect(ro('Ada Ro arrives; Ro waves')).toBe(2);
    expect(ro('Ro arrives in Atlantis')).toBe(1);
    expect(ro('Bob Ro arrives in Atlantis')).toBe(0);
    expect(ro('Ro arrives')).toBe(1);
    expect(ro('Rain, rivers, Ro')).toBe(0);
  });

  test('inside the name of something else a subject is not named', () => {
    expect(tagsOf('Atlantis Times closes')).toEqual([]);
  });

  test('what the title says first and often is more salient', () => {
    const salience = (title: string, text: string) => tagsOf(title, text)[0]?.salience ?? 0;
    const filler = 'nothing to see '.repeat(20);
    expect(salience('Atlantis sinks', 'Atlantis did.')).toBeGreaterThan(salience('Atlantis sinks', filler));
    expect(salience('Atlantis sinks', filler)).toBeGreaterThan(salience(filler, `${filler} Atlantis`));
  });
});

describe('another language of Latin letters', () => {
  const when = { from: null, until: null };
  const pattern = (name: string, word: string): Pattern => ({
    name,
    allOf: [['@atlantis'], [word]],
    noneOf: [],
    withinChars: null,
    ...when,
  });
  const made = createTagger({
    subjects: [
      subject('atlantis', 'country', [alias('Atlantis', 'en')]),
      subject('salt-trade', 'topic', [], [pattern('trade', 'import')]),
      subject('salt-control', 'topic', [], [pattern('curb', 'control')]),
      subject('trident', 'topic', [], [pattern('weapon', 'Trident')]),
    ],
  });
  const idsIn = (title: string, lang: string): readonly string[] =>
    made
      .tag({ title, text: '', lang })
      .tags.map(({ id }): string => id)
      .sort();

  test.each([
    ['Die Regierung von Atlantis will den Import von Salz nicht mehr verbieten', 'de'],
    ['El ministro de Atlantis pide más control de la sal en los puertos', 'es'],
    ['Atlantis : la hausse des imports de sel inquiète les pêcheurs et le ministre', 'fr'],
  ])('says nothing by words that English has too: %s', (title, lang) => {
    expect(idsIn(title, lang)).toEqual(['atlantis']);
  });

  test('says names as English does, which says its words besides', () => {
    expect(idsIn('Atlantis stellt die Trident bei einer Parade vor', 'de')).toEqual(['atlantis', 'trident']);
    expect(idsIn('Atlantis keeps the Trident under control', 'en')).toEqual([
      'atlantis',
      'salt-control',
      'trident',
    ]);
  });
});
