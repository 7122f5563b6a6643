import { READ_UNITS_MAX } from './fields.ts';

/** A text's units, and the same in small letters; behind an odd number stands one more. Places of no instance are read faster. */
const RAW = new Uint16Array(READ_UNITS_MAX + 1 + 1);
const SMALL = new Uint16Array(RAW.length);
const BYTES = Buffer.from(RAW.buffer);
/** The same, two units a number. */
const RAW_PAIRS = new Int32Array(RAW.buffer);
const SMALL_PAIRS = new Int32Array(SMALL.buffer);

/** A number in both halves of a pair. */
const both = (unit: number): number => (unit << 16) | unit;

/** Above both units where they are of ASCII. */
const NOT_ASCII = ~both(0x7f);
const TOP = both(0x8000);
/** What makes the top bit of a half from a unit that is no control character, and from one that differs from another. */
const NO_CONTROL = both(0x8000 - 0x20);
const SOMETHING = both(0x8000 - 1);
const SPACES = both(0x20);
/** What makes bit 7 of a capital and what comes behind it, and of what comes behind the capitals. */
const FROM_A = both(0x80 - 0x41);
const BEHIND_Z = both(0x80 - 0x5b);
const BIT_7 = both(0x80);
/** What bit 7 has to be moved by to make a small letter of a capital. */
const TO_SMALL = 2;

/**
 * Folds a text of ASCII in which no control character and no two spaces side by side stand, as most of English: its units, and the same
 * in small letters. False where it is none such, and nothing is written. Two units are looked at as one number (L. Lamport,
 * "Multiple byte processing with full-word instructions", 1975).
 */
export function foldAscii(text: string, cased: Uint16Array, folded: Uint16Array): boolean {
  const { length } = text;
  if (length > READ_UNITS_MAX) return false;
  BYTES.write(text, 'utf16le');
  RAW[length] = 0x40;
  let [others, controls, doubled, before] = [0, 0, 0, 0];
  const pairs = (length + 1) >> 1;
  for (let at = 0; at < pairs; at++) {
    const pair = RAW_PAIRS[at] ?? 0;
    others |= pair;
    controls |= ~(pair + NO_CONTROL);
    const spaces = ~((pair ^ SPACES) + SOMETHING) & TOP;
    // The first unit is the lower half.
    doubled |= (spaces << 16) & (spaces | before);
    before = spaces;
    const capitals = (pair + FROM_A) ^ (pair + BEHIND_Z);
    SMALL_PAIRS[at] = pair | ((capitals & BIT_7) >>> TO_SMALL);
  }
  if ((others & NOT_ASCII) !== 0 || (controls & TOP) !== 0 || doubled !== 0) return false;
  cased.set(RAW.subarray(0, length));
  folded.set(SMALL.subarray(0, length));
  return true;
}
