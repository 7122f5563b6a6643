import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ConfigError, inspectConfig, loadConfig, OPTIONS } from '../../src/config.ts';
import { fileName, flagOf } from '../../src/config/names.ts';
import type { Setting, Written } from '../../src/config/read.ts';

const URL = 'postgres://me:pw@db.example/news';
let folder = '';
const path = (name: string): string => join(folder, name);

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'shuttlewatch-config-'));
  await writeFile(path('url'), ` ${URL}\n`);
  await writeFile(path('empty'), ' \n');
  await writeFile(path('wrong'), 'mysql://hunter2@db.example');
  await writeFile(path('long'), 'x'.repeat(65_537));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

function setting(name: keyof typeof OPTIONS, env: Written, flags: Written = {}): Setting | undefined {
  return inspectConfig(env, flags).settings.find((found) => found.name === name);
}

function problems(env: Written, flags: Written = {}): string[] {
  return [...inspectConfig(env, flags).problems];
}

describe('a flag', () => {
  test('has the name of its variable, without the prefix, and no two share one', () => {
    expect(flagOf('DATABASE_URL')).toBe('--database-url');
    expect(flagOf('SHUTTLEWATCH_POLL_MINUTES')).toBe('--poll-minutes');
    const names = Object.entries(OPTIONS).flatMap(([name, { secret }]) =>
      secret ? [name, fileName(name)] : [name],
    );
    expect(new Set(names.map(flagOf)).size).toBe(names.length);
    // Commander's own.
    expect(names.map(flagOf)).not.toEqual(expect.arrayContaining(['--help']));
    expect(names.map(flagOf)).not.toEqual(expect.arrayContaining(['--version']));
  });

  test('wins over the environment, even over a file and over nonsense', () => {
    const env = { SHUTTLEWATCH_ZONE: 'Seoul', DATABASE_URL_FILE: path('not-there') };
    const flags = { '--zone': 'Asia/Seoul', '--database-url': URL };
    expect(loadConfig(env, flags)).toMatchObject({ SHUTTLEWATCH_ZONE: 'Asia/Seoul', DATABASE_URL: URL });
    expect(setting('SHUTTLEWATCH_ZONE', env, flags)?.origin).toBe('flag');
  });

  test('that is empty takes back what the environment says', () => {
    expect(loadConfig({ DATABASE_URL: URL }, { '--database-url': '' }).DATABASE_URL).toBeNull();
  });

  test('that cannot be used is named as a flag', () => {
    expect(problems({}, { '--poll-minutes': 'often' })).toEqual([
      '--poll-minutes is often, not a whole number from 1 to 1440',
    ]);
  });
});

describe('a secret', () => {
  test('may stand in a file, named by a variable or by a flag', () => {
    for (const found of [
      setting('DATABASE_URL', { DATABASE_URL_FILE: path('url') }),
      setting('DATABASE_URL', { DATABASE_URL: 'postgres://x' }, { '--database-url-file': path('url') }),
    ]) {
      expect(found).toMatchObject({ value: URL, origin: 'file', file: path('url'), problem: null });
    }
  });

  test.each([
    ['not-there', /^DATABASE_URL_FILE \(.*not-there\) cannot be read \(ENOENT\)$/],
    ['', /^DATABASE_URL_FILE \(.*\) cannot be read \(EISDIR\)$/],
    ['empty', /^DATABASE_URL_FILE \(.*empty\) is empty$/],
    ['long', /^DATABASE_URL_FILE \(.*long\) is longer than 65536 bytes$/],
    ['wrong', /^DATABASE_URL, read from .*wrong, is not a URL that begins with postgres:/],
  ])(
    'in a file that is no good is a problem that names the file and shows nothing of it: %s',
    (name, said) => {
      const found = problems({ DATABASE_URL_FILE: path(name) });
      expect(found).toEqual([expect.stringMatching(said)]);
      expect(found.join()).not.toContain('hunter2');
    },
  );

  test('is said once: a variable and its file together are a problem, as are two flags', () => {
    expect(problems({ DATABASE_URL: URL, DATABASE_URL_FILE: path('url') })).toEqual([
      'DATABASE_URL and DATABASE_URL_FILE say the same thing twice: set one of them',
    ]);
    expect(problems({}, { '--database-url': URL, '--database-url-file': path('url') })).toHaveLength(1);
  });

  test('in a file is one half of a pair, even where it cannot be read', () => {
    const env = { SHUTTLEWATCH_WEBHOOK_URL: 'https://hooks.example/x' };
    expect(problems({ ...env, SHUTTLEWATCH_WEBHOOK_SECRET_FILE: path('url') })).toEqual([]);
    expect(problems({ ...env, SHUTTLEWATCH_WEBHOOK_SECRET_FILE: path('empty') })).toEqual([
      expect.stringContaining('is empty'),
    ]);
  });
});

test('problems from flags, files and the environment are told together', () => {
  const env = { DATABASE_URL_FILE: path('empty'), SHUTTLEWATCH_ZONE: 'Seoul', SHUTTLEWATCH_WEBHOOK_URL: 'x' };
  expect(() => loadConfig(env, { '--log': 'loud' })).toThrow(ConfigError);
  expect(problems(env, { '--log': 'loud' })).toHaveLength(5);
});

test('variables that begin like ours and are none are remarked on, with what may have been meant', () => {
  const env = {
    SHUTTLEWATCH_ZONES: 'UTC',
    SHUTTLEWATCH_POL_MINUTE: '5',
    SHUTTLEWATCH_SERVICE_HOST: '10.0.0.1',
    SHUTTLEWATCH_ZONE_FILE: '/zone',
    SHUTTLEWATCH_WEBHOOK_URL_FIEL: '/url',
    WATCH: 'x',
  };
  expect(inspectConfig(env).remarks).toEqual([
    'SHUTTLEWATCH_POL_MINUTE is no setting of shuttlewatch (SHUTTLEWATCH_POLL_MINUTES?)',
    'SHUTTLEWATCH_SERVICE_HOST is no setting of shuttlewatch',
    'SHUTTLEWATCH_WEBHOOK_URL_FIEL is no setting of shuttlewatch (SHUTTLEWATCH_WEBHOOK_URL_FILE?)',
    'SHUTTLEWATCH_ZONES is no setting of shuttlewatch (SHUTTLEWATCH_ZONE?)',
    'SHUTTLEWATCH_ZONE_FILE sets nothing: only secrets are read from files, SHUTTLEWATCH_ZONE is none',
  ]);
});
