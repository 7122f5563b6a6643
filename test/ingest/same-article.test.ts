import { describe, expect, test } from 'vitest';
import { itemIdOf, publisherId } from '../../src/events/ids.ts';
import { initialItem } from '../../src/events/item.ts';
import { identify } from '../../src/ingest/identity.ts';
import type { Identified } from '../../src/ingest/identity.ts';
import type { FeedItem } from '../../src/ingest/normalize.ts';
import { sameArticle } from '../../src/ingest/same-article.ts';
import type { Candidate, Candidates } from '../../src/ingest/same-article.ts';
import { sharedShare } from '../../src/ingest/similar.ts';
import { anItem } from './items.ts';

const hanbit = publisherId('hanbit');
const TALKS = itemIdOf('talks');
const OTHER_WORDS = {
  title: 'Typhoon closes the ports of Jeju',
  summary: 'Ferries stayed moored on Monday.',
};
const NEXT_DAY = '2026-01-13T09:00:00.000Z';

const seen = (differences: Partial<FeedItem> = {}): Identified => identify(anItem(differences), hanbit);

/** The item of the talks as the log has it. */
function talks(
  differences: Partial<FeedItem> = {},
  words: Candidate['words'] = anItem(differences),
): Candidate {
  const { url, guid, published } = anItem(differences);
  return {
    item: TALKS,
    state: { ...initialItem, item: TALKS, publisher: hanbit, url, guid, published },
    words,
  };
}

function verdict(sighting: Identified, candidates: Partial<Candidates>): string {
  const { item, by } = sameArticle(sighting, { link: null, guid: null, title: null, ...candidates });
  return item === TALKS ? by : by === 'new' && item === sighting.itemId ? 'new' : `${by}, another`;
}

describe('a known link', () => {
  const link = talks();

  test('is the article whatever its guid and words, because headlines are rewritten and publishers change their software', () => {
    expect(verdict(seen(), { link, guid: link })).toBe('link');
    expect(verdict(seen({ guid: 'new-software-1' }), { link })).toBe('link');
    expect(verdict(seen({ ...OTHER_WORDS, guid: null, published: NEXT_DAY }), { link })).toBe('link');
    expect(verdict(seen({ ...OTHER_WORDS }), { link, guid: link })).toBe('link');
  });

  test('with wholly other words on the same day is a page that is worked over, as live pages are', () => {
    expect(verdict(seen({ ...OTHER_WORDS, guid: 'live-2' }), { link })).toBe('link');
  });

  test('is used again by another article when guid, day and all words are others: a daily page under one URL', () => {
    const next = seen({ ...OTHER_WORDS, guid: 'daily-0113', published: NEXT_DAY });
    expect(verdict(next, { link })).toBe('reused, another');
    expect(sameArticle(next, { link, guid: null, title: null })).toEqual(
      sameArticle(next, { link, guid: null, title: null }),
    );
  });

  test('does not take a late feed’s word for another article when the guid knows it better', () => {
    const newer: Candidate = {
      ...talks({ ...OTHER_WORDS, guid: 'daily-0113', published: NEXT_DAY }),
      item: itemIdOf('newer'),
    };
    expect(verdict(seen(), { link: newer, guid: talks() })).toBe('guid');
  });
});

describe('a known guid under another link', () => {
  const moved = { url: 'https://news.example.kr/articles/vice-ministers-1' };
  const guid = talks();

  test('is the article, because publishers edit slugs, move pages and serve them on several hosts', () => {
    expect(verdict(seen(moved), { guid })).toBe('guid');
    expect(
      verdict(seen({ ...moved, title: 'Vice-ministers of both sides met in Seoul for talks' }), { guid }),
    ).toBe('guid');
  });

  test('is used again by another article when the words are wholly others: numbers that begin anew', () => {
    expect(verdict(seen({ ...moved, ...OTHER_WORDS }), { guid })).toBe('new');
  });

  test('is the article while its words cannot be compared, so that a moved link does not undo a takedown', () => {
    expect(verdict(seen({ ...moved, ...OTHER_WORDS }), { guid: talks({}, null) })).toBe('guid');
  });

  test('is the article without a link, unless day and words are others', () => {
    expect(verdict(seen({ url: null }), { guid })).toBe('guid');
    expect(verdict(seen({ ...OTHER_WORDS, url: null }), { guid })).toBe('guid');
    expect(verdict(seen({ ...OTHER_WORDS, url: null, published: NEXT_DAY }), { guid })).toBe(
      'reused, another',
    );
  });
});

describe('a known headline of the same publisher and day', () => {
  const elsewhere = { url: 'https://news.example.kr/live/0112/vice-ministers', guid: 'live-0112-7' };

  test('is the article under an edited slug, when the lead does not contradict it', () => {
    expect(verdict(seen(elsewhere), { title: talks() })).toBe('title');
    expect(verdict(seen({ ...elsewhere, summary: '' }), { title: talks() })).toBe('title');
  });

  test('is another article when the lead is another: a series of pictures, a column', () => {
    expect(verdict(seen({ ...elsewhere, summary: 'In pictures: the arrival.' }), { title: talks() })).toBe(
      'new',
    );
  });

  test('is the article when one was seen through Google News, which gives no lead and no address', () => {
    const url = 'https://news.google.com/rss/articles/CBMiAU_yqLM';
    const through = seen({ url, guid: 'CBMi', summary: 'What others wrote about it' });
    expect(verdict(through, { title: talks() })).toBe('title');
    expect(verdict(seen(), { title: talks({ url, summary: 'What others wrote about it' }) })).toBe('title');
  });
});

describe('what two texts share', () => {
  const share = (one: string, other: string): number =>
    sharedShare({ title: one, summary: '' }, { title: other, summary: '' }) ?? -1;

  test('is much for a headline that was rewritten and little for another, in each language', () => {
    expect(share('Lee leaves for Nara summit', 'Lee, Takaichi open summit in Nara')).toBeGreaterThan(0.6);
    expect(
      share('이 대통령, 나라서 다카이치와 정상회담', '이 대통령 나라에서 다카이치 총리와 회담'),
    ).toBeGreaterThan(0.5);
    expect(share('高市首相、奈良で李大統領と会談', '高市首相が李大統領と奈良で首脳会談へ')).toBeGreaterThan(
      0.5,
    );
    expect(share('Lee leaves for Nara summit', 'Typhoon closes the ports of Jeju')).toBe(0);
    expect(share('이 대통령, 나라서 다카이치와 정상회담', '태풍에 제주 항구 폐쇄')).toBe(0);
    expect(share('高市首相、奈良で李大統領と会談', '台風で済州の港が閉鎖')).toBeLessThan(0.25);
  });

  test('is unknown where one of them says nothing', () => {
    expect(sharedShare({ title: '…', summary: '' }, anItem())).toBeNull();
  });
});

test('a headline that is claimed and not in the log yet is the article: whoever is second is judged again at the append', () => {
  const claimed: Candidate = { item: TALKS, state: initialItem, words: null };
  const second = seen({ url: 'https://hanbit.example/moved', guid: 'another' });
  expect(verdict(second, { title: claimed })).toBe('title');
});
