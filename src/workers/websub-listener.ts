import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Log } from '../log.ts';
import { FEED_BYTES_MAX } from '../ingest/parsed.ts';
import type { CallbackHandler, CallbackResponse } from './websub-callback.ts';
import { within } from './within.ts';

/** A larger push is left to the next poll. */
export const PUSH_BYTES_MAX = FEED_BYTES_MAX / 4;
/** Of a push that turns out to be larger so much is read, so that it can be answered. */
const DISCARDED_BYTES_MAX = 2 * FEED_BYTES_MAX;
const HEADERS_BYTES_MAX = 8 * 1024;
const HEADERS_MS_MAX = 10_000;
/** Of a whole request: what a trickling body cannot outlive. */
const REQUEST_MS_MAX = 30_000;
const CHECK_EVERY_MS = 5_000;
const KEEP_ALIVE_MS = 5_000;
const CONNECTIONS_MAX = 256;
/** Requests in hand at a time: each may hold PUSH_BYTES_MAX. */
const REQUESTS_AT_ONCE_MAX = 16;
/** How long a stop waits for requests in hand. */
const CLOSE_MS_MAX = 5_000;

const BUSY: CallbackResponse = { status: 503, headers: { 'retry-after': '5' }, body: '' };

export interface Listening {
  readonly port: number;
  /** Takes nothing new, and waits a while for what is in hand. */
  close(): Promise<void>;
}

/**
 * The body; null when it is longer than PUSH_BYTES_MAX. Of one whose length is not announced so much is read to its end, and
 * thrown away, as a hub may be expected to send: a sender that is cut off in the middle hears no answer.
 */
async function readBody(request: IncomingMessage): Promise<Uint8Array | null> {
  if (Number(request.headers['content-length'] ?? 0) > PUSH_BYTES_MAX) return null;
  const parts: Uint8Array[] = [];
  let bytes = 0;
  // Left early, the request stays open for the answer.
  for await (const part of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Uint8Array>) {
    bytes += part.byteLength;
    if (bytes > DISCARDED_BYTES_MAX) return null;
    if (bytes > PUSH_BYTES_MAX) parts.length = 0;
    else parts.push(part);
  }
  return bytes > PUSH_BYTES_MAX ? null : Buffer.concat(parts, bytes);
}

function headersOf({ headers }: IncomingMessage): Record<string, string | undefined> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, Array.isArray(value) ? value.join(', ') : value]),
  );
}

function send(response: ServerResponse, { status, headers, body }: CallbackResponse): void {
  if (response.destroyed) return;
  response.writeHead(status, { ...headers, 'content-length': Buffer.byteLength(body) }).end(body);
}

/** Requests go to `handle`, so many at a time. */
function serve(handle: CallbackHandler, log: Log): Server {
  let inHand = 0;
  const take = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    if (inHand >= REQUESTS_AT_ONCE_MAX) {
      send(response, BUSY);
      return;
    }
    inHand += 1;
    try {
      const { method = '', url: target = '' } = request;
      const headers = headersOf(request);
      send(response, await handle({ method, target, headers, body: () => readBody(request) }));
    } catch (error) {
      // The other end left, or ran out of time, in the middle of its body.
      log.info({ err: error }, 'callback cut off');
      response.destroy();
    } finally {
      inHand -= 1;
    }
  };
  const options = {
    maxHeaderSize: HEADERS_BYTES_MAX,
    headersTimeout: HEADERS_MS_MAX,
    requestTimeout: REQUEST_MS_MAX,
    connectionsCheckingInterval: CHECK_EVERY_MS,
    keepAliveTimeout: KEEP_ALIVE_MS,
  };
  const server = createServer(options, (request, response) => void take(request, response));
  server.maxConnections = CONNECTIONS_MAX;
  return server;
}

/** Listens for hubs on `host` and `port` (0: one that is free). Rejects when it cannot. */
export async function listen(
  { host, port }: { readonly host: string; readonly port: number },
  handle: CallbackHandler,
  log: Log,
): Promise<Listening> {
  const server = serve(handle, log);
  await new Promise<void>((done, failed) => {
    server.once('error', failed);
    server.listen(port, host, () => {
      server.off('error', failed);
      done();
    });
  });
  server.on('error', (error) => {
    log.warn({ err: error }, 'the listener for hubs has trouble');
  });
  return {
    port: (server.address() as AddressInfo).port,
    async close() {
      const closed = new Promise((done) => server.close(done));
      server.closeIdleConnections();
      if (!(await within(closed, CLOSE_MS_MAX))) server.closeAllConnections();
      await closed;
    },
  };
}
