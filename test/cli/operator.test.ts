import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { serveFixtures } from '../../src/cli/fixture-server.ts';
import type { FixtureServer } from '../../src/cli/fixture-server.ts';
import { ensureCheckpoint, haltCheckpoint } from '../../src/store/checkpoints.ts';
import { position } from '../../src/events/ids.ts';
import { runCli } from '../support/cli.ts';
import type { Ran } from '../support/cli.ts';
import { commandOf, ingested, NOON } from '../support/events.ts';
import { smallDossier } from '../support/small-dossier.ts';
import { useStore } from '../support/store.ts';

// Each test starts processes, and a busy machine takes seconds for one.
vi.setConfig({ testTimeout: 60_000 });

const log = useStore();
/** Nothing listens there: what needs no database must not ask for one. */
const NOWHERE = 'postgres://127.0.0.1:1/none';
let folder = '';
let dossier = '';
let server: FixtureServer | undefined;
const url = (name: string): string => `${server?.url ?? ''}/${name}`;

/** Runs a command on a database, by a dossier that says little. */
function runOn(databaseUrl: string, args: readonly string[], stdin = ''): Promise<Ran> {
  return runCli(args, { DATABASE_URL: databaseUrl, SHUTTLEWATCH_DOSSIER: dossier }, stdin);
}
const run = (...args: readonly string[]): Promise<Ran> => runOn(log.url, args);
const runNowhere = (...args: readonly string[]): Promise<Ran> => runOn(NOWHERE, args);

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'shuttlewatch-operator-'));
  dossier = await smallDossier();
  await writeFile(
    join(folder, 'harbour.xml'),
    `<?xml version="1.0"?><rss version="2.0"><channel><title>Harbour</title><link>https://h.example/</link>
      <description>d</description><language>en-gb</language>
      <item><title>Lee to visit Andong</title><link>https://h.example/1</link></item></channel></rss>`,
  );
  await writeFile(join(folder, 'page.xml'), '<!doctype html><title>No feed</title>');
  await writeFile(join(folder, 'bad.yaml'), '- id: bad\n  title: t\n  about: a\n  query: entity:taiwn\n');
  await writeFile(join(folder, 'good.yaml'), '- id: cables\n  title: t\n  about: a\n  query: cable*\n');
  server = await serveFixtures({ folder });
});

afterAll(async () => {
  await server?.close();
  for (const made of [folder, dossier]) await rm(made, { recursive: true, force: true });
});

test('a URL is checked without a database, and trouble is told in the words of a poll', async () => {
  const check = (name: string): Promise<Ran> => runNowhere('feeds', 'check', '--allow-private', url(name));
  const [good, page, guarded] = await Promise.all([
    check('harbour.xml'),
    check('page.xml'),
    runNowhere('feeds', 'check', '--json', url('harbour.xml')),
  ]);
  expect(good).toMatchObject({ code: 0, err: '' });
  expect(good.out).toMatch(
    /^answer +200, .*^encoding +utf-8, .*^dialect +RSS 2\.0.*^items +1; none of them has/ms,
  );
  expect(page.code).toBe(1);
  expect(page.out).toContain('hard trouble: ');
  expect(page.out).toContain('a web page, not a feed');
  expect(guarded.code).toBe(1);
  expect(JSON.parse(guarded.out)).toMatchObject({ status: null, trouble: { kind: 'hard' } });
});

test('a feed is added after a look, paused, exported, and read back as known', async () => {
  const [closed, unread] = await Promise.all([
    run('feeds', 'add', url('harbour.xml')),
    run('feeds', 'add', '--allow-private', url('page.xml')),
  ]);
  expect(closed).toMatchObject({ code: 2, out: '' });
  expect(unread).toMatchObject({ code: 1, out: '' });
  const added = await run('feeds', 'add', '--json', '--allow-private', '--id', 'harbour', url('harbour.xml'));
  expect(JSON.parse(added.out)).toMatchObject({ feed: 'harbour', title: 'Harbour', lang: 'en', items: 1 });
  const [again, wrong, paused] = await Promise.all([
    run('feeds', 'add', '--allow-private', url('harbour.xml')),
    run('feeds', 'pause', 'harbuor'),
    run('feeds', 'pause', 'harbour', '--reason', 'too loud'),
  ]);
  expect(again.code).toBe(1);
  expect(again.err).toContain('is the feed harbour');
  expect(wrong.err).toContain('did you mean harbour?');
  expect(paused).toMatchObject({ code: 0, out: '', err: 'paused harbour\n' });
  const exported = await run('feeds', 'export');
  expect(exported.out).toContain('sw:paused="too loud"');
  const imported = await runOn(
    log.url,
    ['feeds', 'import', '--dry-run', '--json', '--allow-private', '-'],
    exported.out,
  );
  expect(JSON.parse(imported.out)).toMatchObject({ added: 0, known: 1, bad: 0 });
});

