import { isOwnMachine } from '../net/address.ts';
import { linksOf } from './link-header.ts';
import { absoluteUrl } from './url.ts';

/** A longer URL is no hub's and no feed's. */
const URL_CHARS_MAX = 2_048;

/** What a feed offers by WebSub: a hub that pushes it, and the topic to ask that hub for. */
export interface WebSubOffer {
  readonly hub: string;
  readonly topic: string;
}

/** Where an offer may stand: what a document says of itself, and the `Link` header that came with it. */
export interface OfferSource {
  /** The URL that answered. */
  readonly url: string;
  readonly link: string | null;
  readonly hubs: readonly string[];
  readonly self: string | null;
}

function named(header: string, rel: string, url: string): string[] {
  return linksOf(header)
    .filter(({ rels }) => rels.includes(rel))
    .flatMap(({ target }) => absoluteUrl(target, url) ?? []);
}

function usable(url: string): boolean {
  return url.length <= URL_CHARS_MAX && /^https?:\/\//i.test(url);
}

/** Whether what goes there cannot be read on the way: TLS, or this machine itself. */
export function isConfidential(url: string): boolean {
  const { protocol, hostname } = new URL(url);
  return protocol === 'https:' || isOwnMachine(hostname);
}

/**
 * The offer a feed makes, or null. Link headers come first (WebSub §4: the document counts where they name no hub). Of several
 * hubs the first over TLS is taken, as only there a secret can be agreed on. Where a publisher forgot to name the topic, the
 * URL that answered is it.
 */
export function offerOf({ url, link, hubs, self }: OfferSource): WebSubOffer | null {
  const header = link ?? '';
  const headed = named(header, 'hub', url).filter(usable);
  const candidates = headed.length > 0 ? headed : hubs.filter(usable);
  const hub = candidates.find(isConfidential) ?? candidates[0];
  const topic = named(header, 'self', url)[0] ?? self ?? url;
  return hub === undefined || !usable(topic) ? null : { hub, topic };
}
