import { LANGS_OF_WORD } from './function-words.ts';
import { LETTER, classOf } from './script.ts';

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

/** What the words of a text in Latin letters speak for. */
class Votes {
  readonly langs = new Map<string, number>();
  /** Words with a letter that English lacks. */
  marked = 0;

  get english(): number {
    return this.langs.get('en') ?? 0;
  }

  get foreign(): number {
    return this.#best[1];
  }

  get foreignLang(): string | null {
    return this.#best[0];
  }

  get #best(): readonly [lang: string | null, votes: number] {
    let best: readonly [string | null, number] = [null, 0];
    for (const [lang, votes] of this.langs) if (lang !== 'en' && votes > best[1]) best = [lang, votes];
    return best;
  }

  take(word: string): void {
    for (const lang of LANGS_OF_WORD.get(word) ?? []) this.#vote(lang);
    let most = 0;
    for (let at = 0; at < word.length; at++) {
      const unit = word.charCodeAt(at);
      most = Math.max(most, unit);
      if (unit >= VIETNAMESE_FIRST && unit <= VIETNAMESE_LAST) this.#vote('vi');
    }
    if (most >= MARKED_FIRST) this.marked += 1;
  }

  #vote(lang: string): void {
    this.langs.set(lang, (this.langs.get(lang) ?? 0) + 1);
  }
}

function votesOf(text: string): Votes {
  const votes = new Votes();
  const length = Math.min(text.length, SAMPLE_UNITS_MAX);
  for (let at = 0; at < length; at++) {
    if (classOf(text.charCodeAt(at)) !== LETTER) continue;
    const start = at;
    while (at < length && classOf(text.charCodeAt(at)) === LETTER) at += 1;
    votes.take(text.slice(start, at));
    if (votes.english >= ENGLISH_ENOUGH && votes.foreign + votes.marked === 0) break;
  }
  return votes;
}

/**
 * The language of a text in Latin letters (primary subtag), by its function words. `hinted` is the feed's word where that is a
 * language of Latin letters, else null. English is what stands when little speaks against it.
 */
export function latinLanguage(text: string, hinted: string | null): string {
  const votes = votesOf(text);
  const { english, foreign, foreignLang, marked } = votes;
  if (hinted !== null && hinted !== 'en') return english >= FOREIGN_MIN && english > foreign ? 'en' : hinted;
  const signs = foreign + marked;
  const least = hinted === 'en' ? FOREIGN_AGAINST_HINT : english > 0 ? FOREIGN_MIN : 1;
  const isForeign = foreign > 0 && signs > english && (signs >= least || foreign >= FOREIGN_MIN);
  return isForeign && foreignLang !== null ? foreignLang : 'en';
}
