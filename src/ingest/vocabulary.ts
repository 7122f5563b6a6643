import type { Attributes } from './xml.ts';

/** The wordings of feeds: RSS of any version, RSS 1.0 with its RDF envelope, Atom of any version. */
export type Dialect = 'rss' | 'rdf' | 'atom';

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
};
/** Prefixes understood without a declaration: that it was forgotten is a common fault. */
const USUAL = new Set([
  'atom',
  'rdf',
  'content',
  'dc',
  'dcterms',
  'media',
  'itunes',
  'xhtml',
  'feedburner',
  'sy',
]);

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

const SHARED: readonly FieldName[] = [
  field('dc:title', 'line'),
  field('dc:date', 'date'),
  field('dc:language', 'word'),
  field('dc:description', 'prose'),
  field('dcterms:created', 'date'),
  field('dcterms:issued', 'date'),
  field('dcterms:modified', 'date'),
  field('media:title', 'line'),
  field('media:description', 'prose'),
  field('content:encoded', 'prose'),
  field('itunes:title', 'line'),
  field('feedburner:origLink', 'link'),
  field('itunes:summary', 'prose'),
  field('itunes:subtitle', 'prose'),
];
const RSS: readonly FieldName[] = [
  field('title', 'line'),
  field('link', 'link'),
  field('guid', 'word'),
  field('pubDate', 'date'),
  field('lastBuildDate', 'date'),
  field('description', 'prose'),
  field('summary', 'prose'),
  field('language', 'word'),
  field('atom:link', 'link'),
  field('atom:id', 'word'),
  field('atom:title', 'line'),
  field('atom:published', 'date'),
  field('atom:updated', 'date'),
  field('atom:summary', 'prose'),
  field('atom:content', 'prose'),
  field('xhtml:body', 'prose'),
  field('fullitem', 'prose'),
];
const ATOM: readonly FieldName[] = [
  field('title', 'line'),
  field('subtitle', 'prose'),
  field('link', 'link'),
  field('id', 'word'),
  field('published', 'date'),
  field('updated', 'date'),
  field('issued', 'date'),
  field('created', 'date'),
  field('modified', 'date'),
  field('summary', 'prose'),
  field('content', 'prose'),
];

const byLowerCase = (fields: readonly FieldName[]): ReadonlyMap<string, FieldName> =>
  new Map(fields.map((entry) => [entry.name.toLowerCase(), entry]));
const rssFields = byLowerCase([...RSS, ...SHARED]);
const atomFields = byLowerCase([...ATOM, ...SHARED]);

/** The field an element is in a dialect; null when nothing here wants it. */
export function fieldOf(name: string, dialect: Dialect): FieldName | null {
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
  if (name === 'feed' || name === 'atom:feed' || name === 'atom:entry') return 'atom';
  return null;
}

/** A dialect as people call it, with the version that its root element says. */
export function dialectTitle(dialect: Dialect, root: Attributes): string {
  if (dialect === 'atom') return 'Atom';
  if (dialect === 'rdf') return 'RSS 1.0 (RDF)';
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
]);

export function isItem(name: string, dialect: Dialect): boolean {
  return dialect === 'atom' ? name === 'entry' || name === 'atom:entry' : name === 'item';
}
