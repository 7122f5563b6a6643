import { expect, test } from 'vitest';
import { feedId } from '../../src/events/ids.ts';
import { FOR_GOOD_MS_MIN } from '../../src/ingest/for-good.ts';
import { pollAgain } from '../../src/workers/poll-again.ts';
import type { PollAnswer, PollPace } from '../../src/workers/poll-again.ts';
import { NOON } from '../support/events.ts';

const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
const HINTS = { ttlMinutes: 45, updateMinutes: null, skipHours: [], skipDays: [] };
const PLAN = {
  ...{
    feed: feedId('quay'),
    url: 'https://quay.example/rss',
    enabled: true,
    nextDueAt: NOON,
    claimedUntil: null,
  },
  ...{ host: 'quay.example', firstPolledAt: NOON, lastPolledAt: NOON, lastGoodAt: NOON, lastOutcome: null },
  ...{ failures: 0, etag: null, lastModified: null, hints: HINTS, rhythm: null, said: null },
  options: { fullText: false, allowPrivate: false },
};
const UNCHANGED: PollAnswer = {
  result: { kind: 'good', movedTo: null, failures: 0 },
  ...{ retryAfterMs: null, hints: null, maxAgeMs: null },
};

function after(
  answer: PollAnswer,
  pace: Partial<PollPace> = {},
  pushed = false,
): { feed: number; host: number } {
  const asked = { pollIntervalMs: 15 * MINUTE_MS, random: (): number => 0, ...pace };
  const { nextDueAt, hostFreeAt } = pollAgain(asked, PLAN, { pushed, ...answer }, NOON);
  return { feed: nextDueAt.getTime() - NOON.getTime(), host: hostFreeAt.getTime() - NOON.getTime() };
}

const failed = (status: number, retryAfterMs: number | null = null): PollAnswer => ({
  ...UNCHANGED,
  result: { kind: 'failed', trouble: { kind: 'soft', reason: '', status, evidence: null } },
  retryAfterMs,
});

test('a host is left alone for the usual gap, and for longer when it asks to slow down', () => {
  expect(after(UNCHANGED).host).toBe(5 * SECOND_MS);
  expect(after(failed(500)).host).toBe(5 * SECOND_MS);
  expect(after(failed(429)).host).toBe(30 * SECOND_MS);
  expect(after(failed(503, 10 * MINUTE_MS)).host).toBe(10 * MINUTE_MS);
  expect(after(failed(429), { hostGapMs: MINUTE_MS }).host).toBe(MINUTE_MS);
});

test('the first 410 ends the rhythm of a feed: it is asked once more within the hour, and not before its word could be believed', () => {
  const gone = (kind: 'hard' | 'soft', retryAfterMs: number | null = null): PollAnswer => ({
    ...UNCHANGED,
    result: { kind: 'failed', trouble: { kind, reason: '', status: 410, evidence: null } },
    retryAfterMs,
  });
  for (const pollIntervalMs of [MINUTE_MS, 15 * MINUTE_MS, 240 * MINUTE_MS]) {
    for (const random of [() => 0, () => 0.999]) {
      const { feed } = after(gone('hard'), { pollIntervalMs, random });
      expect(feed).toBeGreaterThanOrEqual(FOR_GOOD_MS_MIN);
      expect(feed).toBeLessThan(60 * MINUTE_MS);
    }
  }
  expect(after(gone('hard', 30 * MINUTE_MS)).feed).toBe(30 * MINUTE_MS);
});

test('an answer that says nothing new leaves what the feed said of its rhythm when it was read', () => {
  expect(after(UNCHANGED).feed).toBe(45 * MINUTE_MS);
  expect(after({ ...UNCHANGED, hints: { ...HINTS, ttlMinutes: 20 } }).feed).toBe(20 * MINUTE_MS);
  expect(after(UNCHANGED, { pollMsMax: 30 * MINUTE_MS }).feed).toBe(30 * MINUTE_MS);
});

test('a feed that a hub pushes is polled four times less often, and in trouble as ever', () => {
  expect(after(UNCHANGED, {}, true).feed).toBe(4 * after(UNCHANGED).feed);
  expect(after(failed(500), {}, true).feed).toBe(after(failed(500)).feed);
});
