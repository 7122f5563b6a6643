import { decode } from './decode.ts';
import type { Decoded } from './decode.ts';
import { readGdeltList } from './gdelt.ts';
import { readJsonFeed } from './json-feed.ts';
import { readJson } from './json.ts';
import { absoluteUrl } from './url.ts';
import { canonicalName, dialectOf, dialectTitle, withDeclared } from './vocabulary.ts';
import { tokens } from './xml.ts';
import type { Attributes } from './xml.ts';

/** Characters that are searched for the root, and for links of a page to its feeds. */
const HEAD_CHARS_MAX = 200_000;
/** Feeds of a page that are named. */
const LINKED_MAX = 10;

/** What can be said of a document by looking at it. */
export interface Described {
  readonly charset: string;
  /** How the charset was found out. */
  readonly charsetFrom: Decoded['from'];
  /** `RSS 2.0`, `RSS 1.0 (RDF)`, `Atom`, `JSON Feed`; null where no feed begins in it. */
  readonly dialect: string | null;
  /** Feeds that a web page says it has: what its reader may have meant. */
  readonly linked: readonly string[];
}

function rootDialect(text: string): string | null {
  for (const token of tokens(text.slice(0, HEAD_CHARS_MAX))) {
    if (token.kind !== 'open') continue;
    const dialect = dialectOf(canonicalName(token.name, withDeclared(new Map(), token.attributes)));
    if (dialect !== null) return dialectTitle(dialect, token.attributes);
  }
  return null;
}

function jsonDialect(text: string, url: string | null): string | null {
  if (!/^\s*[{[]/.test(text.slice(0, 1_000))) return null;
  const json = readJson(text);
  if (json === null) return null;
  if (readJsonFeed(json.value, url, null, 0) !== null) return 'JSON Feed';
  return readGdeltList(json.value, url, 0) === null ? null : 'GDELT list';
}

/** Whether a `<link>` leads from a page to a feed of it. */
function isFeedLink(attributes: Attributes): boolean {
  const type = attributes.get('type')?.trim().toLowerCase() ?? '';
  const rel = attributes.get('rel')?.toLowerCase().split(/\s+/) ?? [];
  return rel.includes('alternate') && /^application\/(?:rss\+xml|atom\+xml|feed\+json)$/.test(type);
}

function linkedFeeds(text: string, url: string | null): string[] {
  const found = new Set<string>();
  for (const token of tokens(text.slice(0, HEAD_CHARS_MAX))) {
    if (found.size === LINKED_MAX) break;
    if (token.kind !== 'open' || token.name.toLowerCase() !== 'link' || !isFeedLink(token.attributes))
      continue;
    const href = absoluteUrl((token.attributes.get('href') ?? '').replaceAll('&amp;', '&'), url);
    if (href !== null) found.add(href);
  }
  return [...found];
}

/** Looks at a document that came from `url` with this `Content-Type`, as parseFeed would, and says what it is. */
export function describe(bytes: Uint8Array, url: string | null, contentType: string | null): Described {
  const { text, charset, from } = decode(bytes, contentType);
  const dialect = jsonDialect(text, url) ?? rootDialect(text);
  const linked = dialect === null ? linkedFeeds(text, url) : [];
  return { charset, charsetFrom: from, dialect, linked };
}
