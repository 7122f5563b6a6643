import { describe, expect, test } from 'vitest';
import type { RequestListener } from 'node:http';
import { parseRobots } from '../../src/net/robots-rules.ts';
import { Robots, ROBOTS_BYTES_MAX, ROBOTS_TTL_MS, ROBOTS_UNREACHABLE_TTL_MS } from '../../src/net/robots.ts';
import { clientOf, closeBehind, serveHttp } from './places.ts';
import { cpuMsOf } from '../support/cpu-time.ts';

closeBehind();

const AGENT = 'shuttlewatch';
const allows = (text: string, path: string): boolean => parseRobots(text, AGENT).allows(path);

describe('the rules of a robots.txt', () => {
  const file = [
    'User-agent: *',
    'Disallow: /private/',
    'Allow: /private/open',
    '',
    'User-agent: badbot',
    'User-agent: ShuttleWatch/1.0',
    'Disallow: /api # not for robots',
    'user-agent: shuttlewatch',
    'DISALLOW: /*.pdf$',
  ].join('\r\n');

  test.each([
    ['/', true],
    ['/private/x', true],
    ['/api/v1', false],
    ['/report.pdf', false],
    ['/report.pdf?page=1', true],
  ])('of all groups for us, and none of those for everybody: %s %s', (path, allowed) => {
    expect(allows(file, path)).toBe(allowed);
  });

  test.each([
    ['the longest pattern decides', 'Disallow: /a\nAllow: /a/b', '/a/b/c', true],
    ['allow decides where two are as long', 'Disallow: /page\nAllow: /page', '/page', true],
    ['a wildcard counts by its letters', 'Allow: /page\nDisallow: /*.htm', '/page.htm', false],
    ['a pattern is the beginning of a path', 'Disallow: /fish', '/fishing', false],
    ['case counts', 'Disallow: /fish', '/Fish', true],
    ['a query is part of the path', 'Disallow: /*?print=', '/a?x=1&print=1', true],
    ['a dollar within is a letter', 'Disallow: /a$b', '/a$b', false],
    ['an end is an end', 'Disallow: /$', '/a', true],
    ['parts come one after the other', 'Disallow: /a*b*a$', '/aba', false],
    ['and share no letters', 'Disallow: /ab*ba$', '/aba', true],
    ['nothing is disallowed by nothing', 'Disallow:', '/a', true],
    ['escapes of letters are letters', 'Disallow: /%61b', '/ab', false],
    ['other escapes are not', 'Disallow: /a%2Fb', '/a/b', true],
    ['letters of any script are their escapes', 'Disallow: /뉴스', '/%EB%89%b4%EC%8A%A4/1', false],
  ])('%s', (_name, rules, path, allowed) => {
    expect(allows(`User-agent: *\n${rules}`, path)).toBe(allowed);
  });

  test('are read behind a byte order mark, and other records end no list of agents', () => {
    expect(allows('\uFEFFUser-agent: *\nDisallow: /', '/')).toBe(false);
    expect(
      allows(`User-agent: ${AGENT}\nSitemap: https://a.example/s\nUser-agent: b\nDisallow: /`, '/'),
    ).toBe(false);
    expect(allows('Disallow: /\nnonsense\n: :', '/')).toBe(true);
  });

  test('of a file made to take long are judged at once', () => {
    const file = `User-agent: *\n${'Disallow: /*a*a*a*a*a*a*a*b\n'.repeat(ROBOTS_BYTES_MAX / 28)}`;
    const ms = cpuMsOf(() => {
      expect(allows(file, `/${'a'.repeat(4_000)}`)).toBe(true);
    });
    expect(ms).toBeLessThan(1_000);
  });
});

describe('a host', () => {
  const asking = async (answer: RequestListener): Promise<{ origin: string; asked: string[] }> => {
    const asked: string[] = [];
    const origin = await serveHttp((request, response) => {
      asked.push(request.url ?? '');
      answer(request, response);
    });
    return { origin, asked };
  };
  let clock = Date.parse('2026-01-12T00:00:00Z');
  const robots = (): Robots => new Robots(clientOf(), AGENT, () => new Date(clock));

  test('is asked once for its rules, by all who want to know, until they are a day old', async () => {
    const { origin, asked } = await asking((_request, response) => {
      response.end('User-agent: *\nDisallow: /no');
    });
    const known = robots();
    const answers = await Promise.all(['/yes', '/no'].map((path) => known.allows(origin + path)));
    expect(answers).toEqual([
      { kind: 'allowed' },
      { kind: 'disallowed', reason: `${origin}/robots.txt disallows /no` },
    ]);
    clock += ROBOTS_TTL_MS - 1;
    await known.allows(`${origin}/yes`);
    expect(asked).toEqual(['/robots.txt']);
    clock += 1;
    await known.allows(`${origin}/yes`);
    expect(asked).toHaveLength(2);
  });

  test.each([
    [404, 'allowed'],
    [401, 'allowed'],
    [403, 'allowed'],
    [429, 'unreachable'],
    [500, 'unreachable'],
    [503, 'unreachable'],
  ])('that answers %i for its rules is %s', async (status, kind) => {
    const { origin } = await asking((_request, response) =>
      response.writeHead(status, { 'retry-after': '7' }).end('Disallow: /'),
    );
    const said = { kind, ...(kind === 'unreachable' && { status, code: null, retryAfterMs: 7_000 }) };
    expect(await robots().allows(`${origin}/a`)).toMatchObject(said);
  });

  test('that cannot be asked is closed for a while, and says why', async () => {
    let isUp = false;
    const { origin, asked } = await asking((_request, response) => {
      if (isUp) response.end('');
      else response.destroy();
    });
    const known = robots();
    expect(await known.allows(`${origin}/a`)).toMatchObject({
      kind: 'unreachable',
      reason: expect.stringContaining(`${origin}/robots.txt`) as string,
      status: null,
    });
    isUp = true;
    clock += ROBOTS_UNREACHABLE_TTL_MS - 1;
    expect((await known.allows(`${origin}/a`)).kind).toBe('unreachable');
    expect(asked).toHaveLength(1);
    clock += 1;
    expect(await known.allows(`${origin}/a`)).toEqual({ kind: 'allowed' });
  });

  test('refused to one who may not ask private addresses is open to one who may', async () => {
    const { origin } = await asking((_request, response) => {
      response.end('');
    });
    const known = robots();
    const guarded = { kind: 'unreachable', code: 'blocked-address' };
    expect(await known.allows(`${origin}/a`, { allowPrivate: false })).toMatchObject(guarded);
    expect(await known.allows(`${origin}/a`, { allowPrivate: true })).toEqual({ kind: 'allowed' });
    expect(await known.allows(`${origin}/a`, { allowPrivate: false })).toMatchObject(guarded);
  });

  test('is bound by what stands within the limit of its file alone', async () => {
    const { origin } = await asking((_request, response) => {
      response.end(`User-agent: *\nDisallow: /a\n#${'.'.repeat(ROBOTS_BYTES_MAX)}\nDisallow: /b`);
    });
    const known = robots();
    expect((await known.allows(`${origin}/a`)).kind).toBe('disallowed');
    expect((await known.allows(`${origin}/b`)).kind).toBe('allowed');
  });
});
