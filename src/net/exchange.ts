import { setImmediate } from 'node:timers/promises';
import type { Dispatcher } from 'undici';
import { BlockedAddress } from './address.ts';
import { ACCEPT_ENCODING, BodyTooLarge, collect, unpack } from './body.ts';
import type { Deadline } from './deadline.ts';
import { failed, failureOf } from './failure.ts';
import type { HttpFailure } from './failure.ts';
import type { HttpAnswer, HttpOutcome, Redirect } from './answer.ts';
import type { HttpLimits } from './limits.ts';
import type { Routes } from './routes.ts';
import type { Sockets } from './sockets.ts';
import { basicAuthorization, isDowngrade, parseTarget } from './target.ts';

/** What a call asks for. */
export interface Call {
  readonly method: 'GET' | 'POST';
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array | null;
  readonly open: boolean;
  readonly signal: AbortSignal | undefined;
  readonly redirectsMax: number;
}

/** What all calls of a client share. */
export interface Context {
  readonly limits: HttpLimits;
  readonly userAgent: string;
  readonly routes: Routes;
  readonly sockets: Sockets;
}

const REDIRECTS = new Set([301, 302, 303, 307, 308]);
/** How much of a Location is repeated in a message. */
const NAMED_CHARS_MAX = 200;
/** Request headers that say which copy we have. They are one server's; another could take them for its own and answer 304. */
const VALIDATORS: ReadonlySet<string> = new Set(['if-none-match', 'if-modified-since']);

function flatten(headers: Dispatcher.ResponseData['headers']): Record<string, string> {
  const flat: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined) flat[name.toLowerCase()] = Array.isArray(value) ? value.join(', ') : value;
  }
  return flat;
}

async function readGood(
  answer: Dispatcher.ResponseData,
  encoding: string,
  limits: HttpLimits,
): Promise<Uint8Array> {
  if (Number(answer.headers['content-length'] ?? 0) > limits.packedBytesMax) {
    throw new BodyTooLarge('packed', limits.packedBytesMax);
  }
  const packed = await collect(answer.body, limits.packedBytesMax);
  return await unpack(packed, encoding, limits.unpackedBytesMax);
}

/**
 * The body of an answer, unpacked. What comes with a redirect or an error is a courtesy: its status counts even where
 * the body cannot be read, or is more than anybody needs.
 */
async function readBody(
  answer: Dispatcher.ResponseData,
  encoding: string,
  limits: HttpLimits,
  call: Call,
): Promise<Uint8Array> {
  const isGood = answer.statusCode >= 200 && answer.statusCode < 300;
  try {
    if (isGood) return await readGood(answer, encoding, limits);
    const packed = await collect(answer.body, limits.errorBytesMax);
    return await unpack(packed, encoding, limits.unpackedBytesMax);
  } catch (error) {
    answer.body.destroy();
    if (isGood || call.signal?.aborted === true) throw error;
    return new Uint8Array();
  }
}

type Answered = Omit<HttpAnswer, 'redirects'>;

async function hop(
  context: Context,
  url: URL,
  call: Call,
  deadline: Deadline,
): Promise<Answered | BlockedAddress> {
  const { limits, routes, sockets, userAgent } = context;
  const route = routes.to(url, call.open);
  if (route instanceof BlockedAddress) return route;
  const credentials = basicAuthorization(url);
  const answered = deadline.awaitAnswer(limits.firstByteMs);
  const answer = await route.dispatcher
    .request({
      origin: route.origin,
      path: route.path,
      method: call.method,
      headers: {
        'user-agent': userAgent,
        'accept-encoding': ACCEPT_ENCODING,
        ...(credentials !== null && { authorization: credentials }),
        ...call.headers,
        ...route.headers,
      },
      body: call.body,
      signal: deadline.signal,
      // With many connections open, this one is closed after its answer instead of kept.
      reset: sockets.open >= limits.keptSocketsMax,
    })
    .finally(answered);
  const headers = flatten(answer.headers);
  const body = await readBody(answer, headers['content-encoding'] ?? '', limits, call);
  const conditional = Object.keys(call.headers).some((name) => VALIDATORS.has(name));
  const answeredBy = url.origin + url.pathname + url.search;
  return { kind: 'answer', status: answer.statusCode, url: answeredBy, headers, body, conditional };
}

/** What may be sent to `url` of a call that began at `first`: validators only to the same host, and never in the clear after TLS. */
function callFor(call: Call, first: URL, url: URL): Call {
  if (url.host === first.host && !isDowngrade(first, url)) return call;
  const kept = Object.entries(call.headers).filter(([name]) => !VALIDATORS.has(name));
  return { ...call, headers: Object.fromEntries(kept) };
}

/** Where an answer sends us, or why we do not follow. */
function nextOf(
  location: string,
  from: URL,
  redirects: readonly Redirect[],
  { open, redirectsMax }: Call,
): URL | HttpFailure {
  const named = location.slice(0, NAMED_CHARS_MAX);
  const start = redirects[0]?.from ?? from.href;
  if (redirects.length === redirectsMax) {
    const words = `more than ${redirectsMax} redirects, the last to ${named}`;
    return failed(start, 'too-many-redirects', words);
  }
  const next = parseTarget(location, from.href, open);
  if ('kind' in next) return next.code === 'bad-url' ? { ...next, code: 'bad-redirect' } : next;
  next.hash = '';
  // Whom a server sends us to gets none of its credentials, and itself none in the clear.
  const { username, password } = next.origin === from.origin ? from : { username: '', password: '' };
  [next.username, next.password] = [username, password];
  const isSeen = next.href === from.href || redirects.some((redirect) => redirect.from === next.href);
  return isSeen ? failed(start, 'too-many-redirects', `redirects in a circle, back to ${named}`) : next;
}

/** Asks for `target` and follows where it leads. Throws what undici throws. */
export async function exchange(
  context: Context,
  target: string,
  call: Call,
  deadline: Deadline,
): Promise<HttpOutcome> {
  const redirects: Redirect[] = [];
  const first = parseTarget(target, undefined, call.open);
  if ('kind' in first) return first;
  first.hash = '';
  let url = first;
  for (;;) {
    const answer = await hop(context, url, callFor(call, first, url), deadline);
    if (answer instanceof BlockedAddress) return failureOf(url.href, answer);
    const location = answer.headers['location'];
    if (!REDIRECTS.has(answer.status) || location === undefined || call.redirectsMax === 0) {
      return { ...answer, redirects };
    }
    const next = nextOf(location, url, redirects, call);
    if ('kind' in next) return next;
    redirects.push({ from: url.href, to: next.href, status: answer.status });
    url = next;
    // undici has the connection free a turn after its last byte: a redirect on the same host can take it.
    await setImmediate();
  }
}
