/** The library: load a dossier, tag texts with it, parse feeds. The running product is the command line (src/cli). */
export { createTagger, TAGGER_VERSION } from './classify/tagger.ts';
export type { Tagger, TaggerInput } from './classify/tagger.ts';
export type { Dossier } from './dossier/dossier.ts';
export { loadDossier } from './dossier/load.ts';
export { DossierError } from './dossier/problem.ts';
export type { Mention, Tag } from './events/item.ts';
export { parseFeedApart as parseFeed } from './ingest/apart.ts';
export type { ParseOptions } from './ingest/parse.ts';
export { FeedParseError } from './ingest/parsed.ts';
export type { FeedHints, ParseReport, ParsedFeed, ParsedItem } from './ingest/parsed.ts';
