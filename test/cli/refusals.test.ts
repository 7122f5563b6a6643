import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, inject, test, vi } from 'vitest';
import { createDatabase } from '../support/database.ts';
import { ended, runCli, startCli } from '../support/cli.ts';
import { smallDossier } from '../support/small-dossier.ts';

// Each test starts processes, and a busy machine takes seconds for one.
vi.setConfig({ testTimeout: 60_000 });

/** Nothing listens on port 1: a command that asks a database for anything fails on it. */
const NO_DATABASE = { DATABASE_URL: 'postgres://analyst:hunter2@127.0.0.1:1/news' };
const NOWHERE = join(tmpdir(), `shuttlewatch-never-${process.pid}`);

let dossier = '';

beforeAll(async () => {
  dossier = await smallDossier();
});
afterAll(() => rm(dossier, { recursive: true }));

/** What a terminal would obey. */
const OBEYED = /[\p{Cc}\u202e]/u;

interface Case {
  readonly args: readonly string[];
  readonly says: RegExp;
  readonly settings?: Readonly<Record<string, string>>;
}

/** Runs two commands at a time: there are two cores to have. */
async function refused(code: number, cases: readonly Case[]): Promise<void> {
  for (let index = 0; index < cases.length; index += 2) {
    await Promise.all(
      cases.slice(index, index + 2).map(async ({ args, says, settings = NO_DATABASE }) => {
        const ran = await runCli(args, { SHUTTLEWATCH_DOSSIER: dossier, ...settings });
        expect(ran, args.join(' ')).toMatchObject({ code, out: '' });
        expect(ran.err).toMatch(says);
        expect(ran.err).not.toMatch(/hunter2|\n {4}at /);
      }),
    );
  }
}

