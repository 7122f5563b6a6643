import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { FailureKind } from '../../src/events/feed.ts';
import { boundsAround, nextPollMs, POLL_MS_MAX, POLL_MS_MIN, retryMs } from '../../src/ingest/next-poll.ts';
import type { PollFacts } from '../../src/ingest/next-poll.ts';
import type { FeedHints } from '../../src/ingest/parsed.ts';
import { arrived, ratesOf, timeUntil } from '../../src/ingest/rhythm.ts';
import type { Rhythm } from '../../src/ingest/rhythm.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
const MONDAY = Date.UTC(2026, 0, 5);
const BOUNDS = boundsAround(15 * MINUTE_MS);
const QUIET: FeedHints = { ttlMinutes: null, updateMinutes: null, skipHours: [], skipDays: [] };

/** Something new every `everyMs` for four weeks. */
function steady(everyMs: number): Rhythm | null {
  const times = Array.from({ length: (28 * DAY_MS) / everyMs }, (_, n) => MONDAY + n * everyMs);
  return times.reduce<Rhythm | null>(arrived, null);
}

function pause(facts: Partial<PollFacts>, bounds = BOUNDS): number {
  const known = { now: new Date(MONDAY + 28 * DAY_MS), rhythm: null, hints: null, maxAgeMs: null, random: 0 };
  return nextPollMs({ ...known, ...facts }, bounds);
}

describe('the next poll of a feed that answers', () => {
  test('comes after the usual pause while its rhythm is not known, or later when it asks for that', () => {
    expect(pause({})).toBe(15 * MINUTE_MS);
    expect(pause({ hints: { ...QUIET, ttlMinutes: 40 } })).toBe(40 * MINUTE_MS);
    expect(pause({ maxAgeMs: 30 * MINUTE_MS, hints: { ...QUIET, updateMinutes: 1 } })).toBe(30 * MINUTE_MS);
    expect(pause({ hints: { ...QUIET, ttlMinutes: 10_080 } })).toBe(POLL_MS_MAX);
    // Bounds that would exclude the usual pause give way to it.
    expect(pause({}, boundsAround(DAY_MS))).toBe(DAY_MS);
    expect(pause({}, boundsAround(MINUTE_MS))).toBe(MINUTE_MS);
  });

  test('comes four times for each arrival, and twice however long the feed asks for', () => {
    const rhythm = steady(HOUR_MS);
    expect(pause({ rhythm }) / MINUTE_MS).toBeCloseTo(15, 0);
    expect(pause({ rhythm, hints: { ...QUIET, updateMinutes: 20 } }) / MINUTE_MS).toBeCloseTo(20, 0);
    expect(pause({ rhythm, hints: { ...QUIET, ttlMinutes: 1_440 } }) / MINUTE_MS).toBeCloseTo(30, 0);
    expect(pause({ rhythm: steady(2 * MINUTE_MS) })).toBe(POLL_MS_MIN);
    // Once a day, at midnight: seldom polled but about then.
    expect(pause({ rhythm: steady(DAY_MS) })).toBeLessThan(20 * MINUTE_MS);
    const noon = new Date(MONDAY + 28.5 * DAY_MS);
    expect(pause({ rhythm: steady(DAY_MS), now: noon })).toBe(POLL_MS_MAX);
  });

  test('waits out hours and days in which the feed says that nothing comes, within the same bounds', () => {
    const friday = new Date(MONDAY + 4 * DAY_MS + 23.75 * HOUR_MS);
    const hints = { ...QUIET, skipHours: [0], skipDays: [] };
    const wide = boundsAround(15 * MINUTE_MS, POLL_MS_MIN, 3 * DAY_MS);
    expect(pause({ now: friday, hints }, wide)).toBe(75 * MINUTE_MS);
    expect(pause({ now: friday, hints: { ...hints, skipDays: [6, 0] } }, wide)).toBe(
      2 * DAY_MS + 75 * MINUTE_MS,
    );
    expect(pause({ now: friday, hints: { ...hints, skipDays: [6, 0] } })).toBe(POLL_MS_MAX);
    expect(pause({ now: friday, hints: { ...hints, skipDays: [0, 1, 2, 3, 4, 5, 6] } })).toBe(15 * MINUTE_MS);
    expect(pause({ now: friday, hints, rhythm: steady(10 * MINUTE_MS) })).toBe(POLL_MS_MIN);
  });

  test('stays within bounds, and within half an arrival, whatever is known', () => {
    const minutes = fc.uniqueArray(fc.integer({ min: 0, max: 28 * 24 * 60 }), { maxLength: 80 });
    const maybe = fc.option(fc.integer({ min: 0, max: 100_000 }));
    const hints = fc.record({
      ttlMinutes: maybe,
      updateMinutes: maybe,
      skipHours: fc.uniqueArray(fc.integer({ min: 0, max: 23 })),
      skipDays: fc.uniqueArray(fc.integer({ min: 0, max: 6 })),
    });
    const random = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
    fc.assert(
      fc.property(minutes, hints, maybe, random, fc.nat(10_000), (seen, said, maxAge, chance, later) => {
        const times = [...seen].sort((a, b) => a - b).map((minute) => MONDAY + minute * MINUTE_MS);
        const rhythm = times.reduce<Rhythm | null>(arrived, null);
        const now = new Date(MONDAY + 28 * DAY_MS + later * MINUTE_MS);
        const facts = { now, rhythm, hints: said, maxAgeMs: maxAge, random: chance };
        const ms = nextPollMs(facts, BOUNDS);
        expect(ms).toBeGreaterThanOrEqual(BOUNDS.minMs);
        expect(ms).toBeLessThanOrEqual(BOUNDS.maxMs);
        expect(nextPollMs(facts, BOUNDS)).toBe(ms);
        if (rhythm === null || rhythm.arrivals < 8 || rhythm.last - rhythm.since < DAY_MS) return;
        const half = timeUntil(ratesOf(rhythm), now.getTime(), 0.5, BOUNDS.maxMs);
        expect(ms).toBeLessThanOrEqual(Math.max(half, BOUNDS.minMs));
      }),
      { numRuns: 100 },
    );
  });
});

