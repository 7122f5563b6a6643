import { expect, test } from 'vitest';
import { MAX_AGE_MS_MAX, maxAgeMs } from '../../src/net/max-age.ts';

test('how long an answer stays fresh is read from Cache-Control, else from Expires', () => {
  const of = (cacheControl: string, more: Record<string, string> = {}): number | null =>
    maxAgeMs({ 'cache-control': cacheControl, ...more });
  expect(of('public, max-age=300')).toBe(300_000);
  expect(of('s-maxage=5,Max-Age="60"')).toBe(60_000);
  expect(of('max-age=300', { age: '100' })).toBe(200_000);
  expect(of('max-age=300', { age: '400' })).toBe(0);
  expect(of('max-age=99999999')).toBe(MAX_AGE_MS_MAX);
  expect(of('max-age=300, no-cache')).toBe(0);
  expect(of('x-max-age=300')).toBeNull();
  expect(of('max-age=soon')).toBeNull();
  const date = 'Tue, 13 Jan 2026 00:00:00 GMT';
  expect(maxAgeMs({ date, expires: 'Tue, 13 Jan 2026 00:10:00 GMT' })).toBe(600_000);
  expect(maxAgeMs({ date, expires: 'Thu, 01 Jan 1970 00:00:00 GMT' })).toBe(0);
  expect(maxAgeMs({ date, expires: '0' })).not.toBe(600_000);
  expect(maxAgeMs({})).toBeNull();
});
