/**
 * The servers of bench/feeds.ts, all in one process of its own: any host on one port of this machine, told apart by the Host
 * header. Feed n is `/n.xml`. Asked by its parent, it says how polite its visitors were.
 */
import { setTimeout as wait } from 'node:timers/promises';
import { serveLocally } from './local-server.ts';

const ITEMS = 20;
/** How often a feed has something new, from the busiest to the quietest. */
const NEWS_EVERY_MS = [5 * 60_000, 20 * 60_000, 60 * 60_000, 6 * 60 * 60_000];
/** Of a hundred feeds: how many answer 503, and how many keep one waiting for longer than anybody has patience. */
const OUT_OF_ORDER = 2;
const HANGING = 1;
const SLOW = 5;
const HANG_MS = 90_000;
const SLOW_MS = 5_000;
const ANSWER_MS_MAX = 300;

interface Visits {
  inHand: number;
  lastEnd: number;
}

const visits = new Map<string, Visits>();
const seen = { requests: 0, unchanged: 0, together: 0, leastGapMs: Infinity, inHandMax: 0 };
let inHand = 0;

function rss(feed: number, edition: number, everyMs: number): string {
  const items = Array.from({ length: ITEMS }, (_, n) => {
    const number = edition - n;
    const published = new Date(number * everyMs).toUTCString();
    return `<item><guid>${feed}-${number}</guid><title>Report ${number} of harbour ${feed}</title>
      <link>https://harbour-${feed}.example/${number}</link><pubDate>${published}</pubDate>
      <description>What was said at harbour ${feed} on occasion ${number}, at some length.</description></item>`;
  });
  return `<?xml version="1.0"?><rss version="2.0"><channel><title>Harbour ${feed}</title>${items.join('')}</channel></rss>`;
}

function arrive(host: string): void {
  const known = visits.get(host) ?? { inHand: 0, lastEnd: -Infinity };
  seen.requests += 1;
  if (known.inHand > 0) seen.together += 1;
  seen.leastGapMs = Math.min(seen.leastGapMs, performance.now() - known.lastEnd);
  visits.set(host, { ...known, inHand: known.inHand + 1 });
  inHand += 1;
  seen.inHandMax = Math.max(seen.inHandMax, inHand);
}

function leave(host: string): void {
  inHand -= 1;
  visits.set(host, { inHand: (visits.get(host)?.inHand ?? 1) - 1, lastEnd: performance.now() });
}

const server = await serveLocally(async (request, response) => {
  const host = request.headers.host ?? '';
  const feed = Number(/^\/(\d+)\.xml$/.exec(request.url ?? '')?.[1] ?? 0);
  arrive(host);
  response.once('close', () => {
    leave(host);
  });
  const kind = feed % 100;
  await wait(kind < HANGING ? HANG_MS : kind < HANGING + SLOW ? SLOW_MS : Math.random() * ANSWER_MS_MAX);
  if (kind >= 100 - OUT_OF_ORDER) {
    response.writeHead(503).end();
    return;
  }
  const everyMs = NEWS_EVERY_MS[feed % NEWS_EVERY_MS.length] ?? 1;
  const edition = Math.floor(Date.now() / everyMs);
  const etag = `"${edition}"`;
  if (request.headers['if-none-match'] === etag) {
    seen.unchanged += 1;
    response.writeHead(304).end();
    return;
  }
  response.writeHead(200, { 'content-type': 'application/rss+xml', etag }).end(rss(feed, edition, everyMs));
});

process.on('message', () => process.send?.(seen));
process.send?.(server.origin);
