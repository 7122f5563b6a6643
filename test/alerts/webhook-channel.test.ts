import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { IncomingHttpHeaders, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Webhook } from 'standardwebhooks';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { SendOutcome } from '../../src/alerts/channel.ts';
import { InvalidWebhookSecret, webhookChannel, webhookKey } from '../../src/alerts/webhook-channel.ts';
import { createHttpClient } from '../../src/net/http.ts';
import type { HttpClient } from '../../src/net/http.ts';
import { message } from './support.ts';

interface Post {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** Base64 with both of its special characters, which a URL-safe decoder would get wrong. */
const SECRET = `whsec_${Buffer.concat([Buffer.from([0xfb, 0xef, 0xff]), randomBytes(29)]).toString('base64')}`;
/** What a receiver puts into its URL instead of a password. */
const PATH = '/hooks/T0KEN?key=s3cret';
const TIMEOUT_MS = 300;

let server: Server;
let http: HttpClient;
/** Gives a receiver hardly any time, so that one that never answers is not waited for long. */
let impatient: HttpClient;
let origin = '';
let posts: Post[] = [];
let answer: (response: ServerResponse) => void = (response) => response.writeHead(204).end();

beforeAll(async () => {
  server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = Buffer.concat(chunks).toString('utf8');
      posts.push({ path: request.url ?? '', headers: request.headers, body });
      answer(response);
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const caller = { contactUrl: 'https://watcher.example', version: '0' };
  http = createHttpClient(caller);
  impatient = createHttpClient({ ...caller, limits: { firstByteMs: TIMEOUT_MS, totalMs: TIMEOUT_MS } });
});

afterAll(async () => {
  await http.close();
  await impatient.close();
  server.closeAllConnections();
  server.close();
});

beforeEach(() => {
  posts = [];
});

const alert = message('高市首相が奈良で会談 “Nara”');

/** One attempt against the server, which answers with `status` and `headers`. */
async function attempt(
  status: number,
  headers: Record<string, string> = {},
  now = new Date(),
): Promise<SendOutcome> {
  answer = (response) => response.writeHead(status, headers).end('words that mean nothing');
  return await webhookChannel({ url: origin + PATH, secret: SECRET, http }).send(alert, now);
}

describe('the webhook channel', () => {
  test('posts what a receiver can verify with its own library, over the bytes that arrived', async () => {
    expect(await attempt(204)).toEqual({ kind: 'sent', detail: 'HTTP 204' });
    const [post] = posts;
    expect(post?.path).toBe(PATH);
    expect(post?.headers['content-type']).toBe('application/json');
    const verified = new Webhook(SECRET).verify(post?.body ?? '', post?.headers as Record<string, string>);
    expect(verified).toEqual({
      type: 'alert.raised',
      timestamp: alert.raisedAt,
      data: JSON.parse(JSON.stringify(alert)) as unknown,
    });
  });

  test('a body that was touched, or another secret, does not verify', async () => {
    await attempt(200);
    const [post] = posts;
    const headers = post?.headers as Record<string, string>;
    const other = `whsec_${randomBytes(32).toString('base64')}`;
    expect(() => new Webhook(SECRET).verify(`${post?.body ?? ''} `, headers)).toThrow();
    expect(() => new Webhook(other).verify(post?.body ?? '', headers)).toThrow();
  });

  test('every attempt carries the same id and body, and a time and signature of its own', async () => {
    const now = new Date();
    await attempt(500, {}, now);
    await attempt(200, {}, new Date(now.getTime() + 61_000));
    const [first, second] = posts;
    expect(first?.headers['webhook-id']).toBe(alert.id);
    expect(second?.headers['webhook-id']).toBe(alert.id);
    expect(second?.body).toBe(first?.body);
    const seconds = posts.map((post) => Number(post.headers['webhook-timestamp']));
    expect((seconds[1] ?? 0) - (seconds[0] ?? 0)).toBe(61);
    expect(second?.headers['webhook-signature']).not.toBe(first?.headers['webhook-signature']);
  });

  test('410 ends it for good', async () => {
    expect((await attempt(410)).kind).toBe('never');
  });

  test.each([400, 401, 404, 408, 429, 500, 503])('%i may pass, so it is tried again', async (status) => {
    expect(await attempt(status)).toEqual({ kind: 'again', reason: `HTTP ${status}`, notBeforeMs: null });
  });

  test.each([
    ['120', 120_000],
    [new Date(Date.UTC(2026, 0, 13, 3, 5)).toUTCString(), 300_000],
    ['soon', null],
    ['99999999', 86_400_000],
  ])('Retry-After: %s puts the next attempt off by %s ms', async (value, notBeforeMs) => {
    const outcome = await attempt(503, { 'retry-after': value }, new Date(Date.UTC(2026, 0, 13, 3, 0)));
    expect(outcome).toEqual({ kind: 'again', reason: 'HTTP 503', notBeforeMs });
  });

  test('a redirect is not followed: the alert is meant for one address', async () => {
    const outcome = await attempt(307, { location: `${origin}/elsewhere` });
    expect(outcome).toMatchObject({ kind: 'again', reason: 'HTTP 307' });
    expect(posts.map((post) => post.path)).toEqual([PATH]);
  });

  test('a receiver that does not answer in time, or breaks off, is tried again', async () => {
    const send = (client: HttpClient): Promise<SendOutcome> =>
      webhookChannel({ url: origin + PATH, secret: SECRET, http: client }).send(alert, new Date());
    answer = () => undefined;
    expect((await send(impatient)).kind).toBe('again');
    answer = (response) => response.destroy();
    expect((await send(http)).kind).toBe('again');
  });

  test('reasons name the host, and neither the secret nor the path and password of the URL', async () => {
    const closed = createServer().listen(0, '127.0.0.1');
    await once(closed, 'listening');
    const { port } = closed.address() as AddressInfo;
    closed.close();
    await once(closed, 'close');
    const url = `http://us3r:pa55@127.0.0.1:${port}/hooks/T0KEN/a b?key=s3cret`;
    const refused = await webhookChannel({ url, secret: SECRET, http }).send(alert, new Date());
    answer = () => undefined;
    const late = await webhookChannel({ url: origin + PATH, secret: SECRET, http: impatient }).send(
      alert,
      new Date(),
    );
    for (const outcome of [refused, late]) {
      const reason = outcome.kind === 'again' ? outcome.reason : '';
      expect(reason).toMatch(/^127\.0\.0\.1:\d+: \S/);
      expect(reason).not.toMatch(/T0KEN|s3cret|us3r|pa55|whsec/);
    }
    expect(refused).toMatchObject({
      reason: expect.stringContaining('the connection was refused') as string,
    });
  });
});

describe('webhookKey', () => {
  test('takes whsec_ and base64 of 24 to 64 bytes', () => {
    for (const bytes of [24, 25, 32, 64]) {
      const key = randomBytes(bytes);
      expect(webhookKey(`whsec_${key.toString('base64')}`)).toEqual(key);
    }
  });

  test.each([
    ['no prefix', randomBytes(32).toString('base64')],
    ['too short', `whsec_${randomBytes(23).toString('base64')}`],
    ['too long', `whsec_${randomBytes(65).toString('base64')}`],
    ['a stray character', `whsec_!${randomBytes(32).toString('base64')}`],
    ['the URL-safe alphabet', `whsec_${Buffer.alloc(32, 0xff).toString('base64url')}`],
    ['nothing', ''],
  ])('refuses a secret with %s, without repeating it', (_what, secret) => {
    const refused = (): unknown => webhookKey(secret);
    expect(refused).toThrow(InvalidWebhookSecret);
    const told = ((): string => {
      try {
        refused();
        return '';
      } catch (error) {
        return String(error);
      }
    })();
    if (secret !== '') expect(told).not.toContain(secret.replace('whsec_', '').slice(0, 12));
  });
});
