import { expect, test } from 'vitest';
import { zonedInstant, zonedMoment } from '../../src/cli/moment.ts';

test.each([
  ['2026-01-12T15:30:59.999Z', 'UTC', '2026-01-12 15:30', '2026-01-12T15:30:59+00:00'],
  ['2026-01-12T15:30:00Z', 'Asia/Seoul', '2026-01-13 00:30', '2026-01-13T00:30:00+09:00'],
  // The hour that comes twice, when summer time ends.
  ['2026-11-01T06:30:00Z', 'America/New_York', '2026-11-01 01:30', '2026-11-01T01:30:00-05:00'],
])('%s in %s is %s', (instant, zone, moment, withOffset) => {
  expect(zonedMoment(new Date(instant), zone)).toBe(moment);
  expect(zonedInstant(new Date(instant), zone)).toBe(withOffset);
});
