import type { FeedId, PublisherId, SubjectId } from '../events/ids.ts';
import type { SubjectKind } from '../events/item.ts';
import type { QueryItem } from './item.ts';

// What is asked of an item beside its words, as lexemes of the same tsvector: one index answers any AND of them.
// `#` and `@` keep them apart from words, which are letters and digits only.

export const subjectLexeme = (id: SubjectId): string => `#${id}`;
export const kindLexeme = (kind: SubjectKind): string => `@kind:${kind}`;
/** Of a BCP 47 tag or the beginning of one. */
export const langLexeme = (lang: string): string => `@lang:${lang.toLowerCase()}`;
export const publisherLexeme = (publisher: PublisherId): string => `@publisher:${publisher}`;
export const feedLexeme = (feed: FeedId): string => `@feed:${feed}`;
export const hostLexeme = (host: string): string => `@host:${host}`;

/** What can be asked with `is:`. */
export const FLAGS = {
  revised: (item: QueryItem): boolean => item.revision > 0,
  backfill: (item: QueryItem): boolean => item.backfill !== null,
} as const satisfies Readonly<Record<string, (item: QueryItem) => boolean>>;
export type Flag = keyof typeof FLAGS;
export const isLexeme = (flag: Flag): string => `@is:${flag}`;

/** The language of items that have none. */
export const UNDETERMINED = 'und';
/** Labels of a host that are looked up, from the right: nobody asks for more. */
const HOST_LABELS_MAX = 8;

/** `zh-hant` and `zh` for zh-Hant: whoever asks for a language means all its kinds. */
function langs(lang: string | null): string[] {
  const parts = (lang ?? UNDETERMINED).toLowerCase().split('-');
  return parts.map((_, index) => parts.slice(0, index + 1).join('-'));
}

/** `news.example.org` and `example.org`: a host, and each one it is below, of two labels at least. */
function hosts(url: string | null): string[] {
  if (url === null || !URL.canParse(url)) return [];
  const labels = new URL(url).hostname.split('.').slice(-HOST_LABELS_MAX);
  return labels.slice(0, -1).map((_, index) => labels.slice(index).join('.'));
}

/** Every lexeme of an item beside its words. */
export function facetsOf(item: QueryItem): Set<string> {
  const flags = (Object.keys(FLAGS) as Flag[]).filter((flag) => FLAGS[flag](item));
  return new Set([
    ...item.tags.flatMap((tag) => [subjectLexeme(tag.id), kindLexeme(tag.kind)]),
    ...langs(item.lang).map(langLexeme),
    publisherLexeme(item.publisher),
    feedLexeme(item.feed),
    ...hosts(item.url).map(hostLexeme),
    ...flags.map(isLexeme),
  ]);
}
