import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { subjectYaml } from '../dossier/folder.ts';
import { steadyPort } from '../support/free-port.ts';
import { ELSEWHERE, Newsdesk, pageOf } from './newsdesk.ts';
import type { WorldItem } from './newsdesk.ts';
import { PUSHED, PushedFeed } from './pushed-feed.ts';

/** A key of 32 bytes, for tests alone. */
export const SECRET = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;

export interface Post {
  readonly id: string;
  readonly alert: string;
  readonly url: string;
  readonly status: number;
}

/**
 * The world outside: feeds that grow, one that is gone, one that a hub pushes, and a receiver of webhooks. The items of the first feed
 * move to other addresses, those of the last one have pages.
 */
export interface World {
  readonly folder: string;
  readonly hook: string;
  /** The port under which the hub looks for whoever watches. */
  readonly callbackPort: number;
  /** Says how many pushes nobody has taken yet. */
  readonly pushesLeft: string;
  readonly items: readonly WorldItem[];
  readonly posts: readonly Post[];
  /** Adds `count` items to every feed; to the one that is pushed, where somebody has subscribed to it. */
  publish(count: number): void;
  close(): Promise<void>;
}

interface FeedNamed {
  readonly name: string;
  /** Whether the full texts of its items are asked for. */
  readonly paged: boolean;
}

/** A dossier that asks for one place, with these feeds, a pushed one and one that is gone, all at `origin`. */
function dossierFiles(origin: string, feeds: readonly FeedNamed[]): Record<string, string> {
  const outlines = [...feeds, { name: PUSHED, paged: false }, { name: 'gone', paged: false }].map(
    ({ name, paged }) =>
      `<outline type="rss" text="${name}" sw:feed="${name}" sw:fullText="${paged.toString()}" language="en" xmlUrl="${origin}/${name}" sw:seen="test" sw:unverified="false"/>`,
  );
  return {
    'entities.yaml': subjectYaml('nara', '  aliases: { en: [Nara] }\n'),
    'rules.yaml':
      '- id: nara\n  title: Nara\n  about: What happens in Nara?\n  query: entity:nara\n  channels: [webhook]\n',
    'feeds.opml': `<?xml version="1.0" encoding="UTF-8"?><opml version="2.0" xmlns:sw="urn:shuttlewatch:opml:1"><head><title>t</title></head><body><outline text="Wire" sw:publisher="wire" sw:family="wire" sw:country="JP" sw:stateRun="false" sw:hosts="wire.example">${outlines.join('')}</outline></body></opml>`,
  };
}

/** Answers one post in five with 503 the first time. */
class Receiver {
  readonly posts: Post[] = [];

  take(request: IncomingMessage, response: ServerResponse): void {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = JSON.parse(Buffer.concat(chunks).toString('utf8')) as {
        data: { alert: string; item: { url: string } };
      };
      const { alert, item } = body.data;
      const first = !this.posts.some((post) => post.alert === alert);
      const status = first && Number.parseInt(alert.slice(0, 4), 16) % 5 === 0 ? 503 : 204;
      this.posts.push({ id: String(request.headers['webhook-id']), alert, url: item.url, status });
      response.writeHead(status).end();
    });
  }
}

/** What the world says at each of its addresses. */
class Addresses {
  readonly #desks: readonly Newsdesk[];
  readonly #pushed: PushedFeed;
  readonly #receiver: Receiver;
  origin = '';

  constructor(desks: readonly Newsdesk[], pushed: PushedFeed, receiver: Receiver) {
    this.#desks = desks;
    this.#pushed = pushed;
    this.#receiver = receiver;
  }

  answer(request: IncomingMessage, response: ServerResponse): void {
    const { url = '', method } = request;
    if (method === 'POST' && url === '/hub') void this.#pushed.hub.take(request, response);
    else if (method === 'POST') this.#receiver.take(request, response);
    else if (url === '/pushes-left') response.end(this.#pushed.hub.left.toString());
    else if (url === `/${PUSHED}`) this.#feed(response, this.#pushed.document, true);
    else this.#get(url, response);
  }

  #get(url: string, response: ServerResponse): void {
    const [, feed, page] = /^\/(?:feed-)?(\d+)(?:\/(\d+))?$/.exec(url) ?? [];
    const desk = this.#desks[Number(feed ?? -1)];
    const item = desk?.items[Number(page ?? -1)];
    if (desk !== undefined && page === undefined) this.#feed(response, desk.document, false);
    else if (item === undefined) response.writeHead(404).end();
    else response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end(pageOf(item));
  }

  #feed(response: ServerResponse, document: string, isPushed: boolean): void {
    const link = `<${this.origin}/hub>; rel="hub", <${this.origin}/${PUSHED}>; rel="self"`;
    const headers = { 'content-type': 'application/rss+xml', ...(isPushed && { link }) };
    response.writeHead(200, headers).end(document);
  }
}

/** Opens a world with `feeds` feeds of `first` items each, which are old news to whoever looks first. */
export async function openWorld(feeds: number, first: number): Promise<World> {
  const desks: Newsdesk[] = [];
  const pushed = new PushedFeed(first);
  const receiver = new Receiver();
  const addresses = new Addresses(desks, pushed, receiver);
  const server = createServer((request, response) => {
    addresses.answer(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  addresses.origin = origin;
  const named = Array.from({ length: feeds }, (_, feed) => ({
    name: `feed-${feed}`,
    paged: feed === feeds - 1,
  }));
  for (const [feed, { paged }] of named.entries()) {
    const desk = new Newsdesk(feed.toString(), paged ? origin : ELSEWHERE, { moves: feed === 0, paged });
    desk.publish(first, true);
    desks.push(desk);
  }
  const folder = await mkdtemp(join(tmpdir(), 'shuttlewatch-world-'));
  for (const [name, text] of Object.entries(dossierFiles(origin, named))) {
    await writeFile(join(folder, name), text);
  }
  return {
    folder,
    hook: `${origin}/hook`,
    callbackPort: await steadyPort(),
    pushesLeft: `${origin}/pushes-left`,
    get items() {
      return [...desks.flatMap(({ items }) => items), ...pushed.items];
    },
    posts: receiver.posts,
    publish(count) {
      for (const desk of desks) desk.publish(count, false);
      pushed.publish(count);
    },
    async close() {
      await pushed.hub.close();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await rm(folder, { recursive: true, force: true });
    },
  };
}
