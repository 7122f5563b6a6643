import { feedId, isSlug, publisherId, SLUG_CHARS_MAX, versionOf } from '../events/ids.ts';
import type { FeedId, PublisherId } from '../events/ids.ts';

/** The scheme of feeds that stand for an import: they have a name to be known by and nothing to be polled. */
const ARCHIVE_SCHEME = 'archive:';
const PREFIX_CHARS_MAX = 16;

/** Whether a feed's URL says that it stands for an import. */
export function isArchiveUrl(url: string): boolean {
  return url.startsWith(ARCHIVE_SCHEME);
}

/** A name as a slug: what letters and digits it has in ASCII, or a hash where that says too little. */
function slugOf(name: string): string {
  const words = name
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, SLUG_CHARS_MAX - PREFIX_CHARS_MAX)
    .replace(/-+$/, '');
  // A Korean or Chinese name leaves nothing, a mixed one a rest that others may share.
  const lossy = /[^\p{ASCII}]/u.test(name.normalize('NFKD').replace(/\p{M}/gu, ''));
  return words === '' || lossy ? [words, versionOf(name)].filter(isSlug).join('-') : words;
}

/** The feed that stands for what was imported under a name: the same name, the same feed. */
export function archiveFeedOf(source: string): { feed: FeedId; url: string } {
  return { feed: feedId(`archive-${slugOf(source)}`), url: `${ARCHIVE_SCHEME}${source}` };
}

/** A publisher that the dossier does not list, by the host of an item or the name of its source. */
export function unlistedPublisherOf(url: string | null, source: string): PublisherId {
  const host = url !== null && URL.canParse(url) ? new URL(url).hostname.replace(/^www\./, '') : '';
  return publisherId(slugOf(host || source));
}

/** Characters of an address that name what was captured there. */
const ADDRESS_CHARS_MAX = 60;

/** The name that stands for what was captured at an address of which nobody knows a feed. */
export function sourceAt(url: string): string {
  const address = url.replace(/^https?:\/\/(?:www\.)?/i, '').replace(/\/$/, '');
  // A slug is shorter than some addresses that differ at their end only.
  return address.length <= ADDRESS_CHARS_MAX ? address : `${new URL(url).hostname} ${versionOf(url)}`;
}