describe('exit codes', () => {
  test('2: what makes no sense is told before any database is asked', async () => {
    await refused(2, [
      { args: ['search', '--bogus'], says: /unknown option '--bogus'/ },
      {
        args: ['search', '台湾 entity:taiwn'],
        says: /makes no sense:\n台湾 entity:taiwn\n {12}\^{5}\ntaiwn is no entity of the dossier; did you mean taiwan/,
      },
      { args: ['search', '-published:2026-02-30'], says: /2026-02-30 is no time: write 2026-01-13/ },
      { args: ['timeline', 'topic:(a'], says: /this \( is not closed/ },
      { args: ['search', '--json', '--csv'], says: /one format at a time: --json or --csv/ },
      { args: ['search', '--explain', '--csv'], says: /--explain is for people or --json, not for --csv/ },
      { args: ['search', 'topci:cptpp', '-Vietnam'], says: /no field topci:.*did you mean topic:\?/ },
      { args: ['search', 'taiwan', '-facets'], says: /did you mean --facets\?/ },
      { args: ['search', '--after', 'nowhere!'], says: /is no cursor/ },
      { args: ['ingest', 'no-such-file'], says: /no-such-file: no such file or folder/ },
      { args: ['tag', '--text', ' '], says: /--text has no text to tag/ },
      { args: ['tag', '--text', 'Nara', '--date', 'tomorrow'], says: /--date "tomorrow" is no day: write / },
      { args: ['rebuild', 'everything'], says: /no projection everything; there are words, items, / },
      { args: ['feeds', 'nosuch'], says: /no command "feeds nosuch"; there are list, add/ },
      { args: ['feeds', 'puase'], says: /no command "feeds puase"; did you mean pause\?/ },
      { args: ['feeds', 'set', 'a'], says: /nothing to set: name --full-text or --allow-private/ },
      { args: ['search'], says: /DATABASE_URL is not a URL/, settings: { DATABASE_URL: 'postgres:/x' } },
      { args: ['search'], says: /DATABASE_URL is not a URL/, settings: { DATABASE_URL: 'hunter2' } },
    ]);
  });

  test('1: a database that cannot be used is named, its password is not', async () => {
    const missing = new URL(inject('postgresUrl'));
    missing.pathname = '/no_such_database';
    await refused(1, [
      { args: ['search'], says: /DATABASE_URL \(127\.0\.0\.1:1\/news\): connect ECONNREFUSED/ },
      {
        args: ['feeds', 'list', '--json'],
        says: /DATABASE_URL \(127\.0\.0\.1:\d+\/no_such_database\): database "no_such_database" does not exist/,
        settings: { DATABASE_URL: missing.href },
      },
    ]);
  });

  test('0: help that was asked for, with settings and exit codes, in 80 columns', async () => {
    const [help, search, timeline] = await Promise.all([
      runCli(['--help'], {}),
      runCli(['search', '--help'], {}),
      runCli(['timeline', '--help'], {}),
    ]);
    for (const { code, err } of [help, search, timeline]) expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(help.out).toContain('SHUTTLEWATCH_DATA');
    expect(help.out).toContain('Exit codes: 0 done, 1 failed, 2');
    const lines = [help, search, timeline].flatMap(({ out }) => out.split('\n'));
    for (const line of lines) expect(line.length).toBeLessThanOrEqual(80);
  });
});

describe('a database with nothing in it', () => {
  test('is brought to the newest schema, answers with empty lists, and knows no item', async () => {
    const database = await createDatabase(inject('postgresUrl'), 'template0');
    const settings = { DATABASE_URL: database.url };
    try {
      const migrated = await runCli(['migrate', '--json'], settings);
      const { applied } = JSON.parse(migrated.out) as { applied: string[] };
      expect(applied.length).toBeGreaterThan(0);
      const [search, unknown] = await Promise.all([
        runCli(['search', '--json'], settings),
        runCli(['why', 'abc'], settings),
      ]);
      expect(search.code).toBe(0);
      expect(JSON.parse(search.out)).toEqual({
        query: '*',
        total: { items: 0, exact: true },
        items: [],
        next: null,
      });
      expect(unknown).toMatchObject({ code: 1, out: '' });
      expect(unknown.err).toContain('no item abc: expected an item id, at least its first 4 hex digits');
    } finally {
      await database.drop();
    }
  });
});

describe('tag', () => {
  const settings = { SHUTTLEWATCH_DATA: NOWHERE };

  test('tags lines without any database, names those it cannot read, and fails for them in the end', async () => {
    const lines = [
      '{"title":"高市首相が奈良で会談","lang":"ja","mine":1}',
      '',
      '{"title":7}',
      '{"title": \u001b[31m',
      '{"title":"Snow","summary":"A meeting in Nara \\u202e"}',
      `{"title":"${'x'.repeat(1_100_000)}"}`,
    ];
    const ran = await runCli(['tag'], settings, lines.join('\n'));
    expect(ran.code).toBe(1);
    const tagged = ran.out
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as { mine?: number; tags: { id: string }[] });
    expect(tagged).toHaveLength(2);
    expect(tagged[0]?.mine).toBe(1);
    for (const { tags } of tagged) expect(tags.map((tag) => tag.id)).toContain('nara');
    expect(ran.err).toMatch(
      /^line 3: title: .*\nline 4: .*\nline 6: longer than \d+ bytes\nshuttlewatch: 3 lines could not be tagged\n$/,
    );
    expect((ran.out + ran.err).replaceAll('\n', '')).not.toMatch(OBEYED);
    expect(existsSync(NOWHERE)).toBe(false);
  });

  test('tags by no day and no language that is none, says so, and reads past a byte order mark', async () => {
    const lines = [
      '\ufeff{"title":"Leaders meet in Nara","date":"2026-13-45","lang":"xx-yy-zz-!!"}',
      '["Nara"]',
      '{"titel":"Nara"}',
      '{"title":"Nara","date":"2026-01-13T09:00:00Z","lang":"zh_TW"}',
    ];
    const ran = await runCli(['tag'], settings, lines.join('\n'));
    expect(ran.out.match(/"nara"/g)?.length).toBeGreaterThanOrEqual(2);
    expect(ran.err.split('\n')).toEqual([
      'line 1: date "2026-13-45" is no day: write 2026-01-13; tagged without it',
      'line 1: lang "xx-yy-zz-!!" is no BCP 47 tag: write ko, ja, en or zh-Hant; tagged without it',
      'line 2: expected an object with title and text',
      'line 3: neither a title nor a text: expected an object with title and text',
      'shuttlewatch: 2 lines could not be tagged',
      '',
    ]);
  });

  test('ends quietly when nobody reads on, and with 130 when interrupted', async () => {
    const line = `${JSON.stringify({ title: 'Leaders meet in Nara' })}\n`;
    const unread = startCli(['tag'], settings);
    const quietly = ended(unread);
    unread.stdin.on('error', () => undefined);
    unread.stdout.once('data', () => unread.stdout.destroy());
    unread.stdin.end(line.repeat(5_000));
    const interrupted = startCli(['tag'], settings);
    const stopping = ended(interrupted);
    interrupted.stdin.write(line);
    await once(interrupted.stdout, 'data');
    interrupted.kill('SIGINT');
    const [quiet, stopped] = await Promise.all([quietly, stopping]);
    expect(quiet).toMatchObject({ code: 0, err: '' });
    expect(stopped).toMatchObject({ code: 130, err: '' });
  });

  test('subjects lists what tags can say, by any of their names', async () => {
    const found = await runCli(['subjects', '--json', '대만'], settings);
    expect((JSON.parse(found.out) as { id: string }[]).map((subject) => subject.id)).toContain('taiwan');
  });
});
