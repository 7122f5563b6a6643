const URL_CHARS_MAX = 2000;

/**
 * `text` as an absolute http(s) URL, resolved against `base`; null for what is none, `javascript:` and the
 * like included.
 */
export function absoluteUrl(text: string, base: string | null): string | null {
  const trimmed = text.replace(/[\t\n\r]/g, '').trim();
  if (trimmed === '' || trimmed.length > URL_CHARS_MAX || !URL.canParse(trimmed, base ?? undefined))
    return null;
  const url = new URL(trimmed, base ?? undefined);
  return url.protocol === 'http:' || url.protocol === 'https:' ? url.href : null;
}

// Parameters that say how a reader came, never what is shown.
const TRACKING =
  /^(?:utm_\w+|at_(?:medium|campaign|custom\d|link\w*|format|bbc_team|ptr_\w+)|fbclid|gclid|dclid|gbraid|wbraid|msclkid|yclid|twclid|igshid|mc_[ce]id|mkt_tok|_hs(?:enc|mi)|ns_(?:mchannel|source|campaign|linkname|fee)|ocid|ncid|cmpid|cmp|smid|sref|iref|ref_?src|xtor|spm|traffic_source|rssid|_ga|taid|maca|oc)$/i;
// Plain words that are tracking only with these values: as names alone they may choose the page.
const TRACKING_VALUES =
  /^(?:rss|rss[_-]?feed|feed|atom|newsletter|twitter|facebook|social|naver|daum|google|\d{3,5}m)$/i;
const TRACKING_WITH_VALUE = /^(?:from|ref|source|src|feature|partner|input|rss)$/i;

function isTracking(name: string, value: string): boolean {
  return TRACKING.test(name) || (TRACKING_WITH_VALUE.test(name) && TRACKING_VALUES.test(value));
}

/** The query without tracking parameters, the rest as it was written. */
function cleanQuery(search: string): string {
  const kept = search
    .slice(1)
    .split('&')
    .filter((pair) => {
      const [name = '', value = ''] = pair.split('=');
      return pair !== '' && !isTracking(name, value);
    });
  return kept.length === 0 ? '' : `?${kept.join('&')}`;
}

/** An absolute URL without tracking parameters, credentials and fragment: what is shown and followed. */
export function publicUrl(absolute: string): string {
  const url = new URL(absolute);
  url.search = cleanQuery(url.search);
  url.hash = '';
  url.username = '';
  url.password = '';
  return url.href;
}

/**
 * What is equal for two spellings of one article's URL: no scheme (http and https serve the same), no `www.`,
 * no port (a port says where a server runs, not what it serves: a demo's or a lab's changes with every
 * start), no final slash, parameters in one order.
 */
export function canonicalUrl(absolute: string): string {
  const url = new URL(publicUrl(absolute));
  const host = url.hostname.replace(/^www\d?\./, '').replace(/\.$/, '');
  const path = url.pathname.replace(/\/{2,}/g, '/').replace(/(?:\/index\.(?:html?|php))?\/*$/, '');
  const query = url.search.slice(1).split('&').sort().join('&');
  return query === '' ? `${host}${path}` : `${host}${path}?${query}`;
}

/** Whether a URL leads to a site and not to anything on it. */
export function isSiteRoot(absolute: string): boolean {
  return !/[/?]/.test(canonicalUrl(absolute));
}
