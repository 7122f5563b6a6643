/** Attributes kept of one tag; the rest is read over. */
const ATTRIBUTES_MAX = 64;

export type Attributes = ReadonlyMap<string, string>;

/** A piece of an XML document as it is written; texts and attribute values still carry their entities. */
export type XmlToken =
  | { readonly kind: 'open'; readonly name: string; readonly attributes: Attributes; readonly empty: boolean }
  | { readonly kind: 'close'; readonly name: string }
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'cdata'; readonly text: string }
  | { readonly kind: 'doctype'; readonly text: string };

type OpenToken = Extract<XmlToken, { kind: 'open' }>;

const NAME = /[a-z_][\w.:-]{0,99}/iy;
const BLANKS_AND_SLASHES = /[\s/]*/y;
const ATTRIBUTE_NAME = /[^\s=<>"'/]+/y;
const EQUALS = /\s*=\s*/y;
const BARE_VALUE = /[^\s<>]*/y;
const TO_BRACKET = /[^<>]*/y;

/** Matches a sticky pattern at `at` and returns what it matched; null when it does not. */
function matchAt(pattern: RegExp, text: string, at: number): string | null {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0] ?? null;
}

/**
 * Where a quoted value that starts behind its quote ends; -1 when a `<` or the end of the text comes before
 * the quote.
 */
function valueEnd(xml: string, from: number, quote: string): number {
  for (let index = from; index < xml.length; index += 1) {
    if (xml[index] === quote) return index;
    if (xml[index] === '<') return -1;
  }
  return -1;
}

interface Value {
  readonly value: string;
  readonly end: number;
}

function attributeValue(xml: string, at: number): Value | null {
  const equals = matchAt(EQUALS, xml, at);
  if (equals === null) return { value: '', end: at };
  const from = at + equals.length;
  const quote = xml[from];
  if (quote !== '"' && quote !== "'") {
    const value = matchAt(BARE_VALUE, xml, from) ?? '';
    return { value, end: from + value.length };
  }
  const end = valueEnd(xml, from + 1, quote);
  return end < 0 ? null : { value: xml.slice(from + 1, end), end: end + 1 };
}

/** Reads a tag whose name ends at `from`; null when it breaks off before its `>`. */
function openTag(xml: string, name: string, from: number): { token: OpenToken; end: number } | null {
  const attributes = new Map<string, string>();
  let at = from;
  for (;;) {
    const gap = matchAt(BLANKS_AND_SLASHES, xml, at) ?? '';
    at += gap.length;
    if (xml[at] === '>') {
      return { token: { kind: 'open', name, attributes, empty: gap.endsWith('/') }, end: at + 1 };
    }
    const key = matchAt(ATTRIBUTE_NAME, xml, at) ?? '';
    // A quote or an equals sign out of place is stepped over; a `<` or the end means that this was no tag.
    const value: Value | null =
      key === '' ? { value: '', end: at + 1 } : attributeValue(xml, at + key.length);
    if (value === null || at >= xml.length || xml[at] === '<') return null;
    if (key !== '' && attributes.size < ATTRIBUTES_MAX && !attributes.has(key))
      attributes.set(key, value.value);
    at = value.end;
  }
}

interface Step {
  readonly token: XmlToken | null;
  readonly end: number;
}

/** The end of what starts at `open` and is closed by `closing`, or of the text. */
function past(xml: string, open: number, closing: string): number {
  const at = xml.indexOf(closing, open);
  return at < 0 ? xml.length : at + closing.length;
}

/** Characters of a document type with its internal subset. */
const SUBSET_CHARS_MAX = 65_536;

/** `<!…>`: comment, CDATA, document type. */
function declaration(xml: string, open: number): Step {
  if (xml.startsWith('<!--', open)) return { token: null, end: past(xml, open + 4, '-->') };
  if (/^<!\[CDATA\[/i.test(xml.slice(open, open + 9))) {
    const end = past(xml, open + 9, ']]>');
    const text = xml.slice(open + 9, xml.startsWith(']]>', end - 3) ? end - 3 : end);
    return { token: { kind: 'cdata', text }, end };
  }
  const right = past(xml, open, '>');
  // Looked for in a bounded stretch: `<!x[>` over and over would otherwise be searched to the end each time.
  const near = xml.slice(open, open + SUBSET_CHARS_MAX);
  const subsetEnd = near.slice(0, right - open).includes('[') ? near.indexOf(']') : -1;
  const end = subsetEnd < 0 ? right : past(xml, open + subsetEnd, '>');
  return { token: { kind: 'doctype', text: xml.slice(open, end) }, end };
}

function closeTag(xml: string, open: number): Step | null {
  const name = matchAt(NAME, xml, open + 2);
  if (name === null) return null;
  const after = open + 2 + name.length;
  const end = after + (matchAt(TO_BRACKET, xml, after) ?? '').length;
  // `</title<link>`: the sign that is missing is taken as read.
  return { token: { kind: 'close', name }, end: xml[end] === '>' ? end + 1 : end };
}

/** What starts with the `<` at `open`; null when it is only a sign in a text. */
function markup(xml: string, open: number): Step | null {
  const next = xml[open + 1];
  if (next === '!') return declaration(xml, open);
  if (next === '?') return { token: null, end: past(xml, open, '?>') };
  if (next === '/') return closeTag(xml, open);
  const name = matchAt(NAME, xml, open + 1);
  if (name === null) return null;
  const tag = openTag(xml, name, open + 1 + name.length);
  if (tag !== null) return tag;
  // Cut off within a tag: nothing of it is text.
  return xml.indexOf('<', open + 1) < 0 && xml.indexOf('>', open) < 0
    ? { token: null, end: xml.length }
    : null;
}

/**
 * Reads XML, or what was meant to be, one piece after another. It never fails and never goes back: tags may
 * be unbalanced, quotes and brackets may be missing, `<` and `&` may stand for themselves. Comments and
 * processing instructions are left out.
 */
export function* tokens(xml: string): Generator<XmlToken, void> {
  let textFrom = 0;
  let open = xml.indexOf('<');
  while (open >= 0) {
    const step = markup(xml, open);
    if (step !== null) {
      if (open > textFrom) yield { kind: 'text', text: xml.slice(textFrom, open) };
      if (step.token !== null) yield step.token;
      textFrom = step.end;
    }
    open = xml.indexOf('<', step === null ? open + 1 : step.end);
  }
  if (textFrom < xml.length) yield { kind: 'text', text: xml.slice(textFrom) };
}
