import type { FeedListing } from '../dossier/dossier.ts';
import { initialFeed, OPTIONS_OFF, sameOptions } from '../events/feed.ts';
import type { FeedEvent } from '../events/feed.ts';
import { eventIdOf } from '../events/ids.ts';
import type { FeedId } from '../events/ids.ts';
import type { KnownFeed } from './feed.ts';

interface Decision {
  readonly dossier: string;
  readonly now: Date;
}

/**
 * What a version of the dossier changes about the feeds that the log knows:
 *
 * - listed and not known, or removed by an earlier version: FeedAdded, and FeedPaused behind it where the list
 *   says that it is not to be polled yet. Whether a known feed is paused is for people to say, not for the list;
 * - listed and removed by hand: nothing. A person's word stands until a person takes it back (hand-feeds.ts);
 * - added by hand and now listed: FeedAdded, the dossier takes it over (not while it is paused: adding would
 *   resume it);
 * - listed under another URL than the dossier last gave: FeedMoved. Where a redirect has led since does not
 *   count, or the list and the server would move the feed to and fro. Another port is another URL here, since
 *   it must be polled where it is; what the feed and its items are does not hang on it (see identity.ts);
 * - listed with other options than the dossier last gave: FeedOptionsChanged. What a person set meanwhile stands
 *   until the list itself says something else;
 * - once listed and no longer: FeedRemoved. Feeds added by hand stay.
 *
 * `known` holds every feed of the log. Event ids come from the feed and how far its stream had got, so that
 * two processes that start together add each feed once.
 */
export function decideFeedList(
  known: ReadonlyMap<FeedId, KnownFeed>,
  listings: readonly FeedListing[],
  dossierVersion: string,
  now: Date,
): readonly FeedEvent[] {
  const decision: Decision = { dossier: dossierVersion, now };
  const listed = new Set(listings.map((listing) => listing.id));
  const events = listings.flatMap((listing) => decideListed(known.get(listing.id), listing, decision));
  for (const [feed, { state, version }] of known) {
    const gone =
      !listed.has(feed) && state.listed !== null && (state.status === 'active' || state.status === 'paused');
    if (gone) {
      events.push({
        type: 'FeedRemoved',
        id: eventIdOf('FeedRemoved', feed, version),
        decidedAt: now,
        data: { feed, cause: 'dossier', reason: `dossier ${dossierVersion} no longer lists it` },
      });
    }
  }
  return events;
}

function decideListed(known: KnownFeed | undefined, listing: FeedListing, decision: Decision): FeedEvent[] {
  const { state, version } = known ?? { state: initialFeed, version: 0 };
  if (state.status === 'unknown' || state.status === 'removed') {
    if (state.removedBy === 'hand') return [];
    return [added(listing, version, decision), ...pausedAtOnce(listing, version, decision)];
  }
  if (state.listed === null) return state.status === 'active' ? [added(listing, version, decision)] : [];
  const events: FeedEvent[] = [];
  if (state.listed !== listing.url) events.push(moved(state.url ?? state.listed, listing, version, decision));
  if (!sameOptions(state.listedOptions ?? OPTIONS_OFF, listing.options ?? OPTIONS_OFF))
    events.push(optionsChanged(listing, version, decision));
  return events;
}

function added(listing: FeedListing, version: number, { dossier, now }: Decision): FeedEvent {
  const { id: feed, url, title, publisher, lang, options = OPTIONS_OFF } = listing;
  return {
    type: 'FeedAdded',
    id: eventIdOf('FeedAdded', feed, version),
    decidedAt: now,
    data: { feed, url, title, publisher, lang, dossier, options },
  };
}

function optionsChanged(listing: FeedListing, version: number, { dossier, now }: Decision): FeedEvent {
  const { id: feed, options = OPTIONS_OFF } = listing;
  return {
    type: 'FeedOptionsChanged',
    id: eventIdOf('FeedOptionsChanged', feed, version),
    decidedAt: now,
    data: { feed, options, cause: 'dossier', reason: `dossier ${dossier} lists it so` },
  };
}

function pausedAtOnce({ id: feed, paused }: FeedListing, version: number, { now }: Decision): FeedEvent[] {
  if (paused === undefined) return [];
  const id = eventIdOf('FeedPaused', feed, version + 1);
  return [{ type: 'FeedPaused', id, decidedAt: now, data: { feed, reason: paused } }];
}

function moved(from: string, listing: FeedListing, version: number, { dossier, now }: Decision): FeedEvent {
  const { id: feed, url } = listing;
  return {
    type: 'FeedMoved',
    id: eventIdOf('FeedMoved', feed, version),
    decidedAt: now,
    data: { feed, from, to: url, cause: 'dossier', reason: `dossier ${dossier} lists it there` },
  };
}
