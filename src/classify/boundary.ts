import type { CompiledAlias } from './gazetteer.ts';
import { koreanStands } from './korean.ts';
import { PLURAL, isCapital, isCompany, isPronoun, latinEnd, latinStart } from './latin.ts';
import { foldedText, type Normalized } from './normalize.ts';
import type { Rule } from './rules.ts';
import { DIGIT, HAN, HANGUL, KATAKANA, LETTER, OTHER, classOf } from './script.ts';
import { beginsWord } from './segment.ts';

/** Han characters from which word borders need no check. */
const ROBUST_HAN = 3;

const units = (list: string): ReadonlySet<number> =>
  new Set(Array.from(list, (character) => foldedText(character).charCodeAt(0)));
const DAY = '日'.charCodeAt(0);
const MONTH = '月'.charCodeAt(0);
const ORIGIN = '本'.charCodeAt(0);
/** 28日|本会議, 3日|本社: behind a day 本 says that it is ours. */
const OWN = units('会社誌紙部店庁署校');
const BRAND = '牌'.charCodeAt(0);
/** What makes another word of 牌, or says what becomes of a card. */
const NO_BRAND = units('照坊子楼局面匾桌技号额位是再在成被失不已难');
const PLAYS = units('打出玩用');
/** 次日|军方, 翌日|首相: what makes a day of 日, as no list of words has it. */
const DAYS_OF = units('次翌隔数連半');
const TIMES = '次'.charCodeAt(0);
/** 三次|日军轰炸, 首次|日韩…: how often, not which day. */
const COUNTS = units('一二三四五六七八九十两第首多此这每再几');
/** Digits of a day of the month at most. */
const DAY_DIGITS_MAX = 2;
/** 在米|日本大使館, 驻美|韩国…: a post, where it is, and whose it is. */
const POSTS = units('在駐対');
const POWERS = units('米美中韓日英露俄');

/** Where a name stands, and why it may: the end can take in a plural. */
export interface Standing {
  readonly end: number;
  readonly rule: Rule;
}

function isWordy(kind: number): boolean {
  return kind === LETTER || kind === DIGIT;
}

/** The class of the unit before `at`: a text has none before its head, and asking an array for one is slow. */
function classBefore({ units }: Normalized, at: number): number {
  return at > 0 ? classOf(units[at - 1]) : OTHER;
}

function startStands(text: Normalized, start: number): boolean {
  const first = classOf(text.units[start]);
  if (isWordy(first)) return latinStart(text, start);
  return first !== KATAKANA || classBefore(text, start) !== KATAKANA;
}

function endStands(text: Normalized, start: number, end: number, country: boolean): Standing | null {
  const last = classOf(text.units[end - 1]);
  if (last === HANGUL || classOf(text.units[start]) === HANGUL) {
    const rule = koreanStands(text, start, end, country);
    return rule === null ? null : { end, rule };
  }
  if (last === KATAKANA) return classOf(text.units[end]) === KATAKANA ? null : { end, rule: 'katakana-word' };
  if (last === HAN) return hanStands(text, start, end);
  return latinEnd(text, end);
}

/** Whether 日 at `at` ends a date: 20日|媒体, 5月3日|本市. A year may stand before 日本 by itself: 2026日本. */
function isDayOfMonth(text: Normalized, at: number): boolean {
  let first = at;
  while (first > 0 && at - first <= DAY_DIGITS_MAX && classOf(text.units[first - 1]) === DIGIT) first -= 1;
  const digits = at - first;
  if (digits === 0 || digits > DAY_DIGITS_MAX) return false;
  if (text.units[at + 1] !== ORIGIN || (first > 0 && text.units[first - 1] === MONTH)) return true;
  return OWN.has(text.units[at + 2] ?? 0) && classBefore(text, first) !== LETTER;
}

