import { DENIED_RETRY_MS, leaseOf } from '../ingest/websub-lease.ts';
import { isConfidential } from '../ingest/websub-offer.ts';
import { isSignedWith } from '../ingest/websub-signature.ts';
import { notePing, noteUnsigned } from '../store/pushes.ts';
import { activate, confirmEnd, deny, findSubscription } from '../store/subscriptions.ts';
import type { Subscription } from '../store/subscriptions.ts';
import { receivePush } from './websub-push.ts';
import type { PushDeps } from './websub-push.ts';

/** A longer challenge is no challenge. */
const CHALLENGE_CHARS_MAX = 1_024;
const REASON_CHARS_MAX = 200;
/** What tokenOf makes: 32 bytes as base64url. */
const TOKEN = /^[\w-]{43}$/;

/** A request as whoever serves HTTP hands it over. */
export interface CallbackRequest {
  readonly method: string;
  /** Path and query, as asked for. */
  readonly target: string;
  /** By lower-case name. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  /** Reads the body when it is asked for; null when it is larger than what is taken. */
  readonly body: () => Promise<Uint8Array | null>;
}

export interface CallbackResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export type CallbackHandler = (request: CallbackRequest) => Promise<CallbackResponse>;

export interface CallbackDeps extends PushDeps {
  /** The URL that callbacks begin with, without a slash at its end. */
  readonly callback: string;
  /** From 0 up to 1. */
  readonly random: () => number;
}

/** What is said where nothing is: the same for every path, so that nothing can be learnt from it. */
export const NOTHING_HERE = 'nothing here\n';

// What a hub sends is echoed, so that a browser must not take it for a page (WebSub §5.3.1).
const PLAIN = { 'content-type': 'text/plain; charset=utf-8', 'x-content-type-options': 'nosniff' };

const answer = (status: number, body = ''): CallbackResponse => ({ status, headers: PLAIN, body });
const nothingHere = (): CallbackResponse => answer(404, NOTHING_HERE);

interface CallbackPath {
  readonly token: string | null;
  readonly query: URLSearchParams;
}

/** The token that the path of `target` ends with, where it is one of ours by its looks. */
function pathOf(target: string, prefix: string): CallbackPath {
  const mark = target.indexOf('?');
  const path = mark < 0 ? target : target.slice(0, mark);
  const token = path.startsWith(`${prefix}/`) ? path.slice(prefix.length + 1) : '';
  const query = new URLSearchParams(mark < 0 ? '' : target.slice(mark + 1));
  return { token: TOKEN.test(token) ? token : null, query };
}

/** Answers a hub that asks whether we meant it (WebSub §5.3), or says that it does not want us (§5.2). */
async function verify(
  deps: CallbackDeps,
  subscription: Subscription,
  query: URLSearchParams,
): Promise<CallbackResponse> {
  const { store, now, log, random } = deps;
  const { digest, feed, hub, topic } = subscription;
  if (query.get('hub.topic') !== topic) return nothingHere();
  const mode = query.get('hub.mode');
  if (mode === 'denied') {
    const said = (query.get('hub.reason') ?? '')
      .replace(/[\p{C}\s]+/gu, ' ')
      .trim()
      .slice(0, REASON_CHARS_MAX);
    const reason = `${hub}: denied${said === '' ? '' : `: ${said}`}`;
    await deny(store.db, digest, reason, new Date(now().getTime() + DENIED_RETRY_MS), now());
    log.warn({ feed, hub, reason: said }, 'hub denied');
    return answer(200);
  }
  const challenge = query.get('hub.challenge') ?? '';
  if (challenge === '' || challenge.length > CHALLENGE_CHARS_MAX) return nothingHere();
  if (mode === 'subscribe') {
    const lease = leaseOf(query.get('hub.lease_seconds'), now(), random());
    if (!(await activate(store.db, digest, lease, now()))) return nothingHere();
    log.info({ feed, hub, until: lease.until }, 'subscribed');
    return answer(200, challenge);
  }
  if (mode !== 'unsubscribe' || !(await confirmEnd(store.db, digest, now()))) return nothingHere();
  log.info({ feed, hub }, 'unsubscribed');
  return answer(200, challenge);
}

/** Takes what a hub pushes (WebSub §7). */
async function take(
  deps: CallbackDeps,
  subscription: Subscription,
  request: CallbackRequest,
): Promise<CallbackResponse> {
  const { store, now, log } = deps;
  const { feed, hub, digest, secret } = subscription;
  const body = await request.body();
  if (body === null) {
    await notePing(store.db, subscription, now());
    return { ...answer(413), headers: { ...PLAIN, connection: 'close' } };
  }
  if (!isConfidential(hub)) {
    // Such a hub was given no secret, since it could have been read on the way. Its word is good for a look at the feed.
    await notePing(store.db, subscription, now());
    return answer(202);
  }
  if (!isSignedWith(secret, body, request.headers['x-hub-signature'])) {
    const error = `${hub}: a push came that it did not sign with our secret`;
    await noteUnsigned(store.db, digest, error);
    log.warn({ feed, hub }, 'push ignored: not signed with our secret');
    // §8.2: acknowledged all the same, so that nobody learns anything by trying.
    return answer(202);
  }
  const taken = await receivePush(deps, subscription, { body, headers: request.headers });
  return answer(taken ? 202 : 410);
}

/**
 * Answers hubs, whoever serves HTTP. Of a token that nobody was given it says the same as of one that was given up, and reads
 * no body before it knows the token. What goes wrong here answers 503, upon which a hub comes again: a push is acknowledged
 * when it is in the log, not before.
 */
export function createCallbackHandler(deps: CallbackDeps): CallbackHandler {
  const prefix = new URL(deps.callback).pathname.replace(/\/$/, '');
  return async (request) => {
    const { token, query } = pathOf(request.target, prefix);
    if (token === null) return nothingHere();
    const { method } = request;
    if (method !== 'GET' && method !== 'POST') {
      return { ...answer(405), headers: { ...PLAIN, allow: 'GET, POST' } };
    }
    try {
      const subscription = await findSubscription(deps.store.db, token);
      if (method === 'GET')
        return subscription === null ? nothingHere() : await verify(deps, subscription, query);
      // 410 lets a hub give up what we gave up (§7).
      const isOver =
        subscription === null || subscription.state === 'ending' || subscription.state === 'ended';
      return isOver ? answer(410) : await take(deps, subscription, request);
    } catch (error) {
      deps.log.warn({ err: error }, 'callback failed, the hub will try again');
      return { ...answer(503), headers: { ...PLAIN, 'retry-after': '10' } };
    }
  };
}
