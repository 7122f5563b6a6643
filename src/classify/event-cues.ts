import type { EventType } from '../events/event-type.ts';
import type { FieldWords } from './field-words.ts';
import { foldedText, type Normalized } from './normalize.ts';
import { HANGUL, LETTER, UNITS, WORD_UNITS, classOf, isWordUnit } from './script.ts';
import { buildTrie, type Trie } from './trie.ts';
import { EVENT_CUE } from './word-marks.ts';

/** What a cue speaks for: a type of event, or that the item reports none (a match, a market, the weather). */
export type EventClass = EventType | 'none';

/**
 * The cues of one language. Acts are words that say by themselves what is done; themes are words that go with a type and do not say it.
 *
 * A list holds cues between commas. `*` at the end lets a word of an alphabet go on (`accus*`); `^` at the front asks that a word begins
 * there, as words of alphabets always do; `a|b` is either; `a .. b` has both, close to one another and in this order. Of cues that overlap
 * the longest counts: `lift .. ban` is no `ban`.
 */
export interface CueWords {
  readonly acts?: string;
  readonly themes?: string;
}
export type CueLexicon = Readonly<Partial<Record<EventClass, CueWords>>>;

/** A cue where it stands: units of the normalised field. */
export interface CueHit {
  readonly type: EventClass;
  readonly isAct: boolean;
  readonly start: number;
  readonly end: number;
}

/** A field as events are looked for in it. */
export interface EventField {
  readonly text: Normalized;
  /** Its words, where the cues of its language are words of an alphabet and those have been looked up; else null. */
  readonly words: FieldWords | null;
}

/** Compiled cues. */
export interface Cues {
  /** The cues in the first `length` units of a field, in the order of reading. */
  readonly read: (field: EventField, length: number) => readonly CueHit[];
  /** Whether one may begin with a word of an alphabet. */
  readonly mayBegin: (units: Uint16Array, start: number, end: number) => boolean;
}

/** Units between the two words of a cue that has a gap. */
const GAP_UNITS_MAX = { latin: 28, eastAsian: 12 };
/** Hits of single words looked at: a text made of nothing but cues must not cost more. */
const HITS_MAX = 64;

interface Cue {
  readonly type: EventClass;
  readonly isAct: boolean;
  /** Words of the front; the back is null for a cue of one part. */
  readonly front: ReadonlySet<number>;
  readonly back: ReadonlySet<number> | null;
  readonly gap: number;
}

/** One word or phrase of the lexicon, as the trie knows it. */
interface Piece {
  readonly goesOn: boolean;
  readonly startsWord: boolean;
}

class Builder {
  readonly texts = new Map<string, number>();
  readonly pieces: Piece[] = [];
  /** For each text of the trie the pieces that are written so. */
  readonly piecesOf: number[][] = [];
  readonly #known = new Map<string, number>();
  readonly cues: Cue[] = [];

  add(type: EventClass, isAct: boolean, list: string): void {
    for (const written of list.split(',')) {
      const [front = '', back] = written.split('..').map((part) => part.trim());
      if (front === '') continue;
      const isLatin = isWordUnit(foldedText(front).charCodeAt(0));
      this.cues.push({
        type,
        isAct,
        front: this.#set(front),
        back: back === undefined ? null : this.#set(back),
        gap: isLatin ? GAP_UNITS_MAX.latin : GAP_UNITS_MAX.eastAsian,
      });
    }
  }

  #set(part: string): ReadonlySet<number> {
    return new Set(part.split('|').map((text) => this.#piece(text.trim())));
  }

  #piece(written: string): number {
    const known = this.#known.get(written);
    if (known !== undefined) return known;
    const text = foldedText(written.replace(/^\^|\*$/g, ''));
    const node = this.texts.get(text) ?? this.texts.size;
    this.texts.set(text, node);
    const piece = this.pieces.length;
    this.pieces.push({ goesOn: written.endsWith('*'), startsWord: written.startsWith('^') });
    this.piecesOf[node] = [...(this.piecesOf[node] ?? []), piece];
    this.#known.set(written, piece);
    return piece;
  }
}

interface PieceHit {
  readonly piece: number;
  readonly start: number;
  readonly end: number;
}

/** For each piece the cues that begin with it. */
function cuesByFront({ pieces, cues }: Builder): readonly (readonly Cue[])[] {
  const by = pieces.map((): Cue[] => []);
  for (const cue of cues) for (const piece of cue.front) by[piece]?.push(cue);
  return by;
}

class Reader implements Cues {
  readonly #trie: Trie;
  readonly #pieces: readonly Piece[];
  readonly #piecesOf: readonly (readonly number[])[];
  /** For each piece the cues that begin with it. */
  readonly #beginning: readonly (readonly Cue[])[];

  constructor(builder: Builder) {
    this.#trie = buildTrie([...builder.texts.keys()]);
    this.#pieces = builder.pieces;
    this.#piecesOf = builder.piecesOf;
    this.#beginning = cuesByFront(builder);
  }

  mayBegin(units: Uint16Array, start: number, end: number): boolean {
    const hits: PieceHit[] = [];
    const count = this.#trie.readFrom(units, end, start);
    this.#addPieces(units, { start, length: end, count, before: 0 }, hits);
    return hits.length > 0 || this.#trie.goesOn(units, start, end);
  }

