import { foldAscii } from './ascii.ts';
import { READ_UNITS_MAX } from './fields.ts';
import { hanFolds } from './han.ts';
import { IGNORED, JOINING, SPACE, UNITS, classOf } from './script.ts';

/**
 * A text as the matcher reads it: NFKC, one case, one form per Han character, one kind of quote, dash, dot and
 * space, nothing invisible; with the way back to the original.
 */
export interface Normalized {
  readonly original: string;
  readonly length: number;
  /** Folded UTF-16 units; only the first `length` count, and some zeros follow them. */
  readonly units: Uint16Array;
  /** The same, before case folding. */
  readonly cased: Uint16Array;
  /** Where each unit begins and ends in the original (UTF-16 offsets). */
  readonly starts: Uint32Array;
  readonly ends: Uint32Array;
  /** Whether all units are known to be of the Latin alphabet's first blocks, or what stands between its words. */
  readonly isLatin: boolean;
  /** Whether the original is known to have no other units than those of ASCII, each of which keeps its place. */
  readonly isAscii: boolean;
}

/**
 * Units normalised together at most. NFKC sorts runs of combining marks, which takes time quadratic in
 * the run, so a hostile text of marks alone is cut into runs of this length (UAX #15's stream-safe form uses 30).
 */
export const RUN_UNITS_MAX = 32;

const SPACE_UNIT = 0x20;
const LOOKALIKES: readonly (readonly [string, string])[] = [
  ['\u2018\u2019\u201b\u2032\u00b4', "'"],
  ['\u201c\u201d\u201e\u2033', '"'],
  ['\u2010\u2011\u2012\u2013\u2014\u2015\u2212', '-'],
  ['\u30fb\uff65\u318d\u2022\u2027\u22c5\u2219', '\u00b7'],
];

/** First and last units of the blocks in which a unit can have another form; asking for one of each other takes most of a start. */
const BLOCKS_WITH_FORMS: readonly (readonly [number, number])[] = [
  // Up to Han.
  [0x0000, 0x33ff],
  // From the end of Yi to Hangul, and from there to the surrogates' end.
  [0xa4d0, 0xabff],
  [0xd7a4, 0xdfff],
  // Behind what is for private use.
  [0xf900, 0xffff],
];

/** The NFKC form of a unit where that is one unit; 0 where it must be normalised with its neighbours. */
function casedOf(unit: number): number {
  if (unit >= 0xd800 && unit <= 0xdbff) return 0;
  const form = String.fromCharCode(unit).normalize('NFKC');
  return form.length === 1 ? form.charCodeAt(0) : 0;
}

function lowerOf(unit: number): number {
  if (unit === 0) return unit;
  const lower = String.fromCharCode(unit).toLowerCase();
  return lower.length === 1 ? lower.charCodeAt(0) : unit;
}

/** For each unit its folded and its cased form; 0 where it must be normalised with its neighbours. */
function buildTables(): { folded: Uint16Array; cased: Uint16Array } {
  const cased = new Uint16Array(UNITS);
  for (let unit = 0; unit < UNITS; unit++) cased[unit] = unit;
  for (const [first, last] of BLOCKS_WITH_FORMS) {
    for (let unit = first; unit <= last; unit++) cased[unit] = casedOf(unit);
  }
  for (const [lookalikes, standard] of LOOKALIKES) {
    for (const lookalike of lookalikes) cased[lookalike.charCodeAt(0)] = standard.charCodeAt(0);
  }
  const folds = hanFolds();
  const folded = cased.slice();
  for (const [unit, fold] of folds) folded[unit] = fold;
  for (const [first, last] of BLOCKS_WITH_FORMS) {
    for (let unit = first; unit <= last; unit++) {
      const form = cased[unit] ?? 0;
      folded[unit] = folds.get(form) ?? lowerOf(form);
    }
  }
  return { folded, cased };
}

const { folded: FOLDED, cased: CASED } = buildTables();

/** What a unit asks of the reader: the most frequent first. */
const PLAIN = 0;
const BLANK = 1;
const INVISIBLE = 2;
/** Joins the unit before it, so that both are normalised together. */
const JOINS = 3;
/** Has no form of one unit. */
const COMPOSED = 4;

function kindOf(unit: number): number {
  const kind = classOf(unit);
  if (kind === IGNORED) return INVISIBLE;
  if (kind === SPACE) return BLANK;
  if (kind === JOINING) return JOINS;
  return FOLDED[unit] === 0 ? COMPOSED : PLAIN;
}

