import type { FeedListing } from '../dossier/dossier.ts';
import { feedStream } from '../events/ids.ts';
import type { FeedId } from '../events/ids.ts';
import { decideAddAll } from '../ingest/hand-feeds.ts';
import type { AddDecision, HandDecider, HandDecision, WantedFeed } from '../ingest/hand-feeds.ts';
import { refuseUnfinished } from '../store/importing.ts';
import { decideAgain, HalfChanged, lostStreams } from './decide-again.ts';
import type { HandDeps } from './decide-again.ts';
import { readFeed, readFeeds } from './feeds.ts';
import { takeEffect } from './take-effect.ts';

type Changes = ReadonlyMap<FeedId, HandDecision>;

/**
 * Does with feeds of the log what a person wants, all or none: where one is refused, nothing is appended. What a running
 * process said of a feed meanwhile (that it fails, that it moved) is decided on again; throws HalfChanged where one is refused
 * then that was not before.
 */
export async function changeFeeds(
  { store, now }: HandDeps,
  feeds: readonly FeedId[],
  decide: HandDecider,
  reason: string,
): Promise<Changes> {
  await refuseUnfinished(store.db);
  const changes = new Map<FeedId, HandDecision>();
  const done: FeedId[] = [];
  const once = async (left: readonly FeedId[]): Promise<readonly FeedId[]> => {
    const commands = [];
    const refusals: string[] = [];
    for (const feed of left) {
      const known = await readFeed(store.db, feed);
      const decision = decide(feed, known, reason, now());
      changes.set(feed, decision);
      if (decision.kind === 'refused') refusals.push(decision.reason);
      if (decision.kind !== 'events') continue;
      commands.push({ feed, stream: feedStream(feed), expected: known.version, events: decision.events });
    }
    if (refusals.length > 0 && done.length > 0) throw new HalfChanged(done, refusals);
    if (refusals.length > 0) return [];
    const results = await store.append(commands, now());
    await takeEffect(store, results, ['feeds'], now);
    const lost = lostStreams(results);
    const again = commands.filter(({ stream }) => lost.has(stream)).map(({ feed }) => feed);
    done.push(...commands.filter(({ stream }) => !lost.has(stream)).map(({ feed }) => feed));
    return again;
  };
  await decideAgain([...new Set(feeds)], once, String);
  return changes;
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
  await refuseUnfinished(store.db);
  const outcomes = new Map<WantedFeed, AddDecision>();
  const once = async (left: readonly WantedFeed[]): Promise<readonly WantedFeed[]> => {
    const decisions = await foreseeFeeds(deps, left, listings);
    const commands = decisions.flatMap((decision) =>
      decision.kind !== 'taken' && decision.events.length > 0
        ? [{ stream: feedStream(decision.feed), expected: decision.expected, events: decision.events }]
        : [],
    );
    const results = await store.append(commands, now());
    await takeEffect(store, results, ['feeds'], now);
    const lost = lostStreams(results);
    const again: WantedFeed[] = [];
    left.forEach((one, index) => {
      const decision = decisions[index];
      if (decision === undefined) return;
      if (decision.kind !== 'taken' && lost.has(feedStream(decision.feed))) again.push(one);
      else outcomes.set(one, decision);
    });
    return again;
  };
  await decideAgain(wanted, once, ({ url }) => url);
  return wanted.flatMap((one) => outcomes.get(one) ?? []);
}
