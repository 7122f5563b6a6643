import type { Dossier } from '../dossier/dossier.ts';
import { OPTIONS_OFF } from '../events/feed.ts';
import { eventIdOf, feedStream } from '../events/ids.ts';
import type { ContentHash, FeedId } from '../events/ids.ts';
import type { Backfill } from '../events/item.ts';
import { archiveFeedOf, unlistedPublisherOf } from '../ingest/archive-feed.ts';
import { isGoogleNews } from '../ingest/google-news.ts';
import { identify, siblingsOf } from '../ingest/identity.ts';
import type { Identified, Siblings } from '../ingest/identity.ts';
import { contentOf } from '../ingest/normalize.ts';
import type { FeedItem } from '../ingest/normalize.ts';
import { publisherResolver } from '../ingest/publisher.ts';
import type { PublisherResolver } from '../ingest/publisher.ts';
import type { Command } from '../store/append.ts';
import type { Store } from '../store/store.ts';
import { CaptureOrder } from './capture-order.ts';
import type { CapturedFrom } from './captured-feeds.ts';
import type { Seen } from './judge-items.ts';
import { RECORD_ITEMS_MAX, recordCaptured } from './record-items.ts';
import type { RecordCounts } from './record-items.ts';

/** An item to import, and the name of where it comes from. */
export interface ImportedItem {
  readonly item: FeedItem;
  readonly source: string;
}

/** A document that was captured from a feed. */
export interface Captured {
  readonly items: readonly Identified[];
  readonly from: CapturedFrom;
  /** What it calls itself. */
  readonly title: string;
  /** Null where nothing says when. */
  readonly capturedAt: Date | null;
}

export interface ImportDeps {
  readonly store: Store;
  readonly dossier: Dossier;
  readonly now: () => Date;
  /**
   * What was published within so many hours is news and alerts like it: for catching up after an outage. Null unless somebody
   * asks for it, as an import never notifies.
   */
  readonly alertHours?: number | null;
}

/** Items of which is kept what was last read of them, so that the next capture of a feed costs only what changed. */
const LAST_READ_MAX = 100_000;
const HOUR_MS = 3_600_000;

interface LastRead {
  readonly content: ContentHash;
  readonly capturedAt: Date | null;
  /** Where it waits, or did before a flush. */
  readonly index: number;
  readonly flushes: number;
}

/** A time of capture that is still to come says nothing: it would be later than whatever is known, at every import again. */
const notAhead = (capturedAt: Date | null, now: Date): Date | null =>
  capturedAt === null || capturedAt > now ? null : capturedAt;

/**
 * Records imported items under the feed they were captured from, or one a source. Everything imported is backfill: it can be
 * found, and never alerts, unless `alertHours` says otherwise of the newest.
 */
export class Importer {
  readonly #deps: ImportDeps;
  readonly #publisherOf: PublisherResolver;
  readonly #feeds = new Set<FeedId>();
  readonly #lastRead = new Map<string, LastRead>();
  readonly #order = new CaptureOrder();
  readonly counts: RecordCounts = { ingested: 0, revised: 0, unchanged: 0 };
  #waiting: (Seen | ImportedItem)[] = [];
  #flushes = 0;
  readonly #adding: Command[] = [];

  constructor(deps: ImportDeps) {
    this.#deps = deps;
    this.#publisherOf = publisherResolver(deps.dossier.publishers);
  }

  /** Items that are not in the log yet, and captures of known ones that are not noted. */
  get waiting(): number {
    return this.#waiting.length + this.#order.waiting;
  }

  /** Takes an item; items are recorded RECORD_ITEMS_MAX at a time. */
  async add(item: ImportedItem): Promise<void> {
    this.#waiting.push(item);
    if (this.waiting >= RECORD_ITEMS_MAX) await this.flush();
  }

  /** Takes the items of one document that has no address, under a feed that stands for `source`; null where nothing says when it was captured. */
  async addDocument(items: readonly FeedItem[], source: string, capturedAt: Date | null): Promise<void> {
    const siblings = siblingsOf(items);
    const now = this.#deps.now();
    const keys = new Set<string>();
    for (const item of items) {
      const seen = {
        ...this.#seenOf({ item, source }, siblings, now),
        capturedAt: notAhead(capturedAt, now),
      };
      // Of one article twice in a document the first stays, as in identifyItems.
      if (!keys.has(seen.key)) this.#take(seen);
      keys.add(seen.key);
    }
    this.#addSource(source);
    if (this.waiting >= RECORD_ITEMS_MAX) await this.flush();
  }

