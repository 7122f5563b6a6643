import type { FeedListing } from '../dossier/dossier.ts';
import { feedStream } from '../events/ids.ts';
import type { FeedId } from '../events/ids.ts';
import { decideAddAll } from '../ingest/hand-feeds.ts';
import type { AddDecision, HandDecider, HandDecision, WantedFeed } from '../ingest/hand-feeds.ts';
import type { Store } from '../store/store.ts';
import { readFeed, readFeeds } from './feeds.ts';
import { takeEffect } from './take-effect.ts';

/** Times to decide again when a running process appended to a feed's stream meanwhile. */
const CONFLICT_RETRIES_MAX = 5;

export interface HandDeps {
  readonly store: Store;
  readonly now: () => Date;
}

type Changes = ReadonlyMap<FeedId, HandDecision>;

async function changeOnce(
  { store, now }: HandDeps,
  feeds: readonly FeedId[],
  decide: HandDecider,
  reason: string,
): Promise<{ readonly decided: Changes; readonly again: readonly FeedId[] }> {
  const decided = new Map<FeedId, HandDecision>();
  const commands = [];
  for (const feed of feeds) {
    const known = await readFeed(store.db, feed);
    const decision = decide(feed, known, reason, now());
    decided.set(feed, decision);
    if (decision.kind !== 'events') continue;
    commands.push({ stream: feedStream(feed), expected: known.version, events: decision.events });
  }
  if ([...decided.values()].some(({ kind }) => kind === 'refused')) return { decided, again: [] };
  const results = await store.append(commands, now());
  await takeEffect(store, results, ['feeds'], now);
  const lost = new Set(results.filter(({ status }) => status === 'conflict').map(({ stream }) => stream));
  return { decided, again: feeds.filter((feed) => lost.has(feedStream(feed))) };
}

/**
 * Does with feeds of the log what a person wants, all or none: where one is refused, nothing is appended. What a running
 * process said of a feed meanwhile (that it fails, that it moved) is decided on again.
 */
export async function changeFeeds(
  deps: HandDeps,
  feeds: readonly FeedId[],
  decide: HandDecider,
  reason: string,
): Promise<Changes> {
  const changes = new Map<FeedId, HandDecision>();
  let left = [...new Set(feeds)];
  for (let attempt = 0; attempt < CONFLICT_RETRIES_MAX; attempt++) {
    const { decided, again } = await changeOnce(deps, left, decide, reason);
    for (const [feed, decision] of decided) changes.set(feed, decision);
    if (again.length === 0) return changes;
    left = [...again];
  }
  throw new Error(`${left.join(', ')} kept changing under our hands; try again`);
}

/** What would come of adding `wanted`, without doing it. */
export async function foreseeFeeds(
  { store, now }: HandDeps,
  wanted: readonly WantedFeed[],
  listings: readonly FeedListing[],
): Promise<readonly AddDecision[]> {
  return decideAddAll(await readFeeds(store.db), listings, wanted, now());
}

/** Adds feeds by hand: what became of each, in order. Safe to repeat: what is known by then is named and left alone. */
export async function addFeeds(
  deps: HandDeps,
  wanted: readonly WantedFeed[],
  listings: readonly FeedListing[],
): Promise<readonly AddDecision[]> {
  const { store, now } = deps;
  const outcomes = new Map<WantedFeed, AddDecision>();
  let left = wanted;
  for (let attempt = 0; attempt < CONFLICT_RETRIES_MAX; attempt++) {
    const decisions = await foreseeFeeds(deps, left, listings);
    const commands = decisions.flatMap((decision) =>
      decision.kind === 'added'
        ? [{ stream: feedStream(decision.feed), expected: decision.expected, events: decision.events }]
        : [],
    );
    const results = await store.append(commands, now());
    await takeEffect(store, results, ['feeds'], now);
    const lost = new Set(results.filter(({ status }) => status === 'conflict').map(({ stream }) => stream));
    const again: WantedFeed[] = [];
    left.forEach((one, index) => {
      const decision = decisions[index];
      if (decision === undefined) return;
      if (decision.kind === 'added' && lost.has(feedStream(decision.feed))) again.push(one);
      else outcomes.set(one, decision);
    });
    if (again.length === 0) return wanted.flatMap((one) => outcomes.get(one) ?? []);
    left = again;
  }
  throw new Error('feeds kept being added under our hands; try again');
}
