import { contentHashOf, eventIdOf } from '../events/ids.ts';
import type { FeedId } from '../events/ids.ts';
import type { FailureKind, FeedEvent, FeedFailure, FeedState } from '../events/feed.ts';
import type { HttpAnswer, HttpOutcome, Redirect } from '../net/http.ts';
import { retryAfterMs } from '../net/retry-after.ts';
import { decode } from './decode.ts';
import { KIND_OF_CODE, kindOfStatus } from './failure-kind.ts';
import type { FeedParseError, FeedParseFault } from './parsed.ts';

/** How much of a body that was the trouble is kept. */
const EVIDENCE_BYTES_MAX = 64 * 1024;

/** Why a poll brought nothing, before its evidence is stored. */
export interface PollTrouble {
  readonly kind: FailureKind;
  readonly reason: string;
  readonly status: number | null;
  /** The beginning of the body that was the trouble, as text that can be stored. */
  readonly evidence: string | null;
  /** Whether it is a web page that came, which may be a moment's. */
  readonly isPage?: boolean;
  /** Of a fault in the parser: where it lies, for the record of the process alone. */
  readonly stack?: string;
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
      /** The `Link` header, which may name a hub. */
      readonly link: string | null;
      /** Where permanent redirects say the feed lives; null when it stayed. */
      readonly movedTo: string | null;
    }
  | { readonly kind: 'unchanged'; readonly movedTo: string | null }
  | { readonly kind: 'failed'; readonly trouble: PollTrouble; readonly retryAfterMs: number | null };

const PERMANENT = new Set([301, 308]);
/** Longer validators are not worth keeping: no server needs so many characters to tell one copy from the next. */
const VALIDATOR_CHARS_MAX = 1_024;
/** Polls in a row that may bring a web page before it is more than a moment's: maintenance, or the portal of a network. */
const PAGES_MAX = 3;

const givesUpTls = ({ from, to }: Redirect): boolean => from.startsWith('https:') && to.startsWith('http:');

const MOMENTARY: ReadonlySet<FeedParseFault> = new Set<FeedParseFault>(['empty', 'too-slow']);

/**
 * Where a chain of redirects led for good: as far as every step from the first on was permanent and kept what TLS there
 * was.
 */
function permanentTarget(redirects: readonly Redirect[]): string | null {
  const temporary = redirects.findIndex((step) => !PERMANENT.has(step.status) || givesUpTls(step));
  const permanent = temporary < 0 ? redirects : redirects.slice(0, temporary);
  return permanent.at(-1)?.to ?? null;
}

function failedPoll(
  trouble: Omit<PollTrouble, 'evidence'>,
  retryAfterMs: number | null = null,
): Extract<Polled, { kind: 'failed' }> {
  return { kind: 'failed', trouble: { ...trouble, evidence: null }, retryAfterMs };
}

/** A validator as it was given, or null: one that cannot be kept or sent back whole is none. */
function validatorOf(header: string | undefined): string | null {
  const value = header ?? '';
  return value === '' || value.length > VALIDATOR_CHARS_MAX ? null : value;
}

function polledOfAnswer(answer: HttpAnswer, now: Date): Polled {
  const { status, url, headers, body, conditional } = answer;
  const movedTo = permanentTarget(answer.redirects);
  if (status === 304) {
    if (conditional !== false) return { kind: 'unchanged', movedTo };
    const reason = `${url}: answered 304 though it was not told of a copy`;
    return failedPoll({ kind: 'hard', reason, status });
  }
  if (status < 200 || status > 299) {
    const trouble = { kind: kindOfStatus(status), reason: `${url}: answered ${status}`, status };
    // On a redirect it is about the redirect, and those are followed at once.
    return failedPoll(trouble, status < 400 ? null : retryAfterMs(headers['retry-after'], now));
  }
  return {
    kind: 'fresh',
    body,
    url,
    contentType: headers['content-type'] ?? null,
    etag: validatorOf(headers['etag']),
    lastModified: validatorOf(headers['last-modified']),
    link: headers['link'] ?? null,
    movedTo,
  };
}

/**
 * What the outcome of a request for a feed means: something to parse, nothing new, or trouble and of which
 * kind.
 */
export function polledOf(outcome: HttpOutcome, now: Date): Polled {
  if (outcome.kind === 'answer') return polledOfAnswer(outcome, now);
  return failedPoll({ kind: KIND_OF_CODE[outcome.code], reason: outcome.reason, status: null });
}

