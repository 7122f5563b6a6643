import type { EventShape } from './shape.ts';
import type { ContentHash, FeedId, PublisherId } from './ids.ts';

/**
 * What kind of trouble: `soft` may pass (time-outs, 5xx, 429), `hard` will not (404, 410, not a feed),
 * `blocked` is 401/403.
 */
export type FailureKind = 'soft' | 'hard' | 'blocked';

export interface FeedFailure {
  readonly kind: FailureKind;
  /** One sentence that names what went wrong, for people. */
  readonly reason: string;
  /** The HTTP status, when there was an answer. */
  readonly status: number | null;
  /** The first bytes of what arrived, kept in content, when a body was the trouble. */
  readonly evidence: ContentHash | null;
}

/** What a feed is allowed and asked beyond being polled. Everything is off unless somebody says otherwise. */
export interface FeedOptions {
  /** The pages of its new items are fetched, and what they say is tagged and found as well. */
  readonly fullText: boolean;
  /**
   * It, and what it leads to, may stand on an address of this machine or network: the address guard lets it pass.
   * For the lab; a feed that others write can make this machine ask its own network.
   */
  readonly allowPrivate: boolean;
}

export const OPTIONS_OFF: FeedOptions = { fullText: false, allowPrivate: false };

/** Whether two are alike. */
export function sameOptions(a: FeedOptions, b: FeedOptions): boolean {
  return a.fullText === b.fullText && a.allowPrivate === b.allowPrivate;
}

export type FeedAdded = EventShape<
  'FeedAdded',
  {
    feed: FeedId;
    url: string;
    title: string;
    publisher: PublisherId;
    /** BCP 47, the feed's usual language. */
    lang: string | null;
    /** The version of the dossier that lists it; null when a person added it by hand. */
    dossier: string | null;
    options: FeedOptions;
  }
>;
/** Who said what its options are: the dossier that lists it with others than before, or a person by hand. */
export type OptionsCause = 'dossier' | 'hand';
/** The options are these from now on, all of them. */
export type FeedOptionsChanged = EventShape<
  'FeedOptionsChanged',
  { feed: FeedId; options: FeedOptions; cause: OptionsCause; reason: string }
>;
/**
 * A person's list of feeds names it: which list, kept in content as it was written, and which outline of it, from 0. What the list
 * says beside (folders, order, attributes of other readers) is there, and comes out again when feeds are exported.
 */
export type FeedListed = EventShape<'FeedListed', { feed: FeedId; list: ContentHash; outline: number }>;
export type FeedPaused = EventShape<'FeedPaused', { feed: FeedId; reason: string }>;
export type FeedResumed = EventShape<'FeedResumed', { feed: FeedId; reason: string }>;
/** Who ended something: the dossier by no longer listing it, or a person by hand, whose word stands until taken back. */
export type EndCause = 'dossier' | 'hand';
export type FeedRemoved = EventShape<'FeedRemoved', { feed: FeedId; cause: EndCause; reason: string }>;
/** Who moved a feed: its server by a permanent redirect, or the dossier by listing another URL. */
export type MoveCause = 'redirect' | 'dossier';
/** The feed answers at another address from now on. */
export type FeedMoved = EventShape<
  'FeedMoved',
  { feed: FeedId; from: string; to: string; cause: MoveCause; reason: string }
>;
/** The first failure after good polls, or a failure of another kind than the one before it. */
export type FeedFailed = EventShape<'FeedFailed', { feed: FeedId; failure: FeedFailure }>;
/** The first good poll after failures. */
export type FeedRecovered = EventShape<'FeedRecovered', { feed: FeedId; failures: number }>;

export type FeedEvent =
  | FeedAdded
  | FeedOptionsChanged
  | FeedListed
  | FeedPaused
  | FeedResumed
  | FeedRemoved
  | FeedMoved
  | FeedFailed
  | FeedRecovered;

/** The types of a feed's stream. */
export const FEED_EVENT_TYPES = [
  'FeedAdded',
  'FeedOptionsChanged',
  'FeedListed',
  'FeedPaused',
  'FeedResumed',
  'FeedRemoved',
  'FeedMoved',
  'FeedFailed',
  'FeedRecovered',
] as const satisfies readonly FeedEvent['type'][];
const KNOWN: ReadonlySet<string> = new Set(FEED_EVENT_TYPES);

/** Whether an event is one of a feed's stream. */
export function isFeedEvent<Event extends { readonly type: string }>(
  event: Event,
): event is Extract<Event, { readonly type: FeedEvent['type'] }> {
  return KNOWN.has(event.type);
}

/** A feed as its stream tells it. */
export interface FeedState {
  readonly status: 'unknown' | 'active' | 'paused' | 'removed';
  readonly url: string | null;
  /**
   * The URL the dossier last listed, which a redirect does not change; null when a person added the feed by
   * hand.
   */
  readonly listed: string | null;
  readonly options: FeedOptions;
  /** The options the dossier last listed, which a person's word does not change; null as `listed` is. */
  readonly listedOptions: FeedOptions | null;
  /** Who removed it; null while it is not removed. */
  readonly removedBy: EndCause | null;
  readonly title: string;
  readonly publisher: PublisherId | null;
  readonly lang: string | null;
  /** The trouble it is in, or null. */
  readonly failure: FeedFailure | null;
  /** Where in a person's list it stands; null where no list names it. */
  readonly outline: { readonly list: ContentHash; readonly outline: number } | null;
}

export const initialFeed: FeedState = {
  status: 'unknown',
  url: null,
  listed: null,
  options: OPTIONS_OFF,
  listedOptions: null,
  removedBy: null,
  title: '',
  publisher: null,
  lang: null,
  failure: null,
  outline: null,
};

/** Whatever was known of it before. */
function addedFeed({
  url,
  title,
  publisher,
  lang,
  dossier,
  options,
}: FeedAdded['data']): Omit<FeedState, 'outline'> {
  const [listed, listedOptions] = dossier === null ? [null, null] : [url, options];
  const known = { url, listed, title, publisher, lang, options, listedOptions };
  return { status: 'active', ...known, removedBy: null, failure: null };
}

/** One event further: the state of a feed after `event`. */
export function evolveFeed(state: FeedState, event: FeedEvent): FeedState {
  switch (event.type) {
    case 'FeedAdded':
      // A feed that comes back stands where it stood in a list.
      return { ...addedFeed(event.data), outline: state.outline };
    case 'FeedOptionsChanged': {
      const { options, cause } = event.data;
      return cause === 'dossier' ? { ...state, options, listedOptions: options } : { ...state, options };
    }
    case 'FeedListed': {
      const { list, outline } = event.data;
      return { ...state, outline: { list, outline } };
    }
    case 'FeedPaused':
      return { ...state, status: 'paused' };
    case 'FeedResumed':
      return { ...state, status: 'active' };
    case 'FeedRemoved':
      return { ...state, status: 'removed', removedBy: event.data.cause };
    case 'FeedMoved':
      return event.data.cause === 'dossier'
        ? { ...state, url: event.data.to, listed: event.data.to }
        : { ...state, url: event.data.to };
    case 'FeedFailed':
      return { ...state, failure: event.data.failure };
    case 'FeedRecovered':
      return { ...state, failure: null };
  }
}
