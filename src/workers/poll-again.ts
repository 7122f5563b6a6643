import { GONE_CHECK_MS, STATUS_GONE } from '../ingest/for-good.ts';
import { boundsAround, nextPollMs, retryMs } from '../ingest/next-poll.ts';
import type { FailureFacts } from '../ingest/next-poll.ts';
import type { FeedHints } from '../ingest/parsed.ts';
import type { PollResult, PollTrouble } from '../ingest/feed.ts';
import type { Rhythm } from '../ingest/rhythm.ts';
import type { PlanToPoll } from '../store/feed-schedule.ts';

/** Between two requests to a host, unless the operator says otherwise. */
export const HOST_GAP_MS = 5_000;
/** The same after an answer that asks to slow down: 429, or 503. */
const HOST_GAP_SLOW_MS = 30_000;
const SLOW_DOWN_STATUSES: ReadonlySet<number | null> = new Set([429, 503]);

/** How the operator wants feeds to be polled. */
export interface PollPace {
  /** Between two polls of a feed that answers, while its own rhythm is not known. */
  readonly pollIntervalMs: number;
  /** Bounds of its own rhythm; POLL_MS_MIN and POLL_MS_MAX of ingest/next-poll.ts unless given. */
  readonly pollMsMin?: number;
  readonly pollMsMax?: number;
  /** Between the end of a request and the next one to the same host; HOST_GAP_MS unless given. */
  readonly hostGapMs?: number;
  /** At least 0 and below 1, for what is left to chance; Math.random unless given. */
  readonly random?: () => number;
}

/** What a poll came to, as far as it says when to come again. */
export interface PollAnswer {
  readonly result: PollResult;
  readonly retryAfterMs: number | null;
  /** What the feed says of its own rhythm; null where it was not read. */
  readonly hints: FeedHints | null;
  /** For how long the answer may be kept; null where it does not say. */
  readonly maxAgeMs: number | null;
}

/** How many times longer the pause is while a hub pushes: polling is what remains should it fail. */
const PUSHED_SLOWER = 4;

/**
 * For how long a host is left alone after a poll of one of its feeds: for the usual gap, and longer when it asked to slow down.
 * Retry-After counts for the whole host then: what is limited is who asks, not what for.
 */
export function hostGapMs(usualMs: number, status: number | null, retryAfterMs: number | null): number {
  if (!SLOW_DOWN_STATUSES.has(status)) return usualMs;
  return Math.max(usualMs, HOST_GAP_SLOW_MS, retryAfterMs ?? 0);
}

interface Polled extends PollAnswer {
  /** Whether a hub pushes the feed. */
  readonly pushed: boolean;
}

/** How long to wait (ms) after a poll that failed, the `failures`th in a row. */
export function pauseAfterFailureMs(
  usualMs: number,
  { kind, status }: Pick<PollTrouble, 'kind' | 'status'>,
  asked: Pick<FailureFacts, 'failures' | 'retryAfterMs' | 'random'>,
): number {
  const slowDown = SLOW_DOWN_STATUSES.has(status);
  // Of its own beat, whatever the usual pause is and however often it failed before: it is only asked whether that was a slip.
  if (status === STATUS_GONE) return retryMs({ ...asked, kind, slowDown, failures: 1 }, GONE_CHECK_MS);
  return retryMs({ ...asked, kind, slowDown }, usualMs);
}

function pauseMs(pace: PollPace, plan: PlanToPoll, answer: Polled, now: Date): number {
  const random = (pace.random ?? Math.random)();
  const { result, retryAfterMs, hints, maxAgeMs } = answer;
  if (result.kind === 'failed') {
    const asked = { failures: plan.failures + 1, retryAfterMs, random };
    return pauseAfterFailureMs(pace.pollIntervalMs, result.trouble, asked);
  }
  const bounds = boundsAround(pace.pollIntervalMs, pace.pollMsMin, pace.pollMsMax);
  const rhythm = plan.rhythm as Rhythm | null;
  const pause = nextPollMs({ now, rhythm, hints: hints ?? plan.hints, maxAgeMs, random }, bounds);
  return answer.pushed ? pause * PUSHED_SLOWER : pause;
}

/** When a feed that was polled until `now` is due again, and from when on its host may be asked for something else. */
export function pollAgain(
  pace: PollPace,
  plan: PlanToPoll,
  answer: Polled,
  now: Date,
): { readonly nextDueAt: Date; readonly hostFreeAt: Date } {
  const { result, retryAfterMs } = answer;
  const status = result.kind === 'failed' ? result.trouble.status : null;
  const gapMs = hostGapMs(pace.hostGapMs ?? HOST_GAP_MS, status, retryAfterMs);
  return {
    nextDueAt: new Date(now.getTime() + pauseMs(pace, plan, answer, now)),
    hostFreeAt: new Date(now.getTime() + gapMs),
  };
}