/** For each unit its kind, and the cased and the folded form of a plain one or a blank in one number; 0 for what takes more than its own place. */
function buildForms(): { kinds: Uint8Array; forms: Uint32Array } {
  const kinds = new Uint8Array(UNITS);
  const forms = new Uint32Array(UNITS);
  for (let unit = 0; unit < UNITS; unit++) {
    const kind = kindOf(unit);
    kinds[unit] = kind;
    if (kind === BLANK) forms[unit] = (SPACE_UNIT << 16) | SPACE_UNIT;
    else if (kind === PLAIN) forms[unit] = ((CASED[unit] ?? 0) << 16) | (FOLDED[unit] ?? 0);
  }
  return { kinds, forms };
}

const { kinds: KINDS, forms: FORMS } = buildForms();
const FOLDED_BITS = 0xffff;
/** Where the first blocks of the Latin alphabet end. */
const LATIN_END = 0x200;

/** Units a folding keeps room for between two texts, those of any field: only what a longer one took is given back. */
const KEPT_UNITS_MAX = READ_UNITS_MAX;
const ROOM_UNITS_MIN = 64;
/** Zeros behind a text, so that rules may look a few units ahead without asking where it ends. */
const MARGIN_UNITS = 8;

/** Where units begin that keep their places, and where they end. */
const PLACES = new Uint32Array(READ_UNITS_MAX + 1);
for (let at = 0; at <= READ_UNITS_MAX; at++) PLACES[at] = at;
const NEXT_PLACES = PLACES.subarray(1);

/** A place for folded texts, one after the other: reading the next one overwrites the last. */
export class Folding implements Normalized {
  original = '';
  length = 0;
  /** The units of the original: only its first `original.length` count. */
  raw = new Uint16Array(0);
  units = new Uint16Array(0);
  cased = new Uint16Array(0);
  starts = PLACES;
  ends = NEXT_PLACES;
  isLatin = true;
  isAscii = true;
  #bytes = Buffer.alloc(0);
  /** For texts whose units do not all keep their places. */
  #starts = new Uint32Array(0);
  #ends = new Uint32Array(0);

  /** Folds a text for matching, in time linear in its length. */
  read(text: string): this {
    this.#take(text);
    this.isAscii = foldAscii(text, this.cased, this.units);
    if (this.isAscii) this.#keepPlaces(text.length);
    else this.#readUnits(text);
    const { units, cased, length } = this;
    for (let at = length; at < length + MARGIN_UNITS; at++) {
      units[at] = 0;
      cased[at] = 0;
    }
    return this;
  }

