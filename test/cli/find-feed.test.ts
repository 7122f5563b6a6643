import { once } from 'node:events';
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { findFeed } from '../../src/cli/find-feed.ts';
import type { Output } from '../../src/cli/output.ts';
import { publisherId } from '../../src/events/ids.ts';
import { createHttpClient } from '../../src/net/http.ts';
import { lookAtFeed } from '../../src/workers/look-at-feed.ts';
import { rssOf } from '../support/warc.ts';

const http = createHttpClient({ contactUrl: 'https://tests.example/', version: '0' });
let served: Readonly<Record<string, string>> = {};
let server: Server;
let origin = '';

beforeAll(async () => {
  server = createServer(({ url = '' }, response) => {
    const body = served[url];
    response.writeHead(body === undefined ? 404 : 200).end(body ?? '<html>not here</html>');
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(async () => {
  await http.close();
  server.close();
});

/** What a search behind `path` comes to, and what it printed. */
async function find(path: string, pick: number | null = null): Promise<{ end: string; out: string }> {
  let out = '';
  const said = {
    out: (text: string) => void (out += text),
    err: () => undefined,
    drained: () => Promise.resolve(),
  };
  const output: Output = { ...said, interactive: false, columns: 80, colour: false };
  const deps = { http, dossier: { publishers: [] }, allowPrivate: true, now: () => new Date() };
  const context = { publisher: publisherId('quay'), lang: null };
  const page = await lookAtFeed(deps, { ...context, url: `${origin}${path}` });
  const end = await findFeed(deps, page, context, { pick, json: false, output }).then(
    (feed) => feed?.url ?? 'none',
    (error: unknown) => (error instanceof Error ? error.message : String(error)),
  );
  return { end: end.replaceAll(origin, ''), out };
}

test('a feed that nobody named is shown and not taken, until it is picked; one that is no feed is not even shown', async () => {
  served = { '/': '<html>', '/feed': '<html>also a page</html>', '/rss.xml': rssOf('Usual') };
  const [page, gone] = [await find('/'), await find('/gone/')];
  expect(page.end).toBe(
    '/ names no feed, but its site has one: choose with --pick <n>, or add an address; not added',
  );
  expect(page.out).toMatch(/^ 1 {2}Usual, .*\n.*\/rss\.xml\n {4}feeds are often there\n$/);
  expect(gone.end).toMatch(/^\/gone\/ answered 404; of its site there is this: choose with --pick/);
  expect((await find('/gone/', 1)).end).toBe('/rss.xml');
});

test('a pick that is none of those found is told with the choices, which are shown', async () => {
  const link = (href: string): string => `<link rel="alternate" type="application/rss+xml" href="${href}">`;
  served = {
    '/': `<html>${link('/a')}${link('/b')}`,
    '/a': rssOf('A'),
    '/b': rssOf('B').replaceAll('quay.example/', 'quay.example/b/'),
  };
  const { end, out } = await find('/', 9);
  expect(end).toBe('--pick 9: what was found behind / is 1 to 2, see above; not added');
  expect(out).toMatch(/^ 1 {2}A.*^ 2 {2}B/ms);
  expect((await find('/', 2)).end).toBe('/b');
});
