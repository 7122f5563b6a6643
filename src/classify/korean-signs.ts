import { NO_WORDS, type Affixes } from './affixes.ts';
import { ahead, asWritten, behind, follows, isOtherWord, standsAt, unitAt } from './following.ts';
import { hangulAfter, hangulBefore, hangulEnd, isParticles } from './korean.ts';
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
const [WHILE, MATTER] = ['중'.charCodeAt(0), '일'.charCodeAt(0)];
const ADDICTION = '중독';
const DOING = '중일';
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
const DAY = '日'.charCodeAt(0);
/** 中2: a pupil's year at middle school, not 中 1위 or 中 3000명. */
const SCHOOL_YEAR = /^(?:[123](?![\d위분월차호단개곳척명천만억조%])| [123]학년)/;
/** 日 10만원: what one earns, spends or drinks a day; in Japan it would be yen. */
const PER_DAY = /^ ?\d[\d.,]*[백천만억]*(?:원|잔|끼|캔|갑|걸음)/;
/** What is said of beauty: 美(미), 美의 제전, and the contest it names. */
const BEAUTY_AHEAD = /^(?:\(미\)|스코리아|의 ?(?:제전|여신|기준|향연|극치))/;
/** 주미中대사: a post is named before the country that fills it. */
const POST = /주[한일중미북러]$/;

/** The rule by which a run that begins in Hangul stands; null when it does not. */
export function hangulRun(text: Normalized, run: Run, affixes: Affixes): Rule | null {
  return run.places.length > 1 ? compound(text, run) : hangulAlone(text, run.places[0] ?? 0, affixes);
}

/** The unit before `at`, over one space. */
function previousAt(text: Normalized, at: number): number {
  return unitAt(text, at - 1) === SPACE_UNIT ? at - 2 : at - 1;
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
  const next = unitAt(text, at + 1);
  return classOf(next) === HANGUL && unitAt(text, at - 1) !== CLOSE && !SHORT_PARTNER_UNITS.has(next);
}