  /** Takes the items of one document that was captured from a feed. */
  async addCaptured({ items, from, title, ...captured }: Captured): Promise<void> {
    if (items.length === 0) return;
    const now = this.#deps.now();
    const capturedAt = notAhead(captured.capturedAt, now);
    const { feed, adding } = from;
    if (adding !== null && !this.#feeds.has(feed)) this.#adding.push(adding(title, now));
    this.#feeds.add(feed);
    for (const identified of items) {
      this.#take({ ...identified, feed, backfill: this.#backfillOf(identified.item, now), capturedAt });
    }
    if (this.waiting >= RECORD_ITEMS_MAX) await this.flush();
  }

  /** Leaves out what the same feed said in the same words when it was last read here: that adds nothing. */
  #take(seen: Seen): void {
    const key = `${seen.feed} ${seen.itemId}`;
    const content = contentOf(seen.item);
    const { capturedAt = null } = seen;
    const last = this.#lastRead.get(key);
    if (last?.content === content && !this.#order.mayHaveRefused(seen.itemId, content)) {
      this.counts.unchanged += 1;
      if (last.flushes === this.#flushes) this.#holdsUntil(last.index, capturedAt);
      else this.#order.confirmed(seen.itemId, seen, content);
      return;
    }
    // Reading anew what was forgotten costs time and changes nothing.
    if (this.#lastRead.size >= LAST_READ_MAX) this.#lastRead.clear();
    // An earlier capture that is read late is not what was last said.
    const before = last?.capturedAt ?? null;
    const isEarlier = capturedAt !== null && before !== null && capturedAt < before;
    const [index, flushes] = [this.#waiting.length, this.#flushes];
    if (!isEarlier) this.#lastRead.set(key, { content, capturedAt, index, flushes });
    this.#waiting.push(seen);
  }

  /** What waits at `index` was seen again in the same words. */
  #holdsUntil(index: number, capturedAt: Date | null): void {
    const waiting = this.#waiting[index];
    if (waiting === undefined || 'source' in waiting || capturedAt === null) return;
    const before = waiting.capturedAt ?? null;
    if (before !== null && capturedAt > before) this.#waiting[index] = { ...waiting, capturedAt };
  }

  #backfillOf({ published }: FeedItem, now: Date): Backfill | null {
    const hours = this.#deps.alertHours ?? null;
    if (hours === null || published === null) return 'archive';
    const age = now.getTime() - Date.parse(published);
    return age >= 0 && age <= hours * HOUR_MS ? null : 'archive';
  }

  #seenOf({ item, source }: ImportedItem, siblings: Siblings, now: Date): Seen {
    // A link of Google News says nothing of the publisher, while archives name it.
    const url = isGoogleNews(item.url) ? null : item.url;
    const publisher = this.#publisherOf(url, source)?.id ?? unlistedPublisherOf(url, source);
    const { feed } = archiveFeedOf(source);
    return { ...identify(item, publisher, siblings), feed, backfill: this.#backfillOf(item, now) };
  }

  /** Records what is waiting. */
  async flush(): Promise<void> {
    const { store, now } = this.#deps;
    const batch = this.#waiting;
    this.#waiting = [];
    this.#flushes += 1;
    const loose = batch.filter((one) => 'source' in one);
    for (const source of new Set(loose.map((one) => one.source))) this.#addSource(source);
    const siblings = siblingsOf(loose.map(({ item }) => item));
    const at = now();
    const seen = batch.map((one) => ('source' in one ? this.#seenOf(one, siblings, at) : one));
    // A feed that the log knows by now answers `duplicate`.
    await store.append(this.#adding.splice(0), at);
    const counts = await recordCaptured(store, seen, now, this.#order);
    await this.#order.flush(store.db);
    this.counts.ingested += counts.ingested;
    this.counts.revised += counts.revised;
    this.counts.unchanged += counts.unchanged;
  }

  /** Has the feed of a source that was not met before added. */
  #addSource(source: string): void {
    const { feed, url } = archiveFeedOf(source);
    if (this.#feeds.has(feed)) return;
    this.#feeds.add(feed);
    const publisher = this.#publisherOf(null, source)?.id ?? unlistedPublisherOf(null, source);
    const data = { feed, url, title: source, publisher, lang: null, dossier: null, options: OPTIONS_OFF };
    const id = eventIdOf('FeedAdded', feed, 0);
    const added = { type: 'FeedAdded' as const, id, decidedAt: this.#deps.now(), data };
    this.#adding.push({ stream: feedStream(feed), expected: 0, events: [added] });
  }
}
