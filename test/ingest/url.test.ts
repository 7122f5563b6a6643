import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { absoluteUrl, canonicalUrl, isSiteRoot, publicUrl } from '../../src/ingest/url.ts';

test('a link is absolute http(s) or none', () => {
  expect(absoluteUrl('/a', 'https://x.example/b')).toBe('https://x.example/a');
  expect(absoluteUrl('/a', null)).toBeNull();
  for (const bad of [
    'javascript:alert(1)',
    'data:text/html,x',
    'mailto:a@x.example',
    'http://',
    '',
    'file:///etc',
  ]) {
    expect(absoluteUrl(bad, 'https://x.example/')).toBeNull();
  }
});

describe('tracking parameters', () => {
  test.each([
    ['https://x.example/a?utm_source=rss&id=7&utm_medium=feed', 'https://x.example/a?id=7'],
    ['https://x.example/a?at_medium=RSS&at_campaign=rss', 'https://x.example/a'],
    ['https://x.example/a?from=rss#top', 'https://x.example/a'],
    ['https://x.example/a?from=2026-01-01', 'https://x.example/a?from=2026-01-01'],
    ['https://x.example/a?id=%ED%95%9C&page=2', 'https://x.example/a?id=%ED%95%9C&page=2'],
    ['https://user:secret@x.example/a', 'https://x.example/a'],
  ])('%s', (given, shown) => {
    expect(publicUrl(given)).toBe(shown);
  });
});

test('scheme, www, port, final slash, fragment and the order of parameters do not tell articles apart', () => {
  const same = [
    'http://www.x.example/a/?b=1&a=2',
    'https://x.example:8443/a?a=2&b=1#c',
    'https://X.example/a?a=2&utm_campaign=z&b=1',
  ].map(canonicalUrl);
  expect(new Set(same).size).toBe(1);
  expect(canonicalUrl('https://x.example/a?id=1')).not.toBe(canonicalUrl('https://x.example/a?id=2'));
  expect(canonicalUrl('https://x.example/A')).not.toBe(canonicalUrl('https://x.example/a'));
});

/** A link of Google News: a protocol buffer with its kind, what names the article, and at times the AMP page after it. */
function googleNews(name: string, amp = ''): string {
  const field = (tag: readonly number[], text: string): Buffer => {
    const length = text.length < 128 ? [text.length] : [(text.length & 0x7f) | 0x80, text.length >> 7];
    return Buffer.concat([Buffer.from([...tag, ...length]), Buffer.from(text)]);
  };
  const id = Buffer.concat([
    Buffer.from([0x08, 0x13]),
    field([0x22], name),
    amp === '' ? Buffer.alloc(0) : field([0xd2, 0x01], amp),
  ]);
  return `https://news.google.com/rss/articles/${id.toString('base64url')}?oc=5`;
}

describe('a redirect that carries its target within it is that target', () => {
  const target = 'https://www.x.example/world/lee-in-nara?id=7';
  test.each([
    ['of an AMP cache', 'https://www-x-example.cdn.ampproject.org/c/s/www.x.example/world/lee-in-nara?id=7'],
    ['of Google’s AMP viewer', 'https://www.google.co.kr/amp/s/www.x.example/world/lee-in-nara?id=7'],
    ['of Google Alerts', `https://www.google.com/url?rct=j&sa=t&url=${encodeURIComponent(target)}&ct=ga`],
    [
      'of Bing News',
      `http://www.bing.com/news/apiclick.aspx?ref=FexRss&url=${encodeURIComponent(target)}&c=1`,
    ],
    ['of Google News, in its older form', googleNews(target)],
    ['within another', `https://www.google.com/url?url=${encodeURIComponent(googleNews(target))}`],
  ])('%s', (_from, link) => {
    expect(publicUrl(link)).toBe(target);
  });

  test('and what only a server can resolve, or leads nowhere that can be followed, stays what it is', () => {
    for (const link of [
      'https://feedproxy.google.com/~r/x/~3/abc/',
      'https://t.co/AbCdEf',
      'https://www.google.com/url?url=javascript%3Aalert(1)',
      'https://www.google.com/amp/s/',
      'https://news.google.com/rss/articles/CBMi',
    ]) {
      expect(publicUrl(link)).toBe(link);
    }
  });

  test('a newer link of Google News names its article without saying where it is, with and without its AMP page', () => {
    const plain = googleNews('AU_yqLMexample-of-a-name');
    expect(canonicalUrl(googleNews('AU_yqLMexample-of-a-name', 'AU_yqLPits-amp-page'))).toBe(
      canonicalUrl(plain),
    );
    expect(canonicalUrl(googleNews('AU_yqLManother-name'))).not.toBe(canonicalUrl(plain));
  });
});

