import { describe, expect, test } from 'vitest';
import { createTagger, type Tagger, type Tagging } from '../../src/classify/tagger.ts';
import { ITEM_MENTIONS_MAX } from '../../src/classify/tags.ts';
import type { Rival } from '../../src/dossier/dossier.ts';
import { REFUSALS_MAX } from '../../src/events/item.ts';
import { subjectId } from '../../src/events/ids.ts';
import { EVENT_CHARS_MAX } from '../../src/store/append.ts';
import { alias, subject } from './dossier.ts';
import { shuttleTagger } from '../support/shuttle-dossier.ts';

const rival = (id: string, of: string, rest: Partial<Rival>): Rival => ({
  id, of: [subjectId(of)], note: '', shares: [], aliases: [], ...rest,
}); // prettier-ignore

const tagger = createTagger({
  subjects: [
    subject('nara', 'place', [alias('Nara', 'en', { unlessFollowedBy: ['Period', 'Smith'] })]),
    subject('pact', 'agreement', [alias('TPP', 'en', { exactCase: true }), alias('Trans-Pacific Partnership', 'en')]),
    subject('premier', 'person', [alias('李强', 'zh-Hans'), alias('李强总理', 'zh-Hans')]),
    subject('visits', 'topic', [
      alias('return visit', 'en', { weight: 0.5 }),
      alias('hometown', 'en', { weight: 0.5 }),
      alias('shuttle', 'en', { weight: 0.5, requires: ['diplomacy'] }),
    ]),
    subject('korea', 'country', [alias('Korea', 'en', { notIn: ['Korea Herald'] }), alias('Korean', 'en')]),
    subject('osaka', 'place', [alias('Osaka', 'en')]),
    subject('ban', 'measure', [], [
      { name: 'fish-ban', allOf: [['@korea'], ['fish'], ['ban']], noneOf: ['lift'], withinChars: 40, from: null, until: null },
    ]),
  ],
  rivals: [
    rival('party', 'pact', { shares: ['TPP'], aliases: [alias("Taiwan People's Party", 'en'), alias('Ko Wen-je', 'en')] }),
    rival('coach', 'premier', { shares: ['李强'], aliases: [alias('李强教练', 'zh-Hans')] }),
    rival('naomi-osaka', 'osaka', { aliases: [alias('Naomi Osaka', 'en')] }),
  ],
  publishers: [{ id: 'p', name: 'The Nara Bugle' }] as never,
}); // prettier-ignore

const tag = (title: string, rest: Partial<Parameters<Tagger['tag']>[0]> = {}): Tagging =>
  tagger.tag({ title, text: '', lang: 'en', date: '2026-02-03', ...rest });
const ids = (title: string, rest = {}): string[] => tag(title, rest).tags.map(({ id }) => id);
const refusals = (title: string, rest = {}): string[] =>
  tag(title, rest).refused.map(({ id, surface, rule }) => `${id} ${surface} ${rule}`);

describe('what follows a name can make it another', () => {
  test('as a word after it', () => {
    const title = 'A Nara Period tomb';
    expect(ids(title)).toEqual([]);
    expect(refusals(title)).toEqual(['nara Nara followed-by:period']);
  });
  test('but only as a word', () => {
    expect(ids('Nara periodicals')).toEqual(['nara']);
  });
});

test('texts that nobody sees say nothing of a name: they neither rule it out nor meet its condition', () => {
  const none = ['\u200b'];
  const named = (rest: Parameters<typeof alias>[2]): number =>
    createTagger({ subjects: [subject('nara', 'place', [alias('Nara', 'en', rest)])] }).tag({
      title: 'In Nara today', text: '', lang: 'en',
    }).tags.length; // prettier-ignore
  expect(named({ unlessFollowedBy: none, excludes: none, notIn: none })).toBe(1);
  expect(named({ requires: none })).toBe(0);
});

