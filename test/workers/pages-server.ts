import { once } from 'node:events';
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo, LookupFunction } from 'node:net';
import iconv from 'iconv-lite';

/** A page as a site serves it. */
export interface Served {
  readonly body?: string | Buffer;
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A site of pages: by path, with whatever robots.txt it has; it remembers who asked for what. */
export class PagesServer {
  readonly pages = new Map<string, Served>();
  readonly asked: string[] = [];
  readonly #server: Server;
  #port = 0;

  constructor() {
    this.#server = createServer((request, response) => {
      const path = request.url ?? '';
      this.asked.push(path);
      const { body = '', status = 200, headers = {} } = this.pages.get(path) ?? { status: 404 };
      response.writeHead(status, { 'content-type': 'text/html', ...headers }).end(body);
    });
  }

  async start(): Promise<void> {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
    this.#port = (this.#server.address() as AddressInfo).port;
  }

  /** On this machine, which takes no turns, or on any host that `lookup` leads here. */
  url(path: string, host = '127.0.0.1'): string {
    return `http://${host}:${this.#port}${path}`;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }
}

/** Every name is this machine. */
export const everyNameHere: LookupFunction = (_host, options, callback) => {
  const found = { address: '127.0.0.1', family: 4 };
  if (options.all === true) callback(null, [found]);
  else callback(null, found.address, found.family);
};

export interface Article {
  readonly title: string;
  readonly paragraphs: readonly string[];
  readonly head?: string;
}

/** An article among what sites put around one. */
export function articlePage({ title, paragraphs, head = '' }: Article): string {
  return `<!doctype html><html><head><title>${title} | The Harbour</title>${head}</head><body>
    <nav><ul><li><a href="/">Home</a><li><a href="/world">World</a><li><a href="/login">Sign in</a></ul></nav>
    <article><h1>${title}</h1>${paragraphs.map((text) => `<p>${text}</p>`).join('\n')}</article>
    <aside><h2>Most read</h2><ol><li><a href="/1">Ten ferries</a><li><a href="/2">Ten more</a></ol></aside>
    <footer>All rights reserved.</footer></body></html>`;
}

/** The same page in a charset of its language. */
export const encoded = (page: string, charset: string): Buffer => iconv.encode(page, charset);

/** The paragraphs of an article that has much to say. */
export const long = (sentence: string, times = 6): string[] => Array.from({ length: times }, () => sentence);
export const ENGLISH = long(
  'The ministers spoke at length of gallium, of visas, and of a ferry whose captain waited outside.',
);
