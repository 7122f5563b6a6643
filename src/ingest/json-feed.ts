import {
  CONTENT_CHARS_MAX,
  FEED_ITEMS_MAX,
  ID_CHARS_MAX,
  LANGUAGE_CHARS_MAX,
  SUMMARY_CHARS_MAX,
  TITLE_CHARS_MAX,
  bodyOf,
} from './parsed.ts';
import type { ParsedFeed, ParsedItem } from './parsed.ts';
import { readDate } from './date.ts';
import { NO_HINTS } from './hints.ts';
import { cleanText, cut, plainText } from './text.ts';
import { absoluteUrl } from './url.ts';

const HUBS_MAX = 8;

type Fields = Readonly<Record<string, unknown>>;

/** An object by its keys in lower case (some feeds write them otherwise); null for anything else. */
function fieldsOf(value: unknown): Fields | null {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return null;
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [name.toLowerCase(), inner as unknown]),
  );
}

function text(fields: Fields, name: string): string {
  const value = fields[name];
  // JSON Feed 1.1: ids that are numbers are to be taken as strings.
  if (typeof value === 'number') return String(value);
  return typeof value === 'string' ? value.trim() : '';
}

function plain(fields: Fields, name: string, charsMax: number): string {
  return cut(cleanText(text(fields, name)), charsMax);
}

function readItem(fields: Fields, base: string | null, zoneOffsetMinutes: number): ParsedItem {
  const id = plain(fields, 'id', ID_CHARS_MAX);
  const body = plainText(text(fields, 'content_html'), CONTENT_CHARS_MAX);
  const content = body === '' ? plain(fields, 'content_text', CONTENT_CHARS_MAX) : body;
  const summary = plain(fields, 'summary', SUMMARY_CHARS_MAX);
  const date = text(fields, 'date_published') || text(fields, 'date_modified');
  const lang = plain(fields, 'language', LANGUAGE_CHARS_MAX);
  return {
    id: id === '' ? null : id,
    link:
      absoluteUrl(text(fields, 'url'), base) ??
      absoluteUrl(text(fields, 'external_url'), base) ??
      absoluteUrl(id, null),
    title: plainText(text(fields, 'title'), TITLE_CHARS_MAX),
    published: readDate(date, zoneOffsetMinutes),
    ...bodyOf(summary, content),
    ...(lang === '' ? {} : { lang }),
  };
}

/** URLs of the hubs that JSON Feed names with their protocol; only WebSub is of use here. */
function hubsOf(hubs: unknown, base: string | null): readonly string[] {
  const listed: readonly unknown[] = Array.isArray(hubs) ? hubs.slice(0, HUBS_MAX) : [];
  return listed.flatMap((hub) => {
    const fields = fieldsOf(hub);
    const isWebSub = fields !== null && /^(?:websub|pubsubhubbub)$/i.test(text(fields, 'type'));
    return isWebSub ? (absoluteUrl(text(fields, 'url'), base) ?? []) : [];
  });
}

/** Reads a JSON Feed (jsonfeed.org, versions 1 and 1.1); null when the text is no such thing. */
export function readJsonFeed(
  json: string,
  base: string | null,
  zoneOffsetMinutes: number,
): Omit<ParsedFeed, 'report'> | null {
  let document: unknown;
  try {
    document = JSON.parse(json);
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
  const feed = fieldsOf(document);
  const items = feed?.['items'];
  if (feed === null || typeof items !== 'object' || items === null) return null;
  const site = absoluteUrl(text(feed, 'home_page_url'), base) ?? base;
  const language = plain(feed, 'language', LANGUAGE_CHARS_MAX);
  return {
    title: plainText(text(feed, 'title'), TITLE_CHARS_MAX),
    hints: NO_HINTS,
    self: absoluteUrl(text(feed, 'feed_url'), base),
    hubs: hubsOf(feed['hubs'], base),
    language: language === '' ? null : language,
    // A feed of one item may leave out the brackets around it.
    items: (Array.isArray(items) ? items.slice(0, FEED_ITEMS_MAX) : [items]).flatMap((item) => {
      const fields = fieldsOf(item);
      return fields === null ? [] : [readItem(fields, site, zoneOffsetMinutes)];
    }),
  };
}
