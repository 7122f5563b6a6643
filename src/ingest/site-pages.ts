/**
 * Pages of sites that serve one article under several addresses, where an id within the address names it
 * alone. Only ids that are unique on the whole site are here: a rule too many would make two articles one,
 * which nobody could see; a rule too few leaves one article twice.
 */
type SitePage = (host: string, path: string, query: URLSearchParams) => string | null;

const NAVER_PATH = /^\/(?:[a-z]+\/)*article(?:\/comment)?\/(\d{3})\/(\d{10})$/;

/** Naver numbers outlets (oid) and their articles (aid), the same on its old, mobile, sports and entertainment pages. */
const naver: SitePage = (host, path, query) => {
  if (!/(?:^|\.)naver\.com$/.test(host)) return null;
  const found = NAVER_PATH.exec(path);
  const [oid, aid] = [found?.[1] ?? query.get('oid'), found?.[2] ?? query.get('aid')];
  if (!/^\d{3}$/.test(oid ?? '') || !/^\d{10}$/.test(aid ?? '')) return null;
  return `n.news.naver.com/article/${oid ?? ''}/${aid ?? ''}`;
};

const daum: SitePage = (host, path) => {
  if (!/(?:^|\.)daum\.net$/.test(host)) return null;
  const id = /^\/v\/(\d{14,20})$/.exec(path)?.[1];
  return id === undefined ? null : `v.daum.net/v/${id}`;
};

/** An article and its pages of pictures and comments. A `pickup` is a page of Yahoo's own about an article it does not name. */
const yahooJapan: SitePage = (host, path) => {
  if (host !== 'news.yahoo.co.jp') return null;
  const id = /^\/articles\/([0-9a-f]{40})(?:\/|$)/.exec(path)?.[1];
  return id === undefined ? null : `news.yahoo.co.jp/articles/${id}`;
};

/** MSN puts language, section and headline before the id, and changes all three. */
const msn: SitePage = (host, path) => {
  if (host !== 'msn.com') return null;
  const id = /\/((?:ar|vi|ss)-[A-Za-z0-9]{6,})$/.exec(path)?.[1];
  return id === undefined ? null : `msn.com/${id}`;
};

/** A UUID names one thing in the world: the section and the headline before it change when an article is moved. */
const uuid: SitePage = (host, path) => {
  const id = /[/-]([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})$/i.exec(path)?.[1];
  return id === undefined ? null : `${host}/${id.toLowerCase()}`;
};

const SITE_PAGES: readonly SitePage[] = [naver, daum, yahooJapan, msn, uuid];

/** The one address of a page that its site serves under several; null where no rule knows the site. */
export function sitePageOf(host: string, path: string, query: URLSearchParams): string | null {
  for (const rule of SITE_PAGES) {
    const page = rule(host, path, query);
    if (page !== null) return page;
  }
  return null;
}
