import iconv from 'iconv-lite';
import { contradictsCharset, guessCharset } from './charset-guess.ts';

/** How much of the beginning is searched for a declaration. */
const DECLARATION_BYTES_MAX = 4096;
/**
 * Up to this share of unreadable characters a declared charset is still believed: a cut letter, a stray byte.
 */
const UNREADABLE_SHARE_MAX = 0.02;

export interface Decoded {
  readonly text: string;
  /** The charset it was read with, as iconv-lite or TextDecoder names it. */
  readonly charset: string;
  /** How the charset was found out. */
  readonly from: 'bom' | 'content' | 'http' | 'declaration' | 'guess';
}

// What publishers declare and what they send are superset and subset: the superset reads both.
const ALIASES: Readonly<Record<string, string>> = {
  utf8: 'utf-8', 'unicode-1-1-utf-8': 'utf-8', ascii: 'windows-1252', 'us-ascii': 'windows-1252',
  'iso-8859-1': 'windows-1252', iso8859_1: 'windows-1252', 'iso8859-1': 'windows-1252', latin1: 'windows-1252',
  'ks_c_5601-1987': 'euc-kr', 'ksc5601': 'euc-kr', 'ks_c_5601': 'euc-kr', euckr: 'euc-kr', cp949: 'euc-kr', uhc: 'euc-kr',
  'x-windows-949': 'euc-kr', 'windows-949': 'euc-kr', ms949: 'euc-kr',
  gb2312: 'gb18030', gbk: 'gb18030', 'x-gbk': 'gb18030', cp936: 'gb18030', 'euc-cn': 'gb18030', 'gb_2312-80': 'gb18030',
  'big5-hkscs': 'big5hkscs', cp950: 'big5', 'x-x-big5': 'big5',
  'shift-jis': 'shift_jis', sjis: 'shift_jis', 'x-sjis': 'shift_jis', 'windows-31j': 'shift_jis', ms932: 'shift_jis', cp932: 'shift_jis',
  'x-euc-jp': 'euc-jp', eucjp: 'euc-jp',
}; // prettier-ignore

function canonical(label: string): string | null {
  const name = label.trim().toLowerCase();
  const alias = ALIASES[name] ?? name;
  return alias === 'iso-2022-jp' || iconv.encodingExists(alias) ? alias : null;
}

function decodeWith(bytes: Uint8Array, charset: string): string {
  // iconv-lite lacks the escape sequences of ISO-2022-JP; TextDecoder of Node 20 is wrong about windows-1252.
  if (charset === 'iso-2022-jp') return new TextDecoder(charset).decode(bytes);
  return iconv.decode(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength), charset);
}

function strictUtf8(bytes: Uint8Array): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    // A TypeError is how TextDecoder says "not UTF-8", which is an answer here.
    return null;
  }
}

// The longer ones come first.
const BEGINNINGS: readonly (readonly [readonly number[], string])[] = [
  [[0xff, 0xfe, 0, 0], 'utf-32le'],
  [[0, 0, 0xfe, 0xff], 'utf-32be'],
  [[0xef, 0xbb, 0xbf], 'utf-8'],
  [[0xff, 0xfe], 'utf-16le'],
  [[0xfe, 0xff], 'utf-16be'],
];

function byteOrderMark(bytes: Uint8Array): string | null {
  const found = BEGINNINGS.find(([beginning]) => beginning.every((byte, index) => bytes[index] === byte));
  return found?.[1] ?? unmarkedWide(bytes);
}

/** Bytes at the beginning whose zeros tell UTF-16: XML and JSON begin with signs of ASCII. */
const WIDE_SAMPLE_BYTES = 8;

/** UTF-16 without a mark: the first four signs are of ASCII, each with a zero on the same side of it. */
function unmarkedWide(bytes: Uint8Array): string | null {
  const head = bytes.subarray(0, WIDE_SAMPLE_BYTES);
  if (head.length < WIDE_SAMPLE_BYTES) return null;
  const zeros = (odd: number): boolean => head.every((byte, index) => (byte === 0) === (index % 2 === odd));
  if (zeros(1)) return 'utf-16le';
  return zeros(0) ? 'utf-16be' : null;
}

