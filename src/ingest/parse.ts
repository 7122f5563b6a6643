import { rhythmOf } from './channel.ts';
import { decode } from './decode.ts';
import type { Decoded } from './decode.ts';
import type { Read } from './found.ts';
import { readGdeltList } from './gdelt.ts';
import { readJsonFeed } from './json-feed.ts';
import { readJson } from './json.ts';
import { FEED_BYTES_MAX, FEED_ITEMS_MAX, FeedParseError } from './parsed.ts';
import type { ParsedFeed } from './parsed.ts';
import { read } from './read.ts';
import { repair } from './repair.ts';
import type { Repaired, RepairOptions } from './repair.ts';
import { filled, hasGap, hasItemTags, secondReading } from './second-reader.ts';
import { isSitemapIndex, sitemapsIn } from './sitemap.ts';
import { unpacked } from './unpack.ts';

export interface ParseOptions {
  /** The `Content-Type` it came with. */
  readonly contentType?: string | null;
  /** Where it came from: what relative links are resolved against, and what errors name. */
  readonly url?: string | null;
  /**
   * What a date without a zone means, in minutes east of Greenwich (see zoneOffsetOf); unless given, what its
   * own letters say, or UTC.
   */
  readonly zoneOffsetMinutes?: number;
  /** Items to pass over before the first that is read: for what is read in parts. */
  readonly itemsFrom?: number;
}

/** A document on its way to being read. */
interface Document {
  readonly decoded: Decoded;
  /** For errors. */
  readonly url: string | null;
  /** For relative links. */
  readonly base: string | null;
  readonly zoneOffsetMinutes: number | null;
  readonly itemsFrom: number;
}

/**
 * Reads a feed: RSS of any version, RSS 1.0, Atom, JSON Feed, a news sitemap or a list of GDELT's, in the
 * charset it is in, with the faults the world's feeds have. Links come absolute, dates in UTC, titles and
 * summaries as plain text. At most FEED_ITEMS_MAX items from `itemsFrom` on; rejects with FeedParseError, and nothing else, when
 * the bytes are no feed.
 *
 * ```ts
 * const feed = await parseFeed(bytes, { contentType: 'text/xml; charset=euc-kr', url: 'https://news.example.kr/rss' });
 * ```
 */
export async function parseFeed(bytes: Uint8Array, options: ParseOptions = {}): Promise<ParsedFeed> {
  const url = options.url ?? null;
  const base = url !== null && URL.canParse(url) ? url : null;
  if (bytes.byteLength > FEED_BYTES_MAX) {
    throw new FeedParseError(url, 'too-large', `more than ${FEED_BYTES_MAX} bytes`);
  }
  const decoded = decode(unpacked(bytes, url), options.contentType ?? null);
  if (decoded.text.trim() === '') throw new FeedParseError(url, 'empty', 'nothing in it');
  const { zoneOffsetMinutes = null, itemsFrom = 0 } = options;
  const document = { decoded, url, base, zoneOffsetMinutes, itemsFrom };
  return readJsonDocument(document) ?? (await readXmlDocument(document));
}

function readJsonDocument({ decoded, base, zoneOffsetMinutes, itemsFrom }: Document): ParsedFeed | null {
  const { text, charset, from: charsetFrom } = decoded;
  if (!/^[{[]/.test(text.slice(0, 1000).trimStart())) return null;
  const json = readJson(text);
  if (json === null) return null;
  const feed = readJsonFeed(json.value, base, zoneOffsetMinutes, itemsFrom);
  const list = feed ?? readGdeltList(json.value, base, itemsFrom);
  if (list === null) return null;
  const dialect = feed === null ? 'GDELT list' : 'JSON Feed';
  const repairs = json.mended ? ['a bad escape or a control character'] : [];
  return { ...list, report: { dialect, charset, charsetFrom, reader: 'JSON', repairs } };
}

async function readXmlDocument(document: Document): Promise<ParsedFeed> {
  const { decoded, url } = document;
  const { text, charset, from: charsetFrom } = decoded;
  const repaired = repair(text, readingOf(document));
  if (repaired === null) throw notAFeed(text, url);
  const { channel, dialect, mendings, behind } = repaired;
  const { reader, ...found } = await readTwice(repaired, document);
  if (found.items.length === 0 && isPage(text)) throw notAFeed(text, url);
  if (repaired.kind === 'sitemap' && !found.items.some(({ title }) => title !== ''))
    throw new FeedParseError(url, 'sitemap', 'a sitemap without news');
  return {
    ...found,
    behind,
    hints: rhythmOf(channel),
    self: channel.self,
    hubs: channel.hubs,
    report: { dialect, charset, charsetFrom, reader, repairs: mendings },
  };
}

function readingOf({ base, zoneOffsetMinutes, itemsFrom }: Document): RepairOptions {
  return { url: base, zoneOffsetMinutes, itemsFrom, itemsMax: FEED_ITEMS_MAX };
}

function isPage(text: string): boolean {
  return /<!doctype html|<html[\s>]/i.test(text.slice(0, 1000));
}

function notAFeed(text: string, url: string | null): FeedParseError {
  if (isSitemapIndex(text)) {
    const children = sitemapsIn(text, url);
    const named = children.slice(0, 5).join(', ');
    return new FeedParseError(
      url,
      'sitemap-index',
      `an index of ${children.length} sitemaps, not one: ${named}`,
    );
  }
  if (isPage(text)) return new FeedParseError(url, 'html', 'a web page, not a feed');
  const shown = JSON.stringify(text.trimStart().slice(0, 60));
  return new FeedParseError(url, 'not-a-feed', `neither RSS, Atom nor JSON Feed; it begins with ${shown}`);
}

interface ReadTwice extends Read {
  readonly reader: string;
}

/**
 * By rss-parser; and by feedsmith too where rss-parser fails, finds nothing although there are tags of items,
 * or leaves gaps.
 */
async function readTwice(repaired: Repaired, document: Document): Promise<ReadTwice> {
  const { decoded, url } = document;
  const again = (): Read | null => secondReading(decoded.text, readingOf(document), document.itemsFrom);
  let first: Read;
  try {
    first = await read(repaired);
  } catch (error) {
    const second = again();
    if (second !== null) return { ...second, reader: 'feedsmith' };
    const detail = error instanceof Error ? error.message : String(error);
    throw new FeedParseError(url, 'unreadable', `rss-parser gave up: ${detail}`, { cause: error });
  }
  if (first.items.length === 0 && hasItemTags(decoded.text)) {
    const second = again();
    if (second !== null && second.items.length > 0) return { ...second, reader: 'feedsmith' };
  }
  if (repaired.kind === 'sitemap' || !first.items.some(hasGap)) return { ...first, reader: 'rss-parser' };
  const second = again();
  const whole = second === null ? first : filled(first, second);
  return { ...whole, reader: whole === first ? 'rss-parser' : 'rss-parser, feedsmith' };
}
