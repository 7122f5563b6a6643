/** A tag that is open where a document breaks, and the line it begins in. */
export interface OpenTag {
  readonly name: string;
  readonly line: number;
}

const QUOTED = 'expected name="value" (is a quotation mark missing before it?)';
const ENTITY = 'expected &amp; for an & that stands for itself';

// What the parser says, by how it begins, as found and expected in words for whoever has to mend the file.
const WORDS: readonly (readonly [RegExp, string])[] = [
  [/^attribute without value/, `an attribute without a value: ${QUOTED}`],
  [/^unquoted attribute value/, `a value without quotation marks: ${QUOTED}`],
  [/^no whitespace between attributes/, `two attributes without a blank between them: ${QUOTED}`],
  [/^disallowed character in attribute name/, `a sign that no attribute's name has: ${QUOTED}`],
  [
    /^disallowed character in (?:tag name|closing tag)/,
    `a sign that no tag's name has: expected &lt; for a < that stands for itself`,
  ],
  [
    /^forward-slash in opening tag/,
    `a / within a tag: expected > right behind it, or quotation marks around a value with / in it`,
  ],
  [
    /^disallowed character/,
    'a character that may not stand there: expected &lt; for < and &amp; for & in a value, and no control characters',
  ],
  [/^duplicate attribute: (.+)\.$/, 'the attribute $1 twice in one tag: expected it once'],
  [
    /^unbound namespace prefix: "?([^".]*)"?\.?$/,
    'the prefix $1: is not declared: expected xmlns:$1="…" in <opml>',
  ],
  [/^document must contain a root element/, 'nothing is in it: expected <opml> around the outlines'],
  [
    /^documents may contain only one root/,
    'a second document behind the first: expected nothing behind </opml>',
  ],
  [/^text data outside of root node/, 'text outside of the tags: expected nothing but <opml>…</opml>'],
  [/^undefined entity/, `an entity that XML does not know: ${ENTITY}`],
  [
    /^(?:malformed character entity|empty entity name|disallowed character in entity name)/,
    `an & that begins no name: ${ENTITY}`,
  ],
  [
    /^unmatched closing tag: (.+)\.$/,
    '</$1> closes no tag that is open: expected <$1> before it, or neither',
  ],
  [/^unexpected end/, 'it ends in the midst of a tag or a comment: expected > or -->'],
  [/^malformed comment/, '-- within a comment: expected it at the end alone, as -->'],
  [/^(?:the|an) XML declaration must/, 'something before <?xml …?>: expected it at the very beginning'],
];

const closing = ({ name, line }: OpenTag): string => `expected </${name}> for the <${name}> of line ${line}`;

/**
 * A fault of XML as the parser puts it, in plain words: what was found and what was expected. `open` are the tags that are open,
 * outermost first; `last` is the one that the parser has closed last, by itself where another closing tag came.
 */
export function xmlFaultWords(raw: string, open: readonly OpenTag[], last: OpenTag | null): string {
  const said = raw.replace(/^\d+:\d+: /, '');
  const unclosed = /^unclosed tag: (.+)$/.exec(said)?.[1];
  if (unclosed !== undefined) {
    const tag = open.findLast(({ name }) => name === unclosed);
    return `unclosed tag <${unclosed}>: ${tag === undefined ? `expected </${unclosed}>` : closing(tag)} before the file ends`;
  }
  if (/^unexpected close tag/.test(said) && last !== null)
    return `another tag is closed while <${last.name}> is open: ${closing(last)}, or /> at its end, before`;
  for (const [pattern, words] of WORDS) {
    const found = pattern.exec(said);
    if (found !== null) return words.replaceAll('$1', found[1] ?? '');
  }
  return said;
}
