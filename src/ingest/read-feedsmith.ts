import { parseFeed } from 'feedsmith';
import type { AtomFeed, RdfFeed, RssFeed } from 'feedsmith';
import { readDate } from './date.ts';
import { alternate, itemOf, languageIn, lineOf } from './found.ts';
import type { Found, FoundLink, Read } from './found.ts';
import type { ItemSource } from './parsed.ts';
import { absoluteUrl } from './url.ts';

/** What a feedsmith feed is read with. */
export interface FeedsmithOptions {
  /** What relative links are resolved against, or null. */
  readonly url: string | null;
  readonly zoneOffsetMinutes: number | null;
  readonly itemsMax: number;
}

type RssItem = RssFeed.Item<string>;
type RdfItem = RdfFeed.Item<string>;
type AtomEntry = Partial<AtomFeed.Entry<string>>;
/** What items of all dialects may have of other vocabularies. */
type Foreign = Pick<RdfItem, 'dc' | 'dcterms' | 'media' | 'xml'>;

interface Context extends FeedsmithOptions {
  readonly base: string | null;
}

const texts = (...found: readonly (string | undefined)[]): readonly string[] =>
  found.filter((text) => text !== undefined);

const foreignTitles = ({ dc, media }: Foreign): readonly string[] => [
  ...(dc?.titles ?? []),
  ...texts(media?.title?.value),
];
const foreignSummaries = ({ dc, media }: Foreign): readonly string[] => [
  ...(dc?.descriptions ?? []),
  ...texts(media?.description?.value),
];
const foreignDates = ({ dc, dcterms }: Foreign): readonly string[] => [
  ...(dcterms?.issued ?? []),
  ...(dc?.dates ?? []),
  ...(dcterms?.created ?? []),
];
const foreignLanguages = ({ dc, xml }: Foreign): readonly string[] => [
  ...(dc?.languages ?? []),
  ...texts(xml?.lang),
];

function baseOf({ xml }: Foreign, context: Context): string | null {
  return absoluteUrl(xml?.base ?? '', context.base) ?? context.base;
}

function instant(context: Context, dates: readonly string[]): string | null {
  for (const date of dates) {
    const read = readDate(date, context.zoneOffsetMinutes);
    if (read !== null) return read;
  }
  return null;
}

function atomLinks(entry: Pick<AtomEntry, 'links'> | undefined, base: string | null): readonly FoundLink[] {
  return (entry?.links ?? []).flatMap((link) => {
    const href = absoluteUrl(link.href ?? '', base);
    return href === null ? [] : [{ href, rel: link.rel ?? '', type: link.type ?? '' }];
  });
}

function atomEntry(entry: AtomEntry, context: Context): Found {
  return {
    ids: texts(entry.id),
    link: alternate(atomLinks(entry, baseOf(entry, context))) ?? absoluteUrl(entry.id ?? '', null),
    titles: [...texts(entry.title?.value), ...foreignTitles(entry)],
    published: instant(context, [
      ...texts(entry.published),
      ...foreignDates(entry),
      ...texts(entry.updated),
      ...(entry.dcterms?.modified ?? []),
    ]),
    summaries: [...texts(entry.summary?.value), ...foreignSummaries(entry)],
    contents: texts(entry.content?.value),
    languages: foreignLanguages(entry),
    source: null,
  };
}

function permalink({ guid }: RssItem, base: string | null): string | null {
  const text = guid?.value ?? '';
  if (guid?.isPermaLink === false) return null;
  return guid?.isPermaLink === true || /^https?:/i.test(text) ? absoluteUrl(text, base) : null;
}

function sourceOf({ source }: RssItem): ItemSource | null {
  return source === undefined ? null : { name: source.title ?? '', url: absoluteUrl(source.url ?? '', null) };
}

function rssLink(item: RssItem, base: string | null): string | null {
  return (
    absoluteUrl(item.link ?? '', base) ??
    alternate(atomLinks(item.atom, base)) ??
    permalink(item, base) ??
    absoluteUrl(item.enclosures?.[0]?.url ?? '', base)
  );
}

function rssItem(item: RssItem, context: Context): Found {
  const { atom = {} } = item;
  return {
    ids: texts(item.guid?.value, atom.id),
    link: rssLink(item, baseOf(item, context)),
    titles: [...texts(item.title), ...foreignTitles(item), ...texts(item.itunes?.title)],
    published: instant(context, [
      ...texts(item.pubDate, atom.published),
      ...foreignDates(item),
      ...texts(atom.updated),
    ]),
    summaries: [...texts(item.description), ...foreignSummaries(item)],
    contents: texts(item.content?.encoded, atom.content?.value),
    languages: foreignLanguages(item),
    source: sourceOf(item),
  };
}

function rdfItem(item: RdfItem, context: Context): Found {
  const about = item.rdf?.about ?? '';
  const base = baseOf(item, context);
  const link = absoluteUrl(item.link ?? '', base) ?? alternate(atomLinks(item.atom, base));
  return {
    ids: [about],
    link: link ?? absoluteUrl(about, base),
    titles: [...texts(item.title), ...foreignTitles(item)],
    published: instant(context, foreignDates(item)),
    summaries: [...texts(item.description), ...foreignSummaries(item)],
    contents: texts(item.content?.encoded),
    languages: foreignLanguages(item),
    source: null,
  };
}

function read(titles: readonly string[], languages: readonly string[], items: readonly Found[]): Read {
  const language = languageIn(languages);
  return { title: lineOf(titles), language: language === '' ? null : language, items: items.map(itemOf) };
}

function contextOf(options: FeedsmithOptions, base: string | undefined, site: string | undefined): Context {
  const declared = absoluteUrl(base ?? '', options.url);
  return { ...options, base: declared ?? absoluteUrl(site ?? '', null) ?? options.url };
}

function rss(feed: RssFeed.Feed<string>, context: Context): Read {
  return read(
    texts(feed.title, feed.dc?.titles?.[0], feed.itunes?.title),
    texts(feed.language, feed.dc?.languages?.[0], feed.xml?.lang),
    (feed.items ?? []).map((item) => rssItem(item, context)),
  );
}

function rdf(feed: RdfFeed.Feed<string>, context: Context): Read {
  return read(
    texts(feed.title, feed.dc?.titles?.[0]),
    texts(feed.dc?.languages?.[0], feed.xml?.lang),
    (feed.items ?? []).map((item) => rdfItem(item, context)),
  );
}

function atom(feed: AtomFeed.Feed<string>, context: Context): Read {
  return read(
    texts(feed.title?.value, feed.dc?.titles?.[0]),
    texts(feed.dc?.languages?.[0], feed.xml?.lang),
    (feed.entries ?? []).map((entry) => atomEntry(entry, context)),
  );
}

/**
 * Reads a document, decoded but otherwise as it came, by feedsmith; null for what is no XML feed. Throws what
 * feedsmith throws when it cannot read it.
 */
export function readByFeedsmith(text: string, options: FeedsmithOptions): Read | null {
  const parsed = parseFeed(text, { maxItems: options.itemsMax });
  switch (parsed.format) {
    case 'rss':
      return rss(parsed.feed, contextOf(options, parsed.feed.xml?.base, parsed.feed.link));
    case 'rdf':
      return rdf(parsed.feed, contextOf(options, parsed.feed.xml?.base, parsed.feed.link));
    case 'atom': {
      const site = alternate(atomLinks(parsed.feed, options.url));
      return atom(parsed.feed, contextOf(options, parsed.feed.xml?.base, site ?? undefined));
    }
    case 'json':
      return null;
  }
}
