import { canonicalElsewhere, pageAnswerOf, refusalByRobots, refusalOf } from '../ingest/full-text.ts';
import type { LeadWords, Missed } from '../ingest/full-text.ts';
import { PAGE_BYTES_MAX } from '../ingest/page-bytes.ts';
import { readPageApart } from '../ingest/apart.ts';
import { FeedParseError } from '../ingest/parsed.ts';
import type { ItemId } from '../events/ids.ts';
import type { ItemState } from '../events/item.ts';
import type { Log } from '../log.ts';
import type { HttpAnswer, HttpClient } from '../net/http.ts';
import type { RobotsAnswer, RobotsOptions } from '../net/robots.ts';
import { getItemContents } from '../store/content.ts';
import { endHostTurn, hostOf, takeHostTurn } from '../store/host-turns.ts';
import { claimPage, forgetPages, postponeHost, postponePage } from '../store/pages.ts';
import type { ClaimedPage } from '../store/pages.ts';
import type { Store } from '../store/store.ts';
import { readFeed } from './feeds.ts';
import { readItems } from './items.ts';
import { HOST_GAP_MS, hostGapMs } from './poll-again.ts';
import { recordText } from './record-text.ts';
import type { FetchedText, TextOutcome } from './record-text.ts';

/** A page claimed by a job is fetched within this time, or due again: longer than a request may take, and reading after it. */
export const PAGE_LEASE_MS = 3 * 60_000;
/** Requests for one page, before there is no full text for good. */
export const PAGE_TRIES_MAX = 4;
/** Until the second request; four times as long from each to the next. */
const RETRY_FIRST_MS = 60_000;
/** What a server asks us to wait beyond this is an article too late to be news. */
const RETRY_MAX_MS = 6 * 60 * 60_000;
/** What a page is asked for as. */
const ACCEPT = 'text/html, application/xhtml+xml;q=0.9, */*;q=0.1';

/** Whether a site lets robots have a page (net/robots.ts). */
export interface PageRobots {
  allows(url: string, options: RobotsOptions): Promise<RobotsAnswer>;
}

export interface FetchTextDeps {
  readonly store: Store;
  readonly http: HttpClient;
  readonly robots: PageRobots;
  /** Feeds on the own machine or network lead to pages there: for the demo and tests. */
  readonly allowPrivate: boolean;
  readonly hostGapMs?: number;
  readonly stopping?: AbortSignal;
  readonly now: () => Date;
  readonly log: Log;
}

/** What a request came to: something to record, or that it is to be made again, which `null` says of one that our own stop cut off. */
type Attempt =
  | TextOutcome
  | {
      readonly kind: 'later';
      readonly reason: string;
      readonly status: number | null;
      readonly retryAfterMs: number | null;
    }
  | null;

interface Asking {
  readonly url: string;
  readonly allowPrivate: boolean;
  readonly lead: LeadWords;
}

const missed = (kind: Missed['kind'], reason: string, status: number | null = null): TextOutcome => ({
  kind: 'missed',
  missed: { kind, reason, status },
});

/** Reads a page that came, and judges it. */
async function digest(answer: HttpAnswer, { lead }: Asking): Promise<TextOutcome> {
  const { url, status, headers, body } = answer;
  if (body.byteLength > PAGE_BYTES_MAX)
    return missed('unreadable', `${url}: larger than ${PAGE_BYTES_MAX} bytes`, status);
  try {
    const page = await readPageApart(body, { url, contentType: headers['content-type'] ?? null });
    const refusal = refusalOf(page, answer, lead);
    if (refusal !== null) return { kind: 'missed', missed: refusal };
    const { text, cut } = page;
    return { kind: 'fetched', text, cut, url, canonical: canonicalElsewhere(page, url) };
  } catch (error) {
    if (!(error instanceof FeedParseError)) throw error;
    return missed('unreadable', error.message, status);
  }
}

const isStopping = ({ stopping }: FetchTextDeps): boolean => stopping?.aborted === true;

async function attempt(deps: FetchTextDeps, asking: Asking): Promise<Attempt> {
  const { http, robots, stopping, now } = deps;
  const { url, allowPrivate } = asking;
  const options = { allowPrivate, ...(stopping && { signal: stopping }) };
  const refusal = refusalByRobots(await robots.allows(url, options));
  if (isStopping(deps)) return null;
  if (refusal !== null) return refusal;
  const outcome = await http.get(url, { ...options, accept: ACCEPT });
  if (isStopping(deps)) return null;
  const came = pageAnswerOf(url, outcome, now());
  if (came.kind !== 'page') return came;
  // Redirects may have led to another site, which has a say of its own.
  if (came.answer.url !== url) {
    const refusalThere = refusalByRobots(await robots.allows(came.answer.url, options));
    if (isStopping(deps)) return null;
    if (refusalThere !== null) return refusalThere;
  }
  return await digest(came.answer, asking);
}

