import { NO_WORDS, type Affixes } from './affixes.ts';
import { ahead, asText, asWritten, behind, follows, isOtherWord } from './following.ts';
import { hangulAfter, hangulBefore, isParticles } from './korean.ts';
import {
  AMBIGUOUS_COMPOUNDS,
  COMPOUND_TAILS,
  FIRM,
  MATTER_BEFORE,
  NOT_BEHIND,
  PARTNER_AFTER,
  PARTNER_BEFORE,
  SERIES,
  SHORT_PARTNER,
  STATECRAFT,
  STATE_WORDS,
  SURNAME_TITLE,
  UNDONE,
  WHILE_DOING,
  beginsOtherWord,
} from './korean-words.ts';
import type { Normalized } from './normalize.ts';
import type { Rule } from './rules.ts';
import { DIGIT, HAN, HANGUL, OTHER, classOf } from './script.ts';
import type { Run } from './sign-run.ts';

const KOREA = '한'.charCodeAt(0);
const AMERICA = '미'.charCodeAt(0);
const MIDDLE = '中'.charCodeAt(0);
const BEAUTY = '美'.charCodeAt(0);
const SPACE_UNIT = 0x20;
const COMMA = 0x2c;
const [OPEN, CLOSE] = ['('.charCodeAt(0), ')'.charCodeAt(0)];
const units = (list: string): ReadonlySet<number> =>
  new Set(Array.from(list, (character) => character.charCodeAt(0)));
const PAIR_DOTS = units('·-/');
/** What SHORT_PARTNER begins with. */
const SHORT_PARTNER_UNITS = units('영독불호베몽');
const LIST_MARKS = units('·,/');
/** 中2: a pupil's year at middle school, not 中 1위 or 中 3000명. */
const SCHOOL_YEAR = /^[123](?![\d위분월차호단개곳척명천만억조%])/;
/** 주미中대사: a post is named before the country that fills it. */
const POST = /주[한일중미북러]$/;

/** The rule by which a run that begins in Hangul stands; null when it does not. */
export function hangulRun(text: Normalized, run: Run, affixes: Affixes): Rule | null {
  return run.places.length > 1 ? compound(text, run) : hangulAlone(text, run.places[0] ?? 0, affixes);
}

/** The unit before `at`, over one space. */
function previousAt(text: Normalized, at: number): number {
  return text.units[at - 1] === SPACE_UNIT ? at - 2 : at - 1;
}

/** One syllable: beside another country, before what states have, or as the first word of a headline's clause. */
function hangulAlone(text: Normalized, at: number, affixes: Affixes): Rule | null {
  if (isInsideWord(text, at) || isInSeries(text, at)) return null;
  const isBehindPrefix = hasBracketedPrefix(text, at, affixes);
  if (isBehindPrefix) return `country-affix:${asWritten(text, at - 2, at - 1)}`;
  if (isPaired(text, at)) return 'country-compound';
  const state = stateWord(text, at);
  if (state !== null) return `country-state:${state}`;
  return leadsClause(text, at, affixes) ?? (isWordInSentence(text, at) ? 'one-character-country' : null);
}

/** Most such syllables begin other words, which is told at once. */
function isInsideWord(text: Normalized, at: number): boolean {
  const next = text.units[at + 1] ?? 0;
  return classOf(next) === HANGUL && text.units[at - 1] !== CLOSE && !SHORT_PARTNER_UNITS.has(next);
}

/** 북, … for everyday words only with a comma after it. */
function leadsClause(text: Normalized, at: number, affixes: Affixes): Rule | null {
  const before = text.units[previousAt(text, at)];
  if (classOf(before) !== OTHER) return null;
  const sign = asText(text.units[at]);
  if (text.units[at + 1] === COMMA) {
    return affixes.everyday.has(sign) && LIST_MARKS.has(before ?? 0) ? null : 'one-character-country';
  }
  if (text.units[at + 1] !== SPACE_UNIT || affixes.everyday.has(sign)) return null;
  const other = follows(text, at + 2, affixes.notAfter.get(sign) ?? NO_WORDS);
  return other === null ? 'one-character-country' : null;
}

/**
 * Whether 미 or 북 is a word by itself behind another word: before a comma, and 미 before any noun that is not denied by 미(未).
 * Feeds that string headlines together leave no other mark between them.
 */
function isWordInSentence(text: Normalized, at: number): boolean {
  const barred = NOT_BEHIND.get(asText(text.units[at]));
  if (barred === undefined || text.units[at - 1] !== SPACE_UNIT) return false;
  const word = hangulBefore(text, at - 1);
  if (word === '' || barred.test(word)) return false;
  if (text.units[at + 1] === COMMA) return true;
  if (text.units[at] !== AMERICA || text.units[at + 1] !== SPACE_UNIT || word.length < 2) return false;
  return hangulAfter(text, at + 2).length > 1 && follows(text, at + 2, UNDONE) === null;
}

/** Whether the hanja of a prefix stands in brackets before the name: 대(對)중. */
function hasBracketedPrefix(text: Normalized, at: number, affixes: Affixes): boolean {
  if (text.units[at - 1] !== CLOSE || text.units[at - 3] !== OPEN) return false;
  return affixes.before.has(asText(text.units[at - 2]));
}

