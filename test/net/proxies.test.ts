import { describe, expect, test } from 'vitest';
import type { RequestListener } from 'node:http';
import { ProxyError, proxiesOf, proxyFor } from '../../src/net/proxies.ts';
import { CERTIFICATE } from './certificate.ts';
import { clientOf, closeBehind, serveHttp, serveHttps, serveProxy } from './places.ts';

closeBehind();

const through = (env: Record<string, string>, url: string): string | null =>
  proxyFor(proxiesOf(env), new URL(url))?.href ?? null;

describe('the standard variables', () => {
  test.each([
    [{ HTTP_PROXY: 'http://p:1' }, 'http://a.example/', 'http://p:1/'],
    [{ HTTP_PROXY: 'http://p:1' }, 'https://a.example/', null],
    [{ HTTPS_PROXY: 'p:2' }, 'https://a.example/', 'http://p:2/'],
    [{ http_proxy: 'http://lower:1', HTTP_PROXY: 'http://upper:1' }, 'http://a.example/', 'http://lower:1/'],
    [{ ALL_PROXY: 'http://all:1', HTTPS_PROXY: 'http://s:1' }, 'http://a.example/', 'http://all:1/'],
    [{ HTTP_PROXY: ' ' }, 'http://a.example/', null],
  ])('%o for %s name %s', (env, url, proxy) => {
    expect(through(env, url)).toBe(proxy);
  });

  test.each([
    ['*', 'http://a.example/', true],
    ['a.example', 'http://a.example/', true],
    ['a.example', 'http://news.a.example/', true],
    ['a.example', 'http://nota.example/', false],
    ['.a.example, b.example', 'http://b.example/', true],
    ['*.a.example', 'http://A.Example./', true],
    ['a.example:8080', 'http://a.example/', false],
    ['a.example:80', 'http://a.example/', true],
    ['10.0.0.0/8', 'http://10.1.2.3/', true],
    ['10.0.0.0/8', 'http://11.1.2.3/', false],
    ['fd00::/8', 'http://[fd12::1]/', true],
    ['[2001:4860::1]', 'http://[2001:4860::1]/', true],
    ['2001:4860::1', 'http://[2001:4860::1]/', true],
  ])('NO_PROXY=%s and %s: direct is %s', (none, url, direct) => {
    expect(through({ HTTP_PROXY: 'http://p:1', NO_PROXY: none }, url)).toBe(direct ? null : 'http://p:1/');
  });

  test('send nobody to a proxy for the own machine', () => {
    for (const host of ['localhost', '127.0.0.1', '127.9.9.9', '[::1]', 'a.localhost']) {
      expect(through({ HTTP_PROXY: 'http://p:1' }, `http://${host}/`)).toBeNull();
    }
  });

  test('that cannot be used are named, without what they say', () => {
    expect(() => proxiesOf({ ALL_PROXY: 'socks5://user:secret@p:1' })).toThrow(
      new ProxyError('ALL_PROXY names a socks5:// proxy: only http:// and https:// ones can be used'),
    );
    expect(() => proxiesOf({ https_proxy: 'http://user:secret@' })).toThrow(
      new ProxyError('https_proxy is not the URL of a proxy (http://host:port)'),
    );
  });
});

const says =
  (words: string): RequestListener =>
  (_request, response) => {
    response.end(words);
  };

