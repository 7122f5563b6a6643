import type { LookupFunction } from 'node:net';
import type { HttpOutcome } from './answer.ts';
import { startDeadline } from './deadline.ts';
import { exchange } from './exchange.ts';
import type { Call, Context } from './exchange.ts';
import { failed, failureOf } from './failure.ts';
import { HTTP_LIMITS } from './limits.ts';
import type { HttpLimits } from './limits.ts';
import { NO_PROXIES } from './proxies.ts';
import type { Proxies } from './proxies.ts';
import { Routes } from './routes.ts';
import { Sockets } from './sockets.ts';
import { Turns } from './turns.ts';

export type { HttpAnswer, HttpOutcome, Redirect } from './answer.ts';
export type { HttpFailureCode } from './failure.ts';

const ACCEPT =
  'application/rss+xml, application/atom+xml, application/feed+json, application/xml;q=0.9, */*;q=0.5';

export interface GetOptions {
  /** Validators of the copy we have: the answer may then be a 304 without a body. */
  readonly etag?: string | null;
  readonly lastModified?: string | null;
  /** What is wanted, as `Accept` says it; a feed unless given. */
  readonly accept?: string;
  /** Also addresses of the own machine and network: the operator's choice, for demo, tests and a lab. */
  readonly allowPrivate?: boolean;
  readonly signal?: AbortSignal;
}

export interface PostOptions {
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array;
  readonly allowPrivate?: boolean;
  readonly signal?: AbortSignal;
}

/**
 * The one way out to the network. An operating failure is a value; nothing here throws for what a server
 * does.
 */
export interface HttpClient {
  /** Fetches a URL, following redirects. */
  get(url: string, options?: GetOptions): Promise<HttpOutcome>;
  /**
   * Posts a body. Redirects are not followed (a signed delivery is meant for one URL): the caller sees the
   * 3xx.
   */
  post(url: string, options: PostOptions): Promise<HttpOutcome>;
  /** Ends all connections. */
  close(): Promise<void>;
}

export interface HttpClientOptions {
  /** Where a publisher can learn who asks, and complain. */
  readonly contactUrl: string;
  readonly version: string;
  /** The default for every call; false unless given. */
  readonly allowPrivate?: boolean;
  readonly limits?: Partial<HttpLimits>;
  /** Resolves names; the system's resolver unless given. */
  readonly lookup?: LookupFunction;
  /** Through whom to ask; directly unless given. */
  readonly proxies?: Proxies;
  /** PEM of authorities to trust instead of the usual ones: for tests and a lab. */
  readonly ca?: string;
}

async function perform(context: Context, turns: Turns, target: string, call: Call): Promise<HttpOutcome> {
  const end = await turns.take(call.signal);
  if (end === null) return failed(target, 'aborted', 'given up before it was asked for');
  const deadline = startDeadline(call.signal, context.limits.totalMs);
  try {
    return await exchange(context, target, call, deadline);
  } catch (error) {
    return failureOf(target, error);
  } finally {
    deadline.clear();
    end();
  }
}

/** What a header can carry as it is; the rest would be our mistake, made of a server's. */
const SENDABLE = /^[\t\x20-\x7e\x80-\xff]+$/;

function validators({ etag = null, lastModified = null }: GetOptions): Record<string, string> {
  return {
    ...(etag !== null && SENDABLE.test(etag) && { 'if-none-match': etag }),
    ...(lastModified !== null && SENDABLE.test(lastModified) && { 'if-modified-since': lastModified }),
  };
}

function contextOf(options: HttpClientOptions): Context {
  const limits: HttpLimits = { ...HTTP_LIMITS, ...options.limits };
  const { lookup, ca, proxies = NO_PROXIES } = options;
  const sockets = new Sockets();
  return {
    limits,
    userAgent: `shuttlewatch/${options.version} (+${options.contactUrl})`,
    routes: new Routes({ limits, sockets, lookup, ca }, proxies),
    sockets,
  };
}

/** A client for everything that leaves the house: feeds and webhooks. */
export function createHttpClient(options: HttpClientOptions): HttpClient {
  const context = contextOf(options);
  const { limits } = context;
  const turns = new Turns(limits.callsMax);
  const openByDefault = options.allowPrivate ?? false;
  return {
    get: (url, get = {}) =>
      perform(context, turns, url, {
        method: 'GET',
        headers: { accept: get.accept ?? ACCEPT, ...validators(get) },
        body: null,
        open: get.allowPrivate ?? openByDefault,
        signal: get.signal,
        redirectsMax: limits.redirectsMax,
      }),
    post: (url, { headers, body, allowPrivate, signal }) =>
      perform(context, turns, url, {
        method: 'POST',
        headers: headers ?? {},
        body,
        open: allowPrivate ?? openByDefault,
        signal,
        redirectsMax: 0,
      }),
    close: () => context.routes.close(),
  };
}
