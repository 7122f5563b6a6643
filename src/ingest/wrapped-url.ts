import { Buffer } from 'node:buffer';

/**
 * Links that lead to an article by way of somebody else: readers' redirects that carry their target within
 * them. What only a server can resolve (feedproxy, t.co, newer links of Google News) is left as it is: to ask
 * would tell a third party what is read here, and the core has no network.
 */
type Unwrap = (url: URL) => string | null;

/** `…/c/s/news.example/a` of an AMP cache and `google.com/amp/s/news.example/a`: the publisher's page, https for `s`. */
function ampTarget(path: string): string | null {
  const found = /^\/(s\/)?([a-z0-9-]+(?:\.[a-z0-9-]+)+\/.*)$/i.exec(path);
  return found === null ? null : `${found[1] === undefined ? 'http' : 'https'}://${found[2] ?? ''}`;
}

const fromAmpCache: Unwrap = ({ hostname, pathname, search }) => {
  if (!/(?:^|\.)cdn\.ampproject\.org$/.test(hostname)) return null;
  const found = /^\/[a-z]{1,3}(\/.*)$/.exec(pathname);
  const target = ampTarget(found?.[1] ?? '');
  return target === null ? null : target + search;
};

const fromGoogleAmp: Unwrap = ({ hostname, pathname, search }) => {
  if (!isGoogle(hostname) || !pathname.startsWith('/amp/')) return null;
  const target = ampTarget(pathname.slice('/amp'.length));
  return target === null ? null : target + search;
};

/** Google Alerts and Bing News name the target in a parameter. */
const fromParameter: Unwrap = ({ hostname, pathname, searchParams }) => {
  const isRedirect =
    (isGoogle(hostname) && pathname === '/url') ||
    (/(?:^|\.)bing\.com$/.test(hostname) && pathname.startsWith('/news/apiclick'));
  return isRedirect ? (searchParams.get('url') ?? searchParams.get('q')) : null;
};

const fromGoogleNews: Unwrap = (url) => {
  const target = googleNewsTarget(url);
  return target !== null && /^https?:\/\//i.test(target) ? target : null;
};

function isGoogle(hostname: string): boolean {
  return /^(?:www\.)?google\.(?:com|[a-z]{2}|com?\.[a-z]{2})$/.test(hostname);
}

const GOOGLE_NEWS_ARTICLE = /^\/(?:rss\/|__i\/rss\/rd\/)?articles\/([A-Za-z0-9_-]{8,})$/;
// Of the protocol buffer in the id: its kind (field 1), and the string that names the article (field 4).
const KIND_TAG = 0x08;
const ARTICLE_TAG = 0x22;

/** A base-128 number at `at` and where it ends; null when it does not within three bytes, as no URL is so long. */
function varint(bytes: Buffer, at: number): { readonly value: number; readonly end: number } | null {
  let value = 0;
  for (let index = 0; index < 3; index += 1) {
    const byte = bytes[at + index];
    if (byte === undefined) return null;
    value |= (byte & 0x7f) << (7 * index);
    if (byte < 0x80) return { value, end: at + index + 1 };
  }
  return null;
}

/**
 * What the id of a Google News link stands for: the article's URL in links of the older form, an opaque name
 * of it in the newer; null when the link is none or its id is made otherwise. A second URL behind it, of the
 * AMP page, comes and goes between two polls of one feed and is passed over.
 */
export function googleNewsTarget({ hostname, pathname }: URL): string | null {
  if (hostname !== 'news.google.com') return null;
  const id = GOOGLE_NEWS_ARTICLE.exec(pathname)?.[1];
  if (id === undefined) return null;
  const bytes = Buffer.from(id, 'base64url');
  const kind = bytes[0] === KIND_TAG ? varint(bytes, 1) : null;
  if (kind === null || bytes[kind.end] !== ARTICLE_TAG) return null;
  const length = varint(bytes, kind.end + 1);
  if (length === null || length.value === 0 || length.end + length.value > bytes.length) return null;
  const target = bytes.toString('latin1', length.end, length.end + length.value);
  return /^[\x21-\x7e]+$/.test(target) ? target : null;
}

const UNWRAPS: readonly Unwrap[] = [fromAmpCache, fromGoogleAmp, fromParameter, fromGoogleNews];

/** The absolute http(s) URL that a redirect carries within it, however often it is wrapped; else the URL itself. */
export function unwrapUrl(absolute: string): string {
  let url = absolute;
  for (;;) {
    const parsed = new URL(url);
    const target = UNWRAPS.map((unwrap) => unwrap(parsed)).find((found) => found !== null) ?? null;
    // Each wrapping is longer than what it wraps: a target that is not shorter is none, and the loop ends.
    if (target === null || target.length >= url.length || !URL.canParse(target)) return url;
    const { protocol, href } = new URL(target);
    if (protocol !== 'http:' && protocol !== 'https:') return url;
    if (href.length >= url.length) return url;
    url = href;
  }
}
