import type { FeedListing } from '../dossier/dossier.ts';
import { evolveFeed, initialFeed, OPTIONS_OFF, sameOptions } from '../events/feed.ts';
import type { FeedEvent, FeedOptions, FeedState } from '../events/feed.ts';
import { eventIdOf } from '../events/ids.ts';
import type { ContentHash, FeedId, PublisherId } from '../events/ids.ts';
import type { KnownFeed } from './feed.ts';
import { isArchiveUrl } from './archive-feed.ts';
import { feedIdFor, feedKeyOf } from './feed-name.ts';

/** What a person's word about a feed comes to. */
export type HandDecision =
  | { readonly kind: 'events'; readonly events: readonly FeedEvent[] }
  /** It is so already; the words say what. */
  | { readonly kind: 'already'; readonly reason: string }
  | { readonly kind: 'refused'; readonly reason: string };

/** Decides what a person wants done with a feed that the log knows. */
export type HandDecider = (feed: FeedId, known: KnownFeed, reason: string, now: Date) => HandDecision;

const already = (reason: string): HandDecision => ({ kind: 'already', reason });
const refused = (reason: string): HandDecision => ({ kind: 'refused', reason });

/** Polled no more until it is resumed; a start with the same dossier, or another, does not resume it. */
export const decidePause: HandDecider = (feed, { state, version }, reason, now) => {
  if (state.status === 'paused') return already(`${feed} is paused already`);
  if (state.status !== 'active') return refused(`${feed} was removed: there is nothing to pause`);
  if (isArchiveUrl(state.url ?? ''))
    return refused(`${feed} stands for an import, which nothing polls: there is nothing to pause`);
  const id = eventIdOf('FeedPaused', feed, version);
  return { kind: 'events', events: [{ type: 'FeedPaused', id, decidedAt: now, data: { feed, reason } }] };
};

/** Polled again. One that was removed comes back as new: what it holds by then is old news, and alerts nobody. */
export const decideResume: HandDecider = (feed, { state, version }, reason, now) => {
  const { status, url, title, publisher, lang, options } = state;
  if (status === 'active') return already(`${feed} is not paused`);
  if (status === 'paused') {
    const id = eventIdOf('FeedResumed', feed, version);
    return { kind: 'events', events: [{ type: 'FeedResumed', id, decidedAt: now, data: { feed, reason } }] };
  }
  if (url === null || publisher === null) return refused(`no feed ${feed} in the log`);
  const id = eventIdOf('FeedAdded', feed, version);
  const data = { feed, url, title, publisher, lang, dossier: null, options };
  return { kind: 'events', events: [{ type: 'FeedAdded', id, decidedAt: now, data }] };
};

/** Off the list, whatever the dossier lists, until a person adds or resumes it. What it brought stays. */
export const decideRemove: HandDecider = (feed, { state, version }, reason, now) => {
  if (state.status === 'removed') return already(`${feed} is removed already`);
  const id = eventIdOf('FeedRemoved', feed, version);
  const data = { feed, cause: 'hand', reason } as const;
  return { kind: 'events', events: [{ type: 'FeedRemoved', id, decidedAt: now, data }] };
};

/** Other options from now on; those that are not named stay as they are. */
export function decideOptions(wanted: Partial<FeedOptions>): HandDecider {
  return (feed, { state, version }, reason, now) => {
    if (!isThere(state)) return refused(`${feed} was removed: it comes back with "feeds resume ${feed}"`);
    if (isArchiveUrl(state.url ?? ''))
      return refused(`${feed} stands for an import, which nothing polls: it has no options`);
    const options = { ...state.options, ...wanted };
    if (sameOptions(options, state.options)) return already(`${feed} is set so already`);
    const id = eventIdOf('FeedOptionsChanged', feed, version);
    const data = { feed, options, cause: 'hand', reason } as const;
    return { kind: 'events', events: [{ type: 'FeedOptionsChanged', id, decidedAt: now, data }] };
  };
}

