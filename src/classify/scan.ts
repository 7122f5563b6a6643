import type { FieldText } from './field-text.ts';
import type { FieldWords } from './field-words.ts';
import type { CompiledAlias, Gazetteer, Meaning } from './gazetteer.ts';
import type { Normalized } from './normalize.ts';
import { isWordUnit } from './script.ts';
import { NAME } from './word-marks.ts';

/** A place in a field where a text of the dossier was found, before any rule had a say. */
export interface Hit {
  readonly start: number;
  readonly end: number;
  readonly aliases: readonly CompiledAlias[];
}

/** Places of names, and as many of cue words, kept of one field: a page that is read has far fewer, and a hostile one must not cost more. */
const FOUND_MAX = 20_000;

interface WordHit {
  readonly word: number;
  readonly start: number;
  readonly end: number;
}

/** Everything of the dossier found in one field. */
export interface Scan {
  readonly text: Normalized;
  readonly hits: readonly Hit[];
  readonly words: readonly WordHit[];
  /** For a subject with rivals here, the units inside their names; null when it has none. */
  rivalUnits(subject: number): Uint8Array | null;
}

/** The languages of cue words. In another one of Latin letters an English word says something else: German `Export` and `Gift`. */
const CUE_LANGS: ReadonlySet<string | null> = new Set(['en', 'ko', 'ja', 'zh', null]);

const NO_CAPITAL = ' '.charCodeAt(0);

/** Whether the text at `start` has these capitals; where they have none, it may. */
function hasCapitals({ cased }: Normalized, start: number, capitals: string): boolean {
  for (let at = 0; at < capitals.length; at++) {
    const capital = capitals.charCodeAt(at);
    if (capital !== NO_CAPITAL && capital !== cased[start + at]) return false;
  }
  return true;
}

class Reader implements Scan {
  readonly text: Normalized;
  readonly hits: Hit[] = [];
  readonly words: WordHit[] = [];
  #rivals: Map<number, Uint8Array> | null = null;

  constructor(text: Normalized) {
    this.text = text;
  }

  rivalUnits(subject: number): Uint8Array | null {
    return this.#rivals?.get(subject) ?? null;
  }

  read(words: FieldWords, gazetteer: Gazetteer, lang: string | null): this {
    const { properWords } = gazetteer;
    const isBetween = !this.text.isLatin || gazetteer.beginsBetweenLatin;
    let at = 0;
    for (let word = 0; word < words.count; word++) {
      const start = words.start(word);
      if (isBetween) this.#readBetween(gazetteer, lang, at, start);
      if ((words.marks(word) & NAME) !== 0) this.#readNames(gazetteer, lang, start);
      // Inside a word of an alphabet no name begins.
      at = words.end(word);
    }
    if (isBetween) this.#readBetween(gazetteer, lang, at, this.text.length);
    const isForeign = !CUE_LANGS.has(lang);
    gazetteer.words.find(words, (word, start, end) => {
      if (!isForeign || properWords.has(word)) this.#takeWord(word, start, end);
    });
    return this;
  }

  /** Reads what stands between words of an alphabet: all of a text without any. */
  #readBetween(gazetteer: Gazetteer, lang: string | null, start: number, end: number): void {
    const { trie } = gazetteer;
    const { units } = this.text;
    for (let at = start; at < end; at++) {
      if (trie.begins(units[at] ?? 0)) this.#readNames(gazetteer, lang, at);
    }
  }

  #readNames({ trie, meanings }: Gazetteer, lang: string | null, start: number): void {
    const { units, length } = this.text;
    const count = trie.readFrom(units, length, start);
    for (let n = 0; n < 2 * count; n += 2) {
      const meaning = meanings[trie.found[n] ?? 0];
      if (meaning !== undefined) this.#take(meaning, lang, start, trie.found[n + 1] ?? start);
    }
  }

  #take(meaning: Meaning, lang: string | null, start: number, end: number): void {
    const { aliases, words, rivals, rivalCapitals } = meaning;
    if (aliases.length > 0) this.#takeNames(aliases, start, end);
    for (const word of words) this.#takeWord(word, start, end);
    if (rivals.length === 0) return;
    const { units, length } = this.text;
    // Part of a longer word of an alphabet it is no name.
    if (isWordUnit(units[end - 1]) && end < length && isWordUnit(units[end])) return;
    if (!hasCapitals(this.text, start, rivalCapitals ?? '')) return;
    for (const rival of rivals) {
      if (rival.lang === null || rival.lang === lang) this.#block(rival.subject, start, end);
    }
  }

  #takeNames(aliases: readonly CompiledAlias[], start: number, end: number): void {
    if (this.hits.length < FOUND_MAX) this.hits.push({ start, end, aliases });
  }

  #takeWord(word: number, start: number, end: number): void {
    if (this.words.length < FOUND_MAX) this.words.push({ word, start, end });
  }

  #block(subject: number, start: number, end: number): void {
    this.#rivals ??= new Map();
    const units = this.#rivals.get(subject) ?? new Uint8Array(this.text.length);
    units.fill(1, start, end);
    this.#rivals.set(subject, units);
  }
}

/** Reads a field of an item in `lang` (primary subtag) once, whose words of alphabets have been looked up. */
export function scan({ text, words }: FieldText, gazetteer: Gazetteer, lang: string | null): Scan {
  return new Reader(text).read(words, gazetteer, lang);
}