/** Whether 日 at `at` ends a word for a day: what comes behind it begins no name with it, save 日本. */
export function isDayTold(text: Normalized, at: number): boolean {
  const before = text.units[at - 1] ?? 0;
  if (at === 0 || text.units[at + 1] === ORIGIN || !DAYS_OF.has(before)) return false;
  if (before !== TIMES || at === 1) return true;
  return classBefore(text, at - 1) !== DIGIT && !COUNTS.has(text.units[at - 2] ?? 0);
}

/** Whether a name at `at` would begin in a word that ends with its 日. */
function isDay(text: Normalized, at: number): boolean {
  return text.units[at] === DAY && (isDayOfMonth(text, at) || isDayTold(text, at));
}

/** Whether a post and where it is stand before the name. */
function isPost({ units }: Normalized, start: number): boolean {
  return start > 1 && POSTS.has(units[start - 2] ?? 0) && POWERS.has(units[start - 1] ?? 0);
}

/** 日首相, 日自卫队: 今日|首相 ends with its first character too, however long it is. */
function isShortDay({ units }: Normalized, start: number): boolean {
  return units[start] === DAY && units[start + 1] !== ORIGIN;
}

/** Whether a Han name is so short, and so close to what is before it, that it may be a piece of other words. */
export function isJoined(text: Normalized, start: number, end: number): boolean {
  if (end - start < 2 || (end - start >= ROBUST_HAN && !isShortDay(text, start))) return false;
  return classBefore(text, start) === HAN && classOf(text.units[end - 1]) === HAN && !isPost(text, start);
}

/**
 * A short Han name must begin a word: in 70%以上海外 the 上 of 上海 ends one. How it goes on says little, as the
 * segmenter does not know names and makes 中|国民|营 of a Chinese private firm.
 */
function hanStands(text: Normalized, start: number, end: number): Standing | null {
  if (isDay(text, start)) return null;
  if (isPost(text, start)) return { end, rule: 'han-segment' };
  if (!isJoined(text, start, end)) return { end, rule: 'han-name' };
  return beginsWord(text, start, end) ? { end, rule: 'han-segment' } : null;
}

/** Whether a city goes on as a brand of goods: 上海|牌|手表. Cards are played, plates are on cars: 打香港牌, 上海牌照. */
function isBrand(text: Normalized, start: number, end: number): boolean {
  if (text.units[end] !== BRAND || classOf(text.units[end + 1]) !== HAN) return false;
  return !NO_BRAND.has(text.units[end + 1] ?? 0) && (start === 0 || !PLAYS.has(text.units[start - 1] ?? 0));
}

/** Whether a place goes on as the name of a company, or a city as a brand. */
function isFirm(text: Normalized, start: number, end: number, country: boolean): boolean {
  return isCompany(text, start, end) || (!country && isBrand(text, start, end));
}

/** How the name at [start, end) stands by itself in its script, or the rule that refuses it there. */
export function standing(
  text: Normalized,
  start: number,
  end: number,
  { alias, cased, arena, country }: CompiledAlias,
): Standing | Rule {
  if (!startStands(text, start)) return 'in-a-word';
  const stands = endStands(text, start, end, country);
  if (stands === null) return 'in-a-word';
  // USS is a ship, US's and PRCs are what they say.
  if (alias.exactCase && stands.rule === PLURAL && isCapital(text, stands.end - 1)) return 'in-a-word';
  if (alias.exactCase && !isAsWritten(text, start, end, cased)) return 'not-as-written';
  if (arena === 'place' && isFirm(text, start, stands.end, country)) return 'company-name';
  // Koreans name the country; South Korea's leaders are not its leader, nor are 일본 총리들.
  if (arena === 'person' && isPlural(stands.rule)) return 'of-a-people';
  return stands;
}

/** Whether the name stands in the plural, in an alphabet or with 들 behind it. */
function isPlural(rule: Rule): boolean {
  return rule === PLURAL || rule.startsWith('korean-particle:들');
}

/** Whether the text has the alias's own capitals, and has them as a name. */
function isAsWritten(text: Normalized, start: number, end: number, written: string): boolean {
  for (let at = start; at < end; at++) {
    if (text.cased[at] !== written.charCodeAt(at - start)) return false;
  }
  return !isPronoun(text, start);
}
