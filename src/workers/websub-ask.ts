import { repeatMs, DENIED_RETRY_MS, LEASE_ASKED_S } from '../ingest/websub-lease.ts';
import { isConfidential } from '../ingest/websub-offer.ts';
import type { Log } from '../log.ts';
import type { HttpAnswer, HttpClient, HttpOutcome } from '../net/http.ts';
import { retryAfterMs } from '../net/retry-after.ts';
import { endHostTurn, hostOf, takeHostTurn } from '../store/host-turns.ts';
import type { Store } from '../store/store.ts';
import { claimDueRequests, postponeRequest, recordAsked } from '../store/subscriptions.ts';
import type { AskedRecord, Subscription } from '../store/subscriptions.ts';
import { HOST_GAP_MS, hostGapMs } from './poll-again.ts';

/** Hubs asked at a time, one request each. */
const HUBS_AT_ONCE_MAX = 8;
/** A request that was claimed is made within this time, or due again. */
const REQUEST_LEASE_MS = 5 * 60_000;
const HUB_REDIRECTS_MAX = 3;
/** Hubs that do not hear an unsubscription find out by our 410, or when the lease is over. */
const UNSUBSCRIBE_ATTEMPTS_MAX = 3;
const HUB_WORDS_CHARS_MAX = 200;

// WebSub §5.1.2 speaks of 307 and 308; hubs that moved long ago answer with the older two.
const REDIRECTS = new Set([301, 302, 307, 308]);
// These ask to come again; the other 4xx say that it is no use.
const PASSING = new Set([408, 425, 429]);

export interface AskDeps {
  readonly store: Pick<Store, 'db'>;
  readonly http: HttpClient;
  /** Hubs on the own machine or network are asked too: for the demo and tests. */
  readonly allowPrivate: boolean;
  /** Between the end of a request and the next one to the same host; HOST_GAP_MS unless given. */
  readonly hostGapMs?: number;
  readonly stopping?: AbortSignal;
  readonly now: () => Date;
  /** From 0 up to 1. */
  readonly random: () => number;
  readonly log: Log;
}

type Mode = 'subscribe' | 'unsubscribe';

function formOf({ token, secret, topic, callback }: Subscription, mode: Mode, isSecretSafe: boolean): string {
  const form = new URLSearchParams({
    'hub.callback': `${callback}/${token}`,
    'hub.mode': mode,
    'hub.topic': topic,
  });
  if (mode === 'subscribe') form.set('hub.lease_seconds', LEASE_ASKED_S.toString());
  if (mode === 'subscribe' && isSecretSafe) form.set('hub.secret', secret);
  return form.toString();
}

/** Where an answer from `url` sends a request, or why that is not followed; null where it sends it nowhere. */
function redirectOf(
  outcome: HttpOutcome,
  url: string,
  isSecretSafe: boolean,
): URL | { readonly refused: string } | null {
  if (outcome.kind === 'failed' || !REDIRECTS.has(outcome.status)) return null;
  const location = outcome.headers['location'];
  if (location === undefined) return null;
  if (!URL.canParse(location, url)) return { refused: 'redirects to what is no URL' };
  const next = new URL(location, url);
  if (isSecretSafe && !isConfidential(next.href))
    return { refused: 'redirects to where a secret could be read' };
  return next;
}

/** Posts a request to its hub, and to where the hub sends it instead. */
async function send(deps: AskDeps, subscription: Subscription, mode: Mode): Promise<HttpOutcome> {
  const { hub } = subscription;
  const isSecretSafe = isConfidential(hub);
  const options = {
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: formOf(subscription, mode, isSecretSafe),
    allowPrivate: deps.allowPrivate || subscription.allowPrivate,
    ...(deps.stopping && { signal: deps.stopping }),
  };
  const refuse = (why: string): HttpOutcome => ({
    kind: 'failed',
    code: 'bad-redirect',
    reason: `${hub}: ${why}`,
  });
  let url = hub;
  for (let hops = 0; hops <= HUB_REDIRECTS_MAX; hops += 1) {
    const outcome = await deps.http.post(url, options);
    const next = redirectOf(outcome, url, isSecretSafe);
    if (next === null) return outcome;
    if ('refused' in next) return refuse(next.refused);
    url = next.href;
  }
  return refuse(`more than ${HUB_REDIRECTS_MAX} redirects`);
}

