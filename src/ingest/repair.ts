import { FIELD_CHARS_MAX, add, addTag, attributeText, captureOf, written } from './capture.ts';
import type { Capture, Scope } from './capture.ts';
import { addLink, addNote, emptyChannel } from './channel.ts';
import type { Channel } from './channel.ts';
import { createEntities } from './entities.ts';
import type { Entities } from './entities.ts';
import { entityMendings } from './mending.ts';
import type { Mending } from './mending.ts';
import { absoluteUrl } from './url.ts';
import {
  WRAPPERS,
  canonicalName,
  dialectOf,
  dialectTitle,
  fieldOf,
  isItem,
  noteOf,
  withDeclared,
} from './vocabulary.ts';
import type { Dialect, FieldKind } from './vocabulary.ts';
import { tokens } from './xml.ts';
import type { Attributes, XmlToken } from './xml.ts';

/** Fields of one item, or of the feed itself. */
const FIELDS_MAX = 200;
export interface RepairOptions {
  /** The document's own URL, or null. */
  readonly url: string | null;
  /** What a date without a zone means, in minutes east of Greenwich; null when nobody knows. */
  readonly zoneOffsetMinutes: number | null;
  /** Items that are passed over before the first that is wanted. */
  readonly itemsFrom: number;
  readonly itemsMax: number;
}

export interface Repaired {
  readonly kind: Dialect;
  /** The dialect as people call it. */
  readonly dialect: string;
  /** Well-formed XML in the words that rss-parser reads right. */
  readonly xml: string;
  readonly channel: Channel;
  readonly mendings: readonly Mending[];
  /** Items behind the last that was wanted. */
  readonly behind: number;
}

interface State {
  readonly options: RepairOptions;
  readonly entities: Entities;
  readonly out: string[];
  readonly channel: Channel;
  readonly mendings: Set<Mending>;
  dialect: Dialect | null;
  title: string;
  /** The root element as it is written. */
  root: string;
  /**
   * Root, and channel or item inside it. Everything else is a field, or skipped; so no nesting is ever deep.
   */
  scopes: Scope[];
  capture: Capture | null;
  /** An unwanted element being read over, and how deep in others of its name. */
  skip: { readonly written: string; depth: number } | null;
  /** Whether relative links have found their site. */
  based: boolean;
  /** All so far, those that are not wanted too. */
  items: number;
  /** Whether what follows belongs to an item that is not wanted, and is only counted. */
  isPassing: boolean;
  /** Fields of the item so far, or of the feed between items. */
  fields: number;
  done: boolean;
}

function innermost(state: State): Scope {
  return state.scopes.at(-1) ?? { name: '', namespaces: new Map(), base: state.options.url };
}

function scopeOf(state: State, written: string, attributes: Attributes): Scope {
  const outer = innermost(state);
  const namespaces = withDeclared(outer.namespaces, attributes);
  const declared = attributes.get('xml:base');
  const base =
    declared === undefined
      ? outer.base
      : (absoluteUrl(state.entities.decode(declared), outer.base) ?? outer.base);
  return { name: canonicalName(written, namespaces), namespaces, base };
}

/** `xml:lang` and the rest that an item needs, as attributes of its own. */
function itemTag(state: State, scope: Scope, attributes: Attributes): string {
  const kept: string[] = [];
  const lang = attributes.get('xml:lang');
  const about = [...attributes].find(([name]) => /(?:^|:)about$/i.test(name))?.[1];
  if (lang !== undefined) kept.push(attributeText('xml:lang', lang));
  if (about !== undefined) kept.push(attributeText('rdf:about', state.entities.decode(about).trim()));
  if (scope.base !== null) kept.push(attributeText('xml:base', scope.base));
  return `<${state.dialect === 'atom' ? 'entry' : 'item'}${kept.join('')}>`;
}

function inItem(state: State): boolean {
  return state.dialect !== null && isItem(innermost(state).name, state.dialect);
}

function closeItem(state: State): void {
  if (!inItem(state)) return;
  state.scopes.pop();
  state.out.push(state.dialect === 'atom' ? '</entry>' : '</item>');
}

function openItem(state: State, written: string, attributes: Attributes): void {
  if (inItem(state)) state.mendings.add('tags left open');
  closeItem(state);
  const { itemsFrom, itemsMax } = state.options;
  const at = state.items - itemsFrom;
  state.items += 1;
  if (at >= itemsMax) state.mendings.add('too many items');
  state.isPassing = at < 0 || at >= itemsMax;
  if (state.isPassing) return;
  state.fields = 0;
  const scope = scopeOf(state, written, attributes);
  state.out.push(itemTag(state, scope, attributes));
  state.scopes.push(scope);
}