/** Whether a dot or hyphen parts the name at `at` from another country's, on either side. */
function isPaired(text: Normalized, at: number): boolean {
  if (PAIR_DOTS.has(text.units[at + 1] ?? 0) && PARTNER_AFTER.test(ahead(text, at + 2))) return true;
  if (SHORT_PARTNER.test(ahead(text, at + 1))) return !isAddiction(text, at);
  const ends = classOf(text.units[at + 1]) !== HANGUL;
  return ends && PAIR_DOTS.has(text.units[at - 1] ?? 0) && PARTNER_BEFORE.test(behind(text, at - 1));
}

function isAddiction(text: Normalized, at: number): boolean {
  return ahead(text, at).startsWith('중독');
}

function stateWord(text: Normalized, at: number): string | null {
  if (text.units[at + 1] !== SPACE_UNIT) return null;
  const sign = asText(text.units[at]);
  const words = STATE_WORDS.get(sign);
  if (words === undefined) return null;
  const before = text.units[previousAt(text, at)];
  const kind = classOf(before);
  if (text.units[at - 1] !== SPACE_UNIT && kind !== OTHER) return null;
  if (sign === '중' && kind !== OTHER) return null;
  if (sign === '일' && (kind === DIGIT || MATTER_BEFORE.has(asText(before)))) return null;
  return follows(text, at + 2, words);
}

/** Whether the character stands in a list of other things. */
function isInSeries(text: Normalized, at: number): boolean {
  const series = SERIES.get(asText(text.units[at]));
  if (series === undefined) return false;
  const mark = previousAt(text, at);
  if (LIST_MARKS.has(text.units[mark] ?? 0)) {
    const item = previousAt(text, mark);
    const single = classOf(text.units[item - 1]) !== HANGUL && classOf(text.units[item - 1]) !== HAN;
    if (single && series.before.has(asText(text.units[item]))) return true;
  }
  if (!LIST_MARKS.has(text.units[at + 1] ?? 0)) return false;
  const next = text.units[at + 2] === SPACE_UNIT ? at + 3 : at + 2;
  return series.after.has(asText(text.units[next]));
}

function compound(text: Normalized, { places, end }: Run): Rule | null {
  const first = places[0] ?? 0;
  const joined = String.fromCharCode(...text.units.subarray(first, end));
  if (AMBIGUOUS_COMPOUNDS.has(joined) && !STATECRAFT.test(ahead(text, end))) return null;
  if (WHILE_DOING.test(ahead(text, first))) return null;
  return endsAsName(text, end) || isFirm(text, first, end) ? null : 'country-compound';
}

/** Whether Korea and one other country begin the name of a firm: 한일|은행. With a space or a dot it is banks of the two. */
function isFirm(text: Normalized, first: number, end: number): boolean {
  return text.units[first] === KOREA && end - first === 2 && FIRM.test(hangulAfter(text, end));
}

/** Whether the compound goes on with one syllable as given names do: 한미숙. */
function endsAsName(text: Normalized, end: number): boolean {
  if (classOf(text.units[end - 1]) !== HANGUL) return false;
  const tail = hangulAfter(text, end);
  return tail.length === 1 && !COMPOUND_TAILS.has(tail) && !isParticles(tail);
}

/** Hanja between Hangul words: no other Han character may touch it, save affixes. */
export function hanjaRun(text: Normalized, run: Run, affixes: Affixes): Rule | null {
  const { places, end } = run;
  const first = places[0] ?? 0;
  const before = text.units[first - 1];
  const prefixed = affixes.before.has(asText(before));
  if (classOf(before) === HAN && !prefixed) return null;
  const suffix = follows(text, end, affixes.after);
  if (classOf(text.units[end]) === HAN && suffix === null) return null;
  if (isInSeries(text, first) || isInSeries(text, end - 1)) return null;
  if (places.length > 1) return compound(text, run);
  if (prefixed) return `country-affix:${asWritten(text, first - 1, first)}`;
  if (isHalfOfWord(text, first, suffix)) return null;
  return isOtherWord(text, first, affixes, suffix) ? null : 'one-character-country';
}

/** Whether the hanja is a part of a word that is otherwise in Hangul or digits: 회의中, 청순美, 中2, 北미. */
function isHalfOfWord(text: Normalized, at: number, suffix: string | null): boolean {
  const unit = text.units[at];
  const joins = unit === MIDDLE || unit === BEAUTY;
  if (joins && classOf(text.units[at - 1]) === HANGUL && suffix === null) {
    return !POST.test(behind(text, at));
  }
  const next = ahead(text, at + 1);
  if (unit === MIDDLE && SCHOOL_YEAR.test(next)) return true;
  if (SURNAME_TITLE.get(asText(unit))?.test(next) === true) return true;
  const pair = String.fromCharCode(...text.units.subarray(at, at + 2));
  return AMBIGUOUS_COMPOUNDS.has(pair) && !beginsOtherWord(next, 1, false) && !STATECRAFT.test(next.slice(1));
}
