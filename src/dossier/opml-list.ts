import type { FeedOptions } from '../events/feed.ts';
import { OPML_NAMESPACE } from './opml.ts';
import type { XmlDocument, XmlElement, XmlNode } from './xml-tree.ts';

/** What a feed of a list is by now. */
export interface FeedNow {
  readonly url: string;
  /** To be written where reading the list would give it another. */
  readonly id: string | null;
  /** Why it is not polled; null where it is. */
  readonly paused: string | null;
  readonly options: FeedOptions;
}

/** The attribute that holds the address of a feed: xmlUrl in any letters, or url as OPML 1.0 had it. */
export function addressAttribute(attributes: Iterable<string>): string | null {
  const names = [...attributes];
  return (
    names.find((name) => name.toLowerCase() === 'xmlurl') ??
    names.find((name) => name.toLowerCase() === 'url') ??
    null
  );
}

/** The prefix that stands for our namespace in a document; null where it has none. */
function prefixIn({ attributes }: XmlElement): string | null {
  const found = [...attributes].find(
    ([name, value]) => name.startsWith('xmlns:') && value === OPML_NAMESPACE,
  );
  return found === undefined ? null : found[0].slice('xmlns:'.length);
}

function freePrefix({ attributes }: XmlElement): string {
  return attributes.has('xmlns:sw') ? 'shuttlewatch' : 'sw';
}

/** Options are written by their names, where they are on. */
function setOptions(attributes: Map<string, string>, options: FeedOptions, prefix: string): void {
  for (const option of ['fullText', 'allowPrivate'] as const) {
    const name = `${prefix}:${option}`;
    const written = attributes.get(name) === 'true';
    if (options[option] && !written) attributes.set(name, 'true');
    if (!options[option] && written) attributes.delete(name);
  }
}

function updated(outline: XmlElement, { url, id, paused, options }: FeedNow, prefix: string): XmlElement {
  const attributes = new Map(outline.attributes);
  const address = addressAttribute(attributes.keys());
  if (address !== null && attributes.get(address)?.trim() !== url) attributes.set(address, url);
  if (id !== null) attributes.set(`${prefix}:feed`, id);
  if (paused === null) attributes.delete(`${prefix}:paused`);
  else attributes.set(`${prefix}:paused`, paused);
  setOptions(attributes, options, prefix);
  return { ...outline, attributes };
}

/** Goes through the outlines of a list in its order, and writes them as they are now. */
class Updater {
  readonly #now: ReadonlyMap<number, FeedNow | null>;
  readonly #prefix: string;
  #outlines = 0;

  constructor(now: ReadonlyMap<number, FeedNow | null>, prefix: string) {
    this.#now = now;
    this.#prefix = prefix;
  }

  /** Null for a feed that is gone, and for a folder that held nothing else. */
  node(node: XmlNode): XmlNode | null {
    if (node.kind !== 'element') return node;
    const isOutline = node.name === 'outline';
    const feed = isOutline ? this.#now.get(this.#outlines) : undefined;
    if (isOutline) this.#outlines += 1;
    const children = node.children.flatMap((child) => this.node(child) ?? []);
    if (feed === null) return null;
    const had = node.children.some((child) => child.kind === 'element');
    const has = children.some((child) => child.kind === 'element');
    if (isOutline && feed === undefined && had && !has) return null;
    const element = { ...node, children };
    return feed === undefined ? element : updated(element, feed, this.#prefix);
  }
}

/** Whether it takes attributes of ours to say what a feed is. */
function saysMore({ id, paused, options: { fullText, allowPrivate } }: FeedNow): boolean {
  return id !== null || paused !== null || fullText || allowPrivate;
}

/**
 * A list with its feeds as they are now: `now` by the number of the outline, null for one that is gone. Everything else in it
 * stays as it was written.
 */
export function updateList(list: XmlDocument, now: ReadonlyMap<number, FeedNow | null>): XmlDocument {
  const bound = prefixIn(list.root);
  const prefix = bound ?? freePrefix(list.root);
  const root = new Updater(now, prefix).node(list.root);
  if (root?.kind !== 'element') return list;
  const isNeeded = bound === null && [...now.values()].some((feed) => feed !== null && saysMore(feed));
  if (!isNeeded) return { ...list, root };
  const attributes = new Map([...root.attributes, [`xmlns:${prefix}`, OPML_NAMESPACE]]);
  return { ...list, root: { ...root, attributes } };
}

const isNamed = (node: XmlNode, name: string): boolean => node.kind === 'element' && node.name === name;

/** Declarations of `from` that `root` has not, or has otherwise, put onto each of the nodes that need them. */
function withDeclarations(nodes: readonly XmlNode[], from: XmlElement, root: XmlElement): XmlNode[] {
  const missing = [...from.attributes].filter(
    ([name, value]) => name.startsWith('xmlns') && root.attributes.get(name) !== value,
  );
  return nodes.map((node) =>
    node.kind === 'element' ? { ...node, attributes: new Map([...missing, ...node.attributes]) } : node,
  );
}

/** Several lists as one: the head of the first, and what is in all of them, one behind the other. */
export function joinLists([first, ...others]: readonly [XmlDocument, ...XmlDocument[]]): XmlDocument {
  const { root } = first;
  const bodies = others.flatMap((list) => {
    const comments = list.before.map((text): XmlNode => ({ kind: 'comment', text }));
    const body = list.root.children.find((child) => isNamed(child, 'body'));
    const outlines = body?.kind === 'element' ? body.children : [];
    return [...comments, ...withDeclarations(outlines, list.root, root)];
  });
  const children = root.children.map((child) =>
    child.kind === 'element' && child.name === 'body'
      ? { ...child, children: [...child.children, ...bodies] }
      : child,
  );
  return { ...first, root: { ...root, children } };
}
