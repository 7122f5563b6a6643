import type { FeedListing, Publisher } from './dossier.ts';
import { OPML_NAMESPACE } from './opml.ts';
import { escapedAttribute, escapedText } from './xml-tree.ts';

/** The language of a feed whose language nobody knows, as BCP 47 writes it. */
export const LANG_UNKNOWN = 'und';
/** A country that nobody knows: no country will ever be called so (ISO 3166-1, user-assigned). */
export const COUNTRY_UNKNOWN = 'ZZ';

/** Attributes in order, those without a value left out. */
function attributes(values: Readonly<Record<string, string | null>>): string {
  return Object.entries(values)
    .map(([name, value]) => (value === null ? '' : ` ${name}="${escapedAttribute(value)}"`))
    .join('');
}

function feedOutline(feed: FeedListing): string {
  const written = attributes({
    type: 'rss',
    text: feed.title,
    'sw:feed': feed.id,
    language: feed.lang,
    xmlUrl: feed.url,
    htmlUrl: feed.site,
    'sw:seen': feed.seen,
    'sw:unverified': String(feed.unverified),
    'sw:paused': feed.paused ?? null,
    'sw:fullText': feed.options?.fullText === true ? 'true' : null,
    'sw:allowPrivate': feed.options?.allowPrivate === true ? 'true' : null,
  });
  return `      <outline${written}/>\n`;
}

function publisherOutline(publisher: Publisher, feeds: readonly FeedListing[]): string {
  const { id, name, family, country, stateRun, hosts } = publisher;
  const written = attributes({
    text: name,
    'sw:publisher': id,
    'sw:family': family,
    'sw:country': country,
    'sw:stateRun': String(stateRun),
    'sw:hosts': hosts.length === 0 ? null : hosts.join(' '),
  });
  return `    <outline${written}>\n${feeds.map(feedOutline).join('')}    </outline>\n`;
}

/**
 * Feeds as an OPML 2.0 document (http://opml.org/spec2.opml) that readFeeds reads back as they are; other readers find
 * the feeds and pass over our attributes. Each feed's publisher has to be among `publishers`; those without feeds are
 * left out.
 */
export function writeFeeds(
  title: string,
  publishers: readonly Publisher[],
  feeds: readonly FeedListing[],
): string {
  const body = publishers
    .map((publisher) => ({ publisher, own: feeds.filter((feed) => feed.publisher === publisher.id) }))
    .filter(({ own }) => own.length > 0)
    .map(({ publisher, own }) => publisherOutline(publisher, own));
  return `<?xml version="1.0" encoding="UTF-8"?>
<opml version="2.0" xmlns:sw="${OPML_NAMESPACE}">
  <head>
    <title>${escapedText(title)}</title>
  </head>
  <body>
${body.join('')}  </body>
</opml>
`;
}
