import type { Normalized } from '../classify/normalize.ts';
import * as script from '../classify/script.ts';

/** What a folded character is to the words of a text. */
export const BREAK = 0;
/** A letter or digit of a script that puts spaces between words. */
export const SPACED = 1;
/** Han, kana or Hangul. */
export const CJK = 2;
/** Belongs to the character before it: accents, vowel signs, variation selectors. */
export const MARK = 3;

const KINDS = new Uint8Array(10).fill(BREAK);
for (const letter of [script.LETTER, script.DIGIT]) KINDS[letter] = SPACED;
for (const cjk of [script.HAN, script.HANGUL, script.HIRAGANA, script.KATAKANA]) KINDS[cjk] = CJK;
for (const mark of [script.JOINING, script.IGNORED]) KINDS[mark] = MARK;

/** The tagger reads the first plane alone; names like 𠮷田 need the ideographs beyond it. */
function kindOfAstral(codePoint: number): number {
  if (codePoint >= 0x20000 && codePoint <= 0x3ffff) return CJK;
  if (codePoint >= 0x1b000 && codePoint <= 0x1b16f) return CJK;
  const character = String.fromCodePoint(codePoint);
  if (/[\p{L}\p{Nd}]/u.test(character)) return SPACED;
  // Among the marks are the selectors that choose between forms of one kanji (辻󠄀 and 辻).
  return /\p{M}/u.test(character) ? MARK : BREAK;
}

function isHighSurrogate(unit: number): boolean {
  return unit >= 0xd800 && unit <= 0xdbff;
}

/** Units of the character at `at`: 2 for a surrogate pair. */
export function widthAt({ units, length }: Normalized, at: number): 1 | 2 {
  if (!isHighSurrogate(units[at] ?? 0) || at + 1 >= length) return 1;
  return ((units[at + 1] ?? 0) & 0xfc00) === 0xdc00 ? 2 : 1;
}

/** The kind of the character that begins at unit `at`; BREAK beyond the end, and for half a surrogate pair. */
export function kindAt(text: Normalized, at: number): number {
  if (at >= text.length) return BREAK;
  const unit = text.units[at] ?? 0;
  if (!isHighSurrogate(unit)) return KINDS[script.classOf(unit)] ?? BREAK;
  if (widthAt(text, at) === 1) return BREAK;
  return kindOfAstral(0x10000 + ((unit - 0xd800) << 10) + ((text.units[at + 1] ?? 0) - 0xdc00));
}

/** Blocks of Latin letters beyond ASCII. */
const LATIN: readonly (readonly [number, number])[] = [
  [0x00c0, 0x024f],
  [0x1e00, 0x1eff],
];

function buildPlain(): Map<number, number> {
  const plain = new Map<number, number>();
  for (const [first, last] of LATIN) {
    for (let unit = first; unit <= last; unit++) {
      const base = String.fromCharCode(unit).normalize('NFD').charAt(0).toLowerCase().charCodeAt(0);
      if (base !== unit) plain.set(unit, base);
    }
  }
  return plain;
}

const PLAIN = buildPlain();

/** A Latin letter without its accent; every other unit as it is. */
export function plainOf(unit: number): number {
  return unit < 0xc0 ? unit : (PLAIN.get(unit) ?? unit);
}

/** Whether marks on this letter are accents that a search does not ask for, rather than vowels, say. */
export function isLatin(unit: number): boolean {
  return unit < 0xc0 || LATIN.some(([first, last]) => unit >= first && unit <= last);
}

/** Whether the character is a Hangul syllable or letter: the one CJK script with spaces, put as the writer likes. */
export function isHangul(character: string): boolean {
  return script.classOf(character.charCodeAt(0)) === script.HANGUL;
}
