import type { Dossier } from '../dossier/dossier.ts';
import type { FeedId, PublisherId } from '../events/ids.ts';
import { describeApart, readDocumentApart } from '../ingest/apart.ts';
import type { Described } from '../ingest/describe.ts';
import { polledOf } from '../ingest/feed.ts';
import type { Polled, PollTrouble } from '../ingest/feed.ts';
import { attributed } from '../ingest/identity.ts';
import type { Identified } from '../ingest/identity.ts';
import { languageOf } from '../ingest/language.ts';
import { publisherResolver } from '../ingest/publisher.ts';
import { offerOf } from '../ingest/websub-offer.ts';
import type { WebSubOffer } from '../ingest/websub-offer.ts';
import type { HttpAnswer, HttpClient } from '../net/http.ts';
import type { Store } from '../store/store.ts';
import { judgeItems } from './judge-items.ts';
import { eventsOf } from './record-items.ts';
import type { RecordCounts } from './record-items.ts';

export interface LookDeps {
  readonly http: HttpClient;
  readonly dossier: Pick<Dossier, 'publishers'>;
  readonly allowPrivate: boolean;
  readonly now: () => Date;
}

/** What is known of a feed before it is looked at. */
export interface Unseen {
  readonly url: string;
  readonly publisher: PublisherId;
  readonly lang: string | null;
}

/** What a poll would read, were it one. */
export interface ReadFeed {
  readonly title: string;
  /** BCP 47, the document's word; where it gives none, that of most of its items. */
  readonly lang: string | null;
  readonly items: readonly Identified[];
  /** Items with nothing to read in them, and second copies of one article. */
  readonly dropped: number;
}

/** All that a look at a feed has seen. */
export interface Looked {
  readonly ms: number;
  /** Null when there was no answer. */
  readonly answer: HttpAnswer | null;
  readonly movedTo: string | null;
  /** Null when no body was worth a look. */
  readonly described: Described | null;
  readonly read: ReadFeed | null;
  /** The hub that would push it; null where none is offered. */
  readonly offer: WebSubOffer | null;
  /** Why nothing could be read, as a poll would put it; null when it could. */
  readonly trouble: PollTrouble | null;
  readonly retryAfterMs: number | null;
}

type Fresh = Extract<Polled, { kind: 'fresh' }>;

function mostCommon(langs: readonly (string | null)[]): string | null {
  const counts = new Map<string, number>();
  for (const lang of langs) if (lang !== null) counts.set(lang, (counts.get(lang) ?? 0) + 1);
  return [...counts].sort((a, b) => b[1] - a[1])[0]?.[0] ?? null;
}

async function readFresh(
  deps: LookDeps,
  unseen: Unseen,
  { body, url, contentType, link }: Fresh,
  status: number,
): Promise<Pick<Looked, 'read' | 'trouble' | 'offer'>> {
  const { publisher, lang } = unseen;
  const country = deps.dossier.publishers.find(({ id }) => id === publisher)?.country ?? '';
  const document = await readDocumentApart(
    body,
    {
      url,
      contentType,
      status,
      publisher,
      country,
      lang,
    },
    deps.now(),
  );
  if (document.kind === 'unreadable') return { read: null, trouble: document.trouble, offer: null };
  const { title, dropped } = document;
  const resolve = publisherResolver(deps.dossier.publishers);
  const items = document.items.map((item) => attributed(item, resolve));
  const found = languageOf(document.language) ?? mostCommon(items.map(({ item }) => item.lang));
  const offer = offerOf({ url, link, hubs: document.hubs, self: document.self });
  return { read: { title, lang: found, items, dropped }, trouble: null, offer };
}

/** Fetches a feed once and says everything it saw, in the words of a poll. Writes nothing anywhere, and never throws for what a server does. */
export async function lookAtFeed(deps: LookDeps, unseen: Unseen): Promise<Looked> {
  const started = performance.now();
  const outcome = await deps.http.get(unseen.url, { allowPrivate: deps.allowPrivate });
  const ms = Math.round(performance.now() - started);
  const answer = outcome.kind === 'answer' ? outcome : null;
  const polled = polledOf(outcome, deps.now());
  const nothing = { ms, answer, movedTo: null, described: null, read: null, offer: null, retryAfterMs: null };
  switch (polled.kind) {
    case 'failed':
      return { ...nothing, trouble: polled.trouble, retryAfterMs: polled.retryAfterMs };
    case 'unchanged': {
      // No validators were sent, so that this is an answer to a question nobody asked.
      const reason = `${unseen.url}: answered 304 though nothing was known before`;
      return { ...nothing, trouble: { kind: 'hard', reason, status: 304, evidence: null } };
    }
    case 'fresh': {
      const { movedTo } = polled;
      const described = await describeApart(polled.body, polled.url, polled.contentType);
      const found = await readFresh(deps, unseen, polled, answer?.status ?? 0);
      return { ...nothing, movedTo, described, ...found };
    }
  }
}

/** What recording these items would do to the log, were it done now. */
export async function foreseeItems(
  store: Store,
  items: readonly Identified[],
  { feed }: { readonly feed: FeedId; readonly publisher: PublisherId },
  now: Date,
): Promise<RecordCounts> {
  const judged = await judgeItems(
    store.db,
    items.map((item) => ({ ...item, feed, backfill: null })),
  );
  const counts: RecordCounts = { ingested: 0, revised: 0, unchanged: 0 };
  for (const one of judged) {
    const types = eventsOf(one, now).map(({ type }) => type);
    if (types.includes('ItemIngested')) counts.ingested += 1;
    else if (types.includes('ItemRevised')) counts.revised += 1;
    else counts.unchanged += 1;
  }
  return counts;
}
