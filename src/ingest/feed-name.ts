import { feedId, isSlug, SLUG_CHARS_MAX, versionOf } from '../events/ids.ts';
import type { FeedId } from '../events/ids.ts';

/** Words of a path that say no more than that something is a feed. */
const FEED_WORDS = new Set([
  'rss',
  'rss2',
  'feed',
  'feeds',
  'xml',
  'atom',
  'rdf',
  'index',
  'json',
  'php',
  'html',
]);
/** Left for a number behind a name that is taken. */
const SUFFIX_CHARS_MAX = 13;

/**
 * What is equal for two spellings of one feed's URL: scheme, `www.`, fragment and final slash do not count. The port
 * does, since a feed must be polled where it is, and so do all parameters, since any may choose the feed.
 */
export function feedKeyOf(url: string): string {
  if (!URL.canParse(url)) return url;
  const { host, pathname, search } = new URL(url);
  return `${host.replace(/^www\./, '')}${pathname.replace(/\/+$/, '')}${search}`;
}

/** An id for the feed at `url` that is not taken: its host, and what its path says beside being a feed. */
export function feedIdFor(url: string, isTaken: (id: FeedId) => boolean): FeedId {
  const { hostname, pathname } = new URL(url);
  const words = `${hostname.replace(/^www\./, '')}${pathname}`
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((word) => word !== '' && !FEED_WORDS.has(word));
  const name = words
    .join('-')
    .slice(0, SLUG_CHARS_MAX - SUFFIX_CHARS_MAX)
    .replace(/-+$/, '');
  const base = isSlug(name) ? name : `feed-${versionOf(url)}`;
  for (let number = 1; ; number += 1) {
    const id = feedId(number === 1 ? base : `${base}-${number}`);
    if (!isTaken(id)) return id;
  }
}
