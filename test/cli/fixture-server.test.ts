import { mkdtemp, mkdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { serveFixtures, type FixtureServer } from '../../src/cli/fixture-server.ts';

const RSS = `<?xml version="1.0"?><rss version="2.0"><channel>
<item>old</item><!-- edition:1 only --><item>was</item><!-- /edition --><!-- edition:2 --><item>new</item><!-- /edition -->
</channel></rss>`;
// 対 is 0x91 0xCE in Shift_JIS, 表 ends in 0x5C: nothing a decoder may touch.
const SHIFT_JIS = Buffer.from([0x3c, 0x72, 0x73, 0x73, 0x3e, 0x91, 0xce, 0x95, 0x5c, 0x3c, 0x2f]);

let folder: string;
let server: FixtureServer;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'fixtures-'));
  await writeFile(join(folder, 'news.xml'), RSS);
  await writeFile(join(folder, 'sjis.xml'), SHIFT_JIS);
  await writeFile(join(folder, 'slow.xml'), '<feed/>');
  await writeFile(join(folder, 'rdf.xml'), '<rdf:RDF/>');
  await writeFile(join(folder, 'broken.xml'), '<!doctype html><html></html>');
  await writeFile(join(folder, 'feeds.opml'), '<outline xmlUrl="http://fixtures.invalid/news.xml"/>');
  await mkdir(join(folder, 'inside'));
  server = await serveFixtures({ folder, slowDelayMs: 50 });
});

afterEach(async () => {
  await server.close();
  await rm(folder, { recursive: true, force: true });
});

const get = (path: string, headers: Record<string, string> = {}): Promise<Response> =>
  fetch(`${server.url}${path}`, { headers });

describe('the fixture server', () => {
  test('listens on a free port of this machine alone', () => {
    expect(server.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
  });

  test.each([
    ['news.xml', 'application/rss+xml'],
    ['slow.xml', 'application/atom+xml'],
    ['rdf.xml', 'application/rdf+xml'],
    ['broken.xml', 'text/html'],
    ['feeds.opml', 'text/x-opml'],
  ])('serves %s as %s', async (name, type) => {
    const response = await get(`/${name}`);
    expect(response.headers.get('content-type')).toBe(type);
    await response.arrayBuffer();
  });

  test('serves bytes as they are in the file', async () => {
    const response = await get('/sjis.xml');
    expect(Buffer.from(await response.arrayBuffer())).toEqual(SHIFT_JIS);
  });

  test('serves what an edition holds, and another ETag with it', async () => {
    const first = await get('/news.xml');
    const before = await first.text();
    expect(before.match(/<item>\w+/g)).toEqual(['<item>old', '<item>was']);
    server.setEdition(2);
    expect(server.edition).toBe(2);
    const etag = first.headers.get('etag') ?? '';
    const second = await get('/news.xml', { 'if-none-match': etag });
    expect(second.status).toBe(200);
    const after = await second.text();
    expect(after.match(/<item>\w+/g)).toEqual(['<item>old', '<item>new']);
    expect(after).not.toContain('edition');
  });

  test('answers 304 when the client has it already', async () => {
    const first = await get('/news.xml');
    await first.text();
    const etag = first.headers.get('etag') ?? '';
    for (const header of [etag, `W/${etag}`, `"other", ${etag}`, '*']) {
      const again = await get('/news.xml', { 'if-none-match': header });
      expect([again.status, await again.text()]).toEqual([304, '']);
    }
  });

  test('puts its own address into the list of feeds', async () => {
    const response = await get('/feeds.opml');
    expect(await response.text()).toBe(`<outline xmlUrl="${server.url}/news.xml"/>`);
  });

  test.each(['/gone.xml', '/', '/inside', '/..%2f..%2fetc%2fpasswd', '/inside/../../x', '/%00'])(
    'has no %s',
    async (path) => {
      const response = await get(path);
      expect(response.status).toBe(404);
      await response.text();
    },
  );

  test('takes its time for slow.xml, and not beyond its own end', async () => {
    const started = performance.now();
    await (await get('/slow.xml')).text();
    expect(performance.now() - started).toBeGreaterThanOrEqual(45);
    const patient = await serveFixtures({ folder, slowDelayMs: 60_000 });
    const answer = fetch(`${patient.url}/slow.xml`).then(
      () => 'answered',
      () => 'ended',
    );
    while (!patient.requests().has('/slow.xml')) await new Promise(setImmediate);
    await patient.close();
    expect(await answer).toBe('ended');
  });

  test('refuses to be written to', async () => {
    const response = await fetch(`${server.url}/news.xml`, { method: 'POST', body: 'x' });
    expect([response.status, response.headers.get('allow')]).toEqual([405, 'GET, HEAD']);
    await response.text();
  });

  test('counts what it was asked for', async () => {
    for (const path of ['/news.xml', '/news.xml?x=1', '/gone.xml']) await (await get(path)).text();
    expect(Object.fromEntries(server.requests())).toEqual({ '/news.xml': 2, '/gone.xml': 1 });
  });
});