/** A feed that a person wants. */
export interface WantedFeed {
  /** Null: one is made of the URL. */
  readonly id: FeedId | null;
  readonly url: string;
  readonly title: string;
  readonly publisher: PublisherId;
  /** BCP 47. */
  readonly lang: string | null;
  /** Why it is not to be polled yet; null where it is. */
  readonly paused: string | null;
  /** What is said of its options; the others are as they were, or off. */
  readonly options?: Partial<FeedOptions>;
  /** The list that names it, kept in content, and which of its outlines that is; absent where no list does. */
  readonly outline?: { readonly list: ContentHash; readonly outline: number };
}

/** What wanting a feed comes to. */
export type AddDecision =
  | {
      readonly kind: 'added';
      readonly feed: FeedId;
      /** Whether the log knew it before: then it comes back. */
      readonly again: boolean;
      /** The version of its stream that this was decided on. */
      readonly expected: number;
      readonly events: readonly FeedEvent[];
    }
  | {
      readonly kind: 'known';
      readonly feed: FeedId;
      readonly status: 'active' | 'paused' | 'listed';
      readonly expected: number;
      /** That it stands in a list now, and may be private, where that is new; else none. */
      readonly events: readonly FeedEvent[];
    }
  /** The id is another feed's. */
  | { readonly kind: 'taken'; readonly feed: FeedId; readonly url: string };

const isThere = ({ status }: FeedState): boolean => status === 'active' || status === 'paused';

/** The feed at this URL, or that the dossier lists at it; one that is polled before one that was removed. */
function atUrl(known: ReadonlyMap<FeedId, KnownFeed>, url: string): [FeedId, FeedState] | undefined {
  const key = feedKeyOf(url);
  const same = (other: string | null): boolean => other !== null && feedKeyOf(other) === key;
  const found = [...known]
    .filter(([, { state }]) => same(state.url) || same(state.listed))
    .map(([feed, { state }]): [FeedId, FeedState] => [feed, state]);
  return found.find(([, state]) => isThere(state)) ?? found[0];
}

function addedEvents(wanted: WantedFeed, feed: FeedId, version: number, now: Date): FeedEvent[] {
  const { url, title, publisher, lang, paused } = wanted;
  const options = { ...OPTIONS_OFF, ...wanted.options };
  const added: FeedEvent = {
    type: 'FeedAdded',
    id: eventIdOf('FeedAdded', feed, version),
    decidedAt: now,
    data: { feed, url, title: title === '' ? feed : title, publisher, lang, dossier: null, options },
  };
  const events = [added, ...listedEvents(wanted, feed, null, version + 1, now)];
  if (paused === null) return events;
  const id = eventIdOf('FeedPaused', feed, version + events.length);
  return [...events, { type: 'FeedPaused', id, decidedAt: now, data: { feed, reason: paused } }];
}

/** That a list names a feed, where it is not known to stand there. */
function listedEvents(
  { outline }: WantedFeed,
  feed: FeedId,
  before: FeedState['outline'],
  version: number,
  now: Date,
): FeedEvent[] {
  if (outline === undefined) return [];
  if (before?.list === outline.list && before.outline === outline.outline) return [];
  const id = eventIdOf('FeedListed', feed, version);
  return [{ type: 'FeedListed', id, decidedAt: now, data: { feed, ...outline } }];
}

/** What a feed was known as stands where nobody says otherwise. */
function asKnown(wanted: WantedFeed, { state }: KnownFeed): WantedFeed {
  return {
    ...wanted,
    title: wanted.title === '' ? state.title : wanted.title,
    lang: wanted.lang ?? state.lang,
    options: { ...state.options, ...wanted.options },
  };
}

