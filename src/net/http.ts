import { request } from 'undici';
import type { Agent, Dispatcher } from 'undici';
import type { LookupFunction } from 'node:net';
import { createAgent } from './agent.ts';
import { ACCEPT_ENCODING, BodyTooLarge, BodyUnreadable, collect, unpack } from './body.ts';
import { failureOf } from './failure.ts';
import type { HttpFailure } from './failure.ts';
import { HTTP_LIMITS } from './limits.ts';
import type { HttpLimits } from './limits.ts';
import { authorization, parseTarget } from './target.ts';

export type { HttpFailure, HttpFailureCode } from './failure.ts';

const ACCEPT =
  'application/rss+xml, application/atom+xml, application/feed+json, application/xml;q=0.9, */*;q=0.5';

export interface Redirect {
  readonly from: string;
  readonly to: string;
  readonly status: number;
}

/** An answer of any status. */
export interface HttpAnswer {
  readonly kind: 'answer';
  readonly status: number;
  /** The URL that answered, after redirects. */
  readonly url: string;
  readonly redirects: readonly Redirect[];
  /** By lower-case name; a header sent twice is joined by a comma. */
  readonly headers: Readonly<Record<string, string>>;
  /** Unpacked. */
  readonly body: Uint8Array;
}

export type HttpOutcome = HttpAnswer | HttpFailure;

export interface GetOptions {
  /** Validators of the copy we have: the answer may then be a 304 without a body. */
  readonly etag?: string | null;
  readonly lastModified?: string | null;
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
}

interface Call {
  readonly method: 'GET' | 'POST';
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array | null;
  readonly open: boolean;
  readonly signal: AbortSignal | undefined;
  readonly redirectsMax: number;
}

function flatten(headers: Dispatcher.ResponseData['headers']): Record<string, string> {
  const flat: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined) flat[name.toLowerCase()] = Array.isArray(value) ? value.join(', ') : value;
  }
  return flat;
}

const REDIRECTS = new Set([301, 302, 303, 307, 308]);

interface Context {
  readonly limits: HttpLimits;
  readonly userAgent: string;
  readonly guarded: Agent;
  readonly open: Agent;
}

/**
 * The body of an answer, unpacked. What an error page carries is a courtesy: its status counts even where it
 * cannot be read.
 */
async function readBody(
  answer: Dispatcher.ResponseData,
  encoding: string,
  limits: HttpLimits,
): Promise<Uint8Array> {
  try {
    if (Number(answer.headers['content-length'] ?? 0) > limits.packedBytesMax) {
      throw new BodyTooLarge('packed', limits.packedBytesMax);
    }
    const packed = await collect(answer.body, limits.packedBytesMax);
    return await unpack(packed, encoding, limits.unpackedBytesMax);
  } catch (error) {
    answer.body.destroy();
    const ours = error instanceof BodyTooLarge || error instanceof BodyUnreadable;
    if (ours && answer.statusCode >= 400) return new Uint8Array();
    throw error;
  }
}

async function hop(
  context: Context,
  url: URL,
  call: Call,
  signal: AbortSignal,
): Promise<Omit<HttpAnswer, 'redirects'>> {
  const answer = await request(url, {
    method: call.method,
    dispatcher: call.open ? context.open : context.guarded,
    headers: {
      'user-agent': context.userAgent,
      'accept-encoding': ACCEPT_ENCODING,
      ...authorization(url),
      ...call.headers,
    },
    body: call.body,
    signal,
  });
  const headers = flatten(answer.headers);
  const body = await readBody(answer, headers['content-encoding'] ?? '', context.limits);
  return { kind: 'answer', status: answer.statusCode, url: url.href, headers, body };
}

const VALIDATORS: ReadonlySet<string> = new Set(['if-none-match', 'if-modified-since']);

