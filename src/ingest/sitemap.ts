import { createEntities } from './entities.ts';
import { absoluteUrl } from './url.ts';
import { tokens } from './xml.ts';

/** Sitemaps of an index that are named; the protocol allows 50,000. */
const SITEMAPS_MAX = 1_000;
/** Characters before the root element. */
const PROLOG_CHARS_MAX = 20_000;

const local = (name: string): string => name.slice(name.indexOf(':') + 1).toLowerCase();

/** Whether a document is an index of sitemaps (sitemaps.org). */
export function isSitemapIndex(text: string): boolean {
  for (const token of tokens(text.slice(0, PROLOG_CHARS_MAX))) {
    if (token.kind === 'open') return local(token.name) === 'sitemapindex';
  }
  return false;
}

/** The texts of the `loc` elements of a document, in its order. */
function* locations(text: string): Generator<string, void> {
  const entities = createEntities();
  let loc: string | null = null;
  for (const token of tokens(text)) {
    if (token.kind === 'open') loc = local(token.name) === 'loc' ? '' : null;
    else if (loc === null) continue;
    else if (token.kind === 'text') loc += entities.decode(token.text);
    else if (token.kind === 'cdata') loc += token.text;
    else if (token.kind === 'close') {
      yield loc;
      loc = null;
    }
  }
}

/**
 * The absolute URLs of the sitemaps that an index names and `isWanted`, all by default, lets pass, at most SITEMAPS_MAX, in its order; none for a
 * document that is no index.
 *
 * ```ts
 * sitemapsIn('<sitemapindex><sitemap><loc>/news.xml</loc></sitemap></sitemapindex>', 'https://example.com/s.xml');
 * // ['https://example.com/news.xml']
 * ```
 */
export function sitemapsIn(
  text: string,
  url: string | null,
  isWanted: (sitemap: string) => boolean = () => true,
): readonly string[] {
  if (!isSitemapIndex(text)) return [];
  const found = new Set<string>();
  for (const location of locations(text)) {
    const absolute = absoluteUrl(location, url);
    if (absolute !== null && isWanted(absolute)) found.add(absolute);
    if (found.size === SITEMAPS_MAX) break;
  }
  return [...found];
}
