import { expect, test } from 'vitest';
import { RETRY_AFTER_MAX_MS, retryAfterMs } from '../../src/net/retry-after.ts';

const now = new Date('2026-01-12T10:00:00Z');

test.each([
  ['120', 120_000],
  [' 0 ', 0],
  ['Mon, 12 Jan 2026 10:01:00 GMT', 60_000],
  ['Mon, 12 Jan 2026 09:00:00 GMT', 0],
  ['9999999999', RETRY_AFTER_MAX_MS],
  ['Mon, 12 Jan 2099 10:01:00 GMT', RETRY_AFTER_MAX_MS],
  ['-5', null],
  ['soon', null],
  ['Mon, 12 Jan 2026 10:01:00', null],
  ['Monday, 12-Jan-26 10:01:00 GMT', 60_000],
  ['Mon Jan 12 10:01:00 2026', 60_000],
  ['120, 240', null],
  ['1 GMT', null],
  ['99999999999', null],
  ['', null],
  [undefined, null],
])('Retry-After: %s', (header, wait) => {
  expect(retryAfterMs(header, now)).toBe(wait);
});
