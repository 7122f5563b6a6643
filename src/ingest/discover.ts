import { decodeHTMLStrict } from 'entities';
import { sitemapsIn } from './sitemap.ts';
import { absoluteUrl } from './url.ts';
import { tokens } from './xml.ts';
import type { Attributes } from './xml.ts';

/** Characters of a page that are searched. */
const PAGE_CHARS_MAX = 2_000_000;
/** Candidates of one page, of each sort. */
const CANDIDATES_MAX = 40;
/** Links of a page that are looked at. */
const LINKS_MAX = 5_000;
/** Characters of what a link says. */
const LINK_TEXT_CHARS_MAX = 200;

/** Somewhere a feed may be, and why. */
export interface Candidate {
  readonly url: string;
  /** In words: `the page links it as its feed` ... */
  readonly reason: string;
  /** How strong the reason is; lower comes first. */
  readonly rank: 'linked' | 'named' | 'usual' | 'sitemap';
  /** Whether it is likely one of comments, which nobody means who asks for a site's feed. */
  readonly comments: boolean;
}

const FEED_TYPE =
  /^(?:application|text)\/(?:(?:x-)?rss(?:\+xml)?|atom(?:\+xml)?|rdf(?:\+xml)?|feed\+json|json|xml)\s*(?:;|$)/i;
