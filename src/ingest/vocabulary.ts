import type { Attributes } from './xml.ts';

/** The wordings of feeds: RSS of any version, RSS 1.0 with its RDF envelope, Atom of any version, sitemaps. */
export type Dialect = 'rss' | 'rdf' | 'atom' | 'sitemap';

/**
 * Namespace URI, lower case and without the trailing sign, to the prefix this house writes. The empty prefix
 * is RSS itself.
 */
const PREFIXES: Readonly<Record<string, string>> = {
  'http://www.w3.org/2005/atom': 'atom',
  'https://www.w3.org/2005/atom': 'atom',
  'http://purl.org/atom/ns': 'atom',
  'http://purl.org/rss/1.0': '',
  'http://purl.org/net/rss1.1': '',
  'http://my.netscape.com/rdf/simple/0.9': '',
  'http://channel.netscape.com/rdf/simple/0.9': '',
  'http://backend.userland.com/rss': '',
  'http://backend.userland.com/rss2': '',
  'http://blogs.law.harvard.edu/tech/rss': '',
  'http://www.w3.org/1999/02/22-rdf-syntax-ns': 'rdf',
  'http://purl.org/rss/1.0/modules/content': 'content',
  'http://purl.org/dc/elements/1.1': 'dc',
  'http://purl.org/dc/elements/1.0': 'dc',
  'http://purl.org/dc/terms': 'dcterms',
  'http://search.yahoo.com/mrss': 'media',
  'http://www.itunes.com/dtds/podcast-1.0.dtd': 'itunes',
  'http://www.w3.org/1999/xhtml': 'xhtml',
  'http://rssnamespace.org/feedburner/ext/1.0': 'feedburner',
  'http://purl.org/rss/1.0/modules/syndication': 'sy',
  'http://www.google.com/schemas/sitemap-news/0.9': 'news',
  'http://www.sitemaps.org/schemas/sitemap/0.9': '',
  'https://www.sitemaps.org/schemas/sitemap/0.9': '',
  'http://www.google.com/schemas/sitemap/0.84': '',
};
/** Prefixes understood without a declaration: that it was forgotten is a common fault. */
const USUAL = new Set('atom rdf content dc dcterms media itunes xhtml feedburner sy news'.split(' '));

/** Prefixes in force at a time; a document that declares more of them is playing. */
const NAMESPACES_MAX = 64;

/** Prefix as the document writes it, to the prefix this house writes. */
export type Namespaces = ReadonlyMap<string, string>;

