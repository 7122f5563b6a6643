import { Readability } from '@mozilla/readability';
import { decodeHTML } from 'entities';
import { parseHTML } from 'linkedom';
import { decode } from './decode.ts';
import { PAGE_BYTES_MAX } from './page-bytes.ts';
import { cleanText, cut, stripTags } from './text.ts';
import { absoluteUrl } from './url.ts';

/** Elements of a page; of articles' pages 5,000 is a lot. */
const PAGE_ELEMENTS_MAX = 20_000;
/** How deep elements may be nested; articles' pages go down 50 levels. Readability climbs from each to the top, again and again. */
const PAGE_DEPTH_MAX = 250;
/** Entities of a page; each is decoded by itself. */
const PAGE_ENTITIES_MAX = 100_000;
/** UTF-16 units of a full text that are kept; long reads have 20,000. */
export const FULL_TEXT_CHARS_MAX = 30_000;
/** Units of a page's title. */
const TITLE_CHARS_MAX = 500;

/** What a page says, and what it says of itself. */
export interface PageText {
  /** The article in paragraphs, an empty line between two; empty where there is none. */
  readonly text: string;
  /** Whether there was more. */
  readonly cut: boolean;
  readonly title: string;
  /** The address that the page names as the original; null where it names none. */
  readonly canonical: string | null;
  /** What `<meta name="robots">` asks, in lower case. */
  readonly robots: string;
  /** Whether the page says that it is not free to read (schema.org, isAccessibleForFree). */
  readonly isPaid: boolean;
}

export interface PageSource {
  readonly contentType: string | null;
  /** The URL that answered. */
  readonly url: string;
}

/** No page, or none that can be read within the limits. */
export class UnreadablePage extends Error {
  override readonly name = 'UnreadablePage';
}

/** What of the DOM is used here. TypeScript's own types of it would put a browser's globals into a program that has none. */
interface PageElement {
  getAttribute(name: string): string | null;
  readonly textContent: string | null;
}
interface PageDocument {
  querySelector(selector: string): PageElement | null;
  querySelectorAll(selector: string): Iterable<PageElement>;
}

const HTML_TYPES = /^\s*(?:text\/html|application\/xhtml\+xml)\b/i;
/** Servers that say nothing, or not what it is, still send pages. */
const LOOKS_LIKE_HTML = /^\s*(?:<!--[^]{0,2000}?-->\s*)?<(?:!doctype\s+html|html|head|body)\b/i;
const NOT_FREE = /"isAccessibleForFree"\s*:\s*(?:false|"false"|"https?:\/\/schema\.org\/False")/i;
/** Elements that have no end, or need none: many of them are no depth. */
const ENDLESS =
  /^(?:area|base|br|col|colgroup|dd|dt|embed|hr|img|input|li|link|meta|option|p|param|source|tbody|td|tfoot|th|thead|tr|track|wbr|!|\?|)$/i;

/** Throws UnreadablePage where a page holds more than can be looked through. Linear, and in front of everything that is not. */
function refuseMonsters(html: string): void {
  let [elements, entities, depth, deepest] = [0, 0, 0, 0];
  for (const [, sign, close, name = ''] of html.matchAll(/(&)|<(\/?)([a-z!?][a-z0-9]{0,15}|)/gi)) {
    if (sign !== undefined) entities += 1;
    else if (close === '/') depth = Math.max(0, depth - (ENDLESS.test(name) ? 0 : 1));
    else {
      elements += 1;
      if (!ENDLESS.test(name)) depth += 1;
    }
    deepest = Math.max(deepest, depth);
  }
  if (elements > PAGE_ELEMENTS_MAX)
    throw new UnreadablePage(`it has more than ${PAGE_ELEMENTS_MAX} elements`);
  if (entities > PAGE_ENTITIES_MAX)
    throw new UnreadablePage(`it has more than ${PAGE_ENTITIES_MAX} entities`);
  if (deepest > PAGE_DEPTH_MAX)
    throw new UnreadablePage(`its elements are nested more than ${PAGE_DEPTH_MAX} deep`);
}

function htmlOf(bytes: Uint8Array, contentType: string | null): string {
  if (bytes.byteLength > PAGE_BYTES_MAX)
    throw new UnreadablePage(`it is larger than ${PAGE_BYTES_MAX} bytes`);
  const { text: html } = decode(bytes, contentType);
  const isHtml = contentType !== null && HTML_TYPES.test(contentType);
  if (!isHtml && !LOOKS_LIKE_HTML.test(html))
    throw new UnreadablePage(`it is ${(contentType ?? 'of no type').slice(0, 100)}, and no HTML`);
  refuseMonsters(html);
  return html;
}

function documentOf(html: string): PageDocument {
  // HTML lets both be left out; linkedom would take the first element for the whole page.
  const whole =
    /<html[\s>]/i.test(html) && /<body[\s>]/i.test(html) ? html : `<html><body>${html}</body></html>`;
  return (parseHTML(whole) as unknown as { document: PageDocument }).document;
}

/** HTML of blocks as paragraphs. */
function paragraphsOf(html: string): string {
  return decodeHTML(stripTags(html))
    .split('\n')
    .map(cleanText)
    .filter((line) => line !== '')
    .join('\n\n');
}

function canonicalOf(page: PageDocument, base: string): string | null {
  const named = [
    page.querySelector('link[rel~="canonical"]')?.getAttribute('href'),
    page.querySelector('meta[property="og:url"]')?.getAttribute('content'),
  ].find((text) => typeof text === 'string' && text !== '');
  return named === undefined || named === null ? null : absoluteUrl(named, base);
}

function robotsOf(page: PageDocument): string {
  const asked = Array.from(
    page.querySelectorAll('meta[name="robots" i]'),
    (meta) => meta.getAttribute('content') ?? '',
  );
  return asked.join(',').toLowerCase();
}

/** What readers would see of a page. Nothing in it is run: linkedom has no engine for scripts. */
function articleOf(page: PageDocument): { readonly title: string; readonly content: string } {
  // It throws for a document that is not a browser's only where something is missing, and counts elements itself.
  const reader = new Readability(page, {
    charThreshold: 1,
    maxElemsToParse: PAGE_ELEMENTS_MAX,
    disableJSONLD: true,
  });
  const article = reader.parse();
  return { title: article?.title ?? '', content: article?.content ?? '' };
}

/**
 * Reads the article of a page: decoded by what the bytes, HTTP and `<meta>` say, boilerplate left out by Readability, in plain
 * paragraphs of at most FULL_TEXT_CHARS_MAX. Throws UnreadablePage for what is no page or is beyond the limits. Computing: call it
 * where it can be ended.
 */
export function readPage(bytes: Uint8Array, { contentType, url }: PageSource): PageText {
  const html = htmlOf(bytes, contentType);
  try {
    const page = documentOf(html);
    // Asked before Readability, which takes the page apart.
    const said = {
      canonical: canonicalOf(page, url),
      robots: robotsOf(page),
      isPaid: NOT_FREE.test(html),
    };
    const { title, content } = articleOf(page);
    const text = paragraphsOf(content);
    const kept = cut(text, FULL_TEXT_CHARS_MAX).trimEnd();
    return {
      ...said,
      text: kept,
      cut: kept.length < text.length,
      title: cut(cleanText(title), TITLE_CHARS_MAX),
    };
  } catch (error) {
    // What is thrown by them is about the page, whatever it is: they have nothing else to read.
    const why = error instanceof Error ? error.message : String(error);
    throw new UnreadablePage(`it cannot be taken apart: ${why.slice(0, 200)}`, { cause: error });
  }
}