/** What these types say of a link depends on what else it says. */
const VAGUE_TYPE = /^(?:application\/json|(?:application|text)\/xml)\b/i;
const FEED_PATH =
  /(?:^|[/._=-])(?:rss\d?|feeds?|atom|rdf|news-?feed)(?:[/._?&=-]|$)|\.(?:rss|atom|rdf)(?:[?#]|$)|\bfeedburner\.com\/|\/(?:index|news)\.xml(?:[?#]|$)/i;
const FEED_WORD = /\b(?:rss|atom|feeds?|xml)\b|구독|피드|フィード|新着情報配信|订阅|訂閱/i;
const COMMENTS = /comment|댓글|コメント|评论|評論/i;
/** What only leads a reader to somebody else's reader, or is no document at all. */
const NO_FEED =
  /\/\/(?:www\.)?(?:feedly\.com|theoldreader\.com|inoreader\.com|facebook\.com|x\.com|twitter\.com|add\.my\.yahoo\.com)\/|\.(?:png|jpe?g|gif|svg|ico|css|js|pdf|webp|mp3|mp4|zip)(?:[?#]|$)/i;

interface Link {
  readonly url: string;
  readonly said: string;
}

function isFeedLink(attributes: Attributes, href: string): boolean {
  const type = attributes.get('type')?.trim() ?? '';
  const rel = attributes.get('rel')?.toLowerCase().split(/\s+/) ?? [];
  if (rel.includes('feed')) return true;
  if (!rel.includes('alternate') || !FEED_TYPE.test(type)) return false;
  // An alternate in plain XML or JSON may be anything: an oEmbed, a list of posts for programs.
  return !VAGUE_TYPE.test(type) || FEED_PATH.test(href);
}

/** An address as pages write it, `feed://` and `feed:https://` included. */
function hrefOf(attributes: Attributes, base: string): string | null {
  const written = decodeHTMLStrict(attributes.get('href') ?? '').trim();
  if (written === '') return null;
  return absoluteUrl(written.replace(/^feed:(?:\/\/)?(?=https?:)/i, '').replace(/^feed:/i, 'http:'), base);
}

/** Gathers `<link>` and `<a>` of a page, in its order, against its `<base>`. */
class PageLinks {
  readonly linked: Link[] = [];
  readonly anchors: Link[] = [];
  #base: string;
  #open: { url: string; said: string } | null = null;

  constructor(url: string) {
    this.#base = url;
  }

  say(text: string): void {
    if (this.#open !== null && this.#open.said.length < LINK_TEXT_CHARS_MAX) this.#open.said += text;
  }

  close(): void {
    if (this.#open !== null) this.anchors.push(this.#open);
    this.#open = null;
  }

  open(name: string, attributes: Attributes): void {
    const said = ['title', 'aria-label', 'alt'].map((each) => attributes.get(each) ?? '').join(' ');
    if (name === 'a') this.close();
    // What an image or an icon in a link says is what the link says.
    else this.say(said);
    const url = hrefOf(attributes, this.#base);
    if (url === null) return;
    if (name === 'a') this.#open = { url, said };
    else if (name === 'base') this.#base = url;
    else if (name === 'link' && isFeedLink(attributes, url)) this.linked.push({ url, said });
  }
}

function linksIn(text: string, url: string): PageLinks {
  const links = new PageLinks(url);
  for (const token of tokens(text.slice(0, PAGE_CHARS_MAX))) {
    if (links.anchors.length >= LINKS_MAX) break;
    if (token.kind === 'open') links.open(token.name.toLowerCase(), token.attributes);
    else if (token.kind === 'text') links.say(token.text);
    else if (token.kind === 'close' && token.name.toLowerCase() === 'a') links.close();
  }
  links.close();
  return links;
}

const isSame = (a: string, b: string): boolean => a.replace(/#.*$/, '') === b.replace(/#.*$/, '');

/** Where a web page that came from `url` says, or lets guess, that feeds are: the surest first, in the order of the page. */
export function candidatesIn(text: string, url: string): Candidate[] {
  const { linked, anchors } = linksIn(text, url);
  const found = new Map<string, Candidate>();
  const add = ({ url: at, said }: Link, rank: 'linked' | 'named', reason: string): void => {
    if (found.has(at) || isSame(at, url) || NO_FEED.test(at) || found.size >= CANDIDATES_MAX) return;
    found.set(at, { url: at, rank, reason, comments: COMMENTS.test(`${new URL(at).pathname} ${said}`) });
  };
  for (const link of linked) add(link, 'linked', 'the page names it as its feed');
  for (const link of anchors) {
    const { pathname, search } = new URL(link.url);
    if (FEED_PATH.test(`${pathname}${search}`))
      add(link, 'named', 'a link of the page has the address of a feed');
  }
  for (const link of anchors) {
    if (FEED_WORD.test(link.said))
      add(link, 'named', `a link of the page says ${JSON.stringify(link.said.trim().slice(0, 40))}`);
  }
  return [...found.values()];
}

// Paths of publishing systems, most common first: WordPress, Ghost, Jekyll and Hugo, Movable Type, Blogger; the systems of Korean
// newspapers (NDsoft: allArticle.xml), Japanese (index.rdf, rss/index.rdf) and Chinese sites (rss/news.xml, feed.php).
const USUAL_PATHS = [
  '/feed',
  '/rss',
  '/rss.xml',
  '/feed.xml',
  '/atom.xml',
  '/index.xml',
  '/rss/allArticle.xml',
  '/rss/index.xml',
  '/index.rdf',
  '/rss/news.xml',
  '/rss/index.rdf',
  '/feeds/posts/default',
  '/feed.json',
  '/feed.php',
] as const;
/** Those that are also looked for below the page somebody named: a blog or a section on a larger site. */
const BELOW = ['feed', 'rss.xml', 'index.xml'] as const;

/** Where feeds usually are on the site of `url`. */
export function usualPlaces(url: string): Candidate[] {
  const { origin, pathname } = new URL(url);
  const folder = pathname.replace(/\/?[^/]*\.[^/]*$/, '').replace(/\/$/, '');
  const below = folder === '' ? [] : BELOW.map((name) => `${origin}${folder}/${name}`);
  const places = [...below, ...USUAL_PATHS.map((path) => `${origin}${path}`)];
  return [...new Set(places)].map((at) => ({
    url: at,
    rank: 'usual',
    reason: 'feeds are often there',
    comments: false,
  }));
}

const NEWS = /news|뉴스|latest|google/i;
const NEWS_SITEMAPS = ['/news-sitemap.xml', '/sitemap_news.xml', '/sitemap-news.xml'] as const;

function sitemap(url: string, reason: string): Candidate {
  return { url, rank: 'sitemap', reason, comments: false };
}

/** Sitemaps of news that a robots.txt names (RFC 9309 §2.2.4, sitemaps.org), those that say so first; else where they usually are. */
export function sitemapPlaces(robots: string | null, url: string): Candidate[] {
  const lines = (robots ?? '').slice(0, PAGE_CHARS_MAX).matchAll(/^[ \t]*sitemap[ \t]*:[ \t]*(\S+)/gim);
  const named = [...lines].flatMap(([, at = '']) => absoluteUrl(at, url) ?? []).slice(0, CANDIDATES_MAX);
  const news = named.filter((at) => NEWS.test(new URL(at).pathname));
  const others = named.filter((at) => !news.includes(at));
  const { origin } = new URL(url);
  const usual = NEWS_SITEMAPS.map((path) => `${origin}${path}`);
  const all = [
    ...news.map((at) => sitemap(at, 'robots.txt names it as a sitemap of news')),
    ...usual.map((at) => sitemap(at, 'sitemaps of news are often there')),
    ...others.map((at) => sitemap(at, 'robots.txt names it as a sitemap')),
  ];
  return [...new Map(all.reverse().map((each) => [each.url, each])).values()].reverse();
}

/** The sitemaps of news that a sitemap index leads to; none where `text` is no index. */
export function newsSitemapsIn(text: string, url: string): Candidate[] {
  return sitemapsIn(text.slice(0, PAGE_CHARS_MAX), url, (at) => NEWS.test(new URL(at).pathname))
    .slice(0, CANDIDATES_MAX)
    .map((at) => sitemap(at, 'the index of sitemaps names it as one of news'));
}
