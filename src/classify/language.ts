import { HAN, HANGUL, HIRAGANA, KATAKANA, LETTER, classOf } from './script.ts';

/** Units looked at: a headline and its lead say enough, and a long text must not cost more. */
const SAMPLE_UNITS_MAX = 2_000;
/** A Hangul or kana share of all letters from which the text is Korean or Japanese, however much Latin it quotes. */
const SHARE_MIN = 0.1;

/** Characters that one script of Chinese uses and neither Japanese nor the other does; enough to tell most headlines. */
const SIMPLIFIED = /[这们对国发说时会为长东车马门见贝风飞鱼鸟书电习钱铁银语读请谁谈论设证评]/u;
const KANJI_ONLY = /[円駅対発戦会沢県売読図実営労働込峠畑辻]/u;

/** The language family a text's rules belong to: a primary subtag, as far as the script can tell. */
export function primaryOf(lang: string | null | undefined): string | null {
  const primary = lang?.split(/[-_]/)[0]?.toLowerCase();
  return primary === undefined || primary === '' ? null : primary;
}

function countsOf(text: string): { hangul: number; kana: number; han: number; letters: number } {
  const counts = { hangul: 0, kana: 0, han: 0, letters: 0 };
  const length = Math.min(text.length, SAMPLE_UNITS_MAX);
  for (let at = 0; at < length; at++) {
    const kind = classOf(text.charCodeAt(at));
    if (kind === HANGUL) counts.hangul += 1;
    else if (kind === HIRAGANA || kind === KATAKANA) counts.kana += 1;
    else if (kind === HAN) counts.han += 1;
    else if (kind === LETTER) counts.letters += 1;
  }
  return counts;
}

/**
 * The language of a text by its script, BCP 47 primary subtag; `hint` (the feed's word) decides what the
 * script leaves open, and is overruled where the script contradicts it: Korean feeds carry English items.
 * Null when neither says anything.
 */
export function languageOf(text: string, hint?: string | null): string | null {
  const { hangul, kana, han, letters } = countsOf(text);
  const all = hangul + kana + han + letters;
  const hinted = primaryOf(hint);
  if (all === 0) return hinted;
  if (hangul / all >= SHARE_MIN && hangul >= kana) return 'ko';
  if (kana / all >= SHARE_MIN) return 'ja';
  // Words of an alphabet need about four letters for what Han says in one.
  if (han * 4 >= letters) return hanLanguage(text, hinted);
  const written = hinted === 'ko' || hinted === 'ja' || hinted === 'zh' ? null : hinted;
  return written ?? 'en';
}

function hanLanguage(text: string, hinted: string | null): string {
  const sample = text.slice(0, SAMPLE_UNITS_MAX);
  if (hinted === 'ja' || hinted === 'zh' || hinted === 'ko') return hinted;
  if (SIMPLIFIED.test(sample)) return 'zh';
  return KANJI_ONLY.test(sample) ? 'ja' : 'zh';
}
