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
import { fieldsOf, textOf } from './json.ts';
import type { JsonFields } from './json.ts';
import { cleanText, cut, plainText } from './text.ts';
import { absoluteUrl } from './url.ts';

const HUBS_MAX = 8;
/** Attachments of an item that are looked at for a link. */
const ATTACHMENTS_MAX = 8;

function plain(fields: JsonFields, name: string, charsMax: number): string {
  return cut(cleanText(textOf(fields, name)), charsMax);
}

function firstAttachment(fields: JsonFields, base: string | null): string | null {
  const attachments: readonly unknown[] = Array.isArray(fields['attachments'])
    ? fields['attachments'].slice(0, ATTACHMENTS_MAX)
    : [];
  for (const attachment of attachments) {
    const url = absoluteUrl(textOf(fieldsOf(attachment) ?? {}, 'url'), base);
    if (url !== null) return url;
  }
  return null;
}

function linkOf(fields: JsonFields, id: string, base: string | null): string | null {
  return (
    absoluteUrl(textOf(fields, 'url'), base) ??
    absoluteUrl(textOf(fields, 'external_url'), base) ??
    absoluteUrl(id, null) ??
    firstAttachment(fields, base)
  );
}

function publishedOf(fields: JsonFields, zoneOffsetMinutes: number | null): string | null {
  return (
    readDate(textOf(fields, 'date_published'), zoneOffsetMinutes) ??
    readDate(textOf(fields, 'date_modified'), zoneOffsetMinutes)
  );
}

function readItem(fields: JsonFields, base: string | null, zoneOffsetMinutes: number | null): ParsedItem {
  const id = plain(fields, 'id', ID_CHARS_MAX);
  const body = plainText(textOf(fields, 'content_html'), CONTENT_CHARS_MAX);
  const content = body === '' ? plain(fields, 'content_text', CONTENT_CHARS_MAX) : body;
  const summary = plainText(textOf(fields, 'summary'), SUMMARY_CHARS_MAX);
  const lang = plain(fields, 'language', LANGUAGE_CHARS_MAX);
  return {
    id: id === '' ? null : id,
    link: linkOf(fields, id, base),
    title: plainText(textOf(fields, 'title'), TITLE_CHARS_MAX),
    published: publishedOf(fields, zoneOffsetMinutes),
    ...bodyOf(summary, content),
    ...(lang === '' ? {} : { lang }),
  };
}

/** URLs of the hubs that JSON Feed names with their protocol; only WebSub is of use here. */
function hubsOf(hubs: unknown, base: string | null): readonly string[] {
  const listed: readonly unknown[] = Array.isArray(hubs) ? hubs.slice(0, HUBS_MAX) : [];
  return listed.flatMap((hub) => {
    const fields = fieldsOf(hub);
    const isWebSub = fields !== null && /^(?:websub|pubsubhubbub)$/i.test(textOf(fields, 'type'));
    return isWebSub ? (absoluteUrl(textOf(fields, 'url'), base) ?? []) : [];
  });
}

/** Reads a JSON Feed (jsonfeed.org, versions 1 and 1.1), from item `itemsFrom` on; null when the document is no such thing. */
export function readJsonFeed(
  document: unknown,
  base: string | null,
  zoneOffsetMinutes: number | null,
  itemsFrom: number,
): Omit<ParsedFeed, 'report'> | null {
  const feed = fieldsOf(document);
  const items = feed?.['items'];
  if (feed === null || typeof items !== 'object' || items === null) return null;
  const site = absoluteUrl(textOf(feed, 'home_page_url'), base) ?? base;
  const language = plain(feed, 'language', LANGUAGE_CHARS_MAX);
  // A feed of one item may leave out the brackets around it.
  const all: readonly unknown[] = Array.isArray(items) ? items : [items];
  const itemsEnd = itemsFrom + FEED_ITEMS_MAX;
  return {
    title: plainText(textOf(feed, 'title'), TITLE_CHARS_MAX),
    language: language === '' ? null : language,
    items: all.slice(itemsFrom, itemsEnd).flatMap((item) => {
      const fields = fieldsOf(item);
      return fields === null ? [] : [readItem(fields, site, zoneOffsetMinutes)];
    }),
    behind: Math.max(0, all.length - itemsEnd),
    hints: NO_HINTS,
    self: absoluteUrl(textOf(feed, 'feed_url'), base),
    hubs: hubsOf(feed['hubs'], base),
  };
}