function httpCharset(contentType: string | null): string | null {
  const match = /charset\s*=\s*["']?([\w.:-]{1,40})/i.exec(contentType ?? '');
  return match?.[1] === undefined ? null : canonical(match[1]);
}

function declaredCharset(bytes: Uint8Array): string | null {
  const head = Buffer.from(bytes.subarray(0, DECLARATION_BYTES_MAX)).toString('latin1');
  const match =
    /<\?xml\s[^>]*?encoding\s*=\s*["']\s*([\w.:-]{1,40})/i.exec(head) ??
    /<meta\s[^>]{0,200}?charset\s*=\s*["']?\s*([\w.:-]{1,40})/i.exec(head);
  const charset = match?.[1] === undefined ? null : canonical(match[1]);
  // A declaration that could be read byte by byte is not in UTF-16, whatever it says.
  return charset?.startsWith('utf-16') === true ? null : charset;
}

/** Share of letters beyond ASCII that came out unreadable. */
function unreadableShare(text: string): number {
  let beyond = 0;
  let unreadable = 0;
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    if (code > 0x7f) beyond += 1;
    if (code === 0xfffd || (code >= 0x80 && code < 0xa0)) unreadable += 1;
  }
  return beyond === 0 ? 0 : unreadable / beyond;
}

function declared(bytes: Uint8Array, contentType: string | null): [string, 'http' | 'declaration'][] {
  const http = httpCharset(contentType);
  const xml = declaredCharset(bytes);
  const found: [string, 'http' | 'declaration'][] = [];
  // RFC 7303 §3 puts HTTP first, but a Latin charset there is a server's default nobody chose.
  if (http !== null && http !== 'windows-1252') found.push([http, 'http']);
  if (xml !== null) found.push([xml, 'declaration']);
  if (http === 'windows-1252') found.push([http, 'http']);
  return found;
}

/** Whether ISO-2022-JP (RFC 1468) switches to its Japanese set somewhere. */
function hasEscapes(bytes: Uint8Array): boolean {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return text.includes('\u001b$B') || text.includes('\u001b$@');
}

function decodeUnmarked(bytes: Uint8Array, contentType: string | null): Decoded {
  const utf8 = strictUtf8(bytes);
  if (utf8 !== null) {
    if (hasEscapes(bytes))
      return { text: decodeWith(bytes, 'iso-2022-jp'), charset: 'iso-2022-jp', from: 'content' };
    // Bytes that are UTF-8 throughout are UTF-8: no other charset gives such bytes by chance.
    return { text: utf8, charset: 'utf-8', from: 'content' };
  }
  for (const [charset, from] of declared(bytes, contentType)) {
    // Every byte means something in windows-1252, so that its word for itself proves nothing.
    if (charset === 'windows-1252') continue;
    const text = decodeWith(bytes, charset);
    if (unreadableShare(text) > UNREADABLE_SHARE_MAX) continue;
    // Bytes that are UTF-8 but for a few are nothing else.
    if (charset === 'utf-8' || !contradictsCharset(bytes, charset, decodeWith))
      return { text, charset, from };
  }
  const charset = guessCharset(bytes, decodeWith);
  return { text: decodeWith(bytes, charset), charset, from: 'guess' };
}

/**
 * Turns the bytes of a document into text. In order: byte order mark; UTF-8 that is valid throughout; the
 * charset of `contentType`, of the XML declaration and of HTML's `<meta>`, unless it does not fit the bytes; a guess among East
 * Asian and Western charsets. Never throws: what cannot be read comes as U+FFFD.
 */
export function decode(bytes: Uint8Array, contentType: string | null = null): Decoded {
  const marked = byteOrderMark(bytes);
  const decoded: Decoded =
    marked === null
      ? decodeUnmarked(bytes, contentType)
      : { text: decodeWith(bytes, marked), charset: marked, from: 'bom' };
  return decoded.text.startsWith('\ufeff') ? { ...decoded, text: decoded.text.slice(1) } : decoded;
}
