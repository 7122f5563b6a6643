import Parser from 'rss-parser';
import { PROSE_PREFIX } from './capture.ts';
import {
  CONTENT_CHARS_MAX,
  ID_CHARS_MAX,
  LANGUAGE_CHARS_MAX,
  SUMMARY_CHARS_MAX,
  TITLE_CHARS_MAX,
  bodyOf,
} from './parsed.ts';
import type { ParsedFeed, ParsedItem } from './parsed.ts';
import type { Repaired } from './repair.ts';
import { cleanText, cut, plainText } from './text.ts';
import { absoluteUrl } from './url.ts';

/**
 * An element as rss-parser hands it on when asked for all of a name: its text, or its text beside its
 * attributes.
 */
type Element = string | { readonly _?: string; readonly $?: Readonly<Record<string, string>> };
type Fields = Readonly<Record<string, unknown>>;

const LINES = ['title', 'dc:title', 'media:title', 'atom:title', 'itunes:title'];
const LINKS = ['link', 'atom:link', 'feedburner:origLink'];
const IDS = ['guid', 'id', 'atom:id'];
/** The first that is there counts: when it appeared, then when it was last touched. */
const DATES = [
  'published', 'issued', 'pubDate', 'atom:published', 'dcterms:issued', 'dc:date', 'dcterms:created', 'created',
  'updated', 'modified', 'atom:updated', 'dcterms:modified',
]; // prettier-ignore
const SUMMARIES = [
  'description', 'summary', 'dc:description', 'atom:summary', 'media:description', 'itunes:summary', 'itunes:subtitle',
].map((name) => PROSE_PREFIX + name); // prettier-ignore
const CONTENTS = ['content', 'content:encoded', 'atom:content', 'xhtml:body', 'fullitem'].map(
  (name) => PROSE_PREFIX + name,
);
const LANGUAGES = ['language', 'dc:language'];

/** The name under which rss-parser is asked for all elements of a name; it keeps only the first of most. */
const all = (name: string): string => `all ${name}`;

function custom(...names: readonly string[]): never[] {
  // The types of rss-parser know field names only, not the triples its documentation describes.
  return names.map((name) => [name, all(name), { keepArray: true }]) as never[];
}

function elements(value: unknown): readonly Element[] {
  return Array.isArray(value) ? (value as Element[]) : [];
}

function textOf(element: Element): string {
  return typeof element === 'string' ? element : (element._ ?? '');
}

/** The first text that is not blank among these fields, in this order. */
function firstText(fields: Fields, names: readonly string[]): string {
  for (const name of names) {
    const found = elements(fields[all(name)])
      .map(textOf)
      .find((text) => text.trim() !== '');
    if (found !== undefined) return found.trim();
  }
  return '';
}

function attribute(element: Element, name: string): string {
  return typeof element === 'string' ? '' : (element.$?.[name] ?? '');
}

/**
 * The page the item is about: Atom's alternate, of HTML if there is a choice; not an enclosure, a reply or
 * the feed itself.
 */
function alternate(links: readonly Element[]): string | null {
  const pages = links.filter((link) =>
    ['', 'alternate'].includes(attribute(link, 'rel').trim().toLowerCase()),
  );
  const html = pages.find((link) => attribute(link, 'type').toLowerCase() === 'text/html');
  const open = pages.find((link) => attribute(link, 'type') === '');
  return attribute(html ?? open ?? pages[0] ?? '', 'href') || null;
}

/** A guid that says it is a link, or says nothing and looks like one. */
function permalink(guids: readonly Element[], base: string | null): string | null {
  const [guid] = guids;
  if (guid === undefined || attribute(guid, 'isPermaLink').trim().toLowerCase() === 'false') return null;
  const text = textOf(guid).trim();
  const declared = attribute(guid, 'isPermaLink') !== '';
  return declared || /^https?:/i.test(text) ? absoluteUrl(text, base) : null;
}

interface Own {
  readonly base: string | null;
  readonly about: string;
  readonly lang: string;
}

function ownOf(fields: Fields): Own {
  const attributes = (fields[all('$')] ?? {}) as Readonly<Record<string, string>>;
  return {
    base: attributes['xml:base'] ?? null,
    about: attributes['rdf:about'] ?? '',
    lang: attributes['xml:lang'] ?? '',
  };
}

function linkOf(fields: Fields, own: Own): string | null {
  const linkIn = (name: string): string | null => alternate(elements(fields[all(name)]));
  return (
    // FeedBurner's own link only counts the click and goes on to the original.
    linkIn('feedburner:origLink') ??
    linkIn('link') ??
    linkIn('atom:link') ??
    permalink(elements(fields[all('guid')]), own.base) ??
    absoluteUrl(own.about, own.base) ??
    absoluteUrl(firstText(fields, ['id', 'atom:id']), null)
  );
}

function readItem(fields: Fields): ParsedItem {
  const own = ownOf(fields);
  const id = cut(cleanText(firstText(fields, IDS) || own.about), ID_CHARS_MAX);
  const summary = plainText(firstText(fields, SUMMARIES), SUMMARY_CHARS_MAX);
  const content = plainText(firstText(fields, CONTENTS), CONTENT_CHARS_MAX);
  const lang = cut(cleanText(firstText(fields, LANGUAGES) || own.lang), LANGUAGE_CHARS_MAX);
  return {
    id: id === '' ? null : id,
    link: linkOf(fields, own),
    title: plainText(firstText(fields, LINES), TITLE_CHARS_MAX),
    published: firstText(fields, DATES) || null,
    ...bodyOf(summary, content),
    ...(lang === '' ? {} : { lang }),
  };
}

/** What a reader finds in a document. */
export type Read = Pick<ParsedFeed, 'title' | 'language' | 'items'>;

/** Reads a repaired document by rss-parser, and chooses among what it found. */
export async function read(repaired: Repaired): Promise<Read> {
  const parser = new Parser<Fields, Fields>({
    customFields: {
      feed: custom(...LINES, ...LANGUAGES),
      item: custom('$', ...LINES, ...LINKS, ...IDS, ...DATES, ...SUMMARIES, ...CONTENTS, ...LANGUAGES),
    },
  });
  const feed = await parser.parseString(repaired.xml);
  const language = cut(
    cleanText(firstText(feed, LANGUAGES) || (repaired.channel.lang ?? '')),
    LANGUAGE_CHARS_MAX,
  );
  return {
    title: plainText(firstText(feed, LINES), TITLE_CHARS_MAX),
    language: language === '' ? null : language,
    items: feed.items.map(readItem),
  };
}