/** The full text that was fetched for earlier words of the item under the same headline: the article is the same, the lead is not. */
async function earlierText(
  { store }: FetchTextDeps,
  { lastText }: ItemState,
  { title }: LeadWords,
): Promise<FetchedText | null> {
  if (lastText === null) return null;
  const kept = (await getItemContents(store.db, [lastText.text])).get(lastText.text);
  if (kept?.text === undefined || kept.title !== title) return null;
  const { url, cut, canonical } = lastText;
  return { kind: 'fetched', text: kept.text, url, cut, canonical };
}

/** Whether there is nothing to do any more about these words. */
function isOver({ content, text, textMissed, takenDown }: ItemState, page: ClaimedPage): boolean {
  return content !== page.content || text !== null || textMissed || takenDown;
}

/** What can be said without a request; otherwise what to ask for. */
async function prepare(
  deps: FetchTextDeps,
  state: ItemState,
  page: ClaimedPage,
): Promise<TextOutcome | Asking> {
  const { store } = deps;
  const words = (await getItemContents(store.db, [page.content])).get(page.content);
  const lead = words ?? { title: '', summary: '' };
  const earlier = await earlierText(deps, state, lead);
  if (earlier !== null) return earlier;
  if (state.url === null) return missed('unwanted', 'the item has no link');
  const feed = state.feed === null ? null : (await readFeed(store.db, state.feed)).state;
  if (feed?.status !== 'active' || !feed.options.fullText)
    return missed('unwanted', 'its feed no longer asks for full texts');
  return { url: state.url, allowPrivate: deps.allowPrivate || feed.options.allowPrivate, lead };
}

/** Makes the request when its host's turn comes; false when it is not yet. */
async function inTurn(
  deps: FetchTextDeps,
  page: ClaimedPage,
  asking: Asking,
): Promise<{ readonly attempt: Attempt } | null> {
  const { store, now } = deps;
  const host = hostOf(asking.url);
  if (host === null) return { attempt: await attempt(deps, asking) };
  const takenAt = now();
  const turn = await takeHostTurn(store.db, host, takenAt);
  if (turn !== 'taken') {
    await postponePage(store.db, page, turn, page.attempts);
    await postponeHost(store.db, host, turn);
    return null;
  }
  let made: Attempt = null;
  try {
    made = await attempt(deps, asking);
    return { attempt: made };
  } finally {
    const slow = made?.kind === 'later' ? made : null;
    const gap = hostGapMs(deps.hostGapMs ?? HOST_GAP_MS, slow?.status ?? null, slow?.retryAfterMs ?? null);
    const freeAt = new Date(now().getTime() + gap);
    await endHostTurn(store.db, host, takenAt, freeAt);
    await postponeHost(store.db, host, freeAt);
  }
}

/** When to ask again after `attempts` requests that failed. */
export function retryDelayMs(attempts: number, retryAfterMs: number | null): number {
  return Math.max(RETRY_FIRST_MS * 4 ** (attempts - 1), retryAfterMs ?? 0);
}

/** Takes an outcome that may pass for one that stays, when it has been tried often enough. */
function settled(made: NonNullable<Attempt>, attempts: number): NonNullable<Attempt> {
  if (made.kind !== 'later') return made;
  const { reason, status, retryAfterMs } = made;
  if (retryAfterMs !== null && retryAfterMs > RETRY_MAX_MS)
    return missed('unreachable', `${reason}, and asks to wait for longer than the news lasts`, status);
  return attempts < PAGE_TRIES_MAX
    ? made
    : missed('unreachable', `${reason}, the last of ${attempts} times`, status);
}

/**
 * Fetches the page of an item whose feed asks for full texts, and records what came of it. Safe to repeat at any point: until the
 * event is in the log the page stays wanted, and one that two have fetched is recorded once.
 */
export async function fetchText(deps: FetchTextDeps, item: ItemId): Promise<void> {
  const { store, now, log } = deps;
  const page = await claimPage(store.db, item, now(), PAGE_LEASE_MS);
  if (page === null) return;
  const state = (await readItems(store.db, [item])).get(item)?.state;
  if (state === undefined || isOver(state, page)) {
    await forgetPages(store.db, [page]);
    return;
  }
  const prepared = await prepare(deps, state, page);
  const turn = 'kind' in prepared ? { attempt: prepared } : await inTurn(deps, page, prepared);
  if (turn === null) return;
  if (turn.attempt === null) {
    await postponePage(store.db, page, now(), page.attempts);
    return;
  }
  const attempts = page.attempts + 1;
  const made = settled(turn.attempt, attempts);
  log.debug({ item, outcome: made.kind, ...('reason' in made && { reason: made.reason }) }, 'page asked for');
  if (made.kind === 'later') {
    const delay = retryDelayMs(attempts, made.retryAfterMs);
    await postponePage(store.db, page, new Date(now().getTime() + delay), attempts);
    return;
  }
  await recordText(deps, page, made);
  await forgetPages(store.db, [page]);
}
