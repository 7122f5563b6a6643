import { createServer as createHttpServer } from 'node:http';
import type { IncomingMessage, RequestListener } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { connect, createServer } from 'node:net';
import type { AddressInfo, Server, Socket } from 'node:net';
import { afterEach } from 'vitest';
import { createHttpClient } from '../../src/net/http.ts';
import type { HttpClient, HttpClientOptions } from '../../src/net/http.ts';
import { CERTIFICATE, KEY } from './certificate.ts';

/** What a test opened, to be closed behind it. */
const closing: (() => Promise<unknown>)[] = [];

/** Closes after each test what it opened through the functions of this file. */
export function closeBehind(): void {
  afterEach(async () => {
    await Promise.all(closing.splice(0).map((close) => close()));
  });
}

async function listening(server: Server): Promise<number> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.on('close', () => sockets.delete(socket));
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  closing.push(() => {
    for (const socket of sockets) socket.destroy();
    return new Promise((done) => server.close(done));
  });
  return (server.address() as AddressInfo).port;
}

/** A server on 127.0.0.1; its origin. */
export async function serveHttp(answer: RequestListener): Promise<string> {
  return `http://127.0.0.1:${await listening(createHttpServer(answer))}`;
}

export async function serveHttps(answer: RequestListener): Promise<string> {
  const server = createHttpsServer({ key: KEY, cert: CERTIFICATE }, answer);
  return `https://127.0.0.1:${await listening(server)}`;
}

/** A server that writes what it likes, as soon as it is asked anything: for what no HTTP library would send. */
export async function serveRaw(answer: (socket: Socket) => void): Promise<string> {
  const server = createServer((socket) => {
    socket.once('data', () => {
      answer(socket);
    });
  });
  return `http://127.0.0.1:${await listening(server)}`;
}

export interface TestProxy {
  readonly url: string;
  /** What it was asked: "GET http://…" and "CONNECT host:port". */
  readonly asked: string[];
  readonly headers: IncomingMessage['headers'][];
}

/** A proxy that answers whole URLs itself, with `answer`, and opens tunnels to `tunnelTo` whatever the host. */
export async function serveProxy(answer: RequestListener, tunnelTo: number | null): Promise<TestProxy> {
  const asked: string[] = [];
  const headers: IncomingMessage['headers'][] = [];
  const note = (request: IncomingMessage): void => {
    asked.push(`${request.method ?? ''} ${request.url ?? ''}`);
    headers.push(request.headers);
  };
  const server = createHttpServer((request, response) => {
    note(request);
    answer(request, response);
  });
  server.on('connect', (request: IncomingMessage, client: Socket) => {
    note(request);
    if (tunnelTo === null) {
      client.end('HTTP/1.1 403 Forbidden\r\n\r\n');
      return;
    }
    const host = connect(tunnelTo, '127.0.0.1', () => {
      client.write('HTTP/1.1 200 OK\r\n\r\n');
      host.pipe(client).pipe(host);
    });
    host.on('error', () => client.destroy());
    client.on('close', () => host.destroy());
  });
  return { url: `http://127.0.0.1:${await listening(server)}`, asked, headers };
}

/** A client that is closed behind the test; it may ask the own machine unless told otherwise. */
export function clientOf(differences: Partial<HttpClientOptions> = {}): HttpClient {
  const client = createHttpClient({
    contactUrl: 'https://contact.example.org',
    version: '1.2.3',
    allowPrivate: true,
    ...differences,
  });
  closing.push(() => client.close());
  return client;
}
