import { createServer } from 'node:http';
import type { RequestListener, ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { setImmediate } from 'node:timers/promises';
import { afterEach, expect, test, vi } from 'vitest';
import { Turns } from '../../src/net/turns.ts';
import { clientOf, closeBehind } from './places.ts';

closeBehind();

const open = new Set<Socket>();
let most = 0;
const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const socket of open) socket.destroy();
  await Promise.all(closing.splice(0).map((close) => close()));
  most = 0;
});

/** A server that counts its connections. */
async function serve(answer: RequestListener): Promise<string> {
  const server = createServer(answer);
  server.on('connection', (socket: Socket) => {
    open.add(socket);
    most = Math.max(most, open.size);
    socket.on('close', () => open.delete(socket));
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  closing.push(() => new Promise((done) => server.close(done)));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

test('a redirect and a second request take the connection of the first, which is closed when it was idle long enough', async () => {
  const origin = await serve((request, response) => {
    response.setHeader('keep-alive', 'timeout=600');
    if (request.url === '/a') response.writeHead(301, { location: '/b' });
    response.end('ok');
  });
  const http = clientOf({ limits: { keepAliveMs: 100 } });
  await http.get(`${origin}/a`);
  await setImmediate();
  await http.get(`${origin}/c`);
  expect(most).toBe(1);
  await vi.waitUntil(() => open.size === 0, { timeout: 5_000, interval: 10 });
});

test('no more calls are under way than may be, and none is forgotten', async () => {
  const waiting: ServerResponse[] = [];
  const origin = await serve((_request, response) => {
    waiting.push(response);
  });
  // The same place by many names, as many feeds are.
  const lookup = (_name: string, _options: unknown, done: (e: null, a: object[]) => void): void => {
    done(null, [{ address: '127.0.0.1', family: 4 }]);
  };
  const http = clientOf({ limits: { callsMax: 4, keptSocketsMax: 6 }, lookup: lookup as never });
  const { port } = new URL(origin);
  let answered = 0;
  const calls = Array.from({ length: 30 }, async (_, host) => {
    const outcome = await http.get(`http://news-${host}.example.kr:${port}/`);
    answered += outcome.kind === 'answer' ? 1 : 0;
  });
  const stopped = new AbortController();
  const late = http.get(`http://late.example.kr:${port}/`, { signal: stopped.signal });
  await vi.waitUntil(() => waiting.length === 4, { timeout: 5_000, interval: 5 });
  stopped.abort();
  expect(await late).toMatchObject({ code: 'aborted' });
  while (answered < 30) {
    await vi.waitUntil(() => waiting.length > 0 || answered === 30, { timeout: 5_000, interval: 1 });
    expect(waiting.length).toBeLessThanOrEqual(4);
    waiting.shift()?.end('ok');
  }
  await Promise.all(calls);
  // Kept ones and those in use: each limit is reached, and their sum is not exceeded.
  expect(most).toBeGreaterThanOrEqual(6);
  expect(most).toBeLessThanOrEqual(10);
});

test('turns go round in order, and one that is given up waits for nobody', async () => {
  const turns = new Turns(1);
  const first = await turns.take(undefined);
  const stop = new AbortController();
  const order: string[] = [];
  const second = turns.take(stop.signal).then((end) => order.push(end === null ? 'gave up' : 'second'));
  const third = turns.take(undefined).then((end) => {
    order.push('third');
    return end;
  });
  stop.abort();
  first?.();
  await second;
  (await third)?.();
  expect(order).toEqual(['gave up', 'third']);
  expect(await turns.take(AbortSignal.abort())).toBeNull();
  expect(await turns.take(undefined)).not.toBeNull();
});
