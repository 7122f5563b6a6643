import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { subjectYaml } from '../dossier/folder.ts';

/** A key of 32 bytes, for tests alone. */
export const SECRET = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;
/** Items a feed shows at most, newest first. */
const WINDOW_ITEMS_MAX = 400;

export interface Post {
  readonly id: string;
  readonly alert: string;
  readonly url: string;
  readonly status: number;
}

/** An item of the world outside, and what the product should make of it. */
export interface WorldItem {
  readonly title: string;
  readonly url: string;
  readonly summary: string;
  /** Whether the rule of the dossier asks for it. */
  readonly wanted: boolean;
  /** Whether it was there before anybody looked. */
  readonly old: boolean;
}

/** The world outside: feeds that grow, one that is gone, and a receiver of webhooks. */
export interface World {
  readonly folder: string;
  readonly hook: string;
  readonly items: readonly WorldItem[];
  readonly posts: readonly Post[];
  /** Adds `count` items to every feed. */
  publish(count: number): void;
  close(): Promise<void>;
}

const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

function rss(items: readonly WorldItem[]): string {
  const entries = items
    .slice(-WINDOW_ITEMS_MAX)
    .reverse()
    .map(
      ({ title, url, summary }) =>
        `<item><title>${escaped(title)}</title><link>${url}</link><description>${escaped(summary)}</description></item>`,
    );
  return `<?xml version="1.0"?><rss version="2.0"><channel><title>t</title><link>https://wire.example/</link><description>d</description>${entries.join('')}</channel></rss>`;
}

/** A dossier that asks for one place, with `feeds` feeds and one that is gone, all at `origin`. */
function dossierFiles(origin: string, feeds: number): Record<string, string> {
  const outlines = [...Array.from({ length: feeds }, (_, feed) => `feed-${feed}`), 'gone'].map(
    (name) =>
      `<outline type="rss" text="${name}" sw:feed="${name}" language="en" xmlUrl="${origin}/${name}" sw:seen="test" sw:unverified="false"/>`,
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

function wantedItem(feed: number, index: number, old: boolean): WorldItem {
  const wanted = index % 2 === 0;
  const title = wanted
    ? `The two leaders meet again in Nara, report ${index} of desk ${feed}`
    : `Harbour prices hold steady this week, note ${index} of desk ${feed}`;
  return { title, url: `https://wire.example/${feed}/${index}`, summary: '', wanted, old };
}

/** Opens a world with `feeds` feeds of `first` items each, which are old news to whoever looks first. */
export async function openWorld(feeds: number, first: number): Promise<World> {
  const lists: WorldItem[][] = Array.from({ length: feeds }, () => []);
  const receiver = new Receiver();
  const publish = (count: number, old: boolean): void => {
    lists.forEach((list, feed) => {
      for (let added = 0; added < count; added++) list.push(wantedItem(feed, list.length, old));
    });
  };
  publish(first, true);
  const server = createServer((request, response) => {
    const list = lists[Number(/^\/feed-(\d+)$/.exec(request.url ?? '')?.[1] ?? -1)];
    if (request.method === 'POST') receiver.take(request, response);
    else if (list === undefined) response.writeHead(404).end();
    else response.writeHead(200, { 'content-type': 'application/rss+xml' }).end(rss(list));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const folder = await mkdtemp(join(tmpdir(), 'shuttlewatch-world-'));
  for (const [name, text] of Object.entries(dossierFiles(origin, feeds))) {
    await writeFile(join(folder, name), text);
  }
  return {
    folder,
    hook: `${origin}/hook`,
    get items() {
      return lists.flat();
    },
    posts: receiver.posts,
    publish: (count) => {
      publish(count, false);
    },
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await rm(folder, { recursive: true, force: true });
    },
  };
}
