import { describe, expect, test } from 'vitest';
import { itemLanguage, languageOf } from '../../src/ingest/language.ts';
import { ITEM_SUMMARY_CHARS_MAX, ITEM_TITLE_CHARS_MAX, normalizeItem } from '../../src/ingest/normalize.ts';
import type { FeedItem } from '../../src/ingest/normalize.ts';
import type { ParsedItem } from '../../src/ingest/parsed.ts';

const now = new Date('2026-01-12T10:00:00Z');

function normalized(differences: Partial<ParsedItem>, lang: string | null = null): FeedItem | null {
  const item: ParsedItem = {
    id: 'g-1',
    link: 'https://news.example.kr/world/1?utm_source=rss#top',
    title: 'Vice-ministers meet in Seoul',
    published: '2026-01-12T09:00:00.000Z',
    summary: 'They talked for two hours.',
    ...differences,
  };
  return normalizeItem(item, { lang }, now);
}

test('an item keeps its words, its own id and a link without tracking', () => {
  expect(normalized({})).toEqual({
    guid: 'g-1',
    url: 'https://news.example.kr/world/1',
    title: 'Vice-ministers meet in Seoul',
    summary: 'They talked for two hours.',
    published: '2026-01-12T09:00:00.000Z',
    lang: 'en',
  });
});

test('a publisher that source names is no part of the headline, and headlines of others are no summary', () => {
  const source = { name: 'The Dosan Ilbo', url: null };
  const title = 'Leaders meet - again - The Dosan Ilbo';
  const chain = 'Leaders meet - again The Dosan Ilbo Tuna prices climb Nara Day';
  expect(normalized({ title, source, summary: chain })).toMatchObject({
    title: 'Leaders meet - again',
    summary: '',
  });
  // Without its word for it a name behind a dash may be part of the headline.
  expect(normalized({ title, summary: chain })).toMatchObject({ title, summary: chain });
  expect(normalized({ title: 'Visit to The Dosan Ilbo', source })?.title).toBe('Visit to The Dosan Ilbo');
  expect(normalized({ title: ' - The Dosan Ilbo', source })?.title).not.toBe('');
});

test('a date more than two days ahead is no date, one a little ahead is', () => {
  expect(normalized({ published: '2026-01-14T10:00:01.000Z' })?.published).toBeNull();
  expect(normalized({ published: '2026-01-14T09:59:59.000Z' })?.published).toBe('2026-01-14T09:59:59.000Z');
});

test('an item without a headline borrows one from its lead; without both there is nothing to keep', () => {
  expect(normalized({ title: '' })?.title).toBe('They talked for two hours.');
  expect(normalized({ title: '', summary: '' })).toBeNull();
});

test('words are bounded', () => {
  const long = normalized({ title: '가'.repeat(5000), summary: 'a '.repeat(5000) });
  expect(long?.title.length).toBe(ITEM_TITLE_CHARS_MAX);
  expect(long?.summary.length).toBeLessThanOrEqual(ITEM_SUMMARY_CHARS_MAX);
});

describe('the language a feed names', () => {
  test.each([
    ['en-GB', 'en'],
    ['ko-KR', 'ko'],
    ['ko_KR', 'ko'],
    ['kr', 'ko'],
    ['jp', 'ja'],
    ['zh-CN', 'zh-Hans'],
    ['zh-tw', 'zh-Hant'],
    ['zh-Hant-HK', 'zh-Hant'],
    ['zh', 'zh'],
    ['', null],
    ['the language is Korean', null],
  ])('%s', (written, meant) => {
    expect(languageOf(written)).toBe(meant);
  });
});

describe('the language of an item', () => {
  test.each([
    ['ko', '정부, 안동 방문 일정 조율', 'ko'],
    [null, '정부, 안동 방문 일정 조율', 'ko'],
    [null, '日韓、奈良で首脳会談', 'ja'],
    ['ja', '首脳会談開催', 'ja'],
    [null, '中韩举行工作会谈', 'zh-Hans'],
    [null, '韓國提議為中日對話居中協調', 'zh-Hant'],
    ['zh', '韓國提議居中協調', 'zh-Hant'],
    ['zh-Hans', '韓國提議居中協調', 'zh-Hans'],
    ['ko', 'Vice-ministers of the three countries meet', 'en'],
    ['en', '한중일 외교차관 협의', 'ko'],
    ['en', 'Lee visits 奈良', 'en'],
    ['de', 'Gipfel in Nara beendet', 'de'],
    [null, 'Gipfeltreffen beendet', null],
    [null, '123', null],
  ])('declared %s: %s', (declared, text, lang) => {
    expect(itemLanguage(declared, text)).toBe(lang);
  });
});
