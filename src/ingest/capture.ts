import { escapeUTF8 } from 'entities';
import { readDate } from './date.ts';
import type { Entities } from './entities.ts';
import { absoluteUrl } from './url.ts';
import type { FieldName, Namespaces } from './vocabulary.ts';
import type { Attributes, XmlToken } from './xml.ts';

/** Of one field, as written; what is longer is cut, the item stays. */
export const FIELD_CHARS_MAX = 200_000;
/** Before the name of a field of prose, in what repair writes. */
export const PROSE_PREFIX = 'prose:';
/** Attributes of a link that mean something to us. */
const LINK_ATTRIBUTES = ['rel', 'type'] as const;
/** Attributes of a word: whether a guid is a link, and where the source of an item lives. */
const WORD_ATTRIBUTES = ['isPermaLink', 'url'] as const;

/** What holds inside an element. */
export interface Scope {
  readonly name: string;
  readonly namespaces: Namespaces;
  readonly base: string | null;
}

/** A field that is being collected. */
export interface Capture {
  readonly field: FieldName;
  readonly written: string;
  readonly attributes: Attributes;
  readonly scope: Scope;
  depth: number;
  chars: number;
  /** The text with its entities resolved. */
  plain: string;
  /** The same as HTML; used when there were tags in it. */
  html: string;
  marked: boolean;
}

/** The beginning of a field. */
export function captureOf(field: FieldName, token: XmlToken & { kind: 'open' }, scope: Scope): Capture {
  const { name: written, attributes } = token;
  return { field, written, attributes, scope, depth: 1, chars: 0, plain: '', html: '', marked: false };
}

/** Adds a piece of text: as it reads, and as HTML. */
export function add(capture: Capture, plain: string, html: string): void {
  if (capture.chars > FIELD_CHARS_MAX) return;
  capture.chars += html.length;
  capture.plain += plain.slice(0, FIELD_CHARS_MAX);
  capture.html += html.slice(0, FIELD_CHARS_MAX);
}

/** Adds a tag found inside the field, without its attributes. */
export function addTag(capture: Capture, token: XmlToken & { kind: 'open' | 'close' }): void {
  const local = token.name.slice(token.name.indexOf(':') + 1);
  capture.marked = true;
  add(capture, '', token.kind === 'close' ? `</${local}>` : `<${local}${token.empty ? '/' : ''}>`);
}

/** The text of a field that people read, as HTML or without any markup. */
function textOf(capture: Capture): string | null {
  const text = (capture.marked ? capture.html : capture.plain).trim();
  const type = (capture.attributes.get('type') ?? '').trim().toLowerCase();
  const encoded = (capture.attributes.get('mode') ?? '').trim().toLowerCase() === 'base64';
  // RFC 4287 §4.1.3.3: content of any other media type is base64. Some of it is text all the same.
  const binary = type.includes('/') && !/^text\/|html|xml|json/.test(type);
  if (!encoded && !binary) return text;
  return textFromBase64(text) ?? (capture.field.kind === 'line' ? text : null);
}

function textFromBase64(encoded: string): string | null {
  if (!/^[\w+/=\s-]+$/.test(encoded)) return null;
  const bytes = Buffer.from(encoded, 'base64');
  const text = bytes.toString('utf8');
  return text.includes('\ufffd') || text.includes('\0') ? null : text;
}

function valueOf(capture: Capture, entities: Entities, zoneOffsetMinutes: number | null): string | null {
  const { kind } = capture.field;
  if (kind === 'prose' || kind === 'line') return textOf(capture);
  const text = capture.plain.trim();
  if (kind === 'date') return readDate(text, zoneOffsetMinutes);
  if (kind === 'word' || kind === 'note') return text;
  const href = capture.attributes.get('href') ?? capture.attributes.get('url');
  const link = href === undefined ? text : entities.decode(href);
  // Encoded twice: no server wants to see `&amp;` in a query.
  return absoluteUrl(link.replaceAll('&amp;', '&'), capture.scope.base);
}

/** An attribute, escaped, with a blank before it. */
export function attributeText(name: string, value: string): string {
  return ` ${name}="${escapeUTF8(value)}"`;
}

/**
 * Prose goes under names of our own: of those it knows, rss-parser makes snippets by expressions that take
 * time in the square of the length (15 s for 1 MB of `<a "`), and nobody here needs snippets.
 */
function writtenName({ kind, name }: FieldName): string {
  return kind === 'prose' ? `${PROSE_PREFIX}${name}` : name;
}

function attributesOf(capture: Capture, entities: Entities, value: string): string {
  const names = capture.field.kind === 'link' ? LINK_ATTRIBUTES : WORD_ATTRIBUTES;
  const kept = names.flatMap((name) => {
    const written = capture.attributes.get(name);
    return written === undefined ? [] : [attributeText(name, entities.decode(written))];
  });
  if (capture.field.kind === 'link') kept.push(attributeText('href', value));
  return kept.join('');
}

/** A finished field: its value, and the element that is written for it. */
export interface Written {
  readonly value: string;
  readonly xml: string;
}

/**
 * Finishes a field. Null when there is nothing to keep: a date nobody can read, or a link that leads nowhere,
 * would cost rss-parser the whole feed; left out it costs nothing.
 */
export function written(
  capture: Capture,
  entities: Entities,
  zoneOffsetMinutes: number | null,
): Written | null {
  const value = valueOf(capture, entities, zoneOffsetMinutes);
  if (value === null) return null;
  const name = writtenName(capture.field);
  return { value, xml: `<${name}${attributesOf(capture, entities, value)}>${escapeUTF8(value)}</${name}>` };
}
