import { createHmac } from 'node:crypto';
import { createServer } from 'node:http';
import type { IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A request for a subscription as the hub got it. */
export interface Asked {
  readonly mode: string;
  readonly topic: string;
  readonly callback: string;
  readonly secret: string | null;
  readonly leaseSeconds: string | null;
}

/** How a hub behaves; tests change it as they go. */
export interface HubManners {
  /** What it answers to a request; 202 unless given. */
  status?: number;
  location?: string;
  words?: string;
  /** When it calls back: before it answers the request, as many do, or only when told to. */
  verifies?: 'before' | 'when told';
  /** What it gives; the one asked for unless given. */
  leaseSeconds?: string;
}

export interface Verification {
  readonly status: number;
  readonly body: string;
}

/** A WebSub hub over real HTTP, which can lie. */
export interface Hub {
  readonly url: string;
  readonly asked: Asked[];
  /** What came of its calling back by itself. */
  readonly verified: Verification[];
  manners: HubManners;
  /** Calls back about the last request, or about what `query` says in its place. */
  call(query?: Readonly<Record<string, string>>): Promise<Verification>;
  /** Pushes `body` to the callback of the last request, signed unless it is a stream; gives the status. */
  push(
    body: string | Uint8Array | ReadableStream,
    headers?: Readonly<Record<string, string>>,
  ): Promise<number>;
  close(): Promise<void>;
}

async function formOf(request: IncomingMessage): Promise<Asked> {
  const parts: Buffer[] = [];
  for await (const part of request as AsyncIterable<Buffer>) parts.push(part);
  const form = new URLSearchParams(Buffer.concat(parts).toString('utf8'));
  const required = (name: string): string => {
    const value = form.get(name);
    if (value === null) throw new Error(`the request to the hub has no ${name}`);
    return value;
  };
  return {
    mode: required('hub.mode'),
    topic: required('hub.topic'),
    callback: required('hub.callback'),
    secret: form.get('hub.secret'),
    leaseSeconds: form.get('hub.lease_seconds'),
  };
}

/** Signs as hubs do: the method's name, and the digest in hex. */
export function signatureOf(secret: string, body: string | Uint8Array, method = 'sha256'): string {
  return `${method}=${createHmac(method, secret).update(body).digest('hex')}`;
}

/** Starts a hub on 127.0.0.1. */
export async function startHub(): Promise<Hub> {
  const asked: Asked[] = [];
  const verified: Verification[] = [];
  let secret = '';
  const last = (): Asked => {
    const request = asked.at(-1);
    if (request === undefined) throw new Error('nobody has asked this hub');
    return request;
  };
  const hub: Hub = {
    url: '',
    asked,
    verified,
    manners: {},
    async call(query) {
      const { mode, topic, callback, leaseSeconds } = last();
      const lease = hub.manners.leaseSeconds ?? leaseSeconds ?? '';
      const said = {
        'hub.mode': mode,
        'hub.topic': topic,
        'hub.challenge': 'ch-1',
        'hub.lease_seconds': lease,
      };
      const target = `${callback}?${new URLSearchParams({ ...said, ...query }).toString()}`;
      const response = await fetch(target);
      return { status: response.status, body: await response.text() };
    },
    async push(body, headers = {}) {
      const isStream = body instanceof ReadableStream;
      const response = await fetch(last().callback, {
        method: 'POST',
        body,
        headers: {
          'content-type': 'application/rss+xml',
          ...(!isStream && { 'x-hub-signature': signatureOf(secret, body) }),
          ...headers,
        },
        ...(isStream && { duplex: 'half' }),
      });
      await response.arrayBuffer();
      return response.status;
    },
    async close() {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  };
  const server = createServer((request, response) => {
    void (async () => {
      const form = await formOf(request);
      asked.push(form);
      secret = form.secret ?? secret;
      const { status = 202, location, words = '', verifies = 'before' } = hub.manners;
      if (status === 202 && verifies === 'before') verified.push(await hub.call());
      response.writeHead(status, location === undefined ? {} : { location }).end(words);
    })();
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return Object.assign(hub, { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/` });
}