/** What a hub says about its refusal (WebSub §5.1.2 asks it to), without what it may have taken from our request. */
function wordsOf({ body }: HttpAnswer, { token, secret }: Subscription): string {
  const words = Buffer.from(body.subarray(0, 4 * HUB_WORDS_CHARS_MAX)).toString('utf8');
  const plain = words
    .replaceAll(secret, '…')
    .replaceAll(token, '…')
    .replace(/[\p{C}\s]+/gu, ' ')
    .trim();
  return plain === '' || plain.startsWith('<') ? '' : `: ${plain.slice(0, HUB_WORDS_CHARS_MAX)}`;
}

/** What the outcome of a request means for its subscription. */
export function askedOf(
  outcome: HttpOutcome,
  subscription: Subscription,
  now: Date,
  random: number,
): AskedRecord {
  const { hub, attempts, state } = subscription;
  const last = state === 'ending' && attempts >= UNSUBSCRIBE_ATTEMPTS_MAX;
  const after = (ms: number): Date => new Date(now.getTime() + ms);
  const repeat = repeatMs(attempts, random);
  if (outcome.kind === 'failed') {
    return { result: 'failed', error: outcome.reason, nextDueAt: after(repeat), last };
  }
  const { status, headers } = outcome;
  if (status >= 200 && status < 300) {
    const error =
      attempts < 2 ? null : `${hub}: took ${attempts} requests in a row and did not call back yet`;
    return { result: 'accepted', error, nextDueAt: after(repeat), last };
  }
  const error = `${hub}: answered ${status}${wordsOf(outcome, subscription)}`;
  if (status >= 400 && status < 500 && !PASSING.has(status)) {
    return { result: 'refused', error, nextDueAt: after(DENIED_RETRY_MS), last };
  }
  const wait = Math.max(repeat, retryAfterMs(headers['retry-after'], now) ?? 0);
  return { result: 'failed', error, nextDueAt: after(wait), last };
}

/** Makes one request, in a turn of the hub's host, which feeds of that host take as well. */
async function askHub(deps: AskDeps, subscription: Subscription): Promise<void> {
  const { store, now } = deps;
  const host = hostOf(subscription.hub);
  const takenAt = now();
  const turn = host === null ? 'taken' : await takeHostTurn(store.db, host, takenAt);
  if (turn !== 'taken') {
    await postponeRequest(store.db, subscription.digest, turn);
    return;
  }
  const usualMs = deps.hostGapMs ?? HOST_GAP_MS;
  let gapMs = usualMs;
  try {
    const outcome = await request(deps, subscription);
    if (outcome.kind === 'answer') gapMs = hostGapMs(usualMs, outcome.status, null);
  } finally {
    if (host !== null) await endHostTurn(store.db, host, takenAt, new Date(now().getTime() + gapMs));
  }
}

async function request(deps: AskDeps, subscription: Subscription): Promise<HttpOutcome> {
  const { store, log, now } = deps;
  const { feed, hub, digest, state } = subscription;
  const mode = state === 'ending' ? 'unsubscribe' : 'subscribe';
  const outcome = await send(deps, subscription, mode);
  // A request that our own stop cut off says nothing about the hub; its claim lapses.
  if (deps.stopping?.aborted === true) return outcome;
  const asked = askedOf(outcome, subscription, now(), deps.random());
  const level = asked.result === 'accepted' ? 'info' : 'warn';
  log[level]({ feed, hub, mode, error: asked.error }, `hub ${asked.result}`);
  await recordAsked(store.db, digest, asked, now());
  return outcome;
}

/** Makes the requests to hubs that are due; gives how many. Safe to repeat, and for any number of processes at once. */
export async function askHubs(deps: AskDeps): Promise<number> {
  const due = await claimDueRequests(deps.store.db, deps.now(), HUBS_AT_ONCE_MAX, REQUEST_LEASE_MS);
  await Promise.all(due.map((subscription) => askHub(deps, subscription)));
  return due.length;
}
