import { hanFolds } from './han.ts';
import { IGNORED, JOINING, SPACE, UNITS, classOf } from './script.ts';

/**
 * A text as the matcher reads it: NFKC, one case, one form per Han character, one kind of quote, dash, dot and
 * space, nothing invisible; with the way back to the original.
 */
export interface Normalized {
  readonly original: string;
  readonly length: number;
  /** Folded UTF-16 units; only the first `length` count. */
  readonly units: Uint16Array;
  /** The same, before case folding. */
  readonly cased: Uint16Array;
  /** Where each unit begins and ends in the original (UTF-16 offsets). */
  readonly starts: Uint32Array;
  readonly ends: Uint32Array;
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

/** Whether the unit is its own NFKC form: told without asking for the two largest blocks. */
function isStable(unit: number): boolean {
  return (unit >= 0x4e00 && unit <= 0x9fff) || (unit >= 0xac00 && unit <= 0xd7a3);
}

/** The NFKC form of a unit where that is one unit; 0 where it must be normalised with its neighbours. */
function casedOf(unit: number): number {
  if (isStable(unit)) return unit;
  if (unit >= 0xd800 && unit <= 0xdbff) return 0;
  const form = String.fromCharCode(unit).normalize('NFKC');
  return form.length === 1 ? form.charCodeAt(0) : 0;
}

function lowerOf(unit: number): number {
  if (unit === 0 || isStable(unit)) return unit;
  const lower = String.fromCharCode(unit).toLowerCase();
  return lower.length === 1 ? lower.charCodeAt(0) : unit;
}

/** For each unit its folded and its cased form; 0 where it must be normalised with its neighbours. */
function buildTables(): { folded: Uint16Array; cased: Uint16Array } {
  const cased = new Uint16Array(UNITS).map((_, unit) => casedOf(unit));
  for (const [lookalikes, standard] of LOOKALIKES) {
    for (const lookalike of lookalikes) cased[lookalike.charCodeAt(0)] = standard.charCodeAt(0);
  }
  const folds = hanFolds();
  const folded = cased.map((unit) => folds.get(unit) ?? lowerOf(unit));
  return { folded, cased };
}

const { folded: FOLDED, cased: CASED } = buildTables();

class Writer {
  units: Uint16Array;
  cased: Uint16Array;
  starts: Uint32Array;
  ends: Uint32Array;
  length = 0;

  constructor(capacity: number) {
    this.units = new Uint16Array(capacity);
    this.cased = new Uint16Array(capacity);
    this.starts = new Uint32Array(capacity);
    this.ends = new Uint32Array(capacity);
  }

  write(unit: number, cased: number, start: number, end: number): void {
    const at = this.length;
    if (at === this.units.length) this.grow();
    this.units[at] = unit;
    this.cased[at] = cased;
    this.starts[at] = start;
    this.ends[at] = end;
    this.length = at + 1;
  }

  private grow(): void {
    const capacity = this.units.length * 2 + 16;
    const wider = <Numbers extends Uint16Array | Uint32Array>(next: Numbers, old: Numbers): Numbers => {
      next.set(old);
      return next;
    };
    this.units = wider(new Uint16Array(capacity), this.units);
    this.cased = wider(new Uint16Array(capacity), this.cased);
    this.starts = wider(new Uint32Array(capacity), this.starts);
    this.ends = wider(new Uint32Array(capacity), this.ends);
  }
}

/** Where the character that begins at `start` ends together with the marks that join it. */
function endOfRun(text: string, start: number): number {
  const limit = Math.min(text.length, start + RUN_UNITS_MAX);
  const first = text.charCodeAt(start);
  const pair = first >= 0xd800 && first <= 0xdbff && start + 1 < text.length;
  let end = start + (pair && (text.charCodeAt(start + 1) & 0xfc00) === 0xdc00 ? 2 : 1);
  while (end < limit && classOf(text.charCodeAt(end)) === JOINING) end += 1;
  return end;
}

function writeRun(writer: Writer, text: string, start: number, end: number): void {
  const form = text.slice(start, end).normalize('NFKC');
  for (let i = 0; i < form.length; i++) {
    const unit = form.charCodeAt(i);
    writer.write(FOLDED[unit] || unit, CASED[unit] || unit, start, end);
  }
}

/** Folds a text for matching, in time linear in its length. */
export function normalize(text: string): Normalized {
  const writer = new Writer(text.length + 1);
  let previousIsSpace = false;
  for (let at = 0; at < text.length;) {
    const unit = text.charCodeAt(at);
    const kind = classOf(unit);
    if (kind === IGNORED) {
      at += 1;
      continue;
    }
    if (kind === SPACE) {
      if (!previousIsSpace) writer.write(SPACE_UNIT, SPACE_UNIT, at, at + 1);
      previousIsSpace = true;
      at += 1;
      continue;
    }
    previousIsSpace = false;
    const folded = FOLDED[unit] ?? 0;
    if (folded !== 0 && classOf(text.charCodeAt(at + 1)) !== JOINING) {
      writer.write(folded, CASED[unit] ?? unit, at, at + 1);
      at += 1;
    } else {
      const end = endOfRun(text, at);
      writeRun(writer, text, at, end);
      at = end;
    }
  }
  const { units, cased, starts, ends, length } = writer;
  return { original: text, length, units, cased, starts, ends };
}

/** Units turned into a string at once: more arguments overflow the stack. */
const CHUNK_UNITS = 4096;

function stringOf(units: Uint16Array, length: number): string {
  let text = '';
  for (let at = 0; at < length; at += CHUNK_UNITS) {
    text += String.fromCharCode(...units.subarray(at, Math.min(length, at + CHUNK_UNITS)));
  }
  return text;
}

/** The folded form of a pattern or key, as a string. */
export function foldedText(text: string): string {
  const { units, length } = normalize(text);
  return stringOf(units, length);
}

/** NFKC with one kind of quote, dash and space, case kept. */
export function casedText(text: string): string {
  const { cased, length } = normalize(text);
  return stringOf(cased, length);
}
