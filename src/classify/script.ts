/** What a UTF-16 unit is to the boundary rules. */
export const OTHER = 0;
export const SPACE = 1;
/** Letters of alphabets that put spaces between words: Latin, Cyrillic, Greek and the like. */
export const LETTER = 2;
export const DIGIT = 3;
export const HAN = 4;
export const HANGUL = 5;
export const HIRAGANA = 6;
export const KATAKANA = 7;
/** Joins the character before it: accents, voicing marks, medial and final jamo. */
export const JOINING = 8;
/** Invisible: zero-width spaces and joiners, soft hyphens, byte-order marks, what sets the direction of writing. */
export const IGNORED = 9;

export const UNITS = 0x10000;

/** First unit, last unit, class; later lines overrule earlier ones. */
const RANGES: readonly (readonly [number, number, number])[] = [
  [0x1100, 0x115f, HANGUL],
  [0x1160, 0x11ff, JOINING],
  [0x3005, 0x3007, HAN],
  [0x3041, 0x309f, HIRAGANA],
  [0x3099, 0x309a, JOINING],
  [0x30a1, 0x30fa, KATAKANA],
  [0x30fc, 0x30ff, KATAKANA],
  [0x3131, 0x318e, HANGUL],
  [0x31f0, 0x31ff, KATAKANA],
  [0x3400, 0x4dbf, HAN],
  [0x4e00, 0x9fff, HAN],
  [0xac00, 0xd7a3, HANGUL],
  [0xd7b0, 0xd7ff, JOINING],
  [0xf900, 0xfaff, HAN],
  [0xff66, 0xff9d, KATAKANA],
  [0xff9e, 0xff9f, JOINING],
  [0xffa0, 0xffdc, HANGUL],
  [0x00ad, 0x00ad, IGNORED],
  [0x200b, 0x200f, IGNORED],
  [0x202a, 0x202e, IGNORED],
  [0x2060, 0x206f, IGNORED],
  [0xfe00, 0xfe0f, IGNORED],
  [0xfeff, 0xfeff, IGNORED],
];

/** From the East Asian blocks to those for private use. */
const UNASKED_FIRST = 0x3000;
const UNASKED_LAST = 0xf8ff;

function buildClasses(): Uint8Array {
  const classes = new Uint8Array(UNITS);
  for (let unit = 0; unit < UNITS; unit++) {
    // Told by ranges alone; asking a pattern about 50,000 of them costs a start 10 ms.
    if (unit >= UNASKED_FIRST && unit <= UNASKED_LAST) continue;
    const text = String.fromCharCode(unit);
    if (/\p{Nd}/u.test(text)) classes[unit] = DIGIT;
    else if (/\p{L}/u.test(text)) classes[unit] = LETTER;
    else if (/\p{M}/u.test(text)) classes[unit] = JOINING;
    else if (/\s/u.test(text)) classes[unit] = SPACE;
  }
  classes[0x3000] = SPACE;
  for (const [first, last, kind] of RANGES) classes.fill(kind, first, last + 1);
  return classes;
}

const CLASSES = buildClasses();

/** The class of a UTF-16 unit; units outside the text (`undefined`) are OTHER. */
export function classOf(unit: number | undefined): number {
  return unit === undefined ? OTHER : (CLASSES[unit] ?? OTHER);
}

/** For each unit 1 where it belongs to a word written with spaces around it. */
export const WORD_UNITS = new Uint8Array(UNITS);
for (let unit = 0; unit < UNITS; unit++) {
  if (CLASSES[unit] === LETTER || CLASSES[unit] === DIGIT) WORD_UNITS[unit] = 1;
}

/** Whether the unit belongs to a word written with spaces around it. */
export function isWordUnit(unit: number | undefined): boolean {
  return unit !== undefined && WORD_UNITS[unit] === 1;
}
