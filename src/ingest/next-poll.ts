import type { FailureKind } from '../events/feed.ts';
import type { FeedHints } from './parsed.ts';
import { ratesOf, timeUntil } from './rhythm.ts';
import type { Rhythm } from './rhythm.ts';

/** Between which pauses a feed is polled. */
export interface PollBounds {
  readonly minMs: number;
  /** While its own rhythm is not known. */
  readonly usualMs: number;
  readonly maxMs: number;
}

export const POLL_MS_MIN = 5 * 60_000;
export const POLL_MS_MAX = 60 * 60_000;

/** Bounds around `usualMs`, which counts: those that would exclude it give way. */
export function boundsAround(usualMs: number, minMs = POLL_MS_MIN, maxMs = POLL_MS_MAX): PollBounds {
  return { minMs: Math.min(minMs, usualMs), usualMs, maxMs: Math.max(maxMs, usualMs) };
}

/** Arrivals and time after which a feed's own rhythm decides. */
const KNOWN_ARRIVALS_MIN = 8;
const KNOWN_OBSERVED_MS_MIN = 24 * 60 * 60_000;
/** A feed is polled when so much of an arrival is to be expected: four polls for each, and two at least. */
const ARRIVALS_WANTED = 0.25;
const ARRIVALS_MAX = 0.5;
/** Polls come earlier by up to this share, by chance: what was due together does not stay so. */
const JITTER_SHARE = 0.1;

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const WEEK_HOURS = 7 * 24;

/** What is known when a feed answered well. */
export interface PollFacts {
  readonly now: Date;
  /** Null while nothing has been seen of it. */
  readonly rhythm: Rhythm | null;
  /** What the feed says itself; null where nothing is known. */
  readonly hints: FeedHints | null;
  /** For how long its answer may be kept (see net/max-age.ts); null where it does not say. */
  readonly maxAgeMs: number | null;
  /** At least 0 and below 1. */
  readonly random: number;
}

function isSkipped(time: number, { skipHours, skipDays }: FeedHints): boolean {
  const moment = new Date(time);
  return skipHours.includes(moment.getUTCHours()) || skipDays.includes(moment.getUTCDay());
}

/** The first moment from `time` (ms) on at which the feed does not say that nothing new comes; `time` where it always says so. */
function afterSkipped(time: number, hints: FeedHints | null): number {
  if (hints === null) return time;
  let open = time;
  for (let hour = 0; hour < WEEK_HOURS; hour++) {
    if (!isSkipped(open, hints)) return open;
    open = Math.floor(open / HOUR_MS + 1) * HOUR_MS;
  }
  return time;
}

/** For how long the publisher asks not to come again. */
function wishOf({ hints, maxAgeMs }: PollFacts): number {
  const { ttlMinutes = null, updateMinutes = null } = hints ?? {};
  return Math.max((ttlMinutes ?? 0) * MINUTE_MS, (updateMinutes ?? 0) * MINUTE_MS, maxAgeMs ?? 0);
}

/** The pause that is wanted, and the one that is not to be exceeded (ms). */
function pausesOf({ rhythm, now }: PollFacts, { usualMs, maxMs }: PollBounds): [number, number] {
  if (
    rhythm === null ||
    rhythm.arrivals < KNOWN_ARRIVALS_MIN ||
    rhythm.last - rhythm.since < KNOWN_OBSERVED_MS_MIN
  )
    return [usualMs, maxMs];
  const rates = ratesOf(rhythm);
  const until = (arrivals: number): number => timeUntil(rates, now.getTime(), arrivals, maxMs);
  return [until(ARRIVALS_WANTED), until(ARRIVALS_MAX)];
}

/**
 * How long to wait (ms) before a feed that answered well is polled again, within `bounds`. Its own rhythm decides: a poll comes
 * when a quarter of an arrival is to be expected, so sooner in the hours in which it is busy. What the publisher asks for (ttl,
 * sy:update, Cache-Control, skipHours and skipDays) may put it off until half an arrival is, and no further: defaults of a CMS
 * say an hour of feeds that bring something every ten minutes. After Miniflux (entry_frequency scheduler: refreshes by the
 * entries of the past week, within bounds, no sooner than ttl and Cache-Control allow) and Media Cloud (rss-fetcher: the period
 * adapted to what polls bring).
 */
export function nextPollMs(facts: PollFacts, bounds: PollBounds): number {
  const { now, hints, random } = facts;
  const [wanted, longest] = pausesOf(facts, bounds);
  const clamp = (ms: number): number => Math.min(Math.max(ms, bounds.minMs), bounds.maxMs);
  const pause = clamp(Math.max(wanted, Math.min(wishOf(facts), longest)));
  const open = afterSkipped(now.getTime() + pause, hints) - now.getTime();
  return clamp(Math.min(open, Math.max(longest, pause)) * (1 - JITTER_SHARE * random));
}

/** How a feed in trouble is tried again: the first pause, doubled with every failure. */
interface Backoff {
  /** The first pause as a share of the usual one, and at most so long. */
  readonly usuals: number;
  readonly firstMs: number;
  readonly maxMs: number;
}

const DAY_MS = 24 * HOUR_MS;
const BACKOFFS: Readonly<Record<FailureKind | 'slow-down', Backoff>> = {
  // A blip is over in a minute or two.
  soft: { usuals: 1, firstMs: MINUTE_MS, maxMs: 2 * HOUR_MS },
  // A soft trouble by which the server asks to be left alone.
  'slow-down': { usuals: 1, firstMs: Infinity, maxMs: 4 * HOUR_MS },
  hard: { usuals: 1, firstMs: Infinity, maxMs: DAY_MS },
  blocked: { usuals: 2, firstMs: Infinity, maxMs: DAY_MS },
};
/** Doublings after which any pause is at its longest. */
const DOUBLINGS_MAX = 24;
const BACKOFF_JITTER_SHARE = 0.2;

/** What is known when a feed did not answer well. */
export interface FailureFacts {
  readonly kind: FailureKind;
  /** The server answered 429 or 503. */
  readonly slowDown: boolean;
  /** Failed polls since the last good one, this one included: at least 1. */
  readonly failures: number;
  /** What the server asked for; null where it did not. */
  readonly retryAfterMs: number | null;
  readonly random: number;
}

/** How long to wait (ms) before a feed in trouble is tried again: never less than the server asked for. */
export function retryMs(facts: FailureFacts, usualMs: number): number {
  const { kind, slowDown, failures, retryAfterMs, random } = facts;
  const { usuals, firstMs, maxMs } = BACKOFFS[kind === 'soft' && slowDown ? 'slow-down' : kind];
  const first = Math.min(usuals * usualMs, firstMs);
  const pause = Math.min(first * 2 ** Math.min(failures - 1, DOUBLINGS_MAX), Math.max(maxMs, usualMs));
  return Math.max(pause * (1 - BACKOFF_JITTER_SHARE * random), retryAfterMs ?? 0);
}
