import { FUNCTION_WORD_LANGS, LANGS_OF_WORD } from './function-words.ts';
import type { FieldText } from './field-text.ts';
import type { FieldWords } from './field-words.ts';
import type { Normalized } from './normalize.ts';
import type { Sample } from './sample.ts';
import { LETTER, classOf } from './script.ts';
import { hashed } from './unit-words.ts';
import { LANGS } from './word-marks.ts';

/** Units looked at: enough for the lead of an item. */
const SAMPLE_UNITS_MAX = 400;
/** Function words of English from which, with none of another language, no more is read. */
const ENGLISH_ENOUGH = 4;
/** Function words of one language that outweigh what little the other has. */
const FOREIGN_MIN = 2;
/** The same with marked words, one function word among them, against a feed that says it is English. */
const FOREIGN_AGAINST_HINT = 3;
/** Letters from here on have a mark; English has them in names alone. */
const MARKED_FIRST = 0xc0;
/** The block that hardly anything but Vietnamese uses. */
const VIETNAMESE_FIRST = 0x1ea0;
const VIETNAMESE_LAST = 0x1eff;

const numberOf = (lang: string): number => FUNCTION_WORD_LANGS.indexOf(lang);
const ENGLISH = numberOf('en');
const VIETNAMESE = numberOf('vi');

/** What the words of a text in Latin letters speak for. */
class Votes {
  readonly #byLang = new Uint32Array(FUNCTION_WORD_LANGS.length);
  /** The numbers of languages but English, in the order in which something first spoke for them. */
  readonly #spoken: number[] = [];
  /** Words with a letter that English lacks. */
  marked = 0;

  get english(): number {
    return this.#byLang[ENGLISH] ?? 0;
  }

  /** The number of the language but English that most speaks for; null where nothing speaks for one. */
  get #best(): number | null {
    let best: number | null = null;
    for (const lang of this.#spoken) if (best === null || this.#of(lang) > this.#of(best)) best = lang;
    return best;
  }

  get foreign(): number {
    const best = this.#best;
    return best === null ? 0 : this.#of(best);
  }

  get foreignLang(): string | null {
    const best = this.#best;
    return best === null ? null : (FUNCTION_WORD_LANGS[best] ?? null);
  }

  /** Whether no more need be read to call the text English. */
  get isEnglish(): boolean {
    return this.english >= ENGLISH_ENOUGH && this.foreign + this.marked === 0;
  }

  /** Takes a word that has been looked up. */
  takeKnown(text: Normalized, words: FieldWords, word: number): void {
    const langs = words.marks(word) & LANGS;
    if (langs === 0) return;
    const start = words.start(word);
    const isCapital = text.cased[start] !== text.units[start];
    for (let at = start + 1; at < words.end(word); at++) if (text.cased[at] !== text.units[at]) return;
    this.#voteEach(isCapital ? langs & (1 << ENGLISH) : langs);
  }

  #voteEach(langs: number): void {
    for (let lang = 0; langs >> lang !== 0; lang++) if (((langs >> lang) & 1) === 1) this.#vote(lang);
  }

  /** Takes the word that begins at `start`; gives where it ends. */
  take(units: Uint16Array, start: number, limit: number): number {
    let end = start;
    let hash = 0;
    let most = 0;
    for (; end < limit && classOf(units[end]) === LETTER; end++) {
      const unit = units[end] ?? 0;
      hash = hashed(hash, unit);
      if (unit > most) most = unit;
    }
    const langs = LANGS_OF_WORD.numberOf(units, start, end, hash);
    this.#voteEach(langs);
    if (most < MARKED_FIRST) return end;
    this.marked += 1;
    for (let at = start; at < end; at++) {
      const unit = units[at] ?? 0;
      if (unit >= VIETNAMESE_FIRST && unit <= VIETNAMESE_LAST) this.#vote(VIETNAMESE);
    }
    return end;
  }

  #of(lang: number): number {
    return this.#byLang[lang] ?? 0;
  }

  #vote(lang: number): void {
    const votes = this.#of(lang);
    if (votes === 0 && lang !== ENGLISH) this.#spoken.push(lang);
    this.#byLang[lang] = votes + 1;
  }
}

/** What the first words of a text speak for. */
export function votesOf({ units, length }: Sample): Votes {
  const votes = new Votes();
  const end = Math.min(length, SAMPLE_UNITS_MAX);
  for (let at = 0; at < end; at++) {
    if (classOf(units[at]) !== LETTER) continue;
    at = votes.take(units, at, end);
    if (votes.isEnglish) break;
  }
  return votes;
}

/** The same of fields whose words have been looked up. */
export function votesOfWords(fields: readonly FieldText[]): Votes {
  const votes = new Votes();
  let from = 0;
  for (const { text, words } of fields) {
    for (let word = 0; word < words.count && from + words.start(word) < SAMPLE_UNITS_MAX; word++) {
      votes.takeKnown(text, words, word);
      if (votes.isEnglish) return votes;
    }
    from += text.length + (text.length > 0 ? 1 : 0);
  }
  return votes;
}

/**
 * The language of a text in Latin letters (primary subtag), by what its words speak for. `hinted` is the feed's word where that is a
 * language of Latin letters, else null. English is what stands when little speaks against it.
 */
export function latinLanguage(votes: Votes, hinted: string | null): string {
  const { english, foreign, foreignLang, marked } = votes;
  if (hinted !== null && hinted !== 'en') return english >= FOREIGN_MIN && english > foreign ? 'en' : hinted;
  const signs = foreign + marked;
  const least = hinted === 'en' ? FOREIGN_AGAINST_HINT : english > 0 ? FOREIGN_MIN : 1;
  const isForeign = foreign > 0 && signs > english && (signs >= least || foreign >= FOREIGN_MIN);
  return isForeign && foreignLang !== null ? foreignLang : 'en';
}