/** The namespaces in force inside an element with these attributes. */
export function withDeclared(outer: Namespaces, attributes: Attributes): Namespaces {
  let inner: Map<string, string> | null = null;
  for (const [name, value] of attributes) {
    if (!name.startsWith('xmlns') || (inner ?? outer).size >= NAMESPACES_MAX) continue;
    const uri = value
      .trim()
      .toLowerCase()
      .replace(/[/#]+$/, '');
    inner ??= new Map(outer);
    // An unknown vocabulary keeps a prefix no field has, so that its elements are not taken for ours.
    inner.set(name.slice(6), PREFIXES[uri] ?? (name === 'xmlns' ? '' : `other-${name.slice(6)}`));
  }
  return inner ?? outer;
}

/** `prefix:local` in lower case, with the prefix this house writes. */
export function canonicalName(written: string, namespaces: Namespaces): string {
  const lower = written.toLowerCase();
  const colon = lower.indexOf(':');
  const prefix = colon < 0 ? '' : written.slice(0, colon);
  const local = colon < 0 ? lower : lower.slice(colon + 1);
  const declared = namespaces.get(prefix);
  const usual = USUAL.has(prefix.toLowerCase()) ? prefix.toLowerCase() : prefix === '' ? '' : 'other';
  const known = declared === undefined || declared.startsWith('other-') ? usual : declared;
  return known === '' ? local : `${known}:${local}`;
}

/**
 * What a field holds: `prose` may contain markup, `line` is a title, `word` is neither; a `note` is about the
 * feed's rhythm and goes to no reader.
 */
export type FieldKind = 'prose' | 'line' | 'link' | 'date' | 'word' | 'note';

export interface FieldName {
  /** As rss-parser (or our own fields beside it) expects it. */
  readonly name: string;
  readonly kind: FieldKind;
}

const field = (name: string, kind: FieldKind): FieldName => ({ name, kind });

const fields = (kind: FieldKind, names: string): readonly FieldName[] =>
  names.split(' ').map((name) => field(name, kind));

// What is no element of a dialect by its specification is one by use: many an RSS item says `updated`, and
// some an Atom entry `pubDate`.
const SHARED: readonly FieldName[] = [
  ...fields('line', 'title dc:title media:title itunes:title'),
  ...fields(
    'date',
    'published updated issued created modified pubDate dc:date dcterms:created dcterms:issued',
  ),
  ...fields('date', 'dcterms:modified'),
  ...fields('word', 'id guid language dc:language'),
  ...fields('link', 'link enclosure feedburner:origLink'),
  ...fields('prose', 'description summary content dc:description content:encoded media:description'),
  ...fields('prose', 'itunes:summary itunes:subtitle'),
];
const RSS: readonly FieldName[] = [
  ...SHARED,
  ...fields('line', 'atom:title'),
  ...fields('date', 'atom:published atom:updated'),
  ...fields('word', 'source atom:id'),
  ...fields('link', 'atom:link'),
  ...fields('prose', 'atom:summary atom:content xhtml:body fullitem'),
];

const byLowerCase = (names: readonly FieldName[]): ReadonlyMap<string, FieldName> =>
  new Map(names.map((entry) => [entry.name.toLowerCase(), entry]));
const rssFields = byLowerCase(RSS);
const atomFields = byLowerCase(SHARED);
// A sitemap's words are RSS by other names (developers.google.com/search/docs, "News sitemaps").
const sitemapFields: ReadonlyMap<string, FieldName> = new Map([
  ['loc', field('link', 'link')],
  ['news:title', field('title', 'line')],
  ['news:publication_date', field('pubDate', 'date')],
  ['lastmod', field('updated', 'date')],
  ['news:language', field('language', 'word')],
  ['news:name', field('source', 'word')],
]);

/** The field an element is in a dialect; null when nothing here wants it. */
export function fieldOf(name: string, dialect: Dialect): FieldName | null {
  if (dialect === 'sitemap') return sitemapFields.get(name) ?? null;
  if (dialect !== 'atom') return rssFields.get(name) ?? null;
  return atomFields.get(name.startsWith('atom:') ? name.slice(5) : name) ?? null;
}

const NOTES: ReadonlyMap<string, FieldName> = new Map(
  ['ttl', 'hour', 'day', 'sy:updateperiod', 'sy:updatefrequency'].map((name) => [name, field(name, 'note')]),
);

/** The field about a feed's rhythm that an element outside items is; null when it is none. */
export function noteOf(name: string): FieldName | null {
  return NOTES.get(name) ?? null;
}

/** The dialect that a root element opens; null when it opens none. */
export function dialectOf(name: string): Dialect | null {
  if (name === 'rss') return 'rss';
  if (name === 'rdf:rdf' || name === 'rdf') return 'rdf';
  // RFC 4287 §2 lets a document be one entry by itself.
  if (name === 'urlset') return 'sitemap';
  if (name === 'feed' || name === 'atom:feed' || name === 'atom:entry') return 'atom';
  return null;
}

/** A dialect as people call it, with the version that its root element says. */
export function dialectTitle(dialect: Dialect, root: Attributes): string {
  if (dialect === 'atom') return 'Atom';
  if (dialect === 'rdf') return 'RSS 1.0 (RDF)';
  if (dialect === 'sitemap') return 'news sitemap';
  const version = root.get('version')?.trim().slice(0, 10) ?? '';
  return version === '' ? 'RSS of no version' : `RSS ${version}`;
}

/** Elements that only wrap fields of the item or the channel they are in. */
export const WRAPPERS: ReadonlySet<string> = new Set([
  'media:group',
  'media:content',
  'channel',
  'skiphours',
  'skipdays',
  'news:news',
  'news:publication',
]);

export function isItem(name: string, dialect: Dialect): boolean {
  switch (dialect) {
    case 'atom':
      return name === 'entry' || name === 'atom:entry';
    case 'sitemap':
      return name === 'url';
    case 'rss':
    case 'rdf':
      return name === 'item';
  }
}
