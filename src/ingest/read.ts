import Parser from 'rss-parser';
import {
  CONTENT_CHARS_MAX,
  ID_CHARS_MAX,
  LANGUAGE_CHARS_MAX,
  SUMMARY_CHARS_MAX,
  TITLE_CHARS_MAX,
} from './parsed.ts';
import type { ParsedFeed, ParsedItem } from './parsed.ts';
import type { Repaired } from './repair.ts';
import { cleanText, cut, plainText } from './text.ts';
import { absoluteUrl } from './url.ts';

/** An element as rss-parser hands it on when asked for all of a name: its text, or its text beside its attributes. */
type Element = string | { readonly _?: string; readonly $?: Readonly<Record<string, string>> };
type Fields = Readonly<Record<string, unknown>>;

// What rss-parser does not read by itself, or reads only the first of, asked for under names of our own.
const ITEM_FIELDS = [
  ['$', 'attributes'],
  ['title', 'titles'],
  ['link', 'links'],
  ['guid', 'guids'],
  ['pubDate', 'pubDates'],
  ['description', 'descriptions'],
  ...[
    'dc:title', 'dc:date', 'dc:language', 'dc:description', 'dcterms:created', 'dcterms:issued', 'dcterms:modified',
    'media:title', 'media:description', 'itunes:title', 'itunes:summary', 'itunes:subtitle', 'xhtml:body', 'fullitem',
    'feedburner:origLink',
    'atom:link', 'atom:id', 'atom:title', 'atom:published', 'atom:updated', 'atom:summary', 'atom:content',
    'published', 'updated', 'issued', 'created', 'modified',
  ].map((name) => [name, `all ${name}`] as const),
] as const; // prettier-ignore
const FEED_FIELDS = [
  ['title', 'titles'],
  ...['dc:title', 'dc:language', 'language', 'atom:title'].map((name) => [name, `all ${name}`] as const),
] as const;

function custom(names: readonly (readonly [string, string])[]): never[] {
  // The types of rss-parser know field names only, not the triples its documentation describes.
  return names.map(([from, to]) => [from, to, { keepArray: true }]) as never[];
}

function elements(value: unknown): readonly Element[] {
  return Array.isArray(value) ? (value as Element[]) : [];
}

function textOf(element: Element): string {
  return typeof element === 'string' ? element : (element._ ?? '');
}

/** The first text that is not blank among these fields, in this order. */
function firstText(fields: Fields, ...names: readonly string[]): string {
  for (const name of names) {
    const value = fields[name];
    const texts = typeof value === 'string' ? [value] : elements(value).map(textOf);
    const found = texts.find((text) => text.trim() !== '');
    if (found !== undefined) return found.trim();
  }
  return '';
}

function attribute(element: Element, name: string): string {
  return typeof element === 'string' ? '' : (element.$?.[name] ?? '');
}

/** The page the item is about: Atom's alternate, of HTML if there is a choice; not an enclosure, a reply or the feed itself. */
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
  const attributes = (fields['attributes'] ?? {}) as Readonly<Record<string, string>>;
  return {
    base: attributes['xml:base'] ?? null,
    about: attributes['rdf:about'] ?? '',
    lang: attributes['xml:lang'] ?? '',
  };
}

function linkOf(fields: Fields, own: Own): string | null {
  // FeedBurner's own link only counts the click and goes on to this one.
  const original = alternate(elements(fields['all feedburner:origLink']));
  if (original !== null) return original;
  const found = alternate(elements(fields['links'])) ?? alternate(elements(fields['all atom:link']));
  const id = firstText(fields, 'id', 'all atom:id');
  return (
    found ??
    permalink(elements(fields['guids']), own.base) ??
    absoluteUrl(own.about, own.base) ??
    absoluteUrl(id, null)
  );
}

const DATES = [
  'published', 'all published', 'all issued', 'pubDates', 'all atom:published', 'all dcterms:issued', 'all dc:date',
  'all dcterms:created', 'all created', 'all updated', 'all modified', 'all atom:updated', 'all dcterms:modified',
].filter((name) => name !== 'published'); // prettier-ignore
const TITLES = ['titles', 'all dc:title', 'all media:title', 'all atom:title', 'all itunes:title'];
const SUMMARIES = [
  'descriptions', 'summary', 'all dc:description', 'all atom:summary', 'all media:description', 'all itunes:summary',
  'all itunes:subtitle',
]; // prettier-ignore
const CONTENTS = ['content:encoded', 'all atom:content', 'all xhtml:body', 'all fullitem'];

function readItem(fields: Fields, dialect: Repaired['dialect']): ParsedItem {
  const own = ownOf(fields);
  const id = firstText(fields, 'id', 'guids', 'all atom:id') || own.about;
  const contents = dialect === 'atom' ? ['content', ...CONTENTS] : CONTENTS;
  const summary = plainText(firstText(fields, ...SUMMARIES), SUMMARY_CHARS_MAX);
  const content = plainText(firstText(fields, ...contents), CONTENT_CHARS_MAX);
  const lang = firstText(fields, 'all dc:language') || own.lang;
  return {
    id: id === '' ? null : cut(cleanText(id), ID_CHARS_MAX),
    link: linkOf(fields, own),
    title: plainText(firstText(fields, ...TITLES), TITLE_CHARS_MAX),
    published: firstText(fields, ...DATES) || null,
    summary: summary === '' ? cut(content, SUMMARY_CHARS_MAX) : summary,
    ...(content === '' || content === summary ? {} : { content }),
    ...(lang === '' ? {} : { lang: cut(cleanText(lang), LANGUAGE_CHARS_MAX) }),
  };
}

/** Reads a repaired document by rss-parser, and chooses among what it found. */
export async function read(repaired: Repaired): Promise<ParsedFeed> {
  const parser = new Parser<Fields, Fields>({
    customFields: { feed: custom(FEED_FIELDS), item: custom(ITEM_FIELDS) },
  });
  const feed = await parser.parseString(repaired.xml);
  const language = firstText(feed, 'all language', 'all dc:language') || (repaired.lang ?? '');
  return {
    title: plainText(firstText(feed, 'titles', 'all dc:title', 'all atom:title'), TITLE_CHARS_MAX),
    language: language === '' ? null : cut(cleanText(language), LANGUAGE_CHARS_MAX),
    items: feed.items.map((item) => readItem(item, repaired.dialect)),
  };
}
