import { rhythmOf } from './channel.ts';
import { decode } from './decode.ts';
import type { Decoded } from './decode.ts';
import { readJsonFeed } from './json-feed.ts';
import { FEED_BYTES_MAX, FEED_ITEMS_MAX, FeedParseError } from './parsed.ts';
import type { ParseReport, ParsedFeed } from './parsed.ts';
import { read } from './read.ts';
import type { Read } from './read.ts';
import { repair } from './repair.ts';
import type { Repaired } from './repair.ts';

export interface ParseOptions {
  /** The `Content-Type` it came with. */
  readonly contentType?: string | null;
  /** Where it came from: what relative links are resolved against, and what errors name. */
  readonly url?: string | null;
  /** What a date without a zone means, in minutes east of Greenwich (see zoneOffsetOf); UTC unless given. */
  readonly zoneOffsetMinutes?: number;
}

/**
 * Reads a feed: RSS of any version, RSS 1.0, Atom or JSON Feed, in the charset it is in, with the faults the
 * world's feeds have. Links come absolute, dates in UTC, titles and summaries as plain text. At most
 * FEED_ITEMS_MAX items; rejects with FeedParseError, and nothing else, when the bytes are no feed.
 *
 * ```ts
 * const feed = await parseFeed(bytes, { contentType: 'text/xml; charset=euc-kr', url: 'https://news.example.kr/rss' });
 * ```
 */
export async function parseFeed(bytes: Uint8Array, options: ParseOptions = {}): Promise<ParsedFeed> {
  const { contentType = null, zoneOffsetMinutes = 0 } = options;
  const url = options.url ?? null;
  const base = url !== null && URL.canParse(url) ? url : null;
  if (bytes.byteLength > FEED_BYTES_MAX) {
    throw new FeedParseError(url, 'too-large', `more than ${FEED_BYTES_MAX} bytes`);
  }
  const decoded = decode(bytes, contentType);
  const { text } = decoded;
  const beginning = text.slice(0, 1000).trimStart();
  if (text.trim() === '') throw new FeedParseError(url, 'empty', 'nothing in it');
  const json = /^[{[]/.test(beginning) ? readJsonFeed(text, base, zoneOffsetMinutes) : null;
  if (json !== null) return { ...json, report: reportOf(decoded, 'JSON Feed', 'JSON', []) };
  const repaired = repair(text, { url: base, zoneOffsetMinutes, itemsMax: FEED_ITEMS_MAX });
  if (repaired === null) throw notAFeed(url, beginning);
  const { channel, dialect, mendings } = repaired;
  return {
    ...(await readRepaired(repaired, url)),
    hints: rhythmOf(channel),
    self: channel.self,
    hubs: channel.hubs,
    report: reportOf(decoded, dialect, 'rss-parser', mendings),
  };
}

function reportOf(
  { charset, from }: Decoded,
  dialect: string,
  reader: string,
  repairs: readonly string[],
): ParseReport {
  return { dialect, charset, charsetFrom: from, reader, repairs };
}

function notAFeed(url: string | null, beginning: string): FeedParseError {
  if (/<!doctype html|<html[\s>]/i.test(beginning))
    return new FeedParseError(url, 'html', 'a web page, not a feed');
  const shown = JSON.stringify(beginning.slice(0, 60));
  return new FeedParseError(url, 'not-a-feed', `neither RSS, Atom nor JSON Feed; it begins with ${shown}`);
}

async function readRepaired(repaired: Repaired, url: string | null): Promise<Read> {
  try {
    return await read(repaired);
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error);
    throw new FeedParseError(url, 'unreadable', `rss-parser gave up: ${detail}`, { cause: error });
  }
}