test('rules are checked with the place of what is wrong, added, and retired with a reason', async () => {
  const [bad, refused, query, added] = await Promise.all([
    runNowhere('rules', 'check', '--days', '0', join(folder, 'bad.yaml')),
    run('rules', 'add', join(folder, 'bad.yaml')),
    run('rules', 'check', '--json', 'andong', '-lang:ko'),
    run('rules', 'add', join(folder, 'good.yaml')),
  ]);
  expect(bad.code).toBe(1);
  expect(bad.out).toMatch(/entity:taiwn\n +\^{5}\n +taiwn is no entity of the dossier; did you mean taiwan/);
  expect(refused).toMatchObject({ code: 2, out: '' });
  expect(JSON.parse(query.out)).toMatchObject({
    days: 30,
    rules: [{ rule: null, query: 'andong -lang:ko', problem: null, matched: { items: 0, exact: true } }],
  });
  expect(added).toMatchObject({ code: 0, err: 'added cables\n' });
  const [silent, retired] = await Promise.all([
    run('rules', 'retire', 'cables'),
    run('rules', 'retire', 'cables', '--reason', 'noisy'),
  ]);
  expect(silent.code).toBe(2);
  expect(retired.code).toBe(0);
  const list = await run('rules', '--json');
  expect(JSON.parse(list.out)).toMatchObject([{ rule: 'cables', status: 'retired', by: 'hand' }]);
});

test('an alert that is not there cannot be acknowledged, and flags that exclude each other are told', async () => {
  const [never, short, both] = await Promise.all([
    run('alerts', 'ack', 'deadbeef'),
    run('alerts', 'ack', 'x'),
    run('alerts', '--raised', '--unacknowledged'),
  ]);
  expect(never).toMatchObject({ code: 1, out: '' });
  expect(never.err).toContain('no alert deadbeef');
  expect(short.err).toContain('at least the first 4 hex digits');
  expect(both.code).toBe(2);
});

test('a consumer that has halted is shown with its event, and goes on without it by an event of its own', async () => {
  const { db } = log.store;
  const [appended] = await log.store.append([commandOf(ingested('poison'), 0)], NOON);
  const culprit = position(appended?.position ?? 0);
  const [name, other] = ['projection:alerts', 'rules'];
  for (const one of [name, other]) await ensureCheckpoint(db, one, NOON);
  const { rows } = await sql<{ at: number }>`
    select position as at from sw_log.checkpoints where name = ${name}`.execute(db);
  await haltCheckpoint(db, name, 'TypeError: no', { from: position(rows[0]?.at ?? 0), culprit }, NOON);
  const [listed, told, running, unknown, unreasoned] = await Promise.all([
    run('consumers'),
    run('consumers', '--json'),
    run('consumers', 'retry', other),
    run('consumers', 'retry', 'ruels'),
    run('consumers', 'skip', name),
  ]);
  expect(listed.out).toMatch(
    new RegExp(`^${name} +${culprit - 1} +\\d+ +halted +2026-01-13 03:00 +nobody$`, 'm'),
  );
  expect(listed.out).toContain(`: position ${culprit}, ItemIngested of item-`);
  const { consumers } = JSON.parse(told.out) as { consumers: readonly { name: string }[] };
  expect(consumers.find((one) => one.name === name)).toMatchObject({
    culprit: { position: culprit, type: 'ItemIngested' },
    error: 'TypeError: no',
    owner: null,
  });
  expect([running.code, unknown.code, unreasoned.code]).toEqual([1, 2, 2]);
  expect(running.err).toContain('rules has not halted');
  expect(unknown.err).toContain('did you mean rules?');
  const skipped = await run('consumers', 'skip', name, '--reason', 'broken');
  expect(skipped).toMatchObject({ code: 0, out: '' });
  expect(skipped.err).toContain('a rebuild leaves it out as well');
  const { consumers: after } = JSON.parse((await run('consumers', '--json')).out) as {
    consumers: readonly object[];
  };
  expect(after).toContainEqual(expect.objectContaining({ name, position: culprit, status: 'running' }));
});
