/** Documents made to hurt whoever reads them, each in a form that has hurt somebody. */
import iconv from 'iconv-lite';

const MANY = 100_000;
const MEGABYTE = 1024 * 1024;

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);
export const rss = (inside: string, before = '<?xml version="1.0"?>'): string =>
  `${before}<rss version="2.0"><channel><title>t</title>${inside}</channel></rss>`;
const item = (inside: string): string => rss(`<item><title>x</title>${inside}</item>`);
const title = (text: string): string =>
  rss(`<item><title>${text}</title><link>https://x.example/1</link></item>`);
const prose = (text: string): string => item(`<description><![CDATA[${text}]]></description>`);
const attributes = (name: (n: number) => string): string =>
  Array.from({ length: MANY }, (_, n) => `${name(n)}="v"`).join(' ');
/** Ten entities, each ten of the one before: 10^10 characters where they are believed. */
const LAUGHS = Array.from({ length: 10 }, (_, n) => `<!ENTITY l${n + 1} "${`&l${n};`.repeat(10)}">`).join('');

const XML: Readonly<Record<string, () => string>> = {
  'a billion laughs': () =>
    rss(`<item><title>x &l10;</title></item>`, `<!DOCTYPE r [<!ENTITY l0 "ha">${LAUGHS}]>`),
  'one long entity over and over': () =>
    rss(
      `<item><title>x ${'&a;'.repeat(MANY)}</title></item>`.repeat(3),
      `<!DOCTYPE r [<!ENTITY a "${'x'.repeat(900)}">]>`,
    ),
  'an entity of itself': () =>
    rss('<item><title>x &a;</title></item>', '<!DOCTYPE r [<!ENTITY a "&b;"><!ENTITY b "&a;">]>'),
  'nested 100,000 deep': () => rss('<a>'.repeat(MANY)),
  'nested 100,000 deep in a title': () => title(`${'<b>'.repeat(MANY)}x${'</b>'.repeat(MANY)}`),
  'items in items': () => rss('<item><title>x</title>'.repeat(MANY)),
  'a field in itself': () => item('<description>'.repeat(MANY)),
  '100,000 attributes': () => rss(`<item ${attributes((n) => `a${n}`)}><title>x</title></item>`),
  'one attribute 100,000 times': () => rss(`<item ${attributes(() => 'a')}><title>x</title></item>`),
  '100,000 namespaces': () => rss(`<item ${attributes((n) => `xmlns:p${n}`)}><title>x</title></item>`),
  'scopes of namespaces without end': () =>
    rss(Array.from({ length: MANY }, (_, n) => `<media:group xmlns:p${n}="u${n}">`).join('')),
  'a megabyte of a tag that never ends': () => prose('<a "'.repeat(MEGABYTE / 4)),
  'a megabyte of CDATA that never ends': () => item('<![CDATA['.repeat(MEGABYTE / 9)),
  'a megabyte of comments that never end': () => item('<!--'.repeat(MEGABYTE / 4)),
  'comments in a text that never end': () => prose('<!-- '.repeat(MANY)),
  'a comment of four megabytes': () =>
    item(`<!--${'- '.repeat(2 * MEGABYTE)}--><link>https://x.example/1</link>`),
  'a storm of ]]>': () => item(`<description>${']]>'.repeat(MEGABYTE / 3)}</description>`),
  'a document type of a megabyte': () =>
    rss('<item><title>x</title></item>', `<!DOCTYPE r [${'<!ELEMENT a ANY>'.repeat(MEGABYTE / 16)}]>`),
  'document types without end': () => rss('<!DOCTYPE r ['.repeat(MANY)),
  'processing instructions without end': () => item('<?x '.repeat(MEGABYTE / 4)),
  'declarations without an end': () => title('<!x[>'.repeat(MANY)),
  'open brackets': () => title('<'.repeat(MEGABYTE)),
  ampersands: () => title('&'.repeat(MEGABYTE)),
  'references cut short': () => title('x&#x'.repeat(MEGABYTE / 4)),
  'quotes that never end': () => prose(`<a '>'`.repeat(MANY)),
  'scripts that never end': () => prose('<script>'.repeat(MANY)),
  'closing tags that never end': () => rss(`<item><title>${'</a'.repeat(MANY)}`),
  'combining marks': () => title(`x${'\u0300\u0316'.repeat(MEGABYTE / 4)}`),
  blanks: () => title(`x${' \u3000'.repeat(MEGABYTE / 4)}y`),
  'a title of a megabyte': () => title('가'.repeat(MEGABYTE / 3)),
  'a word of a million letters': () => prose('w'.repeat(MEGABYTE)),
  'a link of a megabyte': () => item(`<link>https://x.example/${'a/'.repeat(MEGABYTE / 2)}</link>`),
  '100,000 items': () => rss('<item><title>x</title></item>'.repeat(MANY)),
  '100,000 links of one item': () => item('<link>http://x.example/</link>'.repeat(MANY)),
  '100,000 links of the feed': () => rss('<link>http://x.example/</link>'.repeat(MANY)),
  'dates that lead astray': () =>
    rss(`<item><title>x</title><pubDate>${'1 '.repeat(39)}</pubDate></item>`.repeat(2_000)),
  'a date of a megabyte': () => item(`<pubDate>${'Mon, '.repeat(MEGABYTE / 5)}</pubDate>`),
  'a language of a megabyte': () => item(`<dc:language>${'en-'.repeat(MEGABYTE / 3)}</dc:language>`),
  'control characters': () =>
    title(
      `x${String.fromCharCode(...Array.from({ length: 32 }, (_, n) => n))}&#0;&#1;&#x1f;&#xd800;&#xdfff;&#xffff;&#x110000;y`,
    ),
  'names of prototypes': () =>
    item('<__proto__>x</__proto__><constructor>y</constructor><link>https://x.example/constructor</link>'),
  'a login page of two megabytes': () =>
    `<!DOCTYPE html><html><body>${'<form><input name="q"></form>'.repeat(MEGABYTE / 14)}</body></html>`,
  'one brace after another': () => '{'.repeat(MEGABYTE),
  'JSON nested 100,000 deep': () => `{"items":[{"title":"x","id":${'['.repeat(MANY)}${']'.repeat(MANY)}}]}`,
  'JSON nested 100,000 deep, cut off': () => `{"items":[{"title":"x","id":${'{"a":'.repeat(MANY)}`,
  'JSON with numbers beyond all': () =>
    '{"items":[{"title":"x","id":1e400,"date_published":-1e400,"url":1e400}]}',
  'JSON with names of prototypes': () =>
    '{"__proto__":{"polluted":1},"items":[{"title":"x","__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}}}]}',
  'JSON with half characters': () =>
    String.raw`{"title":"\ud800","items":[{"id":"\udfff\u0000","title":"x\ud800\u0000\udc00y","summary":"\u0000"}]}`,
  'JSON that is no object at all': () => '[[],null,0,"",{"items":{"items":[]}}]',
};

