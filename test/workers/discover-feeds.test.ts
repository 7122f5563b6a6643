import { createServer } from 'node:http';
import type { Server } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { candidatesIn, newsSitemapsIn, sitemapPlaces, usualPlaces } from '../../src/ingest/discover.ts';
import { publisherId } from '../../src/events/ids.ts';
import { createHttpClient } from '../../src/net/http.ts';
import { DISCOVERY_REQUESTS_MAX, discoverFeeds } from '../../src/workers/discover-feeds.ts';
import type { Discovery } from '../../src/workers/discover-feeds.ts';
import { rssOf } from '../support/warc.ts';

const PAGE = 'https://quay.example/world/';

describe('a page', () => {
  test('names its feeds in every way that pages do, the surest first, and no other documents', () => {
    const page = `<html><head><base href="https://quay.example/">
      <link rel="alternate" type="application/json+oembed" href="/oembed?url=x">
      <link rel="alternate" type="application/json" href="/wp-json/wp/v2/pages/1">
      <link rel="alternate" hreflang="ja" href="/ja/">
      <link rel="stylesheet alternate" type="text/css" href="/feed.css">
      <link rel=alternate type=application/rss+xml href=/comments/feed/ title="Quay &raquo; Comments">
      <link rel="ALTERNATE" type="application/atom+xml; charset=utf-8" href="atom.xml?a=1&amp;b=2">
      <link rel="feed" href="feed:https://quay.example/all">
      <link rel="alternate" type="text/xml" href="/index.xml">
      </head><a href="/kr/list"><img alt="RSS 구독"></a><a href="/rss/economy.xml">Economy</a>
      <a href="https://feedly.com/i/subscription/feed/x">RSS</a><a href="javascript:rss()">RSS</a><a href="/breast-feeding">Feeding</a>`;
    const found = candidatesIn(page, PAGE);
    expect(found.map(({ url, rank, comments }) => [url.slice(20), rank, comments])).toEqual([
      ['/comments/feed/', 'linked', true],
      ['/atom.xml?a=1&b=2', 'linked', false],
      ['/all', 'linked', false],
      ['/index.xml', 'linked', false],
      ['/rss/economy.xml', 'named', false],
      ['/kr/list', 'named', false],
    ]);
    expect(found.at(-1)?.reason).toBe('a link of the page says "RSS 구독"');
  });

  test('of a million links is read in time, and gives a bounded number', () => {
    const page =
      '<a href="/rss/x">'.repeat(100_000) +
      '<link rel="alternate" type="application/rss+xml" href="'.repeat(10_000);
    expect(candidatesIn(page, PAGE)).toHaveLength(1);
    const many = Array.from({ length: 1_000 }, (_, index) => `<a href="/rss/${index}.xml">x</a>`).join('');
    expect(candidatesIn(many, PAGE)).toHaveLength(40);
  });

  test('has usual places below it and on its site; robots.txt and an index lead to sitemaps of news', () => {
    const urls = usualPlaces('https://quay.example/blog/post.html').map(({ url }) => url);
    expect(urls.slice(0, 4)).toEqual([
      ...['https://quay.example/blog/feed', 'https://quay.example/blog/rss.xml'],
      ...['https://quay.example/blog/index.xml', 'https://quay.example/feed'],
    ]);
    const robots =
      'User-agent: *\r\nSitemap: https://quay.example/all.xml\r\nsitemap:/news_map.xml\r\nSitemap: javascript:x';
    const places = sitemapPlaces(robots, PAGE).map(({ url }) => new URL(url).pathname);
    expect(places).toEqual([
      '/news_map.xml',
      '/news-sitemap.xml',
      '/sitemap_news.xml',
      '/sitemap-news.xml',
      '/all.xml',
    ]);
    const index =
      '<sitemapindex><sitemap><loc>https://quay.example/2026.xml</loc></sitemap><sitemap><loc> https://quay.example/news.xml?a=1&amp;b=2 </loc></sitemap></sitemapindex>';
    expect(newsSitemapsIn(index, PAGE).map(({ url }) => url)).toEqual([
      'https://quay.example/news.xml?a=1&b=2',
    ]);
    expect(newsSitemapsIn('<urlset></urlset>', PAGE)).toEqual([]);
    const years = Array.from({ length: 1_500 }, (_, n) => `<sitemap><loc>/${n}.xml</loc></sitemap>`).join('');
    const late = `<sm:sitemapindex>${years}<sm:sitemap><sm:loc><![CDATA[/news/1.xml]]></sm:loc></sm:sitemap></sm:sitemapindex>`;
    expect(newsSitemapsIn(late, PAGE).map(({ url }) => url)).toEqual([new URL('/news/1.xml', PAGE).href]);
  });
});

