/** The library's `shuttlewatch/parser`: feeds to plain values, without a database. */
export { parseFeedApart as parseFeed } from './ingest/apart.ts';
export type { ParseOptions } from './ingest/parse.ts';
export { FeedParseError } from './ingest/parsed.ts';
export type {
  FeedHints,
  FeedParseFault,
  ItemSource,
  ParseReport,
  ParsedFeed,
  ParsedItem,
} from './ingest/parsed.ts';
