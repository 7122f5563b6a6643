import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isKnown, normalSilenceMs, SILENCE_MS_MIN, silentTooLongFrom } from '../../src/ingest/expectation.ts';
import { arrived, expectedArrivals, ratesOf, returned, timeUntil } from '../../src/ingest/rhythm.ts';
import type { Rhythm } from '../../src/ingest/rhythm.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
/** A Monday, 00:00 UTC. */
const MONDAY = Date.UTC(2026, 0, 5);

/** A feed that brings something at `times`. */
function seen(times: readonly number[]): Rhythm {
  const rhythm = times.reduce<Rhythm | null>(arrived, null);
  if (rhythm === null) throw new Error('nothing seen');
  return rhythm;
}

/** Every 20 minutes from 00:00 to 11:00 UTC (9:00 to 20:00 in Seoul), Monday to Friday, for so many weeks. */
function daily(weeks: number): number[] {
  const days = Array.from({ length: weeks * 7 }, (_, day) => day).filter((day) => day % 7 < 5);
  return days.flatMap((day) =>
    Array.from({ length: 33 }, (_, third) => MONDAY + day * DAY_MS + third * 20 * MINUTE_MS),
  );
}

describe('what is learned of a feed', () => {
  test('is when it is busy: in which hours of the day, and on which days of the week', () => {
    const rates = ratesOf(seen(daily(4)));
    const monday = MONDAY + 4 * 7 * DAY_MS;
    const expected = (day: number, from: number, to: number): number =>
      expectedArrivals(rates, monday + day * DAY_MS + from * HOUR_MS, monday + day * DAY_MS + to * HOUR_MS);
    expect(expected(1, 2, 8)).toBeGreaterThan(12);
    expect(expected(1, 2, 8)).toBeLessThan(24);
    expect(expected(1, 14, 22)).toBeLessThan(1);
    expect(expected(5, 2, 8)).toBeLessThan(6);
  });

  test('counts what comes at once, in one poll or in a burst, as one arrival', () => {
    const once = seen([MONDAY, MONDAY + HOUR_MS]);
    const burst = seen([MONDAY, ...Array.from({ length: 50 }, (_, n) => MONDAY + HOUR_MS + n * 100)]);
    expect(burst).toEqual(once);
  });

  test('follows a new habit within weeks', () => {
    const slow = Array.from({ length: 60 }, (_, n) => MONDAY + n * DAY_MS);
    const end = MONDAY + 60 * DAY_MS;
    const fast = Array.from({ length: 14 * 24 }, (_, n) => end + n * HOUR_MS);
    const perDay = (times: readonly number[]): number =>
      ratesOf(seen(times)).reduce((total, rate) => total + rate, 0) / 7;
    expect(perDay(slow)).toBeCloseTo(1, 0);
    expect(perDay([...slow, ...fast])).toBeGreaterThan(8);
  });

  test('is the same whether it was kept as JSON meanwhile or not', () => {
    const whole = seen(daily(1));
    const kept = daily(1).reduce<Rhythm | null>(
      (rhythm, time) => JSON.parse(JSON.stringify(arrived(rhythm, time))) as Rhythm,
      null,
    );
    expect(kept).toEqual(whole);
  });

  test('rates give back the time in which so many arrivals are to be expected, forwards and backwards', () => {
    const times = fc.uniqueArray(fc.integer({ min: 0, max: 30 * 24 * 60 }), { minLength: 2, maxLength: 60 });
    fc.assert(
      fc.property(
        times,
        fc.double({ min: 0.1, max: 5, noNaN: true }),
        fc.integer({ min: 0, max: 10_000 }),
        (minutes, wanted, later) => {
          const rates = ratesOf(
            seen(minutes.sort((a, b) => a - b).map((minute) => MONDAY + minute * MINUTE_MS)),
          );
          const from = MONDAY + 31 * DAY_MS + later * MINUTE_MS;
          const max = 365 * DAY_MS;
          const forward = timeUntil(rates, from, wanted, max);
          if (forward < max) expect(expectedArrivals(rates, from, from + forward)).toBeCloseTo(wanted, 3);
          const back = timeUntil(rates, from, wanted, max, true);
          if (back < max) expect(expectedArrivals(rates, from - back, from)).toBeCloseTo(wanted, 3);
        },
      ),
      { numRuns: 50 },
    );
  });
});

describe('the silence that is normal', () => {
  const monday = MONDAY + 4 * 7 * DAY_MS;

  test('is not known before two weeks have been seen, and not by a handful of arrivals', () => {
    expect(isKnown(seen(daily(2)))).toBe(false);
    expect(isKnown(seen([MONDAY, MONDAY + 30 * DAY_MS]))).toBe(false);
    expect(normalSilenceMs(seen([MONDAY]), MONDAY)).toBeNull();
  });

  test('is short in busy hours, and long over the night and the weekend', () => {
    const rhythm = seen(daily(4));
    const noon = normalSilenceMs(rhythm, monday + DAY_MS + 8 * HOUR_MS) ?? 0;
    expect(noon).toBeGreaterThanOrEqual(SILENCE_MS_MIN);
    expect(noon).toBeLessThan(4 * HOUR_MS);
    // Monday, the first hour after the weekend.
    expect(normalSilenceMs(rhythm, monday + 10 * MINUTE_MS) ?? 0).toBeGreaterThan(2 * DAY_MS);
  });

  test('is exceeded from the moment on that was told when it began', () => {
    for (const times of [daily(4), daily(3).slice(0, -10)]) {
      const rhythm = seen(times);
      const from = silentTooLongFrom(rhythm) ?? 0;
      const normal = (time: number): number => normalSilenceMs(rhythm, time) ?? 0;
      expect(from - rhythm.last).toBeCloseTo(normal(from), -2);
      const before = from - HOUR_MS / 2;
      expect(before - rhythm.last).toBeLessThan(normal(before));
      expect(from + HOUR_MS - rhythm.last).toBeGreaterThan(normal(from + HOUR_MS));
    }
  });

  test('is longer for a feed whose arrivals come in clusters', () => {
    const every = Array.from({ length: 28 * 24 }, (_, n) => MONDAY + n * HOUR_MS);
    // As many arrivals, five in a row every five hours.
    const clustered = every.map((_, n) => MONDAY + Math.floor(n / 5) * 5 * HOUR_MS + (n % 5) * 2 * MINUTE_MS);
    const end = MONDAY + 28 * DAY_MS;
    const [even, uneven] = [every, clustered].map((times) => normalSilenceMs(seen(times), end) ?? 0);
    expect(uneven).toBeGreaterThan(even ?? 0);
    expect(even).toBeLessThan(8 * HOUR_MS);
  });

  test('begins anew when the feed comes back, and gaps that were not its own are not counted', () => {
    const rhythm = seen(daily(4));
    const back = returned(rhythm, rhythm.last + 4 * DAY_MS);
    expect(back?.silentFrom).toBe(rhythm.last + 4 * DAY_MS);
    expect(arrived(back, rhythm.last + 5 * DAY_MS).gaps).toEqual(rhythm.gaps);
    expect(returned(rhythm, rhythm.last + 15 * DAY_MS)).toBeNull();
  });
});