describe('a rival', () => {
  test('takes a name in that is part of its own', () => {
    expect(ids('Naomi Osaka wins')).toEqual([]);
    expect(refusals('Naomi Osaka wins')).toEqual(['osaka Osaka longer-name:naomi-osaka']);
    expect(ids('Naomi Osaka wins in Osaka')).toEqual(['osaka']);
  });
  test('wins a shared name where the item says more of it', () => {
    expect(ids('TPP names its candidate', { text: 'Ko Wen-je spoke.' })).toEqual([]);
    expect(refusals('TPP names its candidate', { text: 'Ko Wen-je spoke.' })).toEqual([
      'pact TPP rival:party',
    ]);
    expect(ids('李强教练：李强会赢', { lang: 'zh' })).toEqual([]);
  });
  test('loses it where the item says as much of the subject, or nothing of the rival', () => {
    expect(ids('TPP talks resume')).toEqual(['pact']);
    expect(ids('TPP', { text: 'Ko Wen-je on the Trans-Pacific Partnership' })).toEqual(['pact']);
    expect(ids('李强总理会见李强教练', { lang: 'zh' })).toEqual(['premier']);
  });
});

describe('weak signs', () => {
  test('one is never enough, however often it stands', () => {
    expect(ids('Hometown, my hometown', { text: 'hometown' })).toEqual([]);
    expect(refusals('Hometown, my hometown')).toEqual(['visits Hometown too-weak']);
  });
  test('two different ones make a tag, and both are told', () => {
    const { tags } = tag('A return visit to his hometown');
    expect(tags.map(({ mentions }) => mentions.map(({ rule }) => rule))).toEqual([
      ['latin-word, adds-up', 'latin-word, adds-up'],
    ]);
  });
  test('a condition that is not met takes its sign out of the sum', () => {
    expect(ids('A shuttle bus to his hometown')).toEqual([]);
    expect(ids('Shuttle diplomacy in his hometown')).toEqual(['visits']);
  });
});

describe('the publisher at the end of a headline is not read', () => {
  test.each([
    'Talks end - The Nara Bugle', 'Talks end | Nara Bugle', 'Talks end – Korea Daily News', 'Talks end | Osaka Times',
  ])('%s', (title) => {
    expect(ids(title)).toEqual([]);
  }); // prettier-ignore
  test.each([
    ['Fish is welcome — Nara', 'nara'], ['Who reads in Osaka today', 'osaka'], ['Talks - in Osaka', 'osaka'],
  ])('but a source or a clause is: %s', (title, id) => {
    expect(ids(title)).toEqual([id]);
  }); // prettier-ignore
  test('and is told as refused', () => {
    expect(refusals('Talks end | Osaka Times')).toEqual(['osaka Osaka publisher-tail']);
  });
});

describe('a dateline says where a report was written', () => {
  const shipped = shuttleTagger();
  test.each([
    ['ko', '(도쿄=연합뉴스) 홍길동 특파원 = 벚꽃이 예년보다 이르게 피었다.', 'tokyo'],
    ['ko', '꽃샘추위 주춤…"주말 절정" [베이징·서울=뉴시스]홍길동 기자 = 벚꽃이 피었다.', 'beijing', 'seoul'],
    ['ko', '(나라현[일본]=연합뉴스) 홍길동 특파원 = 벚꽃이 피었다.', 'nara', 'japan'],
    ['ko', '도쿄=홍길동 특파원 벚꽃이 피었다.', 'tokyo'],
    ['ja', '【東京=高市太郎、ソウル=山本花子】桜が咲いた。', 'tokyo', 'seoul'],
    ['ja', '【ソウル共同】桜が咲いた。', 'seoul'],
    ['ja', '［東京 １３日 ロイター］ - 桜が咲いた。', 'tokyo'],
    ['zh', '新华社首尔1月13日电（记者张三）樱花开了。', 'seoul'],
    ['zh', '（中央社記者張三東京13日專電）櫻花開了。', 'tokyo'],
    ['zh', '〔記者張三／東京報導〕櫻花開了。', 'tokyo'],
    ['en', 'TOKYO, Jan. 13 (Reuters) - Cherry trees are in bloom.', 'tokyo'],
    ['en', 'Early bloom By Hong Gil-dong SEOUL, March 3 (Yonhap) -- Cherry trees are in bloom.', 'seoul'],
    ['en', 'NARA, Japan (AP) — Cherry trees are in bloom.', 'nara', 'japan'],
    ['en', 'Beijing (AFP) - Cherry trees are in bloom.', 'beijing'],
    ['en', 'TOKYO: Cherry trees are in bloom.', 'tokyo'],
  ])('%s: %s', async (lang, text, ...named) => {
    const { tags, relevance, event } = (await shipped).tag({ title: 'x', text, lang, date: '2026-01-13' });
    expect(tags.map(({ id, salience, mentions }) => [id, salience, ...mentions.map(({ rule }) => rule)])).toEqual(
      [...named].sort().map((id) => [id, 0, 'dateline']),
    );
    expect({ relevance, event }).toEqual({ relevance: 0, event: null });
  }); // prettier-ignore
  test('and what comes again behind it counts as if it stood there alone', async () => {
    const [head, rest] = ['(도쿄=연합뉴스) 홍길동 특파원 = ', '벚꽃이 핀 도쿄에서'];
    const of = async (text: string) => (await shipped).tag({ title: 'x', text, lang: 'ko' }).tags[0];
    const position = (head.length + rest.indexOf('도쿄') + 1) / (head.length + rest.length + 1);
    expect((await of(head + rest))?.salience).toBeCloseTo(0.25 * (1 - position), 3);
  });
  test.each([
    ['en', 'TAIWAN: Lawmakers return', 'taiwan'], ['en', 'JAPAN — Lawmakers return', 'japan'],
    ['zh', '他在东京13日电影节上领奖', 'tokyo'], ['ko', '수도(도쿄) 지진', 'tokyo'],
  ])('but this is none: %s %s', async (lang, text, id) => {
    const { tags } = (await shipped).tag({ title: 'x', text, lang });
    expect(tags.find((one) => one.id === subjectId(id))?.salience).toBeGreaterThan(0);
  }); // prettier-ignore
});