/**
 * Without xml:base, relative links are meant from the site that the feed is about rather than from where the
 * feed happens to be served.
 */
function rebase(state: State, capture: Capture, site: string): void {
  const rel = capture.attributes.get('rel') ?? 'alternate';
  const written = capture.attributes.get('href') ?? capture.plain;
  if (state.based || rel !== 'alternate' || !/^\s*https?:/i.test(written)) return;
  state.based = true;
  state.scopes = state.scopes.map((scope) =>
    scope.base === state.options.url ? { ...scope, base: site } : scope,
  );
}

/** A field that was left out, unless there was nothing in it to begin with. */
function noteLoss(state: State, { field, plain, attributes }: Capture): void {
  if (field.kind === 'date' && plain.trim() !== '') state.mendings.add('a date nobody can read');
  if (field.kind === 'link' && (plain.trim() !== '' || attributes.has('href')))
    state.mendings.add('a link that leads nowhere');
}

function endCapture(state: State): void {
  const { capture, entities, options } = state;
  if (capture === null) return;
  state.capture = null;
  state.fields += 1;
  const field = state.fields > FIELDS_MAX ? null : written(capture, entities, options.zoneOffsetMinutes);
  if (field === null) {
    noteLoss(state, capture);
    return;
  }
  const { kind, name } = capture.field;
  if (kind === 'note') {
    addNote(state.channel, name, field.value);
    return;
  }
  if (kind === 'link' && !inItem(state)) {
    addLink(state.channel, capture, field.value);
    rebase(state, capture, field.value);
  }
  state.out.push(field.xml);
}

function start(state: State, token: XmlToken & { kind: 'open' }): void {
  const scope = scopeOf(state, token.name, token.attributes);
  state.dialect = dialectOf(scope.name);
  if (state.dialect === null) return;
  state.title = dialectTitle(state.dialect, token.attributes);
  state.root = token.name;
  state.channel.lang = token.attributes.get('xml:lang') ?? null;
  // Nameless, so that the root of a lone entry is not taken for the entry inside it.
  state.scopes.push({ ...scope, name: '' });
  // RDF keeps items beside the channel, RSS inside it, and some feeds mix that up; one form serves all.
  // The generator is there because rss-parser takes an element without children for none at all.
  state.out.push(state.dialect === 'atom' ? '<feed>' : '<rss version="2.0"><channel>', '<generator/>');
  if (isItem(scope.name, state.dialect)) openItem(state, token.name, token.attributes);
}

/**
 * A wrapper adds no depth: what a channel declares holds for the whole feed, what is inside an item is the
 * item's.
 */
function wrap(state: State, scope: Scope, attributes: Attributes): void {
  if (scope.name !== 'channel' || inItem(state)) return;
  state.channel.lang ??= attributes.get('xml:lang') ?? null;
  state.scopes = state.scopes.map((outer) => ({ ...scope, name: outer.name }));
}

/** An element between fields: a new item, a field, a wrapper, or nothing we want. */
function structural(state: State, dialect: Dialect, token: XmlToken & { kind: 'open' }): void {
  const scope = scopeOf(state, token.name, token.attributes);
  if (isItem(scope.name, dialect)) {
    openItem(state, token.name, token.attributes);
    return;
  }
  if (WRAPPERS.has(scope.name)) {
    wrap(state, scope, token.attributes);
    return;
  }
  const field = fieldOf(scope.name, dialect) ?? (inItem(state) ? null : noteOf(scope.name));
  if (field !== null) {
    state.capture = captureOf(field, token, scope);
    if (token.empty) endCapture(state);
  } else if (!token.empty) state.skip = { written: token.name, depth: 1 };
}

/** Whether a tag inside a field or a skipped element shows that its end was forgotten. */
function breaksOut(state: State, written: string, opening: boolean, kind: FieldKind | null): boolean {
  const { dialect } = state;
  if (dialect === null) return false;
  const name = canonicalName(written, innermost(state).namespaces);
  if (isItem(name, dialect)) return true;
  if (!opening) return name === 'channel' || dialectOf(name) !== null;
  return kind !== null && kind !== 'prose' && fieldOf(name, dialect) !== null;
}