/** The URL that already has this id: of a feed that is there, or of one that is to come; null where none has. */
function holderOf(before: KnownFeed | undefined, toCome: FeedListing | undefined): string | null {
  if (before !== undefined && isThere(before.state)) return before.state.url ?? '';
  return toCome?.url ?? null;
}

/** That a feed which is there may stand on a private address from now on, where a list is imported with that word; else none. */
function openedEvents(
  { outline, options }: WantedFeed,
  feed: FeedId,
  before: FeedOptions,
  version: number,
  now: Date,
): FeedEvent[] {
  // What else a list says of options is as old as the list: what was set by hand since then stands.
  if (outline === undefined || options?.allowPrivate !== true || before.allowPrivate) return [];
  const id = eventIdOf('FeedOptionsChanged', feed, version);
  const changed = { ...before, allowPrivate: true };
  const data = { feed, options: changed, cause: 'hand', reason: 'imported as private' } as const;
  return [{ type: 'FeedOptionsChanged', id, decidedAt: now, data }];
}

/** Of a feed that is there already a list may be new, and that it may be private. */
function knownThere(
  feed: FeedId,
  { status, outline, options }: FeedState,
  {
    wanted,
    known,
    now,
  }: { readonly wanted: WantedFeed; readonly known: ReadonlyMap<FeedId, KnownFeed>; readonly now: Date },
): AddDecision {
  const expected = known.get(feed)?.version ?? 0;
  const listed = listedEvents(wanted, feed, outline, expected, now);
  const opened = openedEvents(wanted, feed, options, expected + listed.length, now);
  const events = [...listed, ...opened];
  return { kind: 'known', feed, status: status === 'paused' ? 'paused' : 'active', expected, events };
}

/**
 * What adding a feed by hand comes to, where the log knows `known` and the dossier lists `listings`. A URL is one feed:
 * known already it is named, removed it comes back under its old id unless another is asked for.
 */
export function decideAdd(
  known: ReadonlyMap<FeedId, KnownFeed>,
  listings: readonly FeedListing[],
  wanted: WantedFeed,
  now: Date,
): AddDecision {
  const found = atUrl(known, wanted.url);
  if (found !== undefined && isThere(found[1])) {
    return knownThere(found[0], found[1], { wanted, known, now });
  }
  const key = feedKeyOf(wanted.url);
  // What the log does not know yet comes with the next start.
  const toCome = new Map(listings.filter(({ id }) => !known.has(id)).map((listing) => [listing.id, listing]));
  const listed = [...toCome.values()].find(({ url }) => feedKeyOf(url) === key);
  if (listed !== undefined)
    return { kind: 'known', feed: listed.id, status: 'listed', expected: 0, events: [] };
  const isTaken = (id: FeedId): boolean => known.has(id) || toCome.has(id);
  const feed = wanted.id ?? found?.[0] ?? feedIdFor(wanted.url, isTaken);
  const before = known.get(feed);
  const url = holderOf(before, toCome.get(feed));
  if (url !== null) return { kind: 'taken', feed, url };
  const expected = before?.version ?? 0;
  const events = addedEvents(before === undefined ? wanted : asKnown(wanted, before), feed, expected, now);
  return { kind: 'added', feed, again: before !== undefined, expected, events };
}

/** decideAdd for several feeds, each on what the ones before it added: a URL twice in a list is one feed. */
export function decideAddAll(
  known: ReadonlyMap<FeedId, KnownFeed>,
  listings: readonly FeedListing[],
  wanted: readonly WantedFeed[],
  now: Date,
): readonly AddDecision[] {
  const soFar = new Map(known);
  return wanted.map((one) => {
    const decision = decideAdd(soFar, listings, one, now);
    if (decision.kind !== 'taken') {
      const before = soFar.get(decision.feed)?.state ?? initialFeed;
      const version = decision.expected + decision.events.length;
      soFar.set(decision.feed, { state: decision.events.reduce(evolveFeed, before), version });
    }
    return decision;
  });
}
