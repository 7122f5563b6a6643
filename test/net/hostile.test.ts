import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import type { Socket } from 'node:net';
import type { HttpOutcome } from '../../src/net/http.ts';
import { CERTIFICATE } from './certificate.ts';
import { clientOf, closeBehind, serveHttp, serveHttps, serveRaw } from './places.ts';

closeBehind();

const MIB = 1024 * 1024;
const FEED = '<?xml version="1.0"?><rss version="2.0"><channel><title>한중일</title></channel></rss>';
const limits = {
  connectMs: 200,
  firstByteMs: 100,
  totalMs: 250,
  packedBytesMax: MIB,
  unpackedBytesMax: 2 * MIB,
};

function textOf(outcome: HttpOutcome): string {
  return outcome.kind === 'answer' ? Buffer.from(outcome.body).toString() : outcome.reason;
}

/** Writes `text` again and again, every few milliseconds, until nobody listens. */
function trickle(socket: Socket, text: string): void {
  const timer = setInterval(() => socket.write(text), 10);
  socket.on('close', () => {
    clearInterval(timer);
  });
}

describe('an answer that does not end', () => {
  test.each([
    ['headers that trickle', 'HTTP/1.1 200 OK\r\n', 'X-A: 1\r\n'],
    ['one header that trickles', 'HTTP/1.1 200 OK\r\nX-A: ', 'a'],
    ['hints before the answer', '', 'HTTP/1.1 103 Early Hints\r\n\r\n'],
    ['a status that trickles', 'HTTP/1.1 200 ', 'O'],
  ])('%s: given up after the time for a first byte', async (_name, start, more) => {
    const origin = await serveRaw((socket) => {
      socket.write(start);
      trickle(socket, more);
    });
    const outcome = await clientOf({ limits: { ...limits, totalMs: 10_000 } }).get(origin);
    expect(outcome).toMatchObject({
      code: 'timeout',
      reason: `${origin}: no answer with all its headers within 100 ms`,
    });
  });

  test.each([
    ['chunks', 'Transfer-Encoding: chunked\r\n\r\n', '1\r\n \r\n'],
    ['bytes to the end of the connection', '\r\n', ' '],
    ['the extension of a chunk', 'Transfer-Encoding: chunked\r\n\r\n1;', 'x'],
  ])('%s: given up when all time is up', async (_name, start, more) => {
    const origin = await serveRaw((socket) => {
      socket.write(`HTTP/1.1 200 OK\r\n${start}`);
      trickle(socket, more);
    });
    const outcome = await clientOf({ limits }).get(origin);
    expect(outcome).toMatchObject({ code: 'timeout', reason: `${origin}: no whole answer within 250 ms` });
  });

  test('the page of an error: its status counts', async () => {
    const origin = await serveRaw((socket) => {
      socket.write('HTTP/1.1 429 Slow Down\r\nRetry-After: 7\r\n\r\n');
      trickle(socket, ' ');
    });
    expect(await clientOf({ limits }).get(origin)).toMatchObject({
      status: 429,
      headers: { 'retry-after': '7' },
    });
  });

  test('headers larger than their limit', async () => {
    const origin = await serveRaw((socket) => {
      socket.write(`HTTP/1.1 200 OK\r\n${`X-A: ${'a'.repeat(1_000)}\r\n`.repeat(40)}\r\n`);
    });
    expect(await clientOf().get(origin)).toMatchObject({ code: 'too-large' });
  });
});

