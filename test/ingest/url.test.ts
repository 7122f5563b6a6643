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

test('a site root leads to nothing in particular', () => {
  expect(isSiteRoot('http://x.example:80/')).toBe(true);
  expect(isSiteRoot('https://www.x.example/index.html?utm_source=rss')).toBe(true);
  expect(isSiteRoot('https://x.example/?id=7')).toBe(false);
});

test('what is shown of a URL is shown of itself, and stands for the same article', () => {
  fc.assert(
    fc.property(fc.webUrl({ withQueryParameters: true, withFragments: true }), (url) => {
      const shown = publicUrl(url);
      expect(publicUrl(shown)).toBe(shown);
      expect(canonicalUrl(shown)).toBe(canonicalUrl(url));
    }),
  );
});
