import { SaxesParser } from 'saxes';

/** Elements, comments and texts of one document. */
const NODES_MAX = 100_000;
export const XML_DEPTH_MAX = 32;
/** Characters parsed before looking whether to go on: saxes spends time quadratic in the depth of nesting. */
const CHUNK_CHARS = 4_096;

/** An element as it is written: prefixes and the order of attributes stay. */
export interface XmlElement {
  readonly kind: 'element';
  readonly name: string;
  readonly attributes: ReadonlyMap<string, string>;
  readonly children: readonly XmlNode[];
}

export type XmlNode =
  | XmlElement
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'comment'; readonly text: string };

/** A document: its root, and the comments in front of it and behind. */
export interface XmlDocument {
  readonly before: readonly string[];
  readonly root: XmlElement;
  readonly after: readonly string[];
}

interface Open {
  readonly name: string;
  readonly attributes: ReadonlyMap<string, string>;
  readonly children: XmlNode[];
}

/** Builds a tree of what a parser tells. */
class TreeBuilder {
  readonly before: string[] = [];
  readonly after: string[] = [];
  root: XmlElement | null = null;
  fault: string | null = null;
  readonly #open: Open[] = [];
  nodes = 0;

  get depth(): number {
    return this.#open.length;
  }

  #add(node: XmlNode): void {
    this.nodes += 1;
    this.#open.at(-1)?.children.push(node);
  }

  open(name: string, attributes: ReadonlyMap<string, string>): void {
    this.#open.push({ name, attributes, children: [] });
  }

  close(): void {
    const closed = this.#open.pop();
    if (closed === undefined) return;
    const element: XmlElement = { kind: 'element', ...closed };
    this.#add(element);
    if (this.#open.length === 0) this.root = element;
  }

  text(text: string): void {
    if (this.#open.length > 0) this.#add({ kind: 'text', text });
  }

  comment(text: string): void {
    if (this.#open.length > 0) this.#add({ kind: 'comment', text });
    else (this.root === null ? this.before : this.after).push(text);
  }
}

/**
 * Reads a well-formed XML document whole; words that say what is wrong where it is none, or larger or deeper than it may be.
 * Entities that a document defines for itself are never expanded: the parser has none.
 */
export function readXmlTree(text: string): XmlDocument | string {
  const parser = new SaxesParser();
  const builder = new TreeBuilder();
  parser.on('error', (error) => {
    builder.fault ??= error.message;
  });
  parser.on('opentag', ({ name, attributes }) => {
    builder.open(name, new Map(Object.entries(attributes)));
    if (builder.depth > XML_DEPTH_MAX) builder.fault ??= 'is nested too deeply';
  });
  parser.on('closetag', () => {
    builder.close();
  });
  parser.on('text', (piece) => {
    builder.text(piece);
  });
  parser.on('cdata', (piece) => {
    builder.text(piece);
  });
  parser.on('comment', (piece) => {
    builder.comment(piece);
  });
  for (let at = 0; at < text.length && builder.fault === null; at += CHUNK_CHARS) {
    parser.write(text.slice(at, at + CHUNK_CHARS));
    if (builder.nodes > NODES_MAX) return `has more than ${NODES_MAX} nodes`;
  }
  if (builder.fault === null) parser.close();
  const { root, before, after, fault } = builder;
  return fault ?? (root === null ? 'has no root' : { before, root, after });
}

// XML 1.0 §2.2: characters no document may contain, not even escaped; half a surrogate pair is none at all.
// eslint-disable-next-line no-control-regex -- control characters are what it is for
const NOT_XML = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|\p{Cs}/gu;
const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  // As they are, a reader of attributes makes spaces of them.
  '\t': '&#9;',
  '\n': '&#10;',
  '\r': '&#13;',
};

/** Text as an attribute holds it. */
export function escapedAttribute(text: string): string {
  return text.replace(NOT_XML, '').replace(/[&<>"\t\n\r]/g, (mark) => ESCAPES[mark] ?? mark);
}

/** Text as an element holds it. */
export function escapedText(text: string): string {
  return text.replace(NOT_XML, '').replace(/[&<>\r]/g, (mark) => ESCAPES[mark] ?? mark);
}

const isBlank = (node: XmlNode): boolean => node.kind === 'text' && node.text.trim() === '';

function writeNode(node: XmlNode, indent: string | null): string {
  const [before, after] = indent === null ? ['', ''] : [indent, '\n'];
  if (node.kind === 'text') return escapedText(node.text);
  if (node.kind === 'comment') return `${before}<!--${node.text}-->${after}`;
  const { name, children } = node;
  const attributes = [...node.attributes].map(([key, value]) => ` ${key}="${escapedAttribute(value)}"`);
  const tag = `${before}<${name}${attributes.join('')}`;
  // Blanks between elements are a writer's; between words they are the text's.
  const isMixed = children.some((child) => child.kind === 'text' && !isBlank(child));
  const kept = isMixed ? children : children.filter((child) => !isBlank(child));
  if (kept.length === 0) return `${tag}/>${after}`;
  const inner = isMixed || indent === null ? null : `${indent}  `;
  const written = kept.map((child) => writeNode(child, inner)).join('');
  return inner === null
    ? `${tag}>${written}</${name}>${after}`
    : `${tag}>\n${written}${before}</${name}>${after}`;
}

/** Writes a document in one form: two blanks a level, an element a line, UTF-8. */
export function writeXmlTree({ before, root, after }: XmlDocument): string {
  const comments = (texts: readonly string[]): string => texts.map((text) => `<!--${text}-->\n`).join('');
  return `<?xml version="1.0" encoding="UTF-8"?>\n${comments(before)}${writeNode(root, '')}${comments(after)}`;
}