describe('an answer that is not as it should be', () => {
  const raw = async (text: string): Promise<HttpOutcome> =>
    await clientOf({ limits }).get(await serveRaw((socket) => socket.end(text)));

  test('ends with its connection, in HTTP/1.0: read', async () => {
    expect(textOf(await raw(`HTTP/1.0 200 OK\r\nContent-Type: text/xml\r\n\r\n${FEED}`))).toBe(FEED);
  });

  test('says it is longer than it is: a failure, since what came may be half', async () => {
    expect(await raw(`HTTP/1.1 200 OK\r\nContent-Length: 900\r\n\r\n${FEED}`)).toMatchObject({
      code: 'network',
    });
  });

  test('says it is shorter than it is: read as far as it says', async () => {
    expect(textOf(await raw(`HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n${FEED}`))).toBe('<?xml');
  });

  test.each([
    ['two lengths', 'HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nabcdef'],
    ['length and chunks', 'HTTP/1.1 200 OK\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\nabcde'],
    ['no HTTP at all', FEED],
    ['a chunk of no length', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n'],
  ])('%s: a failure of the protocol', async (_name, text) => {
    expect(await raw(text)).toMatchObject({ kind: 'failed', code: 'protocol' });
  });

  test('304 with the length of what we have, and 200 with nothing', async () => {
    expect(
      await raw(`HTTP/1.1 304 Not Modified\r\nContent-Length: ${9 * MIB}\r\nETag: "a"\r\n\r\n`),
    ).toMatchObject({ status: 304, conditional: false });
    const empty = await raw('HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n');
    expect(empty).toMatchObject({ status: 200 });
    expect(textOf(empty)).toBe('');
  });
});

describe('a body', () => {
  const served = async (body: Buffer, encoding: string | null): Promise<HttpOutcome> =>
    await clientOf({ limits }).get(
      await serveHttp((_request, response) => {
        response.writeHead(200, encoding === null ? {} : { 'content-encoding': encoding }).end(body);
      }),
    );
  const utf16 = Buffer.from(`\uFEFF${FEED}`, 'utf16le');

  test.each([
    ['XML', Buffer.from(FEED), 'gzip'],
    ['XML', Buffer.from(`\uFEFF \n${FEED}`), 'br'],
    ['XML', Buffer.from(FEED), 'utf-8'],
    ['JSON', Buffer.from('{"version":"https://jsonfeed.org/version/1.1"}'), 'deflate'],
    ['UTF-16', utf16, 'gzip'],
  ])('that is plain %s is taken whatever its Content-Encoding says (%#)', async (_name, body, encoding) => {
    expect(await served(body, encoding)).toMatchObject({ status: 200, body });
  });

  test.each([
    ['as said', 'gzip, gzip', gzipSync(gzipSync(FEED))],
    ['though said once', 'gzip', gzipSync(gzipSync(FEED))],
    ['though said twice', 'gzip, gzip', gzipSync(FEED)],
    ['a packed file', null, gzipSync(FEED)],
  ])('that is packed twice is unpacked as it is: %s', async (_name, encoding, body) => {
    expect(textOf(await served(body, encoding))).toBe(FEED);
  });

  test.each([
    ['gzip', gzipSync(gzipSync(gzipSync(gzipSync(FEED))))],
    ['gzip, gzip, gzip, gzip', gzipSync(FEED)],
    ['gzip', Buffer.from('not packed, and no feed')],
    ['br', Buffer.alloc(100, 0xff)],
  ])('that is packed too often, or not as it says, is a failure: %s (%#)', async (encoding, body) => {
    expect(await served(body, encoding)).toMatchObject({ code: 'bad-encoding' });
  });

  // A gzip file may be many, one behind the other: a bomb that costs nothing to make.
  const member = gzipSync(Buffer.alloc(8 * MIB));
  const gzipBomb = Buffer.concat(Array.from({ length: 60 }, () => member));
  const brotliBomb = brotliCompressSync(Buffer.alloc(32 * MIB), {
    params: { [constants.BROTLI_PARAM_QUALITY]: 4, [constants.BROTLI_PARAM_LGWIN]: 22 },
  });

  test.each([
    ['gzip', gzipBomb],
    ['br', brotliBomb],
    ['gzip, br', brotliCompressSync(gzipBomb, { params: { [constants.BROTLI_PARAM_QUALITY]: 1 } })],
  ])('that is a bomb in %s costs no more memory than its limit', async (encoding, bomb) => {
    expect(bomb.length).toBeLessThan(limits.packedBytesMax);
    const before = process.memoryUsage().rss;
    for (let times = 0; times < 3; times++) {
      expect(await served(bomb, encoding)).toMatchObject({ code: 'too-large' });
    }
    // Three times packed and unpacked limit, were nothing freed between; a bomb would bring hundreds of MiB.
    expect(process.memoryUsage().rss - before).toBeLessThan(48 * MIB);
  });
});

describe('a redirect', () => {
  const validators = { etag: '"a"', lastModified: 'Mon, 12 Jan 2026 00:00:00 GMT' };

  test('out of TLS is followed without credentials and validators', async () => {
    const seen: object[] = [];
    const plain = await serveHttp((request, response) => {
      seen.push(request.headers);
      response.end(FEED);
    });
    const secure = await serveHttps((request, response) => {
      seen.push(request.headers);
      response.writeHead(301, { location: plain }).end();
    });
    const outcome = await clientOf({ ca: CERTIFICATE }).get(
      secure.replace('//', '//user:secret@'),
      validators,
    );
    expect(outcome).toMatchObject({ status: 200, url: `${plain}/`, conditional: false });
    expect(seen[0]).toMatchObject({ 'if-none-match': '"a"', authorization: expect.any(String) as string });
    for (const header of ['if-none-match', 'if-modified-since', 'authorization']) {
      expect(seen[1]).not.toHaveProperty(header);
    }
  });

  test('on the same host keeps them, and its fragment is no part of the address', async () => {
    const seen: object[] = [];
    const origin = await serveHttp((request, response) => {
      seen.push(request.headers);
      if (request.url === '/new') response.writeHead(304).end();
      else response.writeHead(308, { location: '/new#top' }).end();
    });
    const outcome = await clientOf().get(`${origin.replace('//', '//user:secret@')}/old`, validators);
    expect(outcome).toMatchObject({ status: 304, url: `${origin}/new`, conditional: true });
    expect(seen[1]).toMatchObject({ 'if-none-match': '"a"', authorization: expect.any(String) as string });
  });

  test('in a circle ends where it comes again, a longer way at its limit', async () => {
    let asked = 0;
    const origin = await serveHttp((request, response) => {
      asked += 1;
      const step = Number(request.url?.slice(2) ?? 0);
      const next = request.url?.startsWith('/c') === true ? `/c${(step + 1) % 2}` : `/l${step + 1}`;
      response.writeHead(302, { location: next }).end();
    });
    expect(await clientOf().get(`${origin}/c0`)).toMatchObject({
      code: 'too-many-redirects',
      reason: `${origin}/c0: redirects in a circle, back to /c0`,
    });
    expect(asked).toBe(2);
    expect(await clientOf().get(`${origin}/l0`)).toMatchObject({
      code: 'too-many-redirects',
      reason: `${origin}/l0: more than 5 redirects, the last to /l6`,
    });
  });

  test('with a body that cannot be unpacked, or never ends, is followed', async () => {
    const origin = await serveHttp((request, response) => {
      if (request.url === '/new') response.end(FEED);
      else {
        response.writeHead(301, { location: '/new', 'content-encoding': 'gzip' });
        response.end(request.url === '/long' ? Buffer.alloc(200_000) : 'see /new');
      }
    });
    expect(textOf(await clientOf().get(`${origin}/old`))).toBe(FEED);
    expect(textOf(await clientOf().get(`${origin}/long`))).toBe(FEED);
  });
});

test('a validator that cannot be sent back is left out', async () => {
  let seen: object = {};
  const origin = await serveHttp((request, response) => {
    seen = request.headers;
    response.end(FEED);
  });
  const outcome = await clientOf().get(origin, { etag: '"한"', lastModified: 'Mon\r\nX-A: 1' });
  expect(outcome).toMatchObject({ status: 200, conditional: false });
  expect(seen).not.toHaveProperty('if-none-match');
  expect(seen).not.toHaveProperty('x-a');
});
