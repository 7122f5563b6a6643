import Parser from 'rss-parser';
import { PROSE_PREFIX } from './capture.ts';
import { alternate, firstText, itemOf, languageIn, lineOf } from './found.ts';
import type { FoundLink, Read } from './found.ts';
import type { ItemSource, ParsedItem } from './parsed.ts';
import type { Repaired } from './repair.ts';
import { absoluteUrl } from './url.ts';

/**
 * An element as rss-parser hands it on when asked for all of a name: its text, or its text beside its
 * attributes.
 */
type Element = string | { readonly _?: string; readonly $?: Readonly<Record<string, string>> };
type Fields = Readonly<Record<string, unknown>>;

const LINES = ['title', 'dc:title', 'media:title', 'atom:title', 'itunes:title'];
const LINKS = ['link', 'atom:link', 'feedburner:origLink', 'enclosure'];
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

function textsOf(fields: Fields, names: readonly string[]): readonly string[] {
  return names.flatMap((name) => elements(fields[all(name)]).map(textOf));
}

function attribute(element: Element, name: string): string {
  return typeof element === 'string' ? '' : (element.$?.[name] ?? '');
}

function linksOf(fields: Fields, name: string): readonly FoundLink[] {
  return elements(fields[all(name)]).map((link) => ({
    href: attribute(link, 'href'),
    rel: attribute(link, 'rel'),
    type: attribute(link, 'type'),
  }));
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

/** Of a recording there may be nothing else to go to. */
function enclosureOf(fields: Fields): string | null {
  const links = linksOf(fields, 'link').find(({ rel }) => rel.trim().toLowerCase() === 'enclosure');
  return alternate(linksOf(fields, 'enclosure')) ?? links?.href ?? null;
}

function linkOf(fields: Fields, own: Own): string | null {
  const linkIn = (name: string): string | null => alternate(linksOf(fields, name));
  return (
    // FeedBurner's own link only counts the click and goes on to the original.
    linkIn('feedburner:origLink') ??
    linkIn('link') ??
    linkIn('atom:link') ??
    permalink(elements(fields[all('guid')]), own.base) ??
    absoluteUrl(own.about, own.base) ??
    absoluteUrl(firstText(textsOf(fields, ['id', 'atom:id'])), null) ??
    enclosureOf(fields)
  );
}

function sourceOf(fields: Fields): ItemSource | null {
  const [source] = elements(fields[all('source')]);
  if (source === undefined) return null;
  return { name: textOf(source), url: absoluteUrl(attribute(source, 'url'), null) };
}

function readItem(fields: Fields): ParsedItem {
  const own = ownOf(fields);
  return itemOf({
    ids: [...textsOf(fields, IDS), own.about],
    link: linkOf(fields, own),
    titles: textsOf(fields, LINES),
    published: firstText(textsOf(fields, DATES)) || null,
    summaries: textsOf(fields, SUMMARIES),
    contents: textsOf(fields, CONTENTS),
    languages: [...textsOf(fields, LANGUAGES), own.lang],
    source: sourceOf(fields),
  });
}

/** Reads a repaired document by rss-parser, and chooses among what it found. */
export async function read(repaired: Repaired): Promise<Read> {
  const parser = new Parser<Fields, Fields>({
    customFields: {
      feed: custom(...LINES, ...LANGUAGES),
      item: custom(
        '$',
        'source',
        ...LINES,
        ...LINKS,
        ...IDS,
        ...DATES,
        ...SUMMARIES,
        ...CONTENTS,
        ...LANGUAGES,
      ),
    },
  });
  const feed = await parser.parseString(repaired.xml);
  const language = languageIn([...textsOf(feed, LANGUAGES), repaired.channel.lang ?? '']);
  return {
    title: lineOf(textsOf(feed, LINES)),
    language: language === '' ? null : language,
    items: feed.items.map(readItem),
  };
}