describe('a proxy', () => {
  test('at a private address is asked for whole URLs, with its own credentials and not the feed’s', async () => {
    const proxy = await serveProxy(says('by proxy'), null);
    const url = proxy.url.replace('//', '//user:secret@');
    const http = clientOf({ allowPrivate: false, proxies: proxiesOf({ HTTP_PROXY: url }) });
    expect(await http.get('http://a:b@news.example.kr/rss?n=1')).toMatchObject({
      status: 200,
      url: 'http://news.example.kr/rss?n=1',
    });
    expect(proxy.asked).toEqual(['GET http://news.example.kr/rss?n=1']);
    expect(proxy.headers[0]).toMatchObject({
      host: 'news.example.kr',
      'proxy-authorization': `Basic ${Buffer.from('user:secret').toString('base64')}`,
      authorization: `Basic ${Buffer.from('a:b').toString('base64')}`,
    });
  });

  test('is asked for a tunnel to an https host, whose certificate is looked at behind it', async () => {
    const origin = await serveHttps(says('by tunnel'));
    const proxy = await serveProxy(says(''), Number(new URL(origin).port));
    const proxies = proxiesOf({ HTTPS_PROXY: proxy.url });
    const trusting = clientOf({ allowPrivate: false, proxies, ca: CERTIFICATE });
    expect(await trusting.get('https://news.example.kr/rss')).toMatchObject({ kind: 'answer', status: 200 });
    expect(await trusting.get('https://news.example.cn/rss')).toMatchObject({ code: 'certificate' });
    expect(proxy.asked).toEqual(['CONNECT news.example.kr:443', 'CONNECT news.example.cn:443']);
    expect(await clientOf({ proxies }).get('https://news.example.kr/rss')).toMatchObject({
      code: 'certificate',
      reason: 'https://news.example.kr/rss: its certificate is not trusted: it is signed by itself',
    });
  });

  test('that refuses a tunnel, or is not there, is told apart from the host', async () => {
    const refusing = await serveProxy(says(''), null);
    const http = clientOf({ proxies: proxiesOf({ HTTPS_PROXY: refusing.url }) });
    expect(await http.get('https://news.example.kr/')).toMatchObject({ code: 'proxy-refused' });
    const gone = clientOf({ proxies: proxiesOf({ ALL_PROXY: 'http://127.0.0.1:1' }) });
    for (const scheme of ['http', 'https']) {
      expect(await gone.get(`${scheme}://news.example.kr/`)).toMatchObject({
        code: 'proxy',
        reason: expect.stringContaining(
          'no connection to the proxy 127.0.0.1:1: the connection was refused',
        ) as string,
      });
    }
  });

  test.each([
    '127.0.0.1',
    '10.1.2.3',
    '0xa9.0376.43518',
    '[::ffff:10.0.0.1]',
    'printer',
    'printer.local',
    'metadata.google.internal',
    'nas.home.arpa',
  ])('is not asked for %s, nor sent there by a redirect', async (host) => {
    const proxy = await serveProxy((_request, response) => {
      response.writeHead(302, { location: `http://${host}/` }).end();
    }, null);
    const http = clientOf({ allowPrivate: false, proxies: proxiesOf({ ALL_PROXY: proxy.url }) });
    for (const url of [`http://${host}/`, `https://${host}/`, 'http://news.example.kr/']) {
      expect(await http.get(url)).toMatchObject({ kind: 'failed', code: 'blocked-address' });
    }
    expect(proxy.asked).toEqual(['GET http://news.example.kr/']);
  });

  test('is left alone for hosts that NO_PROXY names, which the guard still looks at', async () => {
    const proxy = await serveProxy(says(''), null);
    const origin = await serveHttp(says('direct'));
    const { port } = new URL(origin);
    const proxies = proxiesOf({ ALL_PROXY: proxy.url, NO_PROXY: 'direct.example.kr' });
    const lookup = (_name: string, _options: unknown, done: (e: null, a: object[]) => void): void => {
      done(null, [{ address: '127.0.0.1', family: 4 }]);
    };
    const http = clientOf({ allowPrivate: false, proxies, lookup: lookup as never });
    const url = `http://direct.example.kr:${port}/`;
    expect(await http.get(url, { allowPrivate: true })).toMatchObject({ status: 200 });
    expect(await http.get(url)).toMatchObject({ code: 'blocked-address' });
    expect(proxy.asked).toEqual([]);
  });
});
