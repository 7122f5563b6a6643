import { NO_WORDS, characters, type Affixes } from './affixes.ts';
import { isDayTold } from './boundary.ts';
import { asWritten, follows, isOtherWord, otherWord, unitAt } from './following.ts';
import { isBeforeBrand, isHeaded, isRice, isStateAmongKana } from './japanese-signs.ts';
import { hangulRun, hanjaRun } from './korean-signs.ts';
import type { Normalized } from './normalize.ts';
import type { Rule } from './rules.ts';
import { DIGIT, HAN, HANGUL, HIRAGANA, KATAKANA, OTHER, SPACE, classOf } from './script.ts';
import { beginsWord, endsWord, isPairInWord } from './segment.ts';
import type { Run, Signs } from './sign-run.ts';

const DAY = '日'.charCodeAt(0);
const COMMAS = characters(',、');
/** What machines are counted by. */
const PIECE = '台'.charCodeAt(0);
const YEAR_DIGITS = 4;
/** Two countries are two sides (双方); before this, 会谈中|韩方, the first is no country. */
const SIDE = '方'.charCodeAt(0);
const NO_SIDE = characters('面向案法式略');

/** The rule by which a run stands; null when it does not. */
export function ruleOf(signs: Signs, run: Run, affixes: Affixes): Rule | null {
  const { text } = signs;
  const first = run.places[0] ?? 0;
  const before = classOf(unitAt(text, first - 1));
  if (before === DIGIT && isCounted(text, first)) return null;
  if (endsDay(text, first, affixes)) return null;
  const kind = classOf(text.units[first]);
  if (kind === HANGUL) return before === HANGUL ? null : hangulRun(text, run, affixes);
  if (isCutFromKatakana(text, first) || isCutFromKatakana(text, run.end)) return null;
  if (signs.lang === 'ko') return hanjaRun(text, run, affixes);
  return run.places.length > 1 ? hanRun(signs, run, affixes) : hanAlone(signs, first, affixes);
}

/** Whether 日 at `at` ends a word for a day: 翌日|中韓, 記念日、|中ロ, and not 対日、対米. */
function endsDay(text: Normalized, at: number, affixes: Affixes): boolean {
  if (text.units[at] !== DAY) return false;
  if (isDayTold(text, at)) return true;
  const before = unitAt(text, at - 1);
  return COMMAS.has(unitAt(text, at + 1)) && classOf(before) === HAN && !affixes.before.has(before);
}

/** Whether the digits before `at` are of a day or of what is counted, 10台|中3台, and not a year: 2026台日論壇. */
function isCounted(text: Normalized, at: number): boolean {
  if (text.units[at] === DAY) return true;
  if (text.units[at] !== PIECE) return false;
  let digits = 0;
  while (digits <= YEAR_DIGITS && classOf(unitAt(text, at - 1 - digits)) === DIGIT) digits += 1;
  return digits !== YEAR_DIGITS;
}

/** Whether a cut at `at` would part a katakana word, such as マドゥロ from its ロ. */
function isCutFromKatakana(text: Normalized, at: number): boolean {
  return classOf(text.units[at]) === KATAKANA && classOf(unitAt(text, at - 1)) === KATAKANA;
}

/** Whether a word of more than the two characters takes the name away, however the segmenter cuts it: 美|中情局. */
function isTaken(text: Normalized, at: number, affixes: Affixes): boolean {
  const other = otherWord(text, at, affixes);
  if (other !== null && other.length > 1) return true;
  const taken = follows(text, at + 1, affixes.notAfterRun.get(unitAt(text, at)) ?? NO_WORDS);
  // 中美|元首, and not the dollar.
  return taken !== null && (follows(text, at + 1, affixes.after)?.length ?? 0) <= taken.length;
}

