import { contentHashOf, eventIdOf } from '../events/ids.ts';
import type { FeedId } from '../events/ids.ts';
import type { FailureKind, FeedEvent, FeedFailure, FeedState } from '../events/feed.ts';
import type { HttpFailureCode, HttpOutcome, Redirect } from '../net/http.ts';
import { retryAfterMs } from '../net/retry-after.ts';
import { decode } from './decode.ts';
import type { FeedParseError } from './parsed.ts';

/** How much of a body that was the trouble is kept. */
const EVIDENCE_BYTES_MAX = 64 * 1024;

/** Why a poll brought nothing, before its evidence is stored. */
export interface PollTrouble {
  readonly kind: FailureKind;
  readonly reason: string;
  readonly status: number | null;
  /** The beginning of the body that was the trouble, as text that can be stored. */
  readonly evidence: string | null;
}

/** What an HTTP outcome means for a feed. */
export type Polled =
  | {
      readonly kind: 'fresh';
      readonly body: Uint8Array;
      /** The URL that answered: what relative links are resolved against. */
      readonly url: string;
      readonly contentType: string | null;
      /** Validators for the next poll; to be stored once the body is in the log, not before. */
      readonly etag: string | null;
      readonly lastModified: string | null;
      /** Where permanent redirects say the feed lives; null when it stayed. */
      readonly movedTo: string | null;
    }
  | { readonly kind: 'unchanged'; readonly movedTo: string | null }
  | { readonly kind: 'failed'; readonly trouble: PollTrouble; readonly retryAfterMs: number | null };

const PERMANENT = new Set([301, 308]);
// 408, 425 and 429 ask to come again; the other 4xx say that it is no use.
const SOFT_STATUSES = new Set([408, 425, 429]);
// 451 is what censors and lawyers answer.
const BLOCKED_STATUSES = new Set([401, 403, 407, 451]);
const HARD_CODES: ReadonlySet<HttpFailureCode> = new Set<HttpFailureCode>([
  'too-large',
  'too-many-redirects',
  'bad-redirect',
  'bad-url',
  'bad-encoding',
  'blocked-address',
]);

function kindOfStatus(status: number): FailureKind {
  if (BLOCKED_STATUSES.has(status)) return 'blocked';
  return status >= 500 || SOFT_STATUSES.has(status) ? 'soft' : 'hard';
}

/** Where a chain of redirects led for good: as far as every step from the first on was permanent. */
function permanentTarget(redirects: readonly Redirect[]): string | null {
  const temporary = redirects.findIndex(({ status }) => !PERMANENT.has(status));
  const permanent = temporary < 0 ? redirects : redirects.slice(0, temporary);
  return permanent.at(-1)?.to ?? null;
}

/**
 * What the outcome of a request for a feed means: something to parse, nothing new, or trouble and of which
 * kind.
 */
export function polledOf(outcome: HttpOutcome, now: Date): Polled {
  if (outcome.kind === 'failed') {
    const kind = HARD_CODES.has(outcome.code) ? 'hard' : 'soft';
    return {
      kind: 'failed',
      trouble: { kind, reason: outcome.reason, status: null, evidence: null },
      retryAfterMs: null,
    };
  }
  const { status, url, headers, body } = outcome;
  const movedTo = permanentTarget(outcome.redirects);
  if (status === 304) return { kind: 'unchanged', movedTo };
  if (status < 200 || status > 299) {
    const trouble = {
      kind: kindOfStatus(status),
      reason: `${url}: answered ${status}`,
      status,
      evidence: null,
    };
    return { kind: 'failed', trouble, retryAfterMs: retryAfterMs(headers['retry-after'], now) };
  }
  return {
    kind: 'fresh',
    body,
    url,
    contentType: headers['content-type'] ?? null,
    etag: headers['etag'] ?? null,
    lastModified: headers['last-modified'] ?? null,
    movedTo,
  };
}

/**
 * The trouble that a body is which parseFeed refused, with its beginning as evidence. An empty one may be a
 * moment's; the others are not.
 */
export function troubleOf(error: FeedParseError, body: Uint8Array, status: number | null): PollTrouble {
  const { text } = decode(body.subarray(0, EVIDENCE_BYTES_MAX));
  const evidence = text.replaceAll('\0', '');
  const kind = error.fault === 'empty' ? 'soft' : 'hard';
  return { kind, reason: error.message, status, evidence: evidence === '' ? null : evidence };
}

/** How a poll ended, for the feed's stream. */
export type PollResult =
  | {
      readonly kind: 'good';
      readonly movedTo: string | null;
      /** Failed polls since the last good one. */
      readonly failures: number;
    }
  | { readonly kind: 'failed'; readonly trouble: PollTrouble };

/** A feed's stream as far as it was read. */
export interface KnownFeed {
  readonly state: FeedState;
  /** The number of its last event; 0 when there is none. It tells one occasion from the next in event ids. */
  readonly version: number;
}

function failureOf({ kind, reason, status, evidence }: PollTrouble): FeedFailure {
  return { kind, reason, status, evidence: evidence === null ? null : contentHashOf(evidence) };
}

/**
 * What a poll adds to a feed's stream. FeedFailed when trouble starts or changes its kind, so that a feed
 * which is down for a week is one event and not a thousand; FeedRecovered at the first good poll after;
 * FeedMoved when permanent redirects led to a good answer elsewhere (a redirect to a page that is no feed
 * moves nothing).
 */
export function decidePolled(
  feed: FeedId,
  { state, version }: KnownFeed,
  result: PollResult,
  now: Date,
): readonly FeedEvent[] {
  if (state.status === 'unknown' || state.status === 'removed') return [];
  const base = { decidedAt: now };
  if (result.kind === 'failed') {
    const failure = failureOf(result.trouble);
    if (state.failure?.kind === failure.kind) return [];
    return [
      { ...base, type: 'FeedFailed', id: eventIdOf('FeedFailed', feed, version), data: { feed, failure } },
    ];
  }
  const events: FeedEvent[] = [];
  if (state.failure !== null) {
    const data = { feed, failures: result.failures };
    events.push({ ...base, type: 'FeedRecovered', id: eventIdOf('FeedRecovered', feed, version), data });
  }
  const { movedTo } = result;
  if (movedTo !== null && state.url !== null && movedTo !== state.url) {
    const data = {
      feed,
      from: state.url,
      to: movedTo,
      cause: 'redirect',
      reason: 'the server redirects for good',
    } as const;
    events.push({ ...base, type: 'FeedMoved', id: eventIdOf('FeedMoved', feed, version), data });
  }
  return events;
}
