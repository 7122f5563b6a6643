import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { redactPassword, redactSecret } from '../../src/config/redact.ts';

describe('redactSecret', () => {
  test.each([
    ['postgres://me:hunter2@db.example:5432/news', 'postgres://me:***@db.example:5432/news'],
    ['postgres://me@db.example/news', 'postgres://me@db.example/news'],
    ['postgres:///news?host=/run/pg&password=hunter2', 'postgres:///news?host=***&password=***'],
    ['postgres://h/d?sslmode=require&sslkey=hunter2', 'postgres://h/d?sslmode=require&sslkey=***'],
    ['rediss://:hunter2@[::1]:6380/2', 'rediss://:***@[::1]:6380/2'],
    ['redis-sentinel://:hunter2@a:1,b:2/main?db=3', 'redis-sentinel://:***@a:1,b:2/main?db=3'],
    ['redis-cluster://me:hunter2@a:1,b:2', 'redis-cluster://me:***@a:1,b:2'],
    ['https://me:hunter2@hooks.example/hunter2?hunter2', 'https://hooks.example/***'],
    ['whsec_hunter2', '***'],
    // An @ or a # too many: where the password ends is anybody's guess.
    ['postgres://me:hunter@2@db.example/news', '***'],
    ['postgres://me:1/hunter2@db.example/news', '***'],
    ['postgres://me:1#hunter2@db.example/news', '***'],
    ['postgres://me:1?hunter2@db.example/news', '***'],
  ])('%s becomes %s', (secret, shown) => {
    expect(redactSecret(secret)).toBe(shown);
  });

  test('never shows a password, wherever a URL may carry it', () => {
    const word = fc.stringMatching(/^[a-z]{1,8}$/);
    const password = fc.string({ minLength: 1 }).map((text) => `Q${encodeURIComponent(text)}Q`);
    const urls = fc.record({ user: word, password, host: word, database: word }).map((parts) => ({
      password: parts.password,
      forms: [
        `postgres://${parts.user}:${parts.password}@${parts.host}/${parts.database}`,
        `postgres://${parts.host}/${parts.database}?password=${parts.password}`,
        `redis://:${parts.password}@${parts.host}`,
        `https://${parts.host}/${parts.password}`,
        parts.password,
      ],
    }));
    fc.assert(
      fc.property(urls, ({ password, forms }) => {
        for (const form of forms) expect(redactSecret(form)).not.toContain(password);
      }),
    );
  });
});

test('redactPassword takes the password out of a URL and leaves the rest, whatever it is', () => {
  expect(redactPassword('https://me:hunter2@desk.example/about?a=b')).toBe(
    'https://me:***@desk.example/about?a=b',
  );
  for (const text of [
    'https://desk.example:8080/@me',
    'mailto:desk@example.org',
    'Asia/Seoul',
    '/data/a:b@c',
  ]) {
    expect(redactPassword(text)).toBe(text);
  }
});