describe('the next try of a feed in trouble', () => {
  const USUAL_MS = 15 * MINUTE_MS;
  const waits = (kind: FailureKind, slowDown = false): number[] =>
    [1, 2, 3, 4, 40].map(
      (failures) =>
        retryMs({ kind, slowDown, failures, retryAfterMs: null, random: 0 }, USUAL_MS) / MINUTE_MS,
    );

  test('comes soon at first and ever later, by kind', () => {
    expect(waits('soft')).toEqual([1, 2, 4, 8, 120]);
    expect(waits('soft', true)).toEqual([15, 30, 60, 120, 240]);
    expect(waits('hard')).toEqual([15, 30, 60, 120, 1_440]);
    expect(waits('blocked')).toEqual([30, 60, 120, 240, 1_440]);
  });

  test('never comes before the server said, nor sooner with more failures', () => {
    const facts = fc.record({
      kind: fc.constantFrom<FailureKind>('soft', 'hard', 'blocked'),
      slowDown: fc.boolean(),
      failures: fc.integer({ min: 1, max: 1_000_000 }),
      retryAfterMs: fc.option(fc.integer({ min: 0, max: DAY_MS })),
      random: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
    });
    fc.assert(
      fc.property(facts, fc.integer({ min: 0, max: DAY_MS }), (one, usualMs) => {
        const ms = retryMs(one, usualMs);
        expect(ms).toBeGreaterThanOrEqual(one.retryAfterMs ?? 0);
        expect(ms).toBeLessThanOrEqual(DAY_MS);
        expect(retryMs({ ...one, failures: one.failures + 1 }, usualMs)).toBeGreaterThanOrEqual(ms);
      }),
    );
  });
});
