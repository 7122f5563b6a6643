import { resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { ConfigError, loadConfig, OPTIONS } from '../src/config.ts';

/** What loadConfig says is wrong with `env`, a problem a line; empty when nothing is. */
function problems(env: Record<string, string>): string[] {
  try {
    loadConfig(env);
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return error.message.split('\n');
    throw error;
  }
}

const WEBHOOK = {
  SHUTTLEWATCH_WEBHOOK_URL: 'https://hooks.example/T0KEN',
  SHUTTLEWATCH_WEBHOOK_SECRET: 'whsec_c2VjcmV0',
};

describe('loadConfig', () => {
  test('gives the default of every setting for an empty environment', () => {
    const defaults = Object.entries(OPTIONS).map(([name, option]) => [name, option.default] as const);
    expect(loadConfig({})).toEqual(Object.fromEntries(defaults));
  });

  test('counts an empty or blank variable as unset, and takes no notice of others', () => {
    const blank = Object.fromEntries(
      Object.keys(OPTIONS).map((name, index) => [name, index % 2 ? '' : ' \t']),
    );
    expect(loadConfig({ ...blank, PATH: '/bin' })).toEqual(loadConfig({}));
  });

  test('reads every setting, without the space around it', () => {
    const env = {
      DATABASE_URL: ' postgresql://me@db.example/news\n',
      REDIS_URL: 'redis-sentinel://a:1,b/news',
      SHUTTLEWATCH_DATA: 'somewhere',
      SHUTTLEWATCH_DOSSIER: 'dossiers/other',
      SHUTTLEWATCH_CONTACT: 'mailto:desk@example.org',
      SHUTTLEWATCH_POLL_MINUTES: '1440',
      SHUTTLEWATCH_POSTGRES_PORT: '5433',
      SHUTTLEWATCH_ZONE: 'America/Argentina/Buenos_Aires',
      SHUTTLEWATCH_LOG: 'debug',
      SHUTTLEWATCH_HOST_GAP_SECONDS: '7',
      SHUTTLEWATCH_POLL_MINUTES_MIN: '2',
      SHUTTLEWATCH_POLL_MINUTES_MAX: '90',
      SHUTTLEWATCH_WEBSUB_URL: 'https://hooks.example/websub',
      SHUTTLEWATCH_WEBSUB_HOST: '0.0.0.0',
      SHUTTLEWATCH_WEBSUB_PORT: '8080',
      ...WEBHOOK,
    };
    expect(loadConfig(env)).toEqual({
      ...env,
      DATABASE_URL: 'postgresql://me@db.example/news',
      SHUTTLEWATCH_DATA: resolve('somewhere'),
      SHUTTLEWATCH_DOSSIER: resolve('dossiers/other'),
      SHUTTLEWATCH_POLL_MINUTES: 1440,
      SHUTTLEWATCH_POSTGRES_PORT: 5433,
      SHUTTLEWATCH_HOST_GAP_SECONDS: 7,
      SHUTTLEWATCH_POLL_MINUTES_MIN: 2,
      SHUTTLEWATCH_POLL_MINUTES_MAX: 90,
      SHUTTLEWATCH_WEBSUB_PORT: 8080,
    });
  });

  test.each(['0', '1441', '1.5', '-3', '0x10', '1e2', 'often', '15 min', 'NaN', 'Infinity'])(
    'refuses to poll every %s minutes, and says what it takes',
    (minutes) => {
      expect(problems({ SHUTTLEWATCH_POLL_MINUTES: minutes })).toEqual([
        `SHUTTLEWATCH_POLL_MINUTES is ${minutes}, not a whole number from 1 to 1440`,
      ]);
    },
  );

  test.each(['UTC', 'Asia/Seoul', 'Etc/GMT+5'])('takes the zone %s', (zone) => {
    expect(loadConfig({ SHUTTLEWATCH_ZONE: zone }).SHUTTLEWATCH_ZONE).toBe(zone);
  });

  test.each(['Asia/Soul', 'KST', 'EET', '+09:00', 'UTC+9', 'Seoul', '../etc', 'Asia/Seoul; drop'])(
    'refuses the zone %s, which two programs could read in two ways or not at all',
    (zone) => {
      expect(problems({ SHUTTLEWATCH_ZONE: zone })).toEqual([
        `SHUTTLEWATCH_ZONE is ${zone}, not UTC or the IANA name of a time zone like Asia/Seoul`,
      ]);
    },
  );

  test.each([
    ['DATABASE_URL', 'mysql://db.example/news'],
    ['DATABASE_URL', 'localhost:5432/news'],
    ['SHUTTLEWATCH_CONTACT', 'desk@example.org'],
    ['SHUTTLEWATCH_CONTACT', 'javascript:alert(1)'],
  ])('refuses a %s that is none: %s', (name, value) => {
    expect(problems({ [name]: value })).toEqual([
      expect.stringMatching(new RegExp(`^${name} is not a URL that begins with \\w+:`)),
    ]);
  });

  test('names all problems at once, the lone half of a pair among them', () => {
    const found = problems({
      DATABASE_URL: 'nonsense',
      SHUTTLEWATCH_LOG: 'loud',
      SHUTTLEWATCH_POLL_MINUTES: '0',
      SHUTTLEWATCH_WEBHOOK_SECRET: 'whsec_c2VjcmV0',
    });
    expect(found.map((line) => line.split(' ', 1)[0])).toEqual([
      'DATABASE_URL',
      'SHUTTLEWATCH_POLL_MINUTES',
      'SHUTTLEWATCH_LOG',
      'SHUTTLEWATCH_WEBHOOK_URL',
    ]);
  });

  test('wants both halves of the webhook or neither', () => {
    expect(problems(WEBHOOK)).toEqual([]);
    for (const name of Object.keys(WEBHOOK)) {
      expect(problems({ ...WEBHOOK, [name]: '' })).toEqual([expect.stringContaining('set both or neither')]);
    }
    // One that is there and wrong is a problem of its own, not a missing half.
    expect(problems({ ...WEBHOOK, SHUTTLEWATCH_WEBHOOK_URL: 'ftp://hooks.example' })).toHaveLength(1);
  });

  test('never repeats the value of a secret setting', () => {
    const secret = Object.entries(OPTIONS).filter(([, option]) => option.secret);
    expect(secret.map(([name]) => name)).toEqual(
      expect.arrayContaining(['DATABASE_URL', 'SHUTTLEWATCH_WEBHOOK_URL', 'SHUTTLEWATCH_WEBHOOK_SECRET']),
    );
    for (const [name] of secret) {
      for (const form of [
        'hunter2://me:hunter2@x/hunter2',
        'redis://hunter2/hunter2@x',
        'redis://:1?hunter2@x',
      ]) {
        expect(problems({ [name]: form }).join('\n')).not.toContain('hunter2');
      }
    }
  });
});
