import { describe, expect, test } from 'vitest';
import { feedId, publisherId, subjectId } from '../../src/events/ids.ts';
import { facetsOf, hostLexeme, langLexeme } from '../../src/query/facet-lexemes.ts';
import type { FacetFacts } from '../../src/query/facet-lexemes.ts';

const PLAIN: FacetFacts = {
  feed: feedId('wire-en'),
  publisher: publisherId('wire'),
  url: null,
  lang: null,
  revision: 0,
  backfill: null,
  tags: [],
  event: null,
};

const of = (change: Partial<FacetFacts>, sign: string): string[] =>
  [...facetsOf({ ...PLAIN, ...change })].filter((lexeme) => lexeme.startsWith(sign));

describe('facetsOf', () => {
  test('names what every item has, and that it has no language', () => {
    expect([...facetsOf(PLAIN)].sort()).toEqual(['@feed:wire-en', '@lang:und', '@publisher:wire']);
  });

  test('names subjects and their kinds, each once', () => {
    const tags = [
      { id: subjectId('nara'), kind: 'place' as const, salience: 0.5 },
      { id: subjectId('andong'), kind: 'place' as const, salience: 0.25 },
      { id: subjectId('cptpp'), kind: 'agreement' as const, salience: 0 },
    ];
    expect(of({ tags }, '#')).toEqual(['#nara', '#andong', '#cptpp']);
    expect(of({ tags }, '@kind')).toEqual(['@kind:place', '@kind:agreement']);
  });

  test.each([
    ['en', ['@lang:en']],
    ['zh-Hant-TW', ['@lang:zh', '@lang:zh-hant', '@lang:zh-hant-tw']],
    ['x'.repeat(100), [`@lang:${'x'.repeat(35)}`]],
  ])('a language is found by each beginning that ends at a hyphen: %s', (lang, lexemes) => {
    expect(of({ lang }, '@lang')).toEqual(lexemes);
    expect(lexemes).toContain(langLexeme(lang));
  });

  test.each([
    ['https://en.yna.co.kr/a?b', ['@host:en.yna.co.kr', '@host:yna.co.kr', '@host:co.kr']],
    ['https://News.Example.:8443/', ['@host:news.example']],
    ['http://뉴스.한국/', ['@host:xn--vg1b002a.xn--3e0b707e']],
    ['http://192.0.2.7/', ['@host:192.0.2.7']],
    ['http://[2001:db8::1]/', ['@host:[2001:db8::1]']],
    ['http://localhost:8080/x', ['@host:localhost']],
    ['urn:isbn:0', []],
    ['no address', []],
  ])('an address is found by its host and the domains above it: %s', (url, lexemes) => {
    expect(of({ url }, '@host')).toEqual(lexemes);
  });

  test('of a host with many labels the last are taken', () => {
    const hosts = of({ url: `http://${'a.'.repeat(20)}example/` }, '@host');
    expect(hosts).toHaveLength(7);
    expect(hosts[0]).toBe(`@host:${'a.'.repeat(7)}example`);
    expect(of({ url: `http://${'a.'.repeat(200)}example/` }, '@host')).toEqual([]);
  });

  test('a host is asked for in any case and script', () => {
    expect(hostLexeme('YNA.co.kr.')).toBe('@host:yna.co.kr');
    const [, above] = of({ url: 'http://www.뉴스.한국/' }, '@host');
    expect(hostLexeme('뉴스.한국')).toBe(above);
  });

  test('says that an item was revised, and that it came with a backfill', () => {
    expect(of({ revision: 2, backfill: 'archive' }, '@is')).toEqual(['@is:revised', '@is:backfill']);
  });
});
