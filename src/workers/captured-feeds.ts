import type { Dossier, FeedListing } from '../dossier/dossier.ts';
import { OPTIONS_OFF } from '../events/feed.ts';
import type { FeedEvent } from '../events/feed.ts';
import { eventIdOf, feedStream } from '../events/ids.ts';
import type { FeedId, PublisherId } from '../events/ids.ts';
import { archiveFeedOf, sourceAt, unlistedPublisherOf } from '../ingest/archive-feed.ts';
import { feedKeyOf } from '../ingest/feed-name.ts';
import { decideFeedList } from '../ingest/feeds.ts';
import { publisherResolver } from '../ingest/publisher.ts';
import type { PublisherResolver } from '../ingest/publisher.ts';
import type { Command } from '../store/append.ts';
import type { Store } from '../store/store.ts';
import { readFeeds } from './feeds.ts';

/** The feed that a document belongs to which was captured somewhere, as a poll of it would know it. */
export interface CapturedFrom {
  readonly feed: FeedId;
  readonly publisher: PublisherId;
  /** ISO 3166-1 alpha-2; empty where nobody knows. */
  readonly country: string;
  readonly lang: string | null;
  /** What makes the log know the feed, given the title that it has; null where it does. */
  readonly adding: ((title: string, now: Date) => Command) | null;
}

/**
 * Finds the feed of an address: one that the log knows, so that what is polled later goes on from what was captured; else one
 * that the dossier lists, which is added as a start would add it; else one that stands for the import.
 */
export class CapturedFeeds {
  readonly #dossier: Dossier;
  readonly #publisherOf: PublisherResolver;
  readonly #byKey = new Map<string, CapturedFrom>();

  private constructor(dossier: Dossier) {
    this.#dossier = dossier;
    this.#publisherOf = publisherResolver(dossier.publishers);
  }

  /** With every feed that the log knows by now. */
  static async read({ db }: Store, dossier: Dossier): Promise<CapturedFeeds> {
    const feeds = new CapturedFeeds(dossier);
    const known = await readFeeds(db);
    for (const listing of dossier.feeds) {
      if (!known.has(listing.id)) feeds.#byKey.set(feedKeyOf(listing.url), feeds.#listed(listing));
    }
    for (const [feed, { state }] of known) {
      const { publisher, lang, url, listed } = state;
      if (publisher === null) continue;
      const from = { feed, publisher, lang, country: feeds.#countryOf(publisher), adding: null };
      for (const at of [listed, url]) if (at !== null) feeds.#byKey.set(feedKeyOf(at), from);
    }
    return feeds;
  }

  #countryOf(publisher: PublisherId): string {
    return this.#dossier.publishers.find(({ id }) => id === publisher)?.country ?? '';
  }

  #listed(listing: FeedListing): CapturedFrom {
    const { id: feed, publisher, lang } = listing;
    const { version } = this.#dossier;
    const adding = (_title: string, now: Date): Command => ({
      stream: feedStream(feed),
      expected: 0,
      events: decideFeedList(new Map(), [listing], version, now),
    });
    return { feed, publisher, lang, country: this.#countryOf(publisher), adding };
  }

  #unknown(at: string): CapturedFrom {
    const source = sourceAt(at);
    const { feed, url } = archiveFeedOf(source);
    const publisher = this.#publisherOf(at, null)?.id ?? unlistedPublisherOf(at, source);
    const adding = (title: string, now: Date): Command => {
      const rest = { publisher, lang: null, dossier: null, options: OPTIONS_OFF };
      const data = { feed, url, title: title === '' ? source : title, ...rest };
      const added: FeedEvent = {
        type: 'FeedAdded',
        id: eventIdOf('FeedAdded', feed, 0),
        decidedAt: now,
        data,
      };
      return { stream: feedStream(feed), expected: 0, events: [added] };
    };
    return { feed, publisher, lang: null, country: this.#countryOf(publisher), adding };
  }

  /** The feed of an absolute URL: the same one every time. */
  at(url: string): CapturedFrom {
    const key = feedKeyOf(url);
    const found = this.#byKey.get(key) ?? this.#unknown(url);
    this.#byKey.set(key, found);
    return found;
  }
}