/**
 * The trouble that a body is which parseFeed refused, with its beginning as evidence. An empty one may be a
 * moment's, and so may be that there was no time to read it; the others are not.
 */
export function troubleOf(error: FeedParseError, body: Uint8Array, status: number | null): PollTrouble {
  const { text } = decode(body.subarray(0, EVIDENCE_BYTES_MAX));
  const evidence = text.replaceAll('\0', '');
  const kind = MOMENTARY.has(error.fault) ? 'soft' : 'hard';
  const isPage = error.fault === 'html';
  return {
    kind,
    reason: error.message,
    status,
    evidence: evidence === '' ? null : evidence,
    ...(isPage && { isPage }),
    ...(error.fault === 'crashed' && error.cause instanceof Error && { stack: error.cause.message }),
  };
}

/** The trouble as it is after `failures` failed polls in a row: web pages instead of a feed are soft at first. */
export function weighed(trouble: PollTrouble, failures: number): PollTrouble {
  return trouble.isPage === true && failures < PAGES_MAX ? { ...trouble, kind: 'soft' } : trouble;
}

/** How a poll ended, for the feed's stream. */
export type PollResult =
  | {
      readonly kind: 'good';
      /** Where the feed has moved for good, to be believed (for-good.ts); null when it stayed. */
      readonly movedTo: string | null;
      /** Failed polls since the last good one. */
      readonly failures: number;
    }
  | {
      readonly kind: 'failed';
      readonly trouble: PollTrouble;
      /** Whether the server says that the feed is gone for good, and is to be believed (for-good.ts). */
      readonly gone?: boolean;
    };

/** A feed's stream as far as it was read. */
export interface KnownFeed {
  readonly state: FeedState;
  /** The number of its last event; 0 when there is none. It tells one occasion from the next in event ids. */
  readonly version: number;
}

function failureOf({ kind, reason, status, evidence }: PollTrouble): FeedFailure {
  return { kind, reason, status, evidence: evidence === null ? null : contentHashOf(evidence) };
}

type Failed = Extract<PollResult, { kind: 'failed' }>;
type Good = Extract<PollResult, { kind: 'good' }>;

function decideFailed(feed: FeedId, { state, version }: KnownFeed, result: Failed, now: Date): FeedEvent[] {
  const events: FeedEvent[] = [];
  const base = { decidedAt: now };
  const failure = failureOf(result.trouble);
  if (state.failure?.kind !== failure.kind) {
    const id = eventIdOf('FeedFailed', feed, version);
    events.push({ ...base, type: 'FeedFailed', id, data: { feed, failure } });
  }
  if (result.gone === true && state.status === 'active') {
    const id = eventIdOf('FeedPaused', feed, version);
    const reason = `${failure.reason}, gone for good, and said so again`;
    events.push({ ...base, type: 'FeedPaused', id, data: { feed, reason } });
  }
  return events;
}

function decideGood(feed: FeedId, { state, version }: KnownFeed, result: Good, now: Date): FeedEvent[] {
  const events: FeedEvent[] = [];
  const base = { decidedAt: now };
  if (state.failure !== null) {
    const id = eventIdOf('FeedRecovered', feed, version);
    events.push({ ...base, type: 'FeedRecovered', id, data: { feed, failures: result.failures } });
  }
  const { movedTo } = result;
  if (movedTo !== null && state.url !== null && movedTo !== state.url) {
    const id = eventIdOf('FeedMoved', feed, version);
    const reason = 'the server redirects for good';
    const data = { feed, from: state.url, to: movedTo, cause: 'redirect', reason } as const;
    events.push({ ...base, type: 'FeedMoved', id, data });
  }
  return events;
}

/**
 * What a poll adds to a feed's stream. FeedFailed when trouble starts or changes its kind, so that a feed
 * which is down for a week is one event and not a thousand; FeedPaused when its server says again that it is gone;
 * FeedRecovered at the first good poll after trouble; FeedMoved when permanent redirects led to a good answer
 * elsewhere (a redirect to a page that is no feed moves nothing), and did so before.
 */
export function decidePolled(
  feed: FeedId,
  known: KnownFeed,
  result: PollResult,
  now: Date,
): readonly FeedEvent[] {
  const { status } = known.state;
  if (status === 'unknown' || status === 'removed') return [];
  return result.kind === 'failed'
    ? decideFailed(feed, known, result, now)
    : decideGood(feed, known, result, now);
}