/** Whether another word takes the end of a compound away, or begins in it and reaches beyond: 朝|日新闻. */
function isBroken({ text, lang }: Signs, { places, end }: Run, affixes: Affixes): boolean {
  if (lang === 'zh' && text.units[end] === SIDE && !NO_SIDE.has(unitAt(text, end + 1))) return true;
  for (const at of places) {
    if (at === end - 1) return isTaken(text, at, affixes);
    const other = otherWord(text, at, affixes);
    if (other !== null && at + 1 + other.length > end) return true;
  }
  return false;
}

/** Two or more names side by side between other Han characters; everyday words at either end need a word border. */
function hanRun(signs: Signs, run: Run, affixes: Affixes): Rule | null {
  const { text } = signs;
  const { places, end } = run;
  const [first, last] = [places[0] ?? 0, end - 1];
  if (isBroken(signs, run, affixes)) return null;
  const isEveryday = (at: number): boolean => affixes.everyday.has(unitAt(text, at));
  const starts =
    !isEveryday(first) || affixes.before.has(unitAt(text, first - 1)) || signs.isNamed(first - 1);
  if (!starts && !beginsWord(text, first, end)) return null;
  const suffix = follows(text, end, affixes.after);
  if (suffix !== null || signs.isNamed(end) || endsWord(text, first, end)) return 'country-compound';
  return isEveryday(last) || isOtherWord(text, last, affixes, suffix) ? null : 'country-compound';
}

/** One name between other Han characters: it needs an affix, or the first place in its clause. */
function hanAlone(signs: Signs, at: number, affixes: Affixes): Rule | null {
  const { text } = signs;
  const prefix = unitAt(text, at - 1);
  if (affixes.notBefore.has(prefix)) return null;
  const isEveryday = affixes.everyday.has(unitAt(text, at));
  // 3台, 5日, 两岸三台: what is counted.
  if (isEveryday && (affixes.counted.has(prefix) || classOf(prefix) === DIGIT)) return null;
  if (!isEveryday && affixes.placeBefore.has(prefix)) return `country-affix:${asWritten(text, at - 1, at)}`;
  if (isVisited(text, at, affixes)) return `country-affix:${asWritten(text, at - 1, at)}`;
  const suffix = follows(text, at + 1, affixes.after);
  if (isOtherWord(text, at, affixes, suffix)) return null;
  if (isRice(signs, at)) return null;
  // The segmenter reads 親|日志|向, so what follows an affix is judged by isOtherWord alone.
  if (isPrefixed(text, at, affixes)) return `country-affix:${asWritten(text, at - 1, at)}`;
  return hanUnprefixed(signs, at, affixes, suffix);
}

function hanUnprefixed(signs: Signs, at: number, affixes: Affixes, suffix: string | null): Rule | null {
  const { text } = signs;
  if (isGivenAway(signs, at, affixes)) return 'one-character-country';
  if (suffix !== null && startsAlone(signs, at, affixes))
    return `country-affix:${asWritten(text, at + 1, at + 1 + suffix.length)}`;
  const isNext = signs.isNamed(at + 1);
  if (isNext && isNameBeforeName(text, at, affixes) && beginsWord(text, at, at + 1))
    return 'country-compound';
  const leads = leadsClause(text, at, affixes);
  if (leads && (suffix !== null || isNext || endsWord(text, at, at + 1))) return 'one-character-country';
  return isPair(text, at, affixes) ? 'country-compound' : null;
}

/**
 * Whether the name is one right before a longer name, 美|韓軍, 美|台海: the longer one holds the next character, and the two are a
 * compound all the same. An everyday word is none, save 日 at the head of a clause: 日|韩国|防部长.
 */
function isNameBeforeName(text: Normalized, at: number, affixes: Affixes): boolean {
  return !affixes.everyday.has(unitAt(text, at)) || (unitAt(text, at) === DAY && beginsClause(text, at));
}

