import { readDate } from './date.ts';
import { NO_HINTS } from './hints.ts';
import { fieldsOf, textOf } from './json.ts';
import type { JsonFields } from './json.ts';
import { languageOf } from './language.ts';
import { FEED_ITEMS_MAX, SOURCE_CHARS_MAX, TITLE_CHARS_MAX } from './parsed.ts';
import type { ParsedFeed, ParsedItem } from './parsed.ts';
import { cleanText, cut, plainText } from './text.ts';
import { absoluteUrl } from './url.ts';

function itemOf(article: JsonFields): ParsedItem {
  const link = absoluteUrl(textOf(article, 'url'), null);
  const domain = cut(cleanText(textOf(article, 'domain')), SOURCE_CHARS_MAX);
  const lang = languageOf(textOf(article, 'language'));
  return {
    id: null,
    link,
    title: plainText(textOf(article, 'title'), TITLE_CHARS_MAX),
    // When GDELT saw it, always UTC; when it was published GDELT does not say.
    published: readDate(textOf(article, 'seendate'), 0),
    summary: '',
    ...(lang === null ? {} : { lang }),
    ...(domain === '' ? {} : { source: { name: domain, url: absoluteUrl(`https://${domain}/`, null) } }),
  };
}

/**
 * Reads a list of articles as GDELT's DOC 2.0 API answers with `mode=artlist&format=json`; null for anything
 * else. A query that matches nothing is answered with `{}`, which is a list only where `url` asked for one.
 */
export function readGdeltList(
  document: unknown,
  url: string | null,
  itemsFrom: number,
): Omit<ParsedFeed, 'report'> | null {
  const list = fieldsOf(document);
  if (list === null) return null;
  const asked = /[?&]mode=artlist(?:&|$)/i.test(url ?? '');
  const articles = list['articles'] ?? (asked && Object.keys(list).length === 0 ? [] : null);
  if (!Array.isArray(articles)) return null;
  const itemsEnd = itemsFrom + FEED_ITEMS_MAX;
  const fields = articles.slice(itemsFrom, itemsEnd).map(fieldsOf);
  // Other APIs answer with `articles` too; GDELT's say when they were seen.
  if (fields.length > 0 && !fields.some((article) => article !== null && 'seendate' in article)) return null;
  return {
    title: 'GDELT',
    language: null,
    items: fields.flatMap((article) => (article === null ? [] : [itemOf(article)])),
    behind: Math.max(0, articles.length - itemsEnd),
    hints: NO_HINTS,
    self: null,
    hubs: [],
  };
}