  #keepPlaces(length: number): void {
    this.isLatin = true;
    this.length = length;
    this.starts = PLACES;
    this.ends = NEXT_PLACES;
  }

  #readUnits(text: string): void {
    // A string's own units are slow to ask for, one by one.
    this.#bytes.write(text, 'utf16le');
    const from = this.#readEven(Math.min(text.length, READ_UNITS_MAX));
    if (from === text.length) [this.starts, this.ends] = [PLACES, NEXT_PLACES];
    else this.#readRest(from);
  }

  /** Reads from the beginning what keeps its places, all of most texts; gives where that ends. */
  #readEven(end: number): number {
    const { raw, units, cased } = this;
    let at = 0;
    let before = 0;
    let all = 0;
    for (; at < end; at++) {
      const form = FORMS[raw[at] ?? 0] ?? 0;
      const unit = form & FOLDED_BITS;
      if (unit === 0 || (unit === SPACE_UNIT && before === SPACE_UNIT)) break;
      units[at] = unit;
      cased[at] = form >>> 16;
      before = unit;
      all |= unit;
    }
    this.isLatin = all < LATIN_END && at === this.original.length;
    this.length = at;
    return at;
  }

  /** Reads on from `from`, where something is left out or takes another number of units than it had. */
  #readRest(from: number): void {
    const { raw } = this;
    const end = this.original.length;
    [this.starts, this.ends] = [this.#starts, this.#ends];
    this.starts.set(PLACES.subarray(0, from));
    this.ends.set(NEXT_PLACES.subarray(0, from));
    let isAfterBlank = from > 0 && this.units[from - 1] === SPACE_UNIT;
    // Whether the last unit is the plain one just before `at`: a mark there takes it back.
    let isAfterPlain = from > 0 && !isAfterBlank;
    for (let at = from; at < end; at++) {
      const kind = KINDS[raw[at] ?? 0];
      if (kind === PLAIN) at = this.#readPlain(at, end);
      else if (kind === BLANK && !isAfterBlank) this.#write(SPACE_UNIT, SPACE_UNIT, at, at + 1);
      else if (kind === JOINS || kind === COMPOSED) at = this.#readRun(at, kind === JOINS && isAfterPlain);
      isAfterPlain = kind === PLAIN;
      if (kind !== INVISIBLE) isAfterBlank = kind === BLANK;
    }
  }

  /** Reads plain units from `from` on; gives the last of them. */
  #readPlain(from: number, limit: number): number {
    const { raw, units, cased, starts, ends } = this;
    let at = from;
    let { length } = this;
    let form = FORMS[raw[at] ?? 0] ?? 0;
    do {
      units[length] = form & FOLDED_BITS;
      cased[length] = form >>> 16;
      starts[length] = at;
      at += 1;
      ends[length] = at;
      length += 1;
      form = at < limit ? (FORMS[raw[at] ?? 0] ?? 0) : 0;
    } while (form !== 0 && (form & FOLDED_BITS) !== SPACE_UNIT);
    this.length = length;
    return at - 1;
  }

  #take(text: string): void {
    this.original = text;
    this.length = 0;
    const room = this.units.length - MARGIN_UNITS;
    if (room < text.length || room > KEPT_UNITS_MAX) this.#make(Math.max(text.length, ROOM_UNITS_MIN));
    const units = this.raw.length;
    if (units >= text.length && units <= KEPT_UNITS_MAX) return;
    this.raw = new Uint16Array(Math.max(text.length, ROOM_UNITS_MIN));
    this.#bytes = Buffer.from(this.raw.buffer);
  }

  /** Normalises a character with its marks, of which `at` is the first unit read so far; gives their last unit. */
  #readRun(at: number, isAfterBase: boolean): number {
    if (isAfterBase) this.length -= 1;
    const start = isAfterBase ? at - 1 : at;
    const end = endOfRun(this.original, start);
    this.#writeRun(start, end);
    return end - 1;
  }

  #writeRun(start: number, end: number): void {
    const form = this.original.slice(start, end).normalize('NFKC');
    // Room for the rest of the text too: a form can be longer than what was written.
    while (this.units.length < this.length + form.length + this.original.length - end + MARGIN_UNITS) {
      this.#grow();
    }
    for (let i = 0; i < form.length; i++) {
      const unit = form.charCodeAt(i);
      this.#write(FOLDED[unit] || unit, CASED[unit] || unit, start, end);
    }
  }

  #write(unit: number, cased: number, start: number, end: number): void {
    const at = this.length;
    this.units[at] = unit;
    this.cased[at] = cased;
    this.starts[at] = start;
    this.ends[at] = end;
    this.length = at + 1;
  }

  /** Takes new room, all of it in one piece: four small arrays cost more to get than to fill. */
  #make(length: number): void {
    const capacity = length + MARGIN_UNITS;
    const room = new ArrayBuffer(capacity * 12);
    this.#starts = new Uint32Array(room, 0, capacity);
    this.#ends = new Uint32Array(room, capacity * 4, capacity);
    this.units = new Uint16Array(room, capacity * 8, capacity);
    this.cased = new Uint16Array(room, capacity * 10, capacity);
  }

  #grow(): void {
    const { units, cased, starts, ends } = this;
    this.#make(units.length * 2);
    [this.starts, this.ends] = [this.#starts, this.#ends];
    this.units.set(units);
    this.cased.set(cased);
    this.starts.set(starts);
    this.ends.set(ends);
  }
}

/** Where the character that begins at `start` ends together with the marks that join it. */
function endOfRun(text: string, start: number): number {
  const limit = Math.min(text.length, start + RUN_UNITS_MAX);
  const first = text.charCodeAt(start);
  const pair = first >= 0xd800 && first <= 0xdbff && start + 1 < text.length;
  let end = start + (pair && (text.charCodeAt(start + 1) & 0xfc00) === 0xdc00 ? 2 : 1);
  while (end < limit && KINDS[text.charCodeAt(end)] === JOINS) end += 1;
  return end;
}

/** Folds a text for matching, in time linear in its length. */
export function normalize(text: string): Normalized {
  return new Folding().read(text);
}

/** Units turned into a string at once: more arguments overflow the stack. */
const CHUNK_UNITS = 4096;

function stringOf(units: Uint16Array, length: number): string {
  let text = '';
  for (let at = 0; at < length; at += CHUNK_UNITS) {
    // Spread, they would go through the array's iterator one by one, which takes six times as long.
    const chunk = units.subarray(at, Math.min(length, at + CHUNK_UNITS));
    text += Reflect.apply(String.fromCharCode, null, chunk) as string;
  }
  return text;
}

/** For texts that are wanted as strings: a lexicon folds thousands of words, and a place for each keeps the collector busy. */
const passing = new Folding();

/** The folded form of a pattern or key, as a string. */
export function foldedText(text: string): string {
  const { units, length } = passing.read(text);
  return stringOf(units, length);
}

/** NFKC with one kind of quote, dash and space, case kept. */
export function casedText(text: string): string {
  const { cased, length } = passing.read(text);
  return stringOf(cased, length);
}
