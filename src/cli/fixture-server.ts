import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { editionOf } from './editions.ts';

/** The file that is answered late, as some feeds are. */
const SLOW_FILE = 'slow.xml';
const SLOW_DELAY_MS = 1_500;
/** What stands for the server's own address in the files of a fixture. */
export const FIXTURE_ORIGIN = 'http://fixtures.invalid';

export interface FixtureServer {
  /** `http://127.0.0.1:port`, without a slash at its end. */
  readonly url: string;
  readonly edition: number;
  /** From now on the files are served as they are in this edition (see editions.ts). */
  setEdition(edition: number): void;
  /** How often each path was asked for. */
  requests(): ReadonlyMap<string, number>;
  /** Ends all connections, the slow ones too. */
  close(): Promise<void>;
}

/**
 * Serves the files of a folder over HTTP on a free port, as feed publishers do: with a content type, an ETag and 304.
 * Files are handled as bytes, so that feeds in any encoding arrive as they were written; only the server's address
 * takes the place of `http://fixtures.invalid`, and editions are cut out. A file that is not there is a 404.
 */
export async function serveFixtures(options: {
  readonly folder: string;
  readonly host?: string;
  readonly slowDelayMs?: number;
}): Promise<FixtureServer> {
  const { folder, host = '127.0.0.1', slowDelayMs = SLOW_DELAY_MS } = options;
  const closing = new AbortController();
  const counts = new Map<string, number>();
  const state = { edition: 1, url: '' };

  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const path = new URL(request.url ?? '/', FIXTURE_ORIGIN).pathname;
    counts.set(path, (counts.get(path) ?? 0) + 1);
    const name = path.slice(1);
    if (name === SLOW_FILE) await sleep(slowDelayMs, undefined, { signal: closing.signal });
    const file = await fileNamed(folder, name);
    if (file === null) send(request, response, 404, 'text/plain; charset=utf-8', Buffer.from('Not found\n'));
    else {
      const body = editionOf(file, state.edition, { [FIXTURE_ORIGIN]: state.url });
      send(request, response, 200, contentTypeOf(name, body), body);
    }
  };

  const server = createServer((request, response) => {
    answer(request, response).catch((error: unknown) => {
      if (closing.signal.aborted || response.headersSent) response.destroy();
      else response.writeHead(500, { 'content-type': 'text/plain; charset=utf-8' }).end(String(error));
    });
  });
  state.url = await listening(server, host);
  return {
    url: state.url,
    get edition() {
      return state.edition;
    },
    setEdition(edition) {
      state.edition = edition;
    },
    requests: () => new Map(counts),
    close: async () => {
      closing.abort();
      await new Promise<void>((resolve, reject) => {
        server.close((error) => {
          if (error === undefined) resolve();
          else reject(error);
        });
        server.closeAllConnections();
      });
    },
  };
}

function listening(server: Server, host: string): Promise<string> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, host, () => {
      const address = server.address();
      if (address === null || typeof address === 'string') reject(new Error(`no port on ${host}`));
      else resolve(`http://${address.address}:${address.port}`);
    });
  });
}

/** The bytes of a file that lies in the folder itself, or null: a path can never lead out of it. */
async function fileNamed(folder: string, name: string): Promise<Buffer | null> {
  const entries = await readdir(folder, { withFileTypes: true });
  const found = entries.some((entry) => entry.isFile() && entry.name === name);
  return found ? readFile(join(folder, name)) : null;
}

function send(
  request: IncomingMessage,
  response: ServerResponse,
  status: number,
  type: string,
  body: Buffer,
): void {
  const etag = `"${createHash('sha256').update(body).digest('hex').slice(0, 32)}"`;
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    response.writeHead(405, { allow: 'GET, HEAD' }).end();
  } else if (status === 200 && matches(request.headers['if-none-match'], etag)) {
    response.writeHead(304, { etag }).end();
  } else {
    response.writeHead(status, { 'content-type': type, 'content-length': body.length, etag });
    response.end(request.method === 'HEAD' ? undefined : body);
  }
}

/** Weak comparison, as RFC 9110 §13.1.2 asks for If-None-Match. */
function matches(header: string | undefined, etag: string): boolean {
  if (header === undefined) return false;
  return header.split(',').some((each) => ['*', etag].includes(each.trim().replace(/^W\//, '')));
}

/** The type without a charset: what an XML file says of itself shall decide. */
function contentTypeOf(name: string, body: Buffer): string {
  if (name.endsWith('.opml')) return 'text/x-opml';
  if (!name.endsWith('.xml')) return 'application/octet-stream';
  const start = body.toString('latin1', 0, 2_000);
  if (/<html/i.test(start)) return 'text/html';
  if (start.includes('<rdf:RDF')) return 'application/rdf+xml';
  if (start.includes('<feed')) return 'application/atom+xml';
  return start.includes('<rss') ? 'application/rss+xml' : 'application/xml';
}