/** Validators are one server's; another could take them for its own and answer 304. */
function withoutValidators(call: Call): Call {
  const kept = Object.entries(call.headers).filter(([name]) => !VALIDATORS.has(name));
  return { ...call, headers: Object.fromEntries(kept) };
}

async function exchange(
  context: Context,
  target: string,
  call: Call,
  signal: AbortSignal,
): Promise<HttpOutcome> {
  const redirects: Redirect[] = [];
  let url = parseTarget(target, undefined, call.open);
  const first = 'kind' in url ? '' : url.host;
  const sameHost = (hop: URL): boolean => hop.host === first;
  while (!('kind' in url)) {
    const answer = await hop(context, url, sameHost(url) ? call : withoutValidators(call), signal);
    const location = answer.headers['location'];
    if (!REDIRECTS.has(answer.status) || location === undefined || call.redirectsMax === 0) {
      return { ...answer, redirects };
    }
    if (redirects.length === call.redirectsMax) {
      const reason = `${target}: more than ${call.redirectsMax} redirects, the last to ${location.slice(0, 200)}`;
      return { kind: 'failed', code: 'too-many-redirects', reason };
    }
    const next = parseTarget(location, url.href, call.open);
    if (!('kind' in next)) redirects.push({ from: url.href, to: next.href, status: answer.status });
    else if (next.code === 'bad-url') return { ...next, code: 'bad-redirect' };
    url = next;
  }
  return url;
}

/**
 * A signal of one call's own, which ends when the time is up or the caller's signal does. `AbortSignal.any` would
 * leave something behind on the caller's signal with every call, and a worker's lives as long as the process.
 */
function deadline(call: Call, totalMs: number): { signal: AbortSignal; clear: () => void } {
  const stop = new AbortController();
  const timer = setTimeout(() => {
    stop.abort(new DOMException(`no whole answer within ${totalMs} ms`, 'TimeoutError'));
  }, totalMs);
  const abort = (): void => {
    stop.abort();
  };
  call.signal?.addEventListener('abort', abort, { once: true });
  if (call.signal?.aborted === true) abort();
  const clear = (): void => {
    clearTimeout(timer);
    call.signal?.removeEventListener('abort', abort);
  };
  return { signal: stop.signal, clear };
}

async function perform(context: Context, target: string, call: Call): Promise<HttpOutcome> {
  const { signal, clear } = deadline(call, context.limits.totalMs);
  try {
    return await exchange(context, target, call, signal);
  } catch (error) {
    return failureOf(target, error);
  } finally {
    clear();
  }
}

function validators({ etag = null, lastModified = null }: GetOptions): Record<string, string> {
  return {
    ...(etag === null ? {} : { 'if-none-match': etag }),
    ...(lastModified === null ? {} : { 'if-modified-since': lastModified }),
  };
}

/** A client for everything that leaves the house: feeds and webhooks. */
export function createHttpClient(options: HttpClientOptions): HttpClient {
  const limits: HttpLimits = { ...HTTP_LIMITS, ...options.limits };
  const context: Context = {
    limits,
    userAgent: `shuttlewatch/${options.version} (+${options.contactUrl})`,
    guarded: createAgent(limits, options.lookup, false),
    open: createAgent(limits, options.lookup, true),
  };
  const openByDefault = options.allowPrivate ?? false;
  return {
    get: (url, get = {}) =>
      perform(context, url, {
        method: 'GET',
        headers: { accept: ACCEPT, ...validators(get) },
        body: null,
        open: get.allowPrivate ?? openByDefault,
        signal: get.signal,
        redirectsMax: limits.redirectsMax,
      }),
    post: (url, { headers, body, allowPrivate, signal }) =>
      perform(context, url, {
        method: 'POST',
        headers: headers ?? {},
        body,
        open: allowPrivate ?? openByDefault,
        signal,
        redirectsMax: 0,
      }),
    close: async () => {
      await Promise.all([context.guarded.destroy(), context.open.destroy()]);
    },
  };
}