  /** The pieces that begin with the words of an alphabet. */
  #piecesAmong(words: FieldWords, { units }: Normalized, length: number): PieceHit[] {
    const hits: PieceHit[] = [];
    for (let word = 0; word < words.count && hits.length < HITS_MAX; word++) {
      const start = words.start(word);
      if (start >= length) break;
      // One that is cut off may be another word.
      if ((words.marks(word) & EVENT_CUE) === 0 && words.end(word) <= length) continue;
      const count = this.#trie.readFrom(units, length, start);
      if (count > 0) this.#addPieces(units, { start, length, count, before: units[start - 1] ?? 0 }, hits);
    }
    return hits;
  }

  #piecesIn({ units }: Normalized, length: number): PieceHit[] {
    const hits: PieceHit[] = [];
    let before = 0;
    for (let start = 0; start < length && hits.length < HITS_MAX; start++) {
      const unit = units[start] ?? 0;
      const isLatin = LATIN_UNITS[unit] === 1;
      const count = this.#trie.begins(unit) ? this.#trie.readFrom(units, length, start) : 0;
      if (count > 0) this.#addPieces(units, { start, length, count, before }, hits);
      // Inside a word of an alphabet no cue begins.
      if (isLatin) while (start + 1 < length && LATIN_UNITS[units[start + 1] ?? 0] === 1) start += 1;
      before = units[start] ?? 0;
    }
    return hits;
  }

  /** The pieces that were found at `start`, behind the unit `before`. */
  #addPieces(
    units: Uint16Array,
    { start, length, count, before }: Readonly<Record<'start' | 'length' | 'count' | 'before', number>>,
    hits: PieceHit[],
  ): void {
    const inWord = start > 0 && isLetterUnit(before);
    for (let n = 0; n < count; n++) {
      const end = this.#trie.found[n * 2 + 1] ?? start;
      const isWhole = end >= length || !isWithinWord(units, end);
      for (const piece of this.#piecesOf[this.#trie.found[n * 2] ?? 0] ?? NO_PIECES) {
        if (stands(this.#pieces[piece] ?? NO_PIECE, isWhole, inWord)) hits.push({ piece, start, end });
      }
    }
  }

  read({ text, words }: EventField, length: number): readonly CueHit[] {
    const pieces = words === null ? this.#piecesIn(text, length) : this.#piecesAmong(words, text, length);
    const hits: CueHit[] = [];
    for (let index = 0; index < pieces.length; index++) {
      const { piece, start, end: pieceEnd } = pieces[index] ?? NO_HIT;
      for (const { type, isAct, back, gap } of this.#beginning[piece] ?? NO_CUES) {
        const end = back === null ? pieceEnd : endOf(pieces, index, back, pieceEnd + gap);
        if (end !== 0) hits.push({ type, isAct, start, end });
      }
    }
    return longest(hits);
  }
}

/** Whether a word of the Latin alphabet goes on at `at`. */
function isWithinWord(units: Uint16Array, at: number): boolean {
  return LATIN_UNITS[units[at - 1] ?? 0] === 1 && LATIN_UNITS[units[at] ?? 0] === 1;
}

/** Whether a piece counts where it was found: at the end of a word, and after another, as it asks. */
function stands({ goesOn, startsWord }: Piece, isWhole: boolean, inWord: boolean): boolean {
  return (goesOn || isWhole) && !(startsWord && inWord);
}

const NO_CUES: readonly Cue[] = [];
const NO_PIECES: readonly number[] = [];
const NO_HIT: PieceHit = { piece: -1, start: 0, end: 0 };
const NO_PIECE: Piece = { goesOn: false, startsWord: false };

/** Where the nearest piece of `back` after the one at `index` ends; 0 where none begins before `limit`. */
function endOf(pieces: readonly PieceHit[], index: number, back: ReadonlySet<number>, limit: number): number {
  const front = pieces[index];
  if (front === undefined) return 0;
  for (let next = index + 1; next < pieces.length; next++) {
    const hit = pieces[next];
    if (hit === undefined || hit.start > limit) return 0;
    if (hit.start >= front.end && back.has(hit.piece)) return hit.end;
  }
  return 0;
}

/** The hits, in the order of reading, that lie in no longer one. Of two at one place both stay: a word can speak for two types. */
function longest(hits: readonly CueHit[]): readonly CueHit[] {
  const kept: CueHit[] = [];
  // How far those reach that begin further ahead.
  let before = 0;
  for (let first = 0; first < hits.length;) {
    const start = hits[first]?.start;
    let next = first;
    let here = 0;
    for (; next < hits.length && hits[next]?.start === start; next++)
      here = Math.max(here, hits[next]?.end ?? 0);
    for (; first < next; first++) {
      const hit = hits[first];
      if (hit?.end === here && here > before) kept.push(hit);
    }
    before = Math.max(before, here);
  }
  return kept;
}

/** Whether a unit is of a word, of an alphabet or of East Asia. */
function isLetterUnit(unit: number): boolean {
  const kind = classOf(unit);
  return kind >= LETTER && kind <= HANGUL;
}

/** Where the blocks of the Latin alphabet end. */
const LATIN_END = 0x250;
/** For each unit 1 where it is a letter or digit of the Latin alphabet, whose words have spaces around them. */
const LATIN_UNITS = new Uint8Array(UNITS);
LATIN_UNITS.set(WORD_UNITS.subarray(0, LATIN_END));

/** Compiles the cues of a language. */
export function compileCues(lexicon: CueLexicon): Cues {
  const builder = new Builder();
  for (const [type, { acts = '', themes = '' }] of Object.entries(lexicon)) {
    builder.add(type as EventClass, true, acts);
    builder.add(type as EventClass, false, themes);
  }
  return new Reader(builder);
}
