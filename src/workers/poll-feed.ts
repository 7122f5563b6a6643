import assert from 'node:assert/strict';
import type { Dossier } from '../dossier/dossier.ts';
import { contentHashOf, feedStream } from '../events/ids.ts';
import type { ContentHash, FeedId } from '../events/ids.ts';
import { decidePolled, polledOf, weighed } from '../ingest/feed.ts';
import type { KnownFeed, Polled, PollResult } from '../ingest/feed.ts';
import { hear } from '../ingest/for-good.ts';
import { attributed } from '../ingest/identity.ts';
import { publisherResolver } from '../ingest/publisher.ts';
import { offerOf } from '../ingest/websub-offer.ts';
import type { Log } from '../log.ts';
import type { HttpClient } from '../net/http.ts';
import { putContent } from '../store/content.ts';
import { readPlan, recordPoll, releaseFeeds } from '../store/feed-schedule.ts';
import type { FeedPlan } from '../store/feed-schedule.ts';
import { noteOffer } from '../store/hubs.ts';
import { pollSoon, readPushState } from '../store/pushes.ts';
import type { PushState } from '../store/pushes.ts';
import type { Store } from '../store/store.ts';
import { readFeedDocument } from './feed-document.ts';
import { readFeed } from './feeds.ts';
import { recordPolled } from './record-poll.ts';

/** Longest pause between polls of a feed in trouble. */
const BACKOFF_MAX_MS = 24 * 60 * 60 * 1000;
/** Doublings after which BACKOFF_MAX_MS is reached from any interval. */
const BACKOFF_STEPS_MAX = 12;
/** Between two requests to a host, unless the operator says otherwise. */
export const HOST_GAP_MS = 5_000;
/** The same after an answer that asks to slow down: 429, or 503. */
const HOST_GAP_SLOW_MS = 30_000;
const SLOW_DOWN_STATUSES: ReadonlySet<number | null> = new Set([429, 503]);
/** How many times longer the interval is while a hub pushes: polling is what remains should it fail. */
const PUSHED_SLOWER = 4;

export interface PollDeps {
  readonly store: Store;
  readonly http: HttpClient;
  readonly dossier: Dossier;
  /** Between two polls of a feed that answers. */
  readonly pollIntervalMs: number;
  /** Between the end of a request and the next one to the same host; HOST_GAP_MS unless given. */
  readonly hostGapMs?: number;
  /** Feeds on the own machine or network are polled too: for the demo and tests. */
  readonly allowPrivate: boolean;
  /** Ends requests in hand when the process stops. */
  readonly stopping?: AbortSignal;
  readonly now: () => Date;
  readonly log: Log;
}

type Fresh = Extract<Polled, { kind: 'fresh' }>;

/** What a poll came to: for the feed's stream, for the schedule, and one line for people. */
interface Outcome {
  readonly result: PollResult;
  readonly line: string;
  readonly retryAfterMs: number | null;
  readonly fresh: Fresh | null;
  /** Whether a push came while it was in hand. */
  readonly overtaken: boolean;
}

const NOTHING_CAME = { retryAfterMs: null, fresh: null, overtaken: false } as const;

/** When to poll again: after the usual interval, or ever later while there is trouble, and never before the server said. */
export function pollDelayMs(intervalMs: number, failures: number, retryAfterMs: number | null): number {
  const backoff = intervalMs * 2 ** Math.min(failures, BACKOFF_STEPS_MAX);
  return Math.max(Math.min(backoff, BACKOFF_MAX_MS), failures === 0 ? intervalMs : 0, retryAfterMs ?? 0);
}

/**
 * For how long a host is left alone after a poll of one of its feeds: for the usual gap, and longer when it asked to slow down.
 * Retry-After counts for the whole host then: what is limited is who asks, not what for.
 */
export function hostGapMs(usualMs: number, status: number | null, retryAfterMs: number | null): number {
  if (!SLOW_DOWN_STATUSES.has(status)) return usualMs;
  return Math.max(usualMs, HOST_GAP_SLOW_MS, retryAfterMs ?? 0);
}

/** Reads what came and records its items. */
async function digest(
  deps: PollDeps,
  feed: FeedId,
  { state }: KnownFeed,
  fresh: Fresh,
  plan: FeedPlan,
  before: PushState,
): Promise<Outcome> {
  // The feed is known (it has a plan), so its stream names its publisher.
  assert(state.publisher !== null, `feed ${feed} has no publisher`);
  const { publisher, lang } = state;
  const { url, link, movedTo } = fresh;
  const read = await readFeedDocument(deps, { publisher, lang }, fresh);
  if (read.kind === 'unreadable') {
    const trouble = weighed(read.trouble, plan.failures);
    return { ...NOTHING_CAME, result: { kind: 'failed', trouble }, line: trouble.reason };
  }
  // What a feed holds when it is first polled is old news to its readers, and no reason to wake anybody.
  const backfill = plan.firstPolledAt === null ? ('first-poll' as const) : null;
  const resolve = publisherResolver(deps.dossier.publishers);
  const seen = read.items.map((item) => ({ ...attributed(item, resolve), feed, backfill }));
  await noteOffer(deps.store.db, feed, offerOf({ url, link, hubs: read.hubs, self: read.self }));
  const isFirst = backfill !== null;
  const { line, overtaken } = await recordPolled(deps, { feed, seen, before, isFirst });
  const dropped = read.dropped === 0 ? '' : `, ${read.dropped} repeated or empty`;
  return {
    result: { kind: 'good', movedTo, failures: plan.failures },
    line: `${line}${dropped}`,
    retryAfterMs: null,
    // With its validators the poll that has to follow would be answered by nothing.
    fresh: overtaken ? null : fresh,
    overtaken,
  };
}