function inSkip(state: State, token: XmlToken): boolean {
  const { skip } = state;
  if (skip === null) return false;
  if (token.kind !== 'open' && token.kind !== 'close') return true;
  if (token.name === skip.written) {
    if (token.kind === 'close') skip.depth -= 1;
    else if (!token.empty) skip.depth += 1;
    if (skip.depth === 0) state.skip = null;
    return true;
  }
  if (!breaksOut(state, token.name, token.kind === 'open', null)) return true;
  state.mendings.add('tags left open');
  state.skip = null;
  return false;
}

function inCapture(state: State, token: XmlToken): boolean {
  const { capture } = state;
  if (capture === null) return false;
  switch (token.kind) {
    case 'doctype':
      return true;
    case 'text':
      for (const mending of entityMendings(token.text)) state.mendings.add(mending);
      add(capture, state.entities.decode(token.text.slice(0, FIELD_CHARS_MAX)), token.text);
      return true;
    case 'cdata':
      add(capture, token.text, token.text);
      return true;
    case 'open':
    case 'close':
      return tagInCapture(state, capture, token);
  }
}

function tagInCapture(state: State, capture: Capture, token: XmlToken & { kind: 'open' | 'close' }): boolean {
  if (token.name === capture.written) {
    if (token.kind === 'close') capture.depth -= 1;
    else if (!token.empty) capture.depth += 1;
    if (capture.depth === 0) endCapture(state);
    return true;
  }
  // RSS's source may hold the title and link of another feed, which are not the item's.
  const kind = capture.field.name === 'source' ? 'prose' : capture.field.kind;
  if (breaksOut(state, token.name, token.kind === 'open', kind)) {
    state.mendings.add('tags left open');
    endCapture(state);
    return false;
  }
  addTag(capture, token);
  return true;
}

/** Whether a token belongs to an item that is passed over: all but what ends it. */
function inPassed(state: State, token: XmlToken): boolean {
  if (!state.isPassing || state.dialect === null) return false;
  if (token.kind !== 'open' && token.kind !== 'close') return true;
  const name = canonicalName(token.name, innermost(state).namespaces);
  const ends = isItem(name, state.dialect) || (token.kind === 'close' && dialectOf(name) === state.dialect);
  if (ends) state.isPassing = false;
  return !ends;
}

function take(state: State, token: XmlToken): void {
  if (inPassed(state, token)) return;
  if (inCapture(state, token) || inSkip(state, token)) return;
  if (token.kind === 'doctype') state.entities.declare(token.text);
  else if (state.dialect === null) before(state, token);
  else if (token.kind === 'open') structural(state, state.dialect, token);
  else if (token.kind === 'close') close(state, state.dialect, token.name);
}

function before(state: State, token: XmlToken): void {
  if (token.kind === 'open') start(state, token);
  else if (token.kind === 'text' && token.text.trim() !== '') state.mendings.add('words before the feed');
}

function close(state: State, dialect: Dialect, written: string): void {
  const name = canonicalName(written, innermost(state).namespaces);
  if (isItem(name, dialect)) closeItem(state);
  // A lone entry is the root and an item at once.
  if (written === state.root || (!isItem(name, dialect) && dialectOf(name) === dialect)) state.done = true;
}

/**
 * Rewrites whatever XML a feed sends into well-formed XML with the usual prefixes, absolute links, readable
 * dates and texts without tags of their own, so that rss-parser reads it right; fields nobody asks for are
 * left out. Returns null when no feed begins anywhere in it. Linear in the length of the text, never nested
 * deeper than four, never throws.
 */
export function repair(text: string, options: RepairOptions): Repaired | null {
  const state: State = {
    options,
    entities: createEntities(),
    channel: emptyChannel(),
    mendings: new Set(),
    out: [],
    dialect: null,
    title: '',
    root: '',
    scopes: [],
    capture: null,
    skip: null,
    based: false,
    items: 0,
    isPassing: false,
    fields: 0,
    done: false,
  };
  for (const token of tokens(text)) {
    take(state, token);
    if (state.done) break;
  }
  if (state.dialect === null) return null;
  if (!state.done) state.mendings.add('cut off');
  endCapture(state);
  closeItem(state);
  state.out.push(state.dialect === 'atom' ? '</feed>' : '</channel></rss>');
  const written = state.out.join('');
  const xml = written.replace(NOT_XML, '');
  if (xml.length < written.length) state.mendings.add('control characters');
  return {
    kind: state.dialect,
    dialect: state.title,
    xml,
    channel: state.channel,
    mendings: [...state.mendings],
    behind: Math.max(0, state.items - options.itemsFrom - options.itemsMax),
  };
}

// XML 1.0 §2.2: characters no document may contain, not even escaped.
// eslint-disable-next-line no-control-regex -- control characters are what it is for
const NOT_XML = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g;