describe('a site', () => {
  const http = createHttpClient({ contactUrl: 'https://tests.example/', version: '0' });
  const asked: string[] = [];
  let served: Readonly<Record<string, string | number>> = {};
  let server: Server;
  let origin = '';

  beforeAll(async () => {
    server = createServer((request, response) => {
      const { url = '' } = request;
      asked.push(url);
      const body = served[url] ?? 404;
      response.writeHead(typeof body === 'number' ? body : 200).end(typeof body === 'number' ? '' : body);
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterEach(() => asked.splice(0));
  afterAll(async () => {
    await http.close();
    server.close();
  });

  async function discover(site: Readonly<Record<string, string | number>>): Promise<Discovery> {
    served = site;
    const page = await http.get(`${origin}/`, { allowPrivate: true });
    if (page.kind !== 'answer') throw new Error(page.reason);
    const deps = { http, dossier: { publishers: [] }, allowPrivate: true, now: () => new Date() };
    // As the command does: of the page its own address is known as well.
    const context = { publisher: publisherId('quay'), lang: null, url: page.url };
    return await discoverFeeds({ ...deps, pause: () => Promise.resolve() }, page, context);
  }
  const pathsOf = ({ found }: Discovery): string[] => found.map(({ url }) => new URL(url).pathname);

  test('gives what its page links and can be read, comments last, one feed in two dialects once, and is not searched further', async () => {
    const link = (href: string): string => `<link rel="alternate" type="application/rss+xml" href="${href}">`;
    const discovery = await discover({
      '/': `<html>${['/comments/feed', '/gone', '/world', '/world.atom', '/page'].map(link).join('')}<a href="/rss/kr">x</a>`,
      '/comments/feed': rssOf('Comments on Quay', ['So true']),
      '/world': rssOf('World'),
      '/world.atom': rssOf('World again'),
      '/page': '<html>no feed</html>',
      '/rss/kr': rssOf('Korea').replaceAll('quay.example/', 'quay.example/kr/'),
    });
    expect(pathsOf(discovery)).toEqual(['/world', '/rss/kr', '/comments/feed']);
    expect(discovery.found[0]?.same).toEqual([`${origin}/world.atom`]);
    expect(discovery).toMatchObject({ requests: 6, left: 0 });
  });

  test('that links nothing is tried where feeds usually are, and no further than the first', async () => {
    const discovery = await discover({
      '/': '<html>',
      '/rss.xml': rssOf('Usual'),
      '/index.xml': rssOf('Other'),
    });
    expect(pathsOf(discovery)).toEqual(['/rss.xml']);
    expect(asked).toEqual(['/', '/feed', '/rss', '/rss.xml']);
  });

  test('is asked a bounded number of times, and no more once it says that it is too much', async () => {
    const anchors = Array.from({ length: 40 }, (_, index) => `<a href="/rss/${index}">x</a>`).join('');
    const discovery = await discover({ '/': anchors });
    expect(discovery).toMatchObject({ found: [], requests: asked.length - 1, left: 16 });
    expect(discovery.requests).toBeLessThanOrEqual(DISCOVERY_REQUESTS_MAX);
    asked.splice(0);
    const stopped = await discover({ '/': anchors, '/rss/1': 429 });
    expect(stopped.requests).toBe(2);
    expect(asked).toEqual(['/', '/rss/0', '/rss/1']);
  });
});