async function outcomeOf(
  deps: PollDeps,
  feed: FeedId,
  known: KnownFeed,
  plan: FeedPlan,
): Promise<Outcome | null> {
  const before = await readPushState(deps.store.db, feed, deps.now());
  const answer = await deps.http.get(plan.url, {
    etag: plan.etag,
    lastModified: plan.lastModified,
    allowPrivate: deps.allowPrivate || plan.options.allowPrivate,
    ...(deps.stopping && { signal: deps.stopping }),
  });
  // A request that our own stop cut off says nothing about the feed, which stays due.
  if (deps.stopping?.aborted === true) return null;
  const polled = polledOf(answer, deps.now());
  switch (polled.kind) {
    case 'fresh':
      return await digest(deps, feed, known, polled, plan, before);
    case 'unchanged': {
      const { movedTo } = polled;
      const result = { kind: 'good', movedTo, failures: plan.failures } as const;
      return { ...NOTHING_CAME, result, line: 'unchanged' };
    }
    case 'failed': {
      const { trouble, retryAfterMs } = polled;
      return { ...NOTHING_CAME, result: { kind: 'failed', trouble }, line: trouble.reason, retryAfterMs };
    }
  }
}

/** Keeps what arrived when it was the trouble: nothing bad is thrown away unseen. */
async function keepEvidence(store: Store, result: PollResult): Promise<void> {
  if (result.kind === 'good' || result.trouble.evidence === null) return;
  const text = result.trouble.evidence;
  const hash: ContentHash = contentHashOf(text);
  await putContent(store.db, new Map([[hash, { kind: 'response', body: { text } }]]));
}

function hasLapsed({ claimedUntil }: FeedPlan, now: Date): boolean {
  return claimedUntil !== null && claimedUntil <= now;
}

/** Notes how a poll went: in the feed's stream what people must be able to see later, in the schedule when to poll again. */
async function conclude(deps: PollDeps, plan: FeedPlan, known: KnownFeed, outcome: Outcome): Promise<void> {
  const { store, now, log } = deps;
  const { feed } = plan;
  const { line, retryAfterMs, fresh, overtaken } = outcome;
  const { result, said } = hear(plan.said, outcome.result, now());
  await keepEvidence(store, result);
  const events = decidePolled(feed, known, result, now());
  if (events.length > 0) {
    // A conflict means that the feed was paused, removed or judged by another worker meanwhile: theirs stands.
    await store.append([{ stream: feedStream(feed), expected: known.version, events }], now());
  }
  const good = result.kind === 'good';
  log[good ? 'info' : 'warn']({ feed, outcome: line }, 'polled');
  const at = now();
  const status = result.kind === 'good' ? null : result.trouble.status;
  const { subscribed } = await readPushState(store.db, feed, at);
  const intervalMs = subscribed ? deps.pollIntervalMs * PUSHED_SLOWER : deps.pollIntervalMs;
  const delay = pollDelayMs(intervalMs, good ? 0 : plan.failures + 1, retryAfterMs);
  const gap = hostGapMs(deps.hostGapMs ?? HOST_GAP_MS, status, retryAfterMs);
  await recordPoll(store.db, feed, {
    url: plan.url,
    at,
    good,
    outcome: line,
    nextDueAt: new Date(at.getTime() + delay),
    hostFreeAt: new Date(at.getTime() + gap),
    said,
    ...(fresh !== null && {
      validators: { etag: fresh.etag, lastModified: fresh.lastModified },
    }),
  });
  if (overtaken) await pollSoon(store.db, feed, now());
}

/**
 * Polls one feed: fetches it, records what is new, notes in its stream when trouble starts or ends, and sets when it is
 * due again. Safe to repeat at any point: until the last line the feed simply stays due.
 */
export async function pollFeed(deps: PollDeps, feed: FeedId): Promise<void> {
  const { store, now } = deps;
  const plan = await readPlan(store.db, feed);
  // Jobs outlive what they were made for: a feed that is not due was polled by another job meanwhile, and one whose claim has
  // lapsed is about to get another, since the turn of its host has lapsed too.
  if (plan === null || plan.nextDueAt > now() || hasLapsed(plan, now())) return;
  const known = await readFeed(store.db, feed);
  // The schedule follows the log and may be a moment behind it: a feed that was just removed is not asked for.
  if (!plan.enabled || known.state.status !== 'active') {
    await releaseFeeds(store.db, [feed], now());
    return;
  }
  const outcome = await outcomeOf(deps, feed, known, plan);
  if (outcome === null) {
    await releaseFeeds(store.db, [feed], new Date(now().getTime() + (deps.hostGapMs ?? HOST_GAP_MS)));
    return;
  }
  await conclude(deps, plan, known, outcome);
}
