import type { PublisherId } from '../events/ids.ts';
import { unlistedPublisherOf } from './archive-feed.ts';
import type { FeedItem } from './normalize.ts';
import type { PublisherResolver } from './publisher.ts';

/** Characters of a publisher's name at the end of a headline. */
const NAME_CHARS_MAX = 60;

/** Whether a link is one of Google News that does not say which page it leads to (see wrapped-url.ts). */
export function isGoogleNews(url: string | null): boolean {
  return (
    url?.startsWith('https://news.google.com/') === true ||
    url?.startsWith('http://news.google.com/') === true
  );
}

/** Where the publisher's name begins that Google News puts behind each headline; -1 where there is none. */
function nameAt({ url, title }: Pick<FeedItem, 'url' | 'title'>): number {
  if (!isGoogleNews(url)) return -1;
  const at = title.lastIndexOf(' - ');
  return at > 0 && title.length - at <= NAME_CHARS_MAX ? at : -1;
}

/** The headline as its publisher has it, without the name that Google News puts behind it. */
export function headlineOf(item: Pick<FeedItem, 'url' | 'title'>): string {
  const at = nameAt(item);
  return at < 0 ? item.title : item.title.slice(0, at);
}

/**
 * Who published an item that came by way of Google News, by the name behind its headline: as the dossier knows it, or else as
 * archives call publishers that no dossier lists; null for every other item. Under its publisher and headline it is the same item
 * as in the publisher's own feed. One and the same text of two publishers is two items: who copied it is no part of who it is.
 */
export function publisherBehind(item: FeedItem, resolve: PublisherResolver): PublisherId | null {
  const at = nameAt(item);
  if (at < 0) return null;
  const name = item.title.slice(at + ' - '.length);
  return resolve(null, name)?.id ?? unlistedPublisherOf(null, name);
}