describe('one article under several addresses of its site', () => {
  test.each([
    [
      'mobile and AMP hosts',
      [
        'https://x.example/a/1',
        'https://m.x.example/a/1',
        'http://amp.x.example/a/1/',
        'https://www.mobile.x.example/a/1',
      ],
    ],
    [
      'AMP paths and parameters',
      [
        'https://x.example/a/1',
        'https://x.example/a/1/amp',
        'https://x.example/amp/a/1',
        'https://x.example/a/1?amp',
        'https://x.example/a/1?amp=1&outputType=amp',
      ],
    ],
    ['AMP file names', ['https://x.example/1.html', 'https://x.example/1.amp.html']],
    [
      'sessions and the case of escapes',
      ['https://x.example/%EC%84%9C;jsessionid=9', 'https://x.example/%ec%84%9c?PHPSESSID=1'],
    ],
    [
      'Naver, by outlet and number',
      [
        'https://n.news.naver.com/mnews/article/001/0012345678?sid=100',
        'https://news.naver.com/main/read.naver?mode=LSD&oid=001&aid=0012345678',
        'https://m.news.naver.com/read.nhn?aid=0012345678&oid=001',
        'https://n.news.naver.com/article/comment/001/0012345678',
      ],
    ],
    [
      'Daum, by number',
      ['https://v.daum.net/v/20260112101010123', 'http://v.media.daum.net/v/20260112101010123'],
    ],
    [
      'Yahoo! Japan, with pictures and comments',
      [
        `https://news.yahoo.co.jp/articles/${'0a'.repeat(20)}`,
        `https://news.yahoo.co.jp/articles/${'0a'.repeat(20)}/comments`,
      ],
    ],
    [
      'MSN, whatever language, section and headline',
      [
        'https://www.msn.com/en-us/news/world/lee-in-nara/ar-AA1abcde',
        'https://www.msn.com/en-gb/news/other/lee-flies-to-nara/ar-AA1abcde?ocid=rss',
      ],
    ],
    [
      'sites that name articles by UUID, after a move to another section',
      [
        'https://x.example/ausland/lee-a-798c53bc-6690-43c3-bbec-1d95331df5f0',
        'https://x.example/panorama/lee-in-nara-a-798C53BC-6690-43c3-bbec-1d95331df5f0',
      ],
    ],
  ])('%s', (_what, urls) => {
    expect(new Set(urls.map(canonicalUrl)).size).toBe(1);
  });

  test('and addresses that look so and are others', () => {
    const different = [
      ['https://amp.dev/a', 'https://dev/a'],
      ['https://m.co.kr/a', 'https://co.kr/a'],
      ['https://x.example/amp', 'https://x.example/'],
      ['https://x.example/camp/1', 'https://x.example/1'],
      ['https://n.news.naver.com/article/001/0012345678', 'https://n.news.naver.com/article/002/0012345678'],
      [`https://news.yahoo.co.jp/articles/${'0a'.repeat(20)}`, 'https://news.yahoo.co.jp/pickup/6512345'],
    ];
    for (const [one = '', other = ''] of different) expect(canonicalUrl(one)).not.toBe(canonicalUrl(other));
  });
});

test('a site root leads to nothing in particular', () => {
  expect(isSiteRoot('http://x.example:80/')).toBe(true);
  expect(isSiteRoot('https://www.x.example/index.html?utm_source=rss')).toBe(true);
  expect(isSiteRoot('https://x.example/?id=7')).toBe(false);
});

const segment = fc.constantFrom(
  'amp',
  'a',
  'index.html',
  'x.amp',
  'x.amp.html',
  '',
  'c',
  's',
  'article',
  '%ea',
  ';jsessionid=1',
  'v',
);
const host = fc.constantFrom(
  'x.example',
  'm.amp.x.example',
  'm.google.com',
  'x.cdn.ampproject.org',
  'n.news.naver.com',
  'www.1.2.3.4',
);
const tricky = fc
  .tuple(
    host,
    fc.array(segment, { maxLength: 6 }),
    fc.constantFrom('', '?amp', '?b=1&a=2&view=amp', '?url=https://x.example/amp/amp'),
  )
  .map(([name, path, query]) => `https://${name}/${path.join('/')}${query}`)
  .filter((url) => URL.canParse(url));

test('what is shown of a URL is shown of itself, and stands for the same article, as its canonical form does', () => {
  fc.assert(
    fc.property(
      fc.oneof(
        { arbitrary: fc.webUrl({ withQueryParameters: true, withFragments: true }), weight: 1 },
        { arbitrary: tricky, weight: 4 },
      ),
      (url) => {
        const shown = publicUrl(url);
        expect(publicUrl(shown)).toBe(shown);
        const canonical = canonicalUrl(url);
        expect(canonicalUrl(shown)).toBe(canonical);
        expect(canonicalUrl(`https://${canonical}`)).toBe(canonical);
      },
    ),
    { numRuns: 300 },
  );
});
