import { describe, expect, test } from 'vitest';
import { publisherId } from '../../src/events/ids.ts';
import { isRevised } from '../../src/ingest/revision.ts';
import type { Words } from '../../src/ingest/similar.ts';

const speaker = { publisher: publisherId('hanbit-ilbo'), url: 'https://news.hanbit.example/world/1' };
const LEAD = 'They talked for two hours. A joint statement is expected on Tuesday.';
const said = (title: string, summary = ''): Words => ({ title, summary });
const revised = (before: Words, after: Words): boolean => isRevised(before, after, speaker);
const headline = (before: string, after: string): boolean => revised(said(before), said(after));

describe('no revision is', () => {
  test.each([
    ['blanks and case', 'Lee leaves  for Nara', 'LEE LEAVES FOR NARA'],
    ['quotes', '“Not now”, says Lee', '"Not now", says Lee'],
    ['East Asian quotes and width', '「今ではない」と高市首相', '『今ではない』と高市首相'],
    ['dashes', 'Lee – no talks', 'Lee — no talks'],
    ['an ellipsis', '나라서 정상회담…공동성명 조율', '나라서 정상회담...공동성명 조율'],
    ['a clock', 'Talks begin (12 min ago)', 'Talks begin (3 hours ago)'],
    ['a Korean clock', '정상회담 시작 3분 전', '정상회담 시작 5시간 전'],
    ['a Chinese clock', '会谈开始 3分钟前', '会谈开始 2小时前'],
    ['a counter', '정상회담 시작 조회수 1,234', '정상회담 시작 조회수 98,765'],
    ['a time of updating', 'Talks begin, updated 10:32 GMT', 'Talks begin, updated 11:05 GMT'],
    ['quotes that are added', '비핵화는 없다, 김 위원장', '“비핵화는 없다”, 김 위원장'],
    ['single quotes that go', "Lee says 'not now'", 'Lee says not now'],
    ['brackets that quote', '今ではないと高市首相', '「今ではない」と高市首相'],
    ['the counter of a live page', 'Nara summit: Live (3)', 'Nara summit: Live (4)'],
    ['a counter that appears', '[속보] 나라 회담', '[속보] 나라 회담 [2]'],
    ['a counter in wide brackets', '奈良会谈直播（3）', '奈良会谈直播（12）'],
    ['a counter before the name of the publisher', 'Live (3) - Hanbit Ilbo', 'Live (4) - Hanbit Ilbo'],
    ['spacing', '이 대통령, 나라 방문', '이대통령, 나라방문'],
    ['the width of punctuation', '정상회담，내일 （나라）！', '정상회담,내일(나라)!'],
    ['the kind of a middle dot', '한·중·일 정상', '한ㆍ중・일 정상'],
    ['the name of the publisher, added', 'Lee leaves for Nara', 'Lee leaves for Nara - Hanbit Ilbo'],
    ['the name of the publisher, gone', '이 대통령 나라로 출국 | 한빛일보', '이 대통령 나라로 출국'],
  ])('%s', (_what, before, after) => {
    expect(headline(before, after)).toBe(false);
  });

  test('a lead that is left out, or cut off at another length', () => {
    const before = said('Talks end', LEAD);
    expect(revised(before, said('Talks end'))).toBe(false);
    expect(revised(before, said('Talks end', 'They talked for two hours. A joint…'))).toBe(false);
    expect(revised(before, said('Talks end', 'They talked for two hours. A joint state'))).toBe(false);
    expect(revised(before, said('Talks end', 'They talked for two hours. [...] Read more'))).toBe(false);
  });

  test('quotes that are put into a lead, or a lead that is cut off within them', () => {
    const before = said('Talks end', 'Not now, he said. They talked for two hours.');
    expect(revised(before, said('Talks end', '“Not now”, he said. They talked for two hours.'))).toBe(false);
    expect(revised(before, said('Talks end', '“Not now”, he said. They talk…'))).toBe(false);
    expect(revised(said('T', 'Talks, live (3)'), said('T', 'Talks, live (4)'))).toBe(true);
  });

  test('a headline that is left out, so that the lead stands in for it', () => {
    expect(revised(said('Talks end', LEAD), said(LEAD, LEAD))).toBe(false);
  });

  test('what Google News says that others wrote about it', () => {
    const google = { ...speaker, url: 'https://news.google.com/rss/articles/CBMi' };
    expect(isRevised(said('Talks end - Hanbit', 'a b c'), said('Talks end - Hanbit', 'd e f'), google)).toBe(
      false,
    );
  });
});

describe('a revision is', () => {
  test.each([
    ['another word', 'Lee leaves for Nara', 'Lee arrives in Nara'],
    ['another number: it is what was said', 'Quake kills 12 in Nara', 'Quake kills 31 in Nara'],
    ['another number in brackets with a word', '지진 (12명 사망)', '지진 (13명 사망)'],
    ['another number in brackets within', 'Abe (67) speaks', 'Abe (68) speaks'],
    ['numbers that a blank keeps apart', 'Sets of 1 2 ships', 'Sets of 12 ships'],
    ['an apostrophe', 'Its over, says Lee', "It's over, says Lee"],
    ['another ending in Korean', '일본이 사과', '일본에 사과'],
    ['a speaker behind the headline who is no publisher', 'No talks - minister', 'No talks - aides'],
    ['a section behind the headline', 'Talks end | live', 'Talks end | analysis'],
    ['a sign that changes the sense', 'Talks failed', 'Talks failed?'],
  ])('%s', (_what, before, after) => {
    expect(headline(before, after)).toBe(true);
  });

  test('a lead that is said for the first time, and one that goes on', () => {
    expect(revised(said('Talks end'), said('Talks end', LEAD))).toBe(true);
    expect(revised(said('Talks end', 'They talked for two hours.'), said('Talks end', LEAD))).toBe(true);
  });

  test('a lead that loses whole sentences, as a correction does', () => {
    expect(revised(said('Talks end', LEAD), said('Talks end', 'They talked for two hours.'))).toBe(true);
  });
});
