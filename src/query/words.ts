import { stemOf } from '../classify/stem.ts';
import { tokensOf } from './tokens.ts';
import type { Token } from './tokens.ts';

/** Where the words of an item stand: lexemes with their positions, title first, then text, then full text. */
export interface Words {
  /** Ascending positions of each lexeme, from 1. */
  readonly lexemes: ReadonlyMap<string, readonly number[]>;
  /** Positions from here on are the text's. */
  readonly textFrom: number;
  /** And from here on the full text's. */
  readonly bodyFrom: number;
}

/**
 * What a tsvector can hold, and so what counts in memory too (PostgreSQL's manual, "Text Search: Limitations"): positions up to
 * 16,383, of each lexeme 255. What stands further on is not found.
 */
export const POSITION_MAX = 16_383;
export const LEXEME_POSITIONS_MAX = 255;
/** Units of all lexemes of an item together: with the positions they stay below the megabyte that a tsvector holds. */
export const LEXEMES_UNITS_MAX = 200_000;
/** Parts of a title that count, so that the text keeps its share of positions. */
export const TITLE_PARTS_MAX = 4_000;
/** Positions left empty between title and text: more than lie between two neighbours of a phrase, so none runs across. */
const GAP_POSITIONS = 3;

/** Units of a word that is stemmed: longer ones are no words of English. */
const STEM_UNITS_MAX = 40;
/** Stems remembered; then the memory starts over. */
const STEMS_MAX = 50_000;
let stems = new Map<string, string>();

/** Where Porter parts what belongs together (tie and ties) or joins what does not (new and news); as in his later English stemmer. */
function mended(word: string): string | null {
  if (/^[a-z]ie[ds]$/.test(word)) return word.slice(0, -1);
  return word === 'news' ? word : null;
}

/** The form that a word is looked up by: its stem where it is made of a to z, itself otherwise. */
export function lookupForm(word: string): string {
  const known = stems.get(word);
  if (known !== undefined) return known;
  if (word.length > STEM_UNITS_MAX || !/^[a-z]{3,}$/.test(word)) return word;
  if (stems.size >= STEMS_MAX) stems = new Map();
  const form = mended(word) ?? (stemOf(word) || word);
  stems.set(word, form);
  return form;
}

/** The lexeme for two Hangul characters with one space between them. No word holds a low line. */
export function overSpace(before: string, after: string): string {
  return `${before}_${after}`;
}

/** Collects lexemes within the limits. */
export class WordList {
  readonly #lexemes = new Map<string, number[]>();
  #units = 0;

  get lexemes(): ReadonlyMap<string, readonly number[]> {
    return this.#lexemes;
  }

  /** Adds the tokens, the first part of the first at `from`; returns the position after the last. */
  add(tokens: readonly Token[], from: number): number {
    let [position, last] = [from, ''];
    for (const { isRun, joins, parts } of tokens) {
      if (joins) this.#place(overSpace(last, parts[0] ?? ''), position - 1);
      for (let index = 0; index < parts.length; index++) {
        const part = parts[index] ?? '';
        if (isRun) this.#place(part + (parts[index + 1] ?? ''), position);
        else this.#placeWord(part, position);
        position += 1;
        last = part;
      }
    }
    return position;
  }

  #placeWord(word: string, position: number): void {
    const form = lookupForm(word);
    this.#place(word, position);
    if (form !== word) this.#place(form, position);
  }

  #place(lexeme: string, position: number): void {
    if (position > POSITION_MAX) return;
    const positions = this.#lexemes.get(lexeme);
    if (positions !== undefined) {
      if (positions.length < LEXEME_POSITIONS_MAX) positions.push(position);
    } else if (this.#units + lexeme.length <= LEXEMES_UNITS_MAX) {
      this.#units += lexeme.length;
      this.#lexemes.set(lexeme, [position]);
    }
  }
}

/**
 * The words of an item in any script, for the index and for matching in memory.
 *
 * A word of a spaced script stands as it is folded and, at the same position, by its stem. A run of n CJK characters takes n
 * positions: the pairs of neighbours from the first to the last but one, and the last character alone; so that any stretch of the
 * run is a phrase of pairs (the idea of Lucene's CJKBigramFilter, there without the last character and without the positions that
 * let runs be counted through). Two Hangul runs with one space between them give the pair over the space too, in a form of its own.
 */
export function wordsOf(title: string, text: string, body = ''): Words {
  const list = new WordList();
  const textFrom = list.add(tokensOf(title, TITLE_PARTS_MAX), 1) + GAP_POSITIONS;
  const bodyFrom = list.add(tokensOf(text, POSITION_MAX - textFrom + 1), textFrom) + GAP_POSITIONS;
  if (body !== '' && bodyFrom <= POSITION_MAX)
    list.add(tokensOf(body, POSITION_MAX - bodyFrom + 1), bodyFrom);
  return { lexemes: list.lexemes, textFrom, bodyFrom };
}
