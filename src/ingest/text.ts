import { decodeHTML } from 'entities';

// Only these are markup: `<속보>` and `<사설>` in a headline are words, and `a < b` is arithmetic.
const HTML_TAGS = new Set(
  (
    'a abbr acronym address applet area article aside audio b base basefont bdi bdo big blink blockquote body br button canvas ' +
    'caption center cite code col colgroup data datalist dd del details dfn dialog dir div dl dt em embed fieldset figcaption ' +
    'figure font footer form frame frameset h1 h2 h3 h4 h5 h6 head header hgroup hr html i iframe img input ins kbd label ' +
    'legend li link main map mark marquee menu meta meter nav nobr noframes noscript object ol optgroup option output p param ' +
    'picture pre progress q rp rt ruby s samp script section select slot small source span strike strong style sub summary ' +
    'sup svg table tbody td template textarea tfoot th thead time title tr track tt u ul var video wbr'
  ).split(' '),
);
const BLOCKS = new Set(
  (
    'address article aside blockquote body br caption center dd div dl dt fieldset figcaption figure footer form h1 h2 h3 h4 h5 h6 ' +
    'header hr li main nav ol option p pre section table tbody td tfoot th thead title tr ul'
  ).split(' '),
);
/** Elements whose content is not prose. */
const SILENT = new Set(['script', 'style', 'noframes', 'iframe', 'template', 'svg', 'rp']);

const TAG_NAME = /\/?([a-z][a-z0-9]{0,15})(?=[\s/>])/iy;

interface Scan {
  readonly html: string;
  /** Where the last `>` is: no tag starts behind it. */
  readonly lastRight: number;
  out: string;
  /**
   * Silent elements known to have no end from here on: not searched for again, so that the whole stays
   * linear.
   */
  readonly endless: Set<string>;
}

/**
 * The `>` of the tag whose inside starts at `from`, or -1 when it is none: another `<` comes first, or the
 * text ends.
 */
function tagEnd({ html, lastRight }: Scan, from: number): number {
  for (let index = from; index <= lastRight; index += 1) {
    const char = html[index];
    if (char === '>') return index;
    if (char === '<') return -1;
    if (char !== '"' && char !== "'") continue;
    const close = html.indexOf(char, index + 1);
    // A quote that never closes is a slip of the pen: the tag ends at the next `>`.
    if (close < 0) return html.indexOf('>', index);
    index = close;
  }
  return -1;
}

/** After the silent element `name` whose tag ended at `end`: the index behind its closing tag. */
function skipSilent(scan: Scan, name: string, end: number): number {
  if (scan.endless.has(name)) return end + 1;
  const closing = new RegExp(`</${name}[^<>]*>`, 'gi');
  closing.lastIndex = end;
  if (closing.exec(scan.html) !== null) return closing.lastIndex;
  scan.endless.add(name);
  return end + 1;
}

function commentEnd(scan: Scan, open: number): number {
  const close = scan.html.indexOf('-->', open + 4);
  return close < 0 ? scan.html.length : close + 3;
}

/** Handles the `<` at `open` and returns where to read on. */
function stripOne(scan: Scan, open: number): number {
  const { html } = scan;
  if (html.startsWith('<!--', open)) return commentEnd(scan, open);
  TAG_NAME.lastIndex = open + 1;
  const name = TAG_NAME.exec(html)?.[1]?.toLowerCase() ?? '';
  const end = HTML_TAGS.has(name) ? tagEnd(scan, open + 1) : -1;
  if (end < 0) {
    scan.out += '<';
    return open + 1;
  }
  if (BLOCKS.has(name)) scan.out += '\n';
  const opening = html[open + 1] !== '/' && html[end - 1] !== '/';
  return opening && SILENT.has(name) ? skipSilent(scan, name, end) : end + 1;
}

/**
 * Removes HTML tags, comments and the content of scripts and styles; ends of blocks become line breaks.
 * Linear.
 */
export function stripTags(html: string): string {
  const scan: Scan = { html, lastRight: html.lastIndexOf('>'), out: '', endless: new Set() };
  let from = 0;
  for (let open = html.indexOf('<'); open >= 0; open = html.indexOf('<', from)) {
    scan.out += html.slice(from, open);
    from = stripOne(scan, open);
  }
  return scan.out + html.slice(from);
}

// C0 and C1 controls, byte order marks, zero-width spaces, word joiners and bidirectional controls: they say
// nothing, Postgres refuses NUL, a headline that turns the rest of a line around is a trick, and what splits a
// word unseen hides it from every search.
const INVISIBLE =
  // eslint-disable-next-line no-control-regex -- control characters are what it is for
  /[\u0000-\u0008\u000e-\u001f\u007f-\u0084\u0086-\u009f\u00ad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ufffe\uffff]/g;
// The fillers of Hangul are letters to Unicode and blanks to the eye.
const FILLERS = /[\u115f\u1160\u3164\uffa0]/g;
// ZWNJ and ZWJ belong to Arabic and Indic spelling and to emoji; behind these they only split words.
const NEEDLESS_JOINERS =
  /(?<=^|[\s\p{P}\p{Nd}\p{Script=Latin}\p{Script=Greek}\p{Script=Cyrillic}\p{Script=Han}\p{Script=Hangul}\p{Script=Hiragana}\p{Script=Katakana}])[\u200c\u200d]+/gu;
// Tags spell out a text that nobody sees; only behind the black flag are they the flag of a country.
const TAGS = /(?<!\u{1f3f4}[\u{e0020}-\u{e007f}]{0,8})[\u{e0000}-\u{e007f}]/gu;
const HALF_SURROGATE = /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;
// Normalising is quadratic in the length of a run of combining marks (7 s for 200,000); no script stacks more
// than a few.
const MARK_RUN = /(\p{M}{8})\p{M}+/gu;

/** What most texts have none of, left to a second look so that they need not pay for it. */
const RARE = /[\u115f\u1160\u3164\uffa0\udb40]|\u200c|\u200d/;

function unhidden(text: string): string {
  if (!RARE.test(text)) return text;
  return text.replace(TAGS, '').replace(FILLERS, ' ').replace(NEEDLESS_JOINERS, '');
}

/** Text that can be stored and shown: no control characters, no half surrogates, NFC, blanks single. */
export function cleanText(text: string): string {
  const visible = text.replace(INVISIBLE, '').replace(HALF_SURROGATE, '\ufffd').replace(MARK_RUN, '$1');
  return unhidden(visible).replace(/\s+/g, ' ').trim().normalize('NFC');
}

/** The first `charsMax` UTF-16 units of a text, never half of a pair. */
export function cut(text: string, charsMax: number): string {
  if (text.length <= charsMax) return text;
  const last = text.charCodeAt(charsMax - 1);
  return text.slice(0, last >= 0xd800 && last < 0xdc00 ? charsMax - 1 : charsMax);
}

// Written twice over: `&amp;#39;` is an apostrophe for everyone who reads the headline.
const STILL_ENCODED =
  /&(?:#\d{2,6}|#x[0-9a-f]{2,5}|amp|lt|gt|quot|apos|nbsp|[lr][sd]quo|hellip|middot|[mn]dash);/i;

/** HTML, or text with a few entities, as plain text of at most `charsMax` UTF-16 units. */
export function plainText(html: string, charsMax: number): string {
  const bare = html.includes('<') ? stripTags(html) : html;
  let text = bare.includes('&') ? decodeHTML(bare) : bare;
  if (STILL_ENCODED.test(text)) text = decodeHTML(text);
  return cut(cleanText(text), charsMax).trimEnd();
}
