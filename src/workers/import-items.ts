import type { Dossier } from '../dossier/dossier.ts';
import { OPTIONS_OFF } from '../events/feed.ts';
import { eventIdOf, feedStream, itemIdOf } from '../events/ids.ts';
import type { FeedId } from '../events/ids.ts';
import { archiveFeedOf, unlistedPublisherOf } from '../ingest/archive-feed.ts';
import { itemKeyOf, siblingsOf } from '../ingest/identity.ts';
import type { FeedItem } from '../ingest/normalize.ts';
import { publisherResolver } from '../ingest/publisher.ts';
import type { PublisherResolver } from '../ingest/publisher.ts';
import type { Store } from '../store/store.ts';
import { RECORD_ITEMS_MAX, recordItems } from './record-items.ts';
import type { RecordCounts, Seen } from './record-items.ts';

/** An item to import, and the name of where it comes from. */
export interface ImportedItem {
  readonly item: FeedItem;
  readonly source: string;
}

export interface ImportDeps {
  readonly store: Store;
  readonly dossier: Dossier;
  readonly now: () => Date;
}

/** Records imported items under one feed a source. Everything imported is backfill: it can be found, and never alerts. */
export class Importer {
  readonly #deps: ImportDeps;
  readonly #publisherOf: PublisherResolver;
  readonly #feeds = new Set<FeedId>();
  readonly counts: RecordCounts = { ingested: 0, revised: 0, unchanged: 0 };
  #waiting: ImportedItem[] = [];

  constructor(deps: ImportDeps) {
    this.#deps = deps;
    this.#publisherOf = publisherResolver(deps.dossier.publishers);
  }

  /** Takes an item; items are recorded RECORD_ITEMS_MAX at a time. */
  async add(item: ImportedItem): Promise<void> {
    this.#waiting.push(item);
    if (this.#waiting.length >= RECORD_ITEMS_MAX) await this.flush();
  }

  /** Records what is waiting. */
  async flush(): Promise<void> {
    const batch = this.#waiting;
    this.#waiting = [];
    await this.#addFeeds(batch);
    const siblings = siblingsOf(batch.map(({ item }) => item));
    const seen = batch.map(({ item, source }): Seen => {
      const publisher = this.#publisherOf(item.url, source)?.id ?? unlistedPublisherOf(item.url, source);
      const key = itemKeyOf(item, publisher, siblings);
      const { feed } = archiveFeedOf(source);
      return { key, itemId: itemIdOf(key), item, feed, publisher, backfill: 'archive' };
    });
    const { store, now } = this.#deps;
    const counts = await recordItems(store, seen, now);
    this.counts.ingested += counts.ingested;
    this.counts.revised += counts.revised;
    this.counts.unchanged += counts.unchanged;
  }

  /** Adds the feeds of sources not met before; one that the log knows answers `duplicate`. */
  async #addFeeds(batch: readonly ImportedItem[]): Promise<void> {
    const { store, now } = this.#deps;
    const decidedAt = now();
    const commands = [...new Set(batch.map(({ source }) => source))].flatMap((source) => {
      const { feed, url } = archiveFeedOf(source);
      if (this.#feeds.has(feed)) return [];
      this.#feeds.add(feed);
      const publisher = this.#publisherOf(null, source)?.id ?? unlistedPublisherOf(null, source);
      const data = { feed, url, title: source, publisher, lang: null, dossier: null, options: OPTIONS_OFF };
      const id = eventIdOf('FeedAdded', feed, 0);
      return [
        {
          stream: feedStream(feed),
          expected: 0,
          events: [{ type: 'FeedAdded' as const, id, decidedAt, data }],
        },
      ];
    });
    await store.append(commands, decidedAt);
  }
}
