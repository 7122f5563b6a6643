import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo, LookupFunction } from 'node:net';
import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { blockedHost } from '../../src/net/address.ts';
import { failureOf } from '../../src/net/failure.ts';
import { createHttpClient } from '../../src/net/http.ts';
import type { HttpClient, HttpClientOptions, HttpOutcome } from '../../src/net/http.ts';

type Handler = (request: IncomingMessage, response: ServerResponse) => void;

let server: Server;
let handle: Handler;
let origin: string;
const clients: HttpClient[] = [];

beforeEach(async () => {
  handle = (_request, response) => response.end();
  server = createServer((request, response) => {
    handle(request, response);
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterEach(async () => {
  await Promise.all(clients.splice(0).map((client) => client.close()));
  server.closeAllConnections();
  await new Promise((done) => server.close(done));
});

function client(differences: Partial<HttpClientOptions> = {}): HttpClient {
  const made = createHttpClient({
    contactUrl: 'https://contact.example.org',
    version: '1.2.3',
    allowPrivate: true,
    ...differences,
  });
  clients.push(made);
  return made;
}

function textOf(outcome: HttpOutcome): string {
  return outcome.kind === 'answer' ? Buffer.from(outcome.body).toString() : outcome.reason;
}

describe('a request', () => {
  test('says who asks and how to reach them, and what it has already', async () => {
    let headers: IncomingMessage['headers'] = {};
    handle = (request, response) => {
      ({ headers } = request);
      response.writeHead(304).end();
    };
    const outcome = await client().get(`${origin}/rss`, {
      etag: '"abc"',
      lastModified: 'Mon, 12 Jan 2026 00:00:00 GMT',
    });
    expect(outcome).toMatchObject({ kind: 'answer', status: 304 });
    expect(headers).toMatchObject({
      'user-agent': 'shuttlewatch/1.2.3 (+https://contact.example.org)',
      'if-none-match': '"abc"',
      'if-modified-since': 'Mon, 12 Jan 2026 00:00:00 GMT',
      'accept-encoding': expect.stringContaining('gzip') as string,
    });
  });

  test('is answered with status, headers and body, an error page included', async () => {
    handle = (_request, response) => response.writeHead(404, { 'X-Reason': 'gone' }).end('no such feed');
    const outcome = await client().get(`${origin}/rss`);
    expect(outcome).toMatchObject({ kind: 'answer', status: 404, url: `${origin}/rss`, redirects: [] });
    expect(outcome).toMatchObject({ headers: { 'x-reason': 'gone' } });
    expect(textOf(outcome)).toBe('no such feed');
  });

  test('posts a body with its headers', async () => {
    const received: string[] = [];
    handle = (request, response) => {
      request.setEncoding('utf8');
      request.on('data', (chunk: string) => received.push(chunk));
      request.on('end', () => response.writeHead(202).end(request.headers['webhook-id']));
    };
    const outcome = await client().post(`${origin}/hook`, {
      headers: { 'webhook-id': 'msg-1' },
      body: '{"a":1}',
    });
    expect(outcome).toMatchObject({ kind: 'answer', status: 202 });
    expect(textOf(outcome)).toBe('msg-1');
    expect(received.join('')).toBe('{"a":1}');
  });
});

const WORDS = '한중일 외교 '.repeat(500);

describe('a packed body', () => {
  test.each([
    ['gzip', gzipSync(WORDS)],
    ['br', brotliCompressSync(WORDS)],
    ['deflate', deflateSync(WORDS)],
    ['deflate', deflateRawSync(WORDS)],
    ['gzip, br', brotliCompressSync(gzipSync(WORDS))],
    ['identity', Buffer.from(WORDS)],
  ])('is unpacked: %s', async (encoding, body) => {
    handle = (_request, response) => response.writeHead(200, { 'content-encoding': encoding }).end(body);
    expect(textOf(await client().get(origin))).toBe(WORDS);
  });

  test('that was cut off is read as far as it goes', async () => {
    const packed = gzipSync(Buffer.from(Array.from({ length: 5_000 }, (_, n) => n % 251)));
    handle = (_request, response) =>
      response.writeHead(200, { 'content-encoding': 'gzip' }).end(packed.subarray(0, packed.length - 10));
    expect((await client().get(origin)).kind).toBe('answer');
  });

  test('that is none, or is packed in an unknown way, is a failure', async () => {
    handle = (request, response) =>
      response
        .writeHead(200, { 'content-encoding': request.url === '/x' ? 'gzip' : 'lzma' })
        .end('not packed');
    expect(await client().get(`${origin}/x`)).toMatchObject({ kind: 'failed', code: 'bad-encoding' });
    expect(await client().get(`${origin}/y`)).toMatchObject({ kind: 'failed', code: 'bad-encoding' });
  });
});

describe('limits', () => {
  const limits = { packedBytesMax: 100_000, unpackedBytesMax: 200_000 };

  test.each([
    ['gzip', gzipSync(Buffer.alloc(50_000_000))],
    ['br', brotliCompressSync(Buffer.alloc(50_000_000))],
  ])('a bomb in %s is cut while it inflates', async (encoding, bomb) => {
    expect(bomb.length).toBeLessThan(limits.packedBytesMax);
    handle = (_request, response) => response.writeHead(200, { 'content-encoding': encoding }).end(bomb);
    expect(await client({ limits }).get(origin)).toMatchObject({ kind: 'failed', code: 'too-large' });
  });

  test('an endless body is cut, with or without a length', async () => {
    handle = (request, response) => {
      if (request.url === '/long') response.setHeader('content-length', 1_000_000_000);
      const more = (): void => {
        while (!response.destroyed && response.write(Buffer.alloc(10_000)));
        response.once('drain', more);
      };
      more();
    };
    expect(await client({ limits }).get(`${origin}/endless`)).toMatchObject({ code: 'too-large' });
    expect(await client({ limits }).get(`${origin}/long`)).toMatchObject({ code: 'too-large' });
  });

  test('an error page that is too large still tells its status', async () => {
    handle = (_request, response) => response.writeHead(503).end(Buffer.alloc(150_000));
    expect(await client({ limits }).get(origin)).toMatchObject({ kind: 'answer', status: 503 });
  });

  test('a server that does not answer, or trickles, is given up', async () => {
    handle = (request, response) => {
      if (request.url === '/silent') return;
      const timer = setInterval(() => response.write('.'), 20);
      response.on('close', () => {
        clearInterval(timer);
      });
    };
    const hasty = client({ limits: { firstByteMs: 100, totalMs: 300 } });
    expect(await hasty.get(`${origin}/silent`)).toMatchObject({ kind: 'failed', code: 'timeout' });
    expect(await hasty.get(`${origin}/trickle`)).toMatchObject({ kind: 'failed', code: 'timeout' });
  });

  test('the caller can give up too', async () => {
    const stop = new AbortController();
    handle = () => {
      stop.abort();
    };
    expect(await client().get(origin, { signal: stop.signal })).toMatchObject({
      kind: 'failed',
      code: 'aborted',
    });
  });
});

describe('redirects', () => {
  const to =
    (location: string, status = 301): Handler =>
    (request, response) => {
      if (request.url === '/new') response.end('here');
      else response.writeHead(status, { location }).end();
    };

  test('are followed and reported', async () => {
    handle = to('/new', 308);
    expect(await client().get(`${origin}/old`)).toMatchObject({
      kind: 'answer',
      status: 200,
      url: `${origin}/new`,
      redirects: [{ from: `${origin}/old`, to: `${origin}/new`, status: 308 }],
    });
  });

  test('in a circle end', async () => {
    handle = to('/again', 302);
    expect(await client().get(`${origin}/old`)).toMatchObject({ kind: 'failed', code: 'too-many-redirects' });
  });

  test('to what is not http are refused', async () => {
    for (const location of ['file:///etc/passwd', 'javascript:alert(1)', 'http://']) {
      handle = to(location);
      expect(await client().get(`${origin}/old`)).toMatchObject({ kind: 'failed', code: 'bad-redirect' });
    }
  });

  test('of a post are not followed', async () => {
    handle = to('/new', 307);
    expect(await client().post(`${origin}/hook`, { body: '{}' })).toMatchObject({
      kind: 'answer',
      status: 307,
    });
  });
});

describe('the metadata service of a cloud', () => {
  const AT = [
    ...['169.254.169.254', '0xA9FEA9FE', '169.254.170.2', '100.100.100.200', '168.63.129.16', '192.0.0.192'],
    ...['[fd00:ec2::254]', '[fd20:ce::254]', '[::ffff:169.254.169.254]', '[::a9fe:a9fe]'],
    ...['[64:ff9b::a9fe:a9fe]', '[2002:a9fe:a9fe::1]', '[2002:6464:64c8::]'],
    ...['metadata', 'metadata.google.internal.', 'METADATA.goog', 'instance-data.ec2.internal'],
  ];

  test('stays closed to feeds and webhooks that may stand on private addresses, whatever it is called', async () => {
    for (const host of AT) {
      const [get, post] = await Promise.all([
        client().get(`http://${host}/latest/`, { allowPrivate: true }),
        client().post(`http://${host}/hook`, { body: '', allowPrivate: true }),
      ]);
      expect([host, get, post]).toMatchObject([
        host,
        { code: 'blocked-address' },
        { code: 'blocked-address' },
      ]);
    }
  });

  test('stays closed to where an open feed redirects, and to names that lead there', async () => {
    handle = (_request, response) =>
      response.writeHead(302, { location: 'http://169.254.169.254/latest/' }).end();
    expect(await client().get(origin)).toMatchObject({
      code: 'blocked-address',
      reason: expect.stringContaining("169.254.169.254 is a cloud's metadata service") as string,
    });
    const there: LookupFunction = (_hostname, _options, callback) => {
      callback(null, [{ address: '169.254.169.254', family: 4 }]);
    };
    // As the page of an item is asked for, whose feed is open.
    const page = await client({ lookup: there }).get('http://news.example.kr/1', { accept: 'text/html' });
    expect(page).toMatchObject({ code: 'blocked-address' });
  });

  test('has neighbours that an open feed may stand on', () => {
    for (const url of ['http://10.0.0.1/', 'http://100.100.100.201/', 'http://[fd00:ec2::1]/', 'http://nas/'])
      expect([url, blockedHost(new URL(url), true)]).toEqual([url, null]);
  });
});

describe('the address guard', () => {
  const guarded = (lookup?: LookupFunction): HttpClient =>
    client({ allowPrivate: false, ...(lookup === undefined ? {} : { lookup }) });

  test('refuses the own machine, by address and by name', async () => {
    let asked = 0;
    handle = (_request, response) => {
      asked += 1;
      response.end();
    };
    const { port } = new URL(origin);
    for (const host of ['127.0.0.1', 'localhost', '2130706433', '[::ffff:127.0.0.1]']) {
      expect(await guarded().get(`http://${host}:${port}/`)).toMatchObject({
        kind: 'failed',
        code: 'blocked-address',
      });
    }
    expect(await guarded().post(`${origin}/hook`, { body: '' })).toMatchObject({ code: 'blocked-address' });
    expect(asked).toBe(0);
  });

  test('refuses a name that its resolver sends home', async () => {
    const home: LookupFunction = (_hostname, _options, callback) => {
      callback(null, [{ address: '127.0.0.1', family: 4 }]);
    };
    const { port } = new URL(origin);
    expect(await guarded(home).get(`http://news.example.kr:${port}/`)).toMatchObject({
      code: 'blocked-address',
    });
  });

  test('can be lifted for one call', async () => {
    expect(await guarded().get(origin, { allowPrivate: true })).toMatchObject({
      kind: 'answer',
      status: 200,
    });
  });
});

test('what cannot be asked for is a failure that names it', async () => {
  const { port } = new URL(origin);
  expect(await client().get('not a url')).toMatchObject({ code: 'bad-url', reason: 'not a url: not a URL' });
  expect(await client().get('ftp://x.example/')).toMatchObject({ code: 'bad-url' });
  const failing: LookupFunction = (_hostname, _options, callback) => {
    callback(Object.assign(new Error('getaddrinfo ENOTFOUND'), { code: 'ENOTFOUND' }), []);
  };
  expect(await client({ lookup: failing }).get('http://gone.example/')).toMatchObject({
    code: 'no-such-host',
    reason: 'http://gone.example/: the name of the host is not found',
    raw: 'getaddrinfo ENOTFOUND',
  });
  await new Promise((done) => server.close(done));
  expect(await client().get(`http://user:sec@ret@127.0.0.1:${port}/`)).toMatchObject({
    code: 'refused',
    reason: `http://…@127.0.0.1:${port}/: the connection was refused: nothing listens there`,
    raw: `connect ECONNREFUSED 127.0.0.1:${port}`,
  });
});

test('a connection that breaks off in the middle is a failure', async () => {
  handle = (_request, response) => {
    response.writeHead(200, { 'content-length': 100 });
    response.write('half');
    response.socket?.destroy();
  };
  expect(await client().get(origin)).toMatchObject({ kind: 'failed', code: 'network' });
  handle = (_request, response) => response.socket?.destroy();
  expect(await client().get(origin)).toMatchObject({
    reason: `${origin}: the connection was closed before the whole answer had come`,
    raw: 'UND_ERR_SOCKET: other side closed',
  });
});

test('a fault of a certificate is told in words', () => {
  for (const [code, words] of [
    ['CERT_HAS_EXPIRED', 'its certificate has expired'],
    ['ERR_TLS_CERT_ALTNAME_INVALID', 'its certificate is that of another host name'],
    ['CERT_SIGNATURE_FAILURE', 'its certificate cannot be trusted'],
  ] as const) {
    const thrown = Object.assign(new Error('raw'), { code });
    const failure = { code: 'certificate', reason: `https://x.example/: ${words}`, raw: `${code}: raw` };
    expect(failureOf('https://x.example/', thrown)).toMatchObject(failure);
  }
});
