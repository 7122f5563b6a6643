import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { commandWord } from '../../src/cli/settings.ts';
import { OPTIONS } from '../../src/config.ts';
import { runCli } from '../support/cli.ts';

// Each test starts processes, and a busy machine takes seconds for one.
vi.setConfig({ testTimeout: 60_000 });

const SECRET = 'postgres://analyst:hunter2@db.example/news';

interface Printed {
  readonly settings: readonly { readonly name: string; readonly value: unknown; readonly origin: string }[];
  readonly problems: readonly string[];
  readonly remarks: readonly string[];
}

test('config prints every setting, where it comes from, and no secret', async () => {
  const ran = await runCli(['--zone', 'Asia/Tokyo', 'config', '--log=info'], {
    DATABASE_URL: SECRET,
    SHUTTLEWATCH_POLL_MINUTES: '5',
    SHUTTLEWATCH_ZONE: 'Asia/Seoul',
    SHUTTLEWATCH_DAT: '/x',
  });
  expect(ran.code).toBe(0);
  expect(ran.out).toMatch(/^DATABASE_URL +environment +postgres:\/\/analyst:\*\*\*@db\.example\/news$/m);
  expect(ran.out).toMatch(/^SHUTTLEWATCH_POLL_MINUTES +environment +5$/m);
  expect(ran.out).toMatch(/^SHUTTLEWATCH_ZONE +--zone +Asia\/Tokyo$/m);
  expect(ran.out).toMatch(/^SHUTTLEWATCH_LOG +--log +info$/m);
  expect(ran.out).toMatch(/^SHUTTLEWATCH_CONTACT +default +unset$/m);
  expect(ran.err).toBe('note: SHUTTLEWATCH_DAT is no setting of shuttlewatch (SHUTTLEWATCH_DATA?)\n');
});

test('config --json has it for programs, from files as well; what is wrong is told in both places', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'shuttlewatch-config-'));
  try {
    await writeFile(join(folder, 'url'), SECRET);
    const ran = await runCli(['config', '--json', '--poll-minutes', '0'], {
      DATABASE_URL_FILE: join(folder, 'url'),
    });
    expect(ran.code).toBe(2);
    const { settings, problems, remarks } = JSON.parse(ran.out) as Printed;
    expect(settings.map(({ name }) => name)).toEqual(Object.keys(OPTIONS));
    expect(settings[0]).toMatchObject({ origin: 'file', file: join(folder, 'url') });
    expect(problems).toEqual(['--poll-minutes is 0, not a whole number from 1 to 1440']);
    expect(remarks).toEqual([]);
    expect(ran.err).toContain('--poll-minutes is 0');
    expect(ran.out + ran.err).not.toContain('hunter2');
  } finally {
    await rm(folder, { recursive: true });
  }
});

test('flags reach a command from before it and from behind it, and what looks like one in a query does not', async () => {
  const asked = { DATABASE_URL: 'postgres://analyst@127.0.0.1:1/news' };
  const runs = await Promise.all([
    runCli(['--dossier', '/nowhere', 'subjects'], {}),
    runCli(['feeds', 'list', '--database-url', SECRET.replace('db.example', '127.0.0.1:1')], {}),
    // -log leaves out a word, and fails on the database only.
    runCli(['search', 'taiwan', '-log', '--zone', 'Asia/Seoul'], asked),
    runCli(['--zon', 'UTC', 'search'], asked),
  ]);
  expect(runs[0]).toMatchObject({ code: 1, err: expect.stringContaining('/nowhere') as string });
  expect(runs[1]).toMatchObject({ code: 1, err: expect.stringContaining('127.0.0.1:1/news') as string });
  expect(runs[2]).toMatchObject({ code: 1, err: expect.stringContaining('127.0.0.1:1/news') as string });
  expect(runs[3]).toMatchObject({ code: 2, err: expect.stringMatching(/unknown option '--zon'/) as string });
  expect(runs[1].err).not.toContain('hunter2');
});

test('the command is found behind flags with and without their value in the same word', () => {
  expect(commandWord(['search', '--zone', 'UTC'])).toBe('search');
  expect(commandWord(['--zone', 'UTC', '--log=info', '--database-url-file', 'feeds', 'up'])).toBe('up');
  expect(commandWord(['--version'])).toBe('');
  expect(commandWord([])).toBe('');
});
