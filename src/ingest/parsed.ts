import type { Decoded } from './decode.ts';
import { cut } from './text.ts';

/** Items kept of one document: the first ones, as feeds put the newest on top; of a document in an archive, at a time. */
export const FEED_ITEMS_MAX = 5_000;
/** Items kept of one document in an archive, which nobody reads again tomorrow. */
export const ARCHIVE_ITEMS_MAX = 100_000;
/** Bytes of one document, unpacked. */
export const FEED_BYTES_MAX = 16 * 1024 * 1024;
export const TITLE_CHARS_MAX = 1_000;
export const SUMMARY_CHARS_MAX = 10_000;
export const CONTENT_CHARS_MAX = 100_000;
export const ID_CHARS_MAX = 1_000;
export const LANGUAGE_CHARS_MAX = 40;
export const SOURCE_CHARS_MAX = 200;

/** Who published an item, where its feed collects from many (RSS `source`, GDELT's domain). */
export interface ItemSource {
  readonly name: string;
  /** Absolute http(s) URL of the publisher; null when it is not given. */
  readonly url: string | null;
}

/** One item as its feed gives it. */
export interface ParsedItem {
  /** The feed's own id for it; null when it has none. */
  readonly id: string | null;
  /** Absolute http(s) URL; null when there is none. */
  readonly link: string | null;
  /** Plain text; empty when there is none. */
  readonly title: string;
  /** UTC, ISO 8601; null when there is no date that can be read. */
  readonly published: string | null;
  /** Plain text; empty when there is none. */
  readonly summary: string;
  /** Plain text of the whole article, where the feed carries it beside a summary. */
  readonly content?: string;
  /** BCP 47 as written, where the item names a language of its own. */
  readonly lang?: string;
  readonly source?: ItemSource;
}

/**
 * Summary and content as an item carries them: without a summary the content stands in, and the same words
 * are not given twice.
 */
export function bodyOf(summary: string, content: string): Pick<ParsedItem, 'summary' | 'content'> {
  const shown = summary === '' ? cut(content, SUMMARY_CHARS_MAX) : summary;
  return content === '' || content === shown ? { summary: shown } : { summary: shown, content };
}

/** What a feed says about its own rhythm. */
export interface FeedHints {
  /** Minutes that a copy may be kept (RSS `ttl`). */
  readonly ttlMinutes: number | null;
  /** Minutes between two updates (`sy:updatePeriod` over `sy:updateFrequency`). */
  readonly updateMinutes: number | null;
  /** Hours in which nothing new comes, 0 to 23 UTC, ascending. */
  readonly skipHours: readonly number[];
  /** Days on which nothing new comes, 0 for Sunday, ascending. */
  readonly skipDays: readonly number[];
}

/** How a document was read, for people who ask why. */
export interface ParseReport {
  /** `RSS 2.0`, `RSS 1.0 (RDF)`, `Atom`, `JSON Feed`, `news sitemap`, `GDELT list`. */
  readonly dialect: string;
  readonly charset: string;
  /** How the charset was found out. */
  readonly charsetFrom: Decoded['from'];
  /** What read the items: `rss-parser`, `feedsmith`, `rss-parser, feedsmith` for its gaps, or `JSON`. */
  readonly reader: string;
  /** What was wrong with the document and could be mended, in words. */
  readonly repairs: readonly string[];
}

/** A feed's document, whatever its dialect. */
export interface ParsedFeed {
  readonly title: string;
  /** BCP 47 as written; null when the feed names none. */
  readonly language: string | null;
  readonly items: readonly ParsedItem[];
  /** Items behind the last of these, which were not read. */
  readonly behind: number;
  readonly hints: FeedHints;
  /** Where the feed says it lives, absolute; null when it does not say. */
  readonly self: string | null;
  /** Absolute URLs of the WebSub hubs it offers. */
  readonly hubs: readonly string[];
  readonly report: ParseReport;
}

export type FeedParseFault =
  | 'empty'
  | 'html'
  | 'not-a-feed'
  | 'sitemap'
  | 'sitemap-index'
  | 'too-large'
  | 'unreadable'
  | 'too-slow'
  | 'too-much-memory'
  | 'crashed';

/** The bytes are no feed anyone can read. Names the document and what is wrong with it. */
export class FeedParseError extends Error {
  override readonly name = 'FeedParseError';
  readonly fault: FeedParseFault;
  /** What is wrong, without the document's name. */
  readonly detail: string;
  constructor(url: string | null, fault: FeedParseFault, detail: string, options?: ErrorOptions) {
    super(`${url ?? 'the document'}: ${detail}`, options);
    this.fault = fault;
    this.detail = detail;
  }
}