/** 북, … for everyday words only with a comma after it. */
function leadsClause(text: Normalized, at: number, affixes: Affixes): Rule | null {
  const before = unitAt(text, previousAt(text, at));
  if (classOf(before) !== OTHER) return null;
  const sign = unitAt(text, at);
  if (text.units[at + 1] === COMMA) {
    return affixes.everyday.has(sign) && LIST_MARKS.has(before) ? null : 'one-character-country';
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
  const barred = NOT_BEHIND.get(unitAt(text, at));
  if (barred === undefined || unitAt(text, at - 1) !== SPACE_UNIT) return false;
  const word = hangulBefore(text, at - 1);
  if (word === '' || barred.test(word)) return false;
  if (text.units[at + 1] === COMMA) return true;
  if (text.units[at] !== AMERICA || text.units[at + 1] !== SPACE_UNIT || word.length < 2) return false;
  return hangulEnd(text, at + 2) - at > 3 && follows(text, at + 2, UNDONE) === null;
}

/** Whether the hanja of a prefix stands in brackets before the name: 대(對)중. */
function hasBracketedPrefix(text: Normalized, at: number, affixes: Affixes): boolean {
  if (unitAt(text, at - 1) !== CLOSE || unitAt(text, at - 3) !== OPEN) return false;
  return affixes.before.has(unitAt(text, at - 2));
}

/** Whether a dot or hyphen parts the name at `at` from another country's, on either side. */
function isPaired(text: Normalized, at: number): boolean {
  const next = unitAt(text, at + 1);
  const isParted = PAIR_DOTS.has(next);
  if (isParted && PARTNER_AFTER.test(ahead(text, at + 2))) return true;
  const mayBeShort = SHORT_PARTNER_UNITS.has(isParted ? unitAt(text, at + 2) : next);
  if (mayBeShort && SHORT_PARTNER.test(ahead(text, at + 1))) return !standsAt(text, at, ADDICTION);
  const ends = classOf(next) !== HANGUL;
  return ends && PAIR_DOTS.has(unitAt(text, at - 1)) && PARTNER_BEFORE.test(behind(text, at - 1));
}

function stateWord(text: Normalized, at: number): string | null {
  if (text.units[at + 1] !== SPACE_UNIT) return null;
  const sign = unitAt(text, at);
  const words = STATE_WORDS.get(sign);
  if (words === undefined) return null;
  const before = unitAt(text, previousAt(text, at));
  const kind = classOf(before);
  if (unitAt(text, at - 1) !== SPACE_UNIT && kind !== OTHER) return null;
  if (sign === WHILE && kind !== OTHER) return null;
  if (sign === MATTER && (kind === DIGIT || MATTER_BEFORE.has(before))) return null;
  return follows(text, at + 2, words);
}

/** Whether the character stands in a list of other things. */
function isInSeries(text: Normalized, at: number): boolean {
  const series = SERIES.get(unitAt(text, at));
  if (series === undefined) return false;
  const mark = previousAt(text, at);
  if (LIST_MARKS.has(unitAt(text, mark))) {
    const item = previousAt(text, mark);
    const before = classOf(unitAt(text, item - 1));
    if (before !== HANGUL && before !== HAN && series.before.has(unitAt(text, item))) return true;
  }
  if (!LIST_MARKS.has(unitAt(text, at + 1))) return false;
  const next = unitAt(text, at + 2) === SPACE_UNIT ? at + 3 : at + 2;
  return series.after.has(unitAt(text, next));
}

function compound(text: Normalized, { places, end }: Run): Rule | null {
  const first = places[0] ?? 0;
  if (AMBIGUOUS_COMPOUNDS.has(text.units, first, end) && !STATECRAFT.test(ahead(text, end))) return null;
  if (standsAt(text, first, DOING) && WHILE_DOING.test(ahead(text, first))) return null;
  return endsAsName(text, end) || isFirm(text, first, end) ? null : 'country-compound';
}

/** Whether Korea and one other country begin the name of a firm: 한일|은행. With a space or a dot it is banks of the two. */
function isFirm(text: Normalized, first: number, end: number): boolean {
  return text.units[first] === KOREA && end - first === 2 && FIRM.test(hangulAfter(text, end));
}

/** Whether the compound goes on with one syllable as given names do: 한미숙. */
function endsAsName(text: Normalized, end: number): boolean {
  if (classOf(text.units[end - 1]) !== HANGUL) return false;
  if (hangulEnd(text, end) !== end + 1) return false;
  return !COMPOUND_TAILS.has(unitAt(text, end)) && !isParticles(text, end, end + 1);
}

/** Hanja between Hangul words: no other Han character may touch it, save affixes. */
export function hanjaRun(text: Normalized, run: Run, affixes: Affixes): Rule | null {
  const { places, end } = run;
  const first = places[0] ?? 0;
  const before = unitAt(text, first - 1);
  const prefixed = affixes.before.has(before);
  if (classOf(before) === HAN && !prefixed) return null;
  const suffix = follows(text, end, affixes.after);
  if (classOf(text.units[end]) === HAN && suffix === null) return null;
  if (isInSeries(text, first) || isInSeries(text, end - 1)) return null;
  if (places.length > 1) return compound(text, run);
  if (prefixed) return `country-affix:${asWritten(text, first - 1, first)}`;
  if (isHalfOfWord(text, first, suffix)) return null;
  return isOtherWord(text, first, affixes, suffix) ? null : 'one-character-country';
}

/** Whether it is a day, a year at middle school, or the beauty of what is before it: 소나무의 美, and not 삼성의 美 공장. */
function isCommonNoun(text: Normalized, at: number, next: string): boolean {
  const unit = unitAt(text, at);
  if (unit === MIDDLE) return SCHOOL_YEAR.test(next);
  if (unit === DAY) return PER_DAY.test(next);
  if (unit !== BEAUTY) return false;
  if (BEAUTY_AHEAD.test(next)) return true;
  return /.의 $/.test(behind(text, at)) && !/^(?: ?[가-힣]{2}| [^가-힣])/.test(next);
}

/** Whether the hanja is a part of a word that is otherwise in Hangul or digits: 회의中, 청순美, 中2, 北미. */
function isHalfOfWord(text: Normalized, at: number, suffix: string | null): boolean {
  const unit = unitAt(text, at);
  const joins = unit === MIDDLE || unit === BEAUTY;
  if (joins && classOf(unitAt(text, at - 1)) === HANGUL && suffix === null) {
    return !POST.test(behind(text, at));
  }
  const next = ahead(text, at + 1);
  if (isCommonNoun(text, at, next) || SURNAME_TITLE.get(unit)?.test(next) === true) return true;
  if (!AMBIGUOUS_COMPOUNDS.has(text.units, at, at + 2)) return false;
  return !beginsOtherWord(next, 1, false) && !STATECRAFT.test(next.slice(1));
}