describe('refusals', () => {
  test('tell what the name is part of, once a name', () => {
    expect(refusals('Korea Herald: says Korea Herald')).toEqual(['korea Korea in-other-name:Korea Herald']);
  });
  test('leave out a place where the subject stands by another name', () => {
    expect(refusals('Koreans at home')).toEqual([]);
  });
  test('tell of patterns that all but met', () => {
    expect(refusals('Korea to lift its ban on fish')).toEqual(['ban Korea pattern-barred:fish-ban']);
    const far = `Korea. ${'On and on it went. '.repeat(5)}Fish. A ban.`;
    expect(refusals('', { text: far })).toEqual(['ban Korea pattern-too-far:fish-ban']);
  });
  test('are bounded, and point to what the field says', () => {
    const many = createTagger({
      subjects: Array.from({ length: 60 }, (_, n) => subject(`s${n}`, 'place', [alias(`Place${n}x`, 'en', { requires: ['magic'] })])),
    }); // prettier-ignore
    const text = Array.from({ length: 60 }, (_, n) => `Place${n}x`).join(', ');
    const { refused } = many.tag({ title: 'List', text, lang: 'en' });
    expect(refused).toHaveLength(REFUSALS_MAX);
    for (const { start, end, surface } of refused) expect(text.slice(start, end)).toBe(surface);
  });
});

describe('the rivals of the dossier we ship', () => {
  test.each([
    ['en', 'Naomi Osaka out in straight sets; Osaka blames her serve', 'osaka'],
    ['en', 'TPP lawmakers want trade law delayed, Ko Wen-je says', 'cptpp'],
    ['en', 'Japan envoy meets Syrian Democratic Forces as SDF pulls back', 'japan-sdf'],
    ['zh', '演员李强出席首映，李强称很开心', 'li-qiang'],
    ['ko', '오사카 나오미 8강…오사카 “끝까지 간다”', 'osaka'],
  ])('%s: %s', async (lang, title, id) => {
    const { tags, refused } = (await shuttleTagger()).tag({ title, text: '', lang, date: '2026-01-13' });
    expect(tags.map((one): string => one.id)).not.toContain(id);
    expect(refused.map((one): string => one.id)).toContain(id);
  });
});

test('an item that names everything again and again by long names can be tagged', () => {
  const names = Array.from({ length: 350 }, (_, n) => `${String(n).padStart(4, '0')} ${'long'.repeat(28)}x`);
  const subjects = names.map((name, n) => subject(`s${n}`, 'organisation', [alias(name, 'en')]));
  const text = names.join('. ');
  const { tags } = createTagger({ subjects }).tag({ title: '', text, body: `${text}. ${text}`, lang: 'en' });
  const listed = tags.reduce((sum, { mentions }) => sum + mentions.length, 0);
  expect(tags).toHaveLength(350);
  expect(listed).toBeLessThanOrEqual(ITEM_MENTIONS_MAX);
  expect(JSON.stringify(tags).length).toBeLessThan(EVENT_CHARS_MAX);
});
