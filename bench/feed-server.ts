import { serveLocally } from './local-server.ts';
import type { LocalServer } from './local-server.ts';

const NOT_FOUND = 404;

export interface Edition {
  readonly type: string;
  readonly body: string;
}

/** The validator of an edition. */
export function etagOf(edition: number): string {
  return `"edition-${edition}"`;
}

export interface FeedServer extends LocalServer {
  /** Which feeds have given all they had to somebody who has kept it: they answered 304 after their last edition. */
  readonly exhausted: ReadonlySet<number>;
}

/**
 * Serves feed number n at `/n.xml`, an edition a poll. The next edition comes when a request shows, by the ETag it
 * sends, that the one before has been taken in; until then the same is served again, and nothing is lost. `bodyOf` gives
 * an edition (from 0), or null when there is none yet. `onServed` hears when the last byte of one was handed over.
 */
export async function serveFeeds(
  bodyOf: (feed: number, edition: number) => Edition | null | Promise<Edition | null>,
  onServed: (feed: number, edition: number, atMs: number) => void = () => undefined,
): Promise<FeedServer> {
  const exhausted = new Set<number>();
  const server = await serveLocally(async (request, response) => {
    const feed = Number(/^\/(\d+)\.xml$/.exec(request.url ?? '')?.[1] ?? NaN);
    if (Number.isNaN(feed)) {
      response.writeHead(NOT_FOUND).end();
      return;
    }
    const taken = /^"edition-(\d+)"$/.exec(request.headers['if-none-match'] ?? '')?.[1];
    const edition = taken === undefined ? 0 : Number(taken) + 1;
    const found = await bodyOf(feed, edition);
    if (found === null) {
      exhausted.add(feed);
      response.writeHead(taken === undefined ? NOT_FOUND : 304).end();
      return;
    }
    response.writeHead(200, { 'content-type': found.type, etag: etagOf(edition) });
    response.end(found.body, () => {
      onServed(feed, edition, performance.now());
    });
  });
  return { ...server, exhausted };
}
