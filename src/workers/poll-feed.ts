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
import { maxAgeMs } from '../net/max-age.ts';
import { putContent } from '../store/content.ts';
import { readPlanToPoll, recordPoll, releaseFeeds } from '../store/feed-schedule.ts';
import type { FeedPlan, PlanToPoll } from '../store/feed-schedule.ts';
import { noteOffer } from '../store/hubs.ts';
import { hasNews, pollSoon, readPushState } from '../store/pushes.ts';
import type { PushState } from '../store/pushes.ts';
import type { Store } from '../store/store.ts';
import { readFeedDocument } from './feed-document.ts';
import { readFeed } from './feeds.ts';
import { HOST_GAP_MS, pollAgain } from './poll-again.ts';
import type { PollAnswer, PollPace } from './poll-again.ts';
import { tellParserFault } from './parser-faults.ts';
import { recordPolled } from './record-poll.ts';

export interface PollDeps extends PollPace {
  readonly store: Store;
  readonly http: HttpClient;
  readonly dossier: Dossier;
  /** Feeds on the own machine or network are polled too: for the demo and tests. */
  readonly allowPrivate: boolean;
  /** Ends requests in hand when the process stops. */
  readonly stopping?: AbortSignal;
  readonly now: () => Date;
  readonly log: Log;
}

type Fresh = Extract<Polled, { kind: 'fresh' }>;

/** What a poll came to: for the feed's stream, for the schedule, and one line for people. */
interface Outcome extends PollAnswer {
  readonly line: string;
  readonly fresh: Fresh | null;
  /** What the network threw, for the record of the process alone; absent where it threw nothing. */
  readonly raw?: string;
}

/** Nothing was read. */
const UNREAD = { retryAfterMs: null, hints: null, fresh: null } as const;

/** Reads what came and records its items. */
async function digest(
  deps: PollDeps,
  feed: FeedId,
  { state }: KnownFeed,
  fresh: Fresh,
  plan: FeedPlan,
  before: PushState,
): Promise<Omit<Outcome, 'maxAgeMs'>> {
  // The feed is known (it has a plan), so its stream names its publisher.
  assert(state.publisher !== null, `feed ${feed} has no publisher`);
  const { publisher, lang } = state;
  const { url, link, movedTo } = fresh;
  const read = await readFeedDocument(deps, { publisher, lang }, fresh);
  if (read.kind === 'unreadable') {
    tellParserFault(deps.log, feed, read.trouble);
    const trouble = weighed(read.trouble, plan.failures);
    return { ...UNREAD, result: { kind: 'failed', trouble }, line: trouble.reason };
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
    ...UNREAD,
    result: { kind: 'good', movedTo, failures: plan.failures },
    line: `${line}${dropped}`,
    hints: read.hints,
    // With its validators the poll that has to follow would be answered by nothing.
    fresh: overtaken ? null : fresh,
  };
}

async function outcomeOf(
  deps: PollDeps,
  feed: FeedId,
  known: KnownFeed,
  plan: FeedPlan,
  before: PushState,
): Promise<Outcome | null> {
  const answer = await deps.http.get(plan.url, {
    etag: plan.etag,
    lastModified: plan.lastModified,
    allowPrivate: deps.allowPrivate || plan.options.allowPrivate,
    ...(deps.stopping && { signal: deps.stopping }),
  });
  // A request that our own stop cut off says nothing about the feed, which stays due.
  if (deps.stopping?.aborted === true) return null;
  const polled = polledOf(answer, deps.now());
  const age = answer.kind === 'answer' ? maxAgeMs(answer.headers) : null;
  switch (polled.kind) {
    case 'fresh':
      return { ...(await digest(deps, feed, known, polled, plan, before)), maxAgeMs: age };
    case 'unchanged': {
      const { movedTo } = polled;
      const result = { kind: 'good', movedTo, failures: plan.failures } as const;
      return { ...UNREAD, maxAgeMs: age, result, line: 'unchanged' };
    }
    case 'failed': {
      const { trouble, retryAfterMs } = polled;
      const result = { kind: 'failed', trouble } as const;
      const raw = answer.kind === 'failed' && answer.raw !== undefined ? { raw: answer.raw } : {};
      return { ...UNREAD, ...raw, maxAgeMs: null, result, line: trouble.reason, retryAfterMs };
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
async function conclude(
  deps: PollDeps,
  plan: PlanToPoll,
  known: KnownFeed,
  outcome: Outcome,
  before: PushState,
): Promise<void> {
  const { store, now } = deps;
  const { feed } = plan;
  const { line, fresh, hints } = outcome;
  const { result, said } = hear(plan.said, outcome.result, now());
  await keepEvidence(store, result);
  const events = decidePolled(feed, known, result, now());
  if (events.length > 0) {
    // A conflict means that the feed was paused, removed or judged by another worker meanwhile: theirs stands.
    await store.append([{ stream: feedStream(feed), expected: known.version, events }], now());
  }
  const good = result.kind === 'good';
  const at = now();
  const { subscribed } = await readPushState(store.db, feed, at);
  await recordPoll(store.db, feed, {
    url: plan.url,
    claimedUntil: plan.claimedUntil,
    at,
    good,
    outcome: line,
    ...pollAgain(deps, plan, { ...outcome, pushed: subscribed }, at),
    said,
    ...(hints !== null && { hints }),
    ...(fresh !== null && {
      validators: { etag: fresh.etag, lastModified: fresh.lastModified },
    }),
  });
  // While the poll was in hand the feed was due already, so that a push could not make it so. One that comes from here on can.
  if (hasNews(before, await readPushState(store.db, feed, now()))) await pollSoon(store.db, feed, now());
}

/**
 * Polls one feed: fetches it, records what is new, notes in its stream when trouble starts or ends, and sets when it is
 * due again. Safe to repeat at any point: until the last line the feed simply stays due.
 */
export async function pollFeed(deps: PollDeps, feed: FeedId): Promise<void> {
  const { store, now } = deps;
  const plan = await readPlanToPoll(store.db, feed);
  // Jobs outlive what they were made for: a feed that is not due was polled by another job meanwhile, and one whose claim has
  // lapsed is about to get another, since the turn of its host has lapsed too.
  if (plan === null || plan.nextDueAt > now() || hasLapsed(plan, now())) return;
  const known = await readFeed(store.db, feed);
  // The schedule follows the log and may be a moment behind it: a feed that was just removed is not asked for.
  if (!plan.enabled || known.state.status !== 'active') {
    await releaseFeeds(store.db, [feed], now());
    return;
  }
  const lateMs = now().getTime() - plan.nextDueAt.getTime();
  const before = await readPushState(store.db, feed, now());
  const outcome = await outcomeOf(deps, feed, known, plan, before);
  if (outcome === null) {
    await releaseFeeds(store.db, [feed], new Date(now().getTime() + (deps.hostGapMs ?? HOST_GAP_MS)));
    return;
  }
  const good = outcome.result.kind === 'good';
  const { line, raw } = outcome;
  deps.log[good ? 'info' : 'warn']({ feed, outcome: line, ...(raw && { error: raw }), lateMs }, 'polled');
  await conclude(deps, plan, known, outcome, before);
}
