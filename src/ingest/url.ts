import { sitePageOf } from './site-pages.ts';
import { cleanQuery, isForm, isTracking } from './tracking.ts';
import { googleNewsTarget, unwrapUrl } from './wrapped-url.ts';

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

/**
 * An absolute URL without tracking parameters, credentials and fragment, and without the redirect around it
 * where that carries its target within it: what is shown and followed.
 */
export function publicUrl(absolute: string): string {
  const url = new URL(unwrapUrl(absolute));
  url.search = cleanQuery(url.search);
  url.hash = '';
  url.username = '';
  url.password = '';
  return url.href;
}

const FORM_LABEL = /^(?:www\d?|m|mobile|amp|wap)\.(.+)$/;
/** What is left of `m.co.kr`, `amp.dev` or `m.127.0.0.1`: no name of a site. */
const NO_SITE = /^(?:[^.]+|(?:com?|or|go|ac|ne|net|org|gov|edu)\.[a-z]{2}|[\d.]+)$/;

/** A host without the labels that choose a form of the site and not the site: `www.`, `m.`, `mobile.`, `amp.`. */
function siteOf(hostname: string): string {
  let host = hostname.replace(/\.$/, '');
  for (;;) {
    const rest = FORM_LABEL.exec(host)?.[1];
    if (rest === undefined || NO_SITE.test(rest)) return host;
    host = rest;
  }
}

const bare = (path: string): string =>
  path
    .replace(/\/{2,}/g, '/')
    .replace(/(?:\/index\.(?:html?|php))?\/*$/, '')
    .replace(/^\/amp(?=\/[^/])/, '')
    .replace(/(?<=[^/])\/amp$/, '')
    .replace(/\.amp(\.html?)?$/, '$1');

/** A path without what chooses the AMP form of a page, a session, the name of an index and the final slash. */
function pageOf(pathname: string): string {
  let path = pathname
    .replace(/%[0-9a-f]{2}/gi, (code) => code.toUpperCase())
    .replace(/;jsessionid=[^/]*/gi, '');
  // What one of them uncovers another may take: each turn is shorter.
  for (let shorter = bare(path); shorter !== path; shorter = bare(path)) path = shorter;
  return path;
}

const HTTPS = 'https://';
const WRAPPING_HOST = /(?:^|\.)(?:google\.[a-z.]+|bing\.com|ampproject\.org)$/;

/**
 * What is equal for two spellings of one article's URL: no scheme (http and https serve the same), no `www.`,
 * `m.` or `amp.`, no port (a port says where a server runs, not what it serves: a demo's or a lab's changes
 * with every start), nothing that asks for the AMP form, no final slash, parameters in one order, and of sites
 * that serve an article under several addresses the id alone (site-pages.ts). The canonical form of a canonical
 * URL is the same.
 */
export function canonicalUrl(absolute: string): string {
  const url = new URL(publicUrl(absolute));
  const name = googleNewsTarget(url);
  if (name !== null) return `news.google.com/articles/${name}`;
  const host = siteOf(url.hostname);
  const path = pageOf(url.pathname);
  const page = sitePageOf(host, path, url.searchParams);
  if (page !== null) return page;
  const kept = cleanQuery(url.search, (key, value) => isTracking(key, value) || isForm(key, value));
  const query = kept.slice(1).split('&').sort().join('&');
  const canonical = query === '' ? `${host}${path}` : `${host}${path}?${query}`;
  // Without its `m.` or `/amp` it may be seen to wrap another: each turn is shorter.
  const isShorter = WRAPPING_HOST.test(host) && canonical.length + HTTPS.length < absolute.length;
  return isShorter ? canonicalUrl(HTTPS + canonical) : canonical;
}

/** Whether a URL leads to a site and not to anything on it. */
export function isSiteRoot(absolute: string): boolean {
  return !/[/?]/.test(canonicalUrl(absolute));
}