/** Whether the name and the character beside it stand for two countries, as what follows them says. */
function isPair(text: Normalized, at: number, affixes: Affixes): boolean {
  const [before, next] = [unitAt(text, at - 1), unitAt(text, at + 1)];
  if (classOf(next) === HAN && goesOnAsPair(text, at + 2, next, affixes) && beginsWord(text, at, at + 1))
    return true;
  if (!affixes.partners.has(before) || follows(text, at + 1, affixes.pairs) === null) return false;
  return beginsWord(text, at - 1, at);
}

/** Whether what follows a pair at `end` says that it is one; `second` is its second character. */
function goesOnAsPair(text: Normalized, end: number, second: number, affixes: Affixes): boolean {
  if (follows(text, end, affixes.pairs) !== null) return true;
  return affixes.partners.has(second) && follows(text, end, affixes.partnerPairs) !== null;
}

/** Whether the name is visited or attacked, and what it would make another word with tells when: 返台|後, 訪中|前. */
function isVisited(text: Normalized, at: number, affixes: Affixes): boolean {
  if (!affixes.visits.has(unitAt(text, at - 1))) return false;
  return follows(text, at + 1, affixes.times) !== null && beginsWord(text, at - 1, at);
}

/** Whether what follows gives the name away by itself. */
function isGivenAway(signs: Signs, at: number, affixes: Affixes): boolean {
  return leadsWord(signs.text, at, affixes) || isBeforeBrand(signs, at);
}

/** Whether a clause begins at `at`. A date may end in a space and 日: 3月5 日. */
function beginsClause(text: Normalized, at: number): boolean {
  const before = classOf(unitAt(text, at - 1));
  return before === OTHER || (before === SPACE && classOf(unitAt(text, at - 2)) !== DIGIT);
}

/** Whether a clause begins with the name and a word that gives it away: 陆|宣布. */
function leadsWord(text: Normalized, at: number, affixes: Affixes): boolean {
  const words = affixes.leads.get(unitAt(text, at));
  return words !== undefined && follows(text, at + 1, words) !== null && beginsClause(text, at);
}

/** Whether an affix stands before the name, and is a word itself where the name is an everyday one: 采访|中 is none. */
function isPrefixed(text: Normalized, at: number, affixes: Affixes): boolean {
  const prefix = unitAt(text, at - 1);
  if (!affixes.everyday.has(unitAt(text, at))) return affixes.before.has(prefix);
  return affixes.strongBefore.has(prefix) && beginsWord(text, at - 1, at);
}

function startsAlone(signs: Signs, at: number, affixes: Affixes): boolean {
  const { text } = signs;
  const before = unitAt(text, at - 1);
  const everyday = affixes.everyday.has(unitAt(text, at));
  // その日|政府, 続く中|政府: behind kana an everyday word is one.
  if (classOf(before) === HIRAGANA && everyday) return false;
  if (classOf(before) !== HAN || signs.isNamed(at - 1) || (affixes.afterKana && isHeaded(text, at)))
    return true;
  return affixes.links.has(before) || (!everyday && beginsWord(text, at, at + 1));
}

/** Whether no Han character follows, or two that are one word, as a given name's are not. */
function isWordAt(text: Normalized, at: number): boolean {
  if (classOf(text.units[at]) !== HAN) return true;
  if (classOf(text.units[at + 1]) !== HAN) return false;
  return isPairInWord(text, at);
}

/** Whether the name is the first word of a clause, where headlines put who acts. */
function leadsClause(text: Normalized, at: number, affixes: Affixes): boolean {
  const sign = unitAt(text, at);
  if (affixes.everyday.has(sign) || !headsClause(text, at, affixes)) return false;
  return !affixes.surnames.has(sign) || isWordAt(text, at + 1);
}

function headsClause(text: Normalized, at: number, affixes: Affixes): boolean {
  const before = classOf(unitAt(text, at - 1));
  if (before === OTHER || before === SPACE) return true;
  if (!affixes.afterKana) return false;
  if (before !== HIRAGANA) return isHeaded(text, at);
  return classOf(text.units[at + 1]) !== HIRAGANA || isStateAmongKana(text, at);
}