const SAMPLE = '정상회담 首脳会談 首脑会谈';
/** Text of each of the East Asian encodings, as bytes of it. */
const EAST_ASIAN: Readonly<Record<string, Uint8Array>> = {
  'euc-kr': iconv.encode(title('정상회담'.repeat(50)), 'euc-kr'),
  shift_jis: iconv.encode(title('首脳会談を行う'.repeat(50)), 'shift_jis'),
  'euc-jp': iconv.encode(title('首脳会談を行う'.repeat(50)), 'euc-jp'),
  // The same as ISO-2022-JP writes it: two ASCII letters for each character between its escapes.
  'iso-2022-jp': bytesOf(title('\u001b$B<sG>2qCL\u001b(B'.repeat(50))),
  gb18030: iconv.encode(title('首脑会谈'.repeat(50)), 'gb18030'),
  big5: iconv.encode(title('首腦會談'.repeat(50)), 'big5'),
  'utf-16le': iconv.encode(title(SAMPLE), 'utf-16le'),
  'utf-16be': iconv.encode(title(SAMPLE), 'utf-16be'),
  'utf-8': bytesOf(title(SAMPLE)),
};
export const CHARSETS = Object.keys(EAST_ASIAN);

/** A feed written in one charset that swears to be in another. */
export function misdeclared(actual: string, declared: string): Uint8Array {
  const before = bytesOf(`<?xml version="1.0" encoding="${declared}"?>\n`);
  return Buffer.concat([before, EAST_ASIAN[actual] ?? before]);
}

/** What is wrong with a document, and the document. */
export type HostileCase = readonly [string, () => Uint8Array];

/** Hostile documents by what is wrong with them. */
export const HOSTILE: readonly HostileCase[] = [
  ...Object.entries(XML).map(([name, make]) => [name, (): Uint8Array => bytesOf(make())] as const),
  [
    'half characters in UTF-16',
    (): Uint8Array =>
      Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(title('x\ud800y\udc00\udc00'), 'utf16le')]),
  ],
  [
    'NUL between all letters, and no sign of UTF-16',
    (): Uint8Array => Buffer.from(title('x'), 'utf16le').subarray(2),
  ],
  ['every byte there is', (): Uint8Array => Uint8Array.from({ length: MEGABYTE }, (_, n) => (n * 7919) >> 3)],
];

/** What needs more memory than there is for one document, or more time: fifteen megabytes each. */
export const HEAVY: readonly HostileCase[] = [
  ['five million objects', (): Uint8Array => bytesOf(`{"items":[${'{},'.repeat(5 * MEGABYTE)}{}]}`)],
  [
    '400,000 fields',
    (): Uint8Array =>
      bytesOf(rss(`<item>${'<link>http://x.example/a</link>'.repeat(200)}</item>`.repeat(2_000))),
  ],
];
