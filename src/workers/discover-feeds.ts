import { candidatesIn, newsSitemapsIn, sitemapPlaces, usualPlaces } from '../ingest/discover.ts';
import type { Candidate } from '../ingest/discover.ts';
import { decode } from '../ingest/decode.ts';
import { feedKeyOf } from '../ingest/feed-name.ts';
import type { HttpAnswer } from '../net/http.ts';
import { lookAtFeed } from './look-at-feed.ts';
import type { LookDeps, Looked, ReadFeed, Unseen } from './look-at-feed.ts';

/** Requests that one search makes at most. */
export const DISCOVERY_REQUESTS_MAX = 45;
/** Of these, for what a page links: the rest is for where feeds usually are. */
const PAGE_REQUESTS_MAX = 24;
/** How long a search may take. */
const DISCOVERY_MS_MAX = 120_000;
/** Between two requests: one after another, and no site is asked faster than a person clicks. */
export const DISCOVERY_GAP_MS = 500;
/** Items that tell whether two feeds are one in two dialects. */
const COMPARED_ITEMS_MAX = 20;
const TOO_MANY_REQUESTS = 429;
const UNAVAILABLE = 503;

/** A feed that was found, fetched and read. */
export interface FoundFeed extends Candidate {
  readonly looked: Looked;
  readonly read: ReadFeed;
  /** Other addresses of the same items: another dialect of it, or a redirect. */
  readonly same: readonly string[];
}

export interface Discovery {
  /** What is not about comments first; then as sure as the reason is, in the order of the page. */
  readonly found: readonly FoundFeed[];
  readonly requests: number;
  /** Candidates that were not looked at, as there were too many or the site asked to stop. */
  readonly left: number;
}

export interface DiscoverDeps extends LookDeps {
  /** Waits between requests. */
  readonly pause: () => Promise<void>;
  /** Told of each address before it is asked for. */
  readonly onRequest?: (url: string) => void;
}

type Context = Pick<Unseen, 'publisher' | 'lang'>;

const RANKS = ['linked', 'named', 'usual', 'sitemap'] as const satisfies readonly Candidate['rank'][];

function inOrder(a: FoundFeed, b: FoundFeed): number {
  return Number(a.comments) - Number(b.comments) || RANKS.indexOf(a.rank) - RANKS.indexOf(b.rank);
}

/** Where a feed is after all redirects, permanent or not. */
const answeredAt = ({ answer }: Looked, url: string): string => answer?.url ?? url;

/** What is equal for one feed in two dialects: its items. An empty one is itself only. */
function contentKey({ items }: ReadFeed, url: string): string {
  if (items.length === 0) return feedKeyOf(url);
  return items
    .slice(0, COMPARED_ITEMS_MAX)
    .map(({ itemId }) => itemId)
    .sort()
    .join();
}

/** One search: what was asked for, and what was found. */
class Search {
  readonly #deps: DiscoverDeps;
  readonly #context: Context;
  readonly #endsAt: number;
  readonly #asked = new Set<string>();
  readonly #found = new Map<string, FoundFeed>();
  #requests = 0;
  #left = 0;
  #isStopped = false;

  constructor(deps: DiscoverDeps, context: Context, url: string) {
    this.#deps = deps;
    this.#context = context;
    this.#asked.add(feedKeyOf(url));
    this.#endsAt = deps.now().getTime() + DISCOVERY_MS_MAX;
  }

  get #mayGoOn(): boolean {
    return (
      !this.#isStopped && this.#requests < DISCOVERY_REQUESTS_MAX && this.#deps.now().getTime() < this.#endsAt
    );
  }

  /** Whether a feed is known that is worth to be one: what is about comments does not end a search. */
  get isDone(): boolean {
    return [...this.#found.values()].some(({ comments }) => !comments);
  }

  /** Candidates are not looked at. */
  leave(candidates: number): void {
    this.#left += candidates;
  }

  async look(url: string): Promise<Looked | null> {
    if (this.#asked.has(feedKeyOf(url))) return null;
    if (!this.#mayGoOn) {
      this.leave(1);
      return null;
    }
    this.#asked.add(feedKeyOf(url));
    this.#requests += 1;
    await this.#deps.pause();
    this.#deps.onRequest?.(url);
    const looked = await lookAtFeed(this.#deps, { ...this.#context, url });
    const status = looked.answer?.status;
    // Whoever asks to be left alone is.
    if (status === TOO_MANY_REQUESTS || status === UNAVAILABLE) this.#isStopped = true;
    return looked;
  }

  #keep(candidate: Candidate, looked: Looked, read: ReadFeed): void {
    const comments = candidate.comments || /comments? (?:on|for)|댓글|コメント|评论/i.test(read.title);
    // What is said about articles links to them as the articles do.
    const key = `${comments} ${contentKey(read, answeredAt(looked, candidate.url))}`;
    const before = this.#found.get(key);
    if (before === undefined) this.#found.set(key, { ...candidate, comments, looked, read, same: [] });
    else this.#found.set(key, { ...before, same: [...before.same, candidate.url] });
  }

  /** Looks at `candidates` in turn; at the first feed it stops where `first` says so. */
  async try(candidates: readonly Candidate[], first: boolean): Promise<void> {
    for (const candidate of candidates) {
      if (first && this.isDone) return;
      const looked = await this.look(candidate.url);
      if (looked === null) continue;
      if (looked.read !== null) this.#keep(candidate, looked, looked.read);
      else if (candidate.rank === 'sitemap') await this.try(newsIn(looked), first);
    }
  }

  get result(): Discovery {
    return { found: [...this.#found.values()].sort(inOrder), requests: this.#requests, left: this.#left };
  }
}

function textOf({ body, headers }: HttpAnswer): string {
  return decode(body, headers['content-type'] ?? null).text;
}

function newsIn({ answer }: Looked): Candidate[] {
  return answer === null || answer.status >= 300 ? [] : newsSitemapsIn(textOf(answer), answer.url);
}

/**
 * Searches for the feeds behind a page that was fetched and is none: what it links, else where feeds usually are on its site,
 * else its sitemaps of news. Everything that is found was fetched and read as a feed. At most DISCOVERY_REQUESTS_MAX requests,
 * one after another.
 */
export async function discoverFeeds(
  deps: DiscoverDeps,
  page: HttpAnswer,
  context: Context,
): Promise<Discovery> {
  const { url } = page;
  const search = new Search(deps, context, url);
  const candidates = candidatesIn(textOf(page), url);
  await search.try(candidates.slice(0, PAGE_REQUESTS_MAX), false);
  search.leave(Math.max(0, candidates.length - PAGE_REQUESTS_MAX));
  if (!search.isDone) await search.try(usualPlaces(url), true);
  if (!search.isDone) {
    const robots = await search.look(new URL('/robots.txt', url).href);
    const answer = robots?.answer ?? null;
    const named = answer === null || answer.status >= 300 ? null : textOf(answer);
    await search.try(sitemapPlaces(named, url), true);
  }
  return search.result;
}
