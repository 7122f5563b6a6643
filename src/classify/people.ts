import { textAt } from './following.ts';
import { isOtherPerson } from './korean.ts';
import { isCapital, nextWordEnd } from './latin.ts';
import { foldedText, type Normalized } from './normalize.ts';
import { HAN, HANGUL, LETTER, SPACE, classOf, isWordUnit } from './script.ts';
import { WordSet } from './word-set.ts';

/** Verbs a head of government is the subject of in headlines. `Lee calls for …` needs no first name. */
const OFFICE_VERBS = new WordSet(
  (
    'accepts accuses addresses agrees aims announces apologizes appoints approves arrives asks assures attends backs begins ' +
    'blames blasts calls cautions chairs concludes congratulates convenes credits criticizes declares defends delivers ' +
    'demands denounces departs directs discusses embarks emphasizes ends expresses extends faces flies greets hails heads ' +
    'highlights hints holds honors hopes hosts instructs invites issues kicks lauds lays leaves likely marks meets mulls ' +
    'names nominates offers opens orders outlines pays picks pledges plans praises presides presses promises proposes ' +
    'pushes puts reaffirms receives rejects renews replaces requests returns reviews says seeks sends set sets shares ' +
    'signals signs speaks stresses suggests taps tells thanks to tours touts tries unveils urges vetoes vows wants warns ' +
    'welcomes will wraps'
  ).split(' '),
);

/** Words with a capital at a sentence's head that are no first names. */
const OPENERS = new WordSet(
  (
    'the a an but and or as in on at for with while when after before since if though although where how why what who that then ' +
    'both did does is was will can could should would may might by from of to under over like unlike per via says said ' +
    'it here there now today yesterday tomorrow tonight ' +
    'monday tuesday wednesday thursday friday saturday sunday'
  ).split(' '),
);

/** Small words before a surname that say whose kin or what else its bearer is: my husband Lee, golfer Lee. */
const OTHER_WALKS = new WordSet(
  (
    'husband wife son daughter brother sister father mother uncle aunt cousin widow boyfriend girlfriend neighbor neighbour ' +
    'golfer swimmer skater skier archer boxer sprinter cyclist shooter fencer gymnast wrestler striker midfielder defender ' +
    'winger goalkeeper forward pitcher batter slugger shortstop outfielder infielder catcher coach manager rookie veteran ' +
    'actor actress singer rapper idol dancer comedian director filmmaker novelist author poet pianist violinist conductor ' +
    'painter sculptor designer chef influencer youtuber streamer host chairman chairwoman tycoon billionaire heir heiress ' +
    'lawmaker legislator prosecutor judge justice minister general admiral professor researcher analyst economist strategist ' +
    'scientist engineer surgeon nurse teacher student driver spokesman spokeswoman spokesperson defendant suspect victim surnamed'
  ).split(' '),
);

const APOSTROPHE = 0x27;
const S = 0x73;
const HYPHEN = 0x2d;
const COMMA = 0x2c;
const [OPEN, CLOSE] = [0x28, 0x29];
/** Units that tell whether a text is written like a headline; every name asks, so it must not read on. */
const HEADLINE_UNITS = 200;
/** Units of a word read backwards. */
const WORD_UNITS_MAX = 24;

/** Where the word begins that ends before a space in front of `at`; null where none does. */
function wordBefore({ units }: Normalized, at: number): number | null {
  if (at === 0 || classOf(units[at - 1]) !== SPACE) return null;
  let start = at - 1;
  while (start > 0 && isWordUnit(units[start - 1]) && at - start < WORD_UNITS_MAX) start -= 1;
  // `South Korea's Lee`: the word before is an `s` after an apostrophe, a possessive and no first name.
  return start === at - 1 || (start > 0 && units[start - 1] === APOSTROPHE) ? null : start;
}

/** Where the name ends that owns whoever is named at `start`, Samsung|'s Lee; null where none does, or one that is no name. */
export function ownerEnd(text: Normalized, start: number): number | null {
  const { units } = text;
  const end = start - 3;
  if (end < 1 || units[end] !== APOSTROPHE || units[end + 1] !== S) return null;
  if (classOf(units[start - 1]) !== SPACE) return null;
  let from = end;
  while (from > 0 && isWordUnit(units[from - 1]) && end - from < WORD_UNITS_MAX) from -= 1;
  return isCapital(text, from) && !OPENERS.has(units, from, end) ? end : null;
}

/**
 * Whether a surname of an alphabet at [start, end) is part of somebody's full name: `Bruce Lee`, `Lee Kang-in`,
 * `Minister Lee`. Aliases of full names and titles are longer and win before this is asked.
 */
export function isPartOfName(text: Normalized, start: number, end: number): boolean {
  const before = wordBefore(text, start);
  if (before !== null && makesAnother(text, before, start - 1)) return true;
  return isOtherName(text, end) || isIntroduced(text, end);
}

/** What introduces somebody nobody knows: Lee, 34, was arrested; Lee, a retired teacher. Presidents are former lawyers. */
const INTRODUCTION = /^, (?:\d{1,2}(?:$|[,.;)](?!\d))|an? (?!former))/;
const INTRODUCTION_UNITS_MAX = 12;

function isIntroduced(text: Normalized, end: number): boolean {
  if (text.units[end] !== COMMA) return false;
  return INTRODUCTION.test(textAt(text, end, Math.min(text.length, end + INTRODUCTION_UNITS_MAX)));
}

/** Whether the word at [start, end) is a first name or a title, or says what its bearer is. */
function makesAnother(text: Normalized, start: number, end: number): boolean {
  if (!isCapital(text, start)) return OTHER_WALKS.has(text.units, start, end);
  if (OPENERS.has(text.units, start, end)) return false;
  return !followsClauseStart(text, start) || !isShouting(text);
}

/** Whether a word with a capital follows `end` that is a name rather than what somebody does. */
function isOtherName(text: Normalized, end: number): boolean {
  if (!isCapital(text, end + 1)) return false;
  const next = nextWordEnd(text, end);
  if (next <= end + 1) return false;
  return !OFFICE_VERBS.has(text.units, end + 1, next) && !OPENERS.has(text.units, end + 1, next);
}

/** Nouns that heads of government give their name to. */
const LEGACIES = new WordSet(
  'thought doctrine era effect factor administration government regime summit'.split(' '),
);

/** Whether a surname that ends at `end` goes on with a first name, as Chinese names do in English: `Xi Chen, a professor`. */
export function goesOnAsName(text: Normalized, end: number): boolean {
  if (!isOtherName(text, end) || isShouting(text)) return false;
  return !LEGACIES.has(text.units, end + 1, nextWordEnd(text, end));
}

function followsClauseStart(text: Normalized, start: number): boolean {
  return start < 2 || !isWordUnit(text.units[start - 2]);
}

/** Words before an office that say it is not held now. */
const NOT_NOW = new WordSet(
  'former ex late then ousted impeached jailed deposed disgraced onetime longtime assassinated slain previous next future incoming acting interim a an any no every another sitting 전 前 元 故 역대'.split(
    ' ',
  ),
);

/** The same of Chinese and Japanese, which write it on to the office: 歴代の|中国首相, 时任|韩国总统. */
const NOT_NOW_HAN = new WordSet(
  '歴代 歴代の 当時の かつての 次期 次の 初代 時任 历任 历届 下任 下届 前任 已故'.split(' ').map(foldedText),
);
const NOT_NOW_HAN_UNITS_MAX = 4;

/** Whether the word or, in Han and Hangul, the character before `at`, over one space or hyphen, says that an office is not held now. */
function isNotHeldNow({ units }: Normalized, at: number): boolean {
  if (at === 0) return false;
  const before = units[at - 1];
  const end = classOf(before) === SPACE || before === HYPHEN ? at - 1 : at;
  if (end === 0) return false;
  let start = end - 1;
  if (isWordUnit(units[start])) {
    while (start > 0 && isWordUnit(units[start - 1]) && end - start < WORD_UNITS_MAX) start -= 1;
  }
  return NOT_NOW.has(units, start, end) || isPastInHan(units, at);
}

function isPastInHan(units: Uint16Array, at: number): boolean {
  for (let length = 2; length <= Math.min(at, NOT_NOW_HAN_UNITS_MAX); length++) {
    if (NOT_NOW_HAN.has(units, at - length, at)) return true;
  }
  return false;
}

/**
 * Whether an office at [start, end) is somebody else's: a former holder's, or followed by another name than those of
 * its holder now (`isOwnName` at a place). Headlines that give every word a capital say nothing of names.
 */
export function isOthersOffice(
  text: Normalized,
  start: number,
  end: number,
  isOwnName: (at: number) => boolean,
): boolean {
  if (isNotHeldNow(text, start)) return true;
  // president-elect, prime minister-designate
  if (text.units[end] === HYPHEN && classOf(text.units[end + 1]) === LETTER) return true;
  return isOtherName(text, end) && !isOwnName(end + 1) && !isShouting(text);
}

/** Whether nearly every word has a capital, so that capitals say nothing. */
function isShouting(text: Normalized): boolean {
  let capitals = 0;
  let words = 0;
  let isInWord = false;
  const length = Math.min(text.length, HEADLINE_UNITS);
  for (let at = 0; at < length; at++) {
    const unit = text.units[at];
    if (!isInWord && classOf(unit) === LETTER) {
      words += 1;
      if (isCapital(text, at)) capitals += 1;
    }
    isInWord = isWordUnit(unit);
  }
  return words > 3 && capitals * 10 > words * 8;
}

/** Whether the surname at [start, end) heads its clause and does what heads of government do in headlines. */
export function actsInOffice(text: Normalized, start: number, end: number): boolean {
  const heads = start === 0 || (classOf(text.units[start - 1]) === SPACE && followsClauseStart(text, start));
  return heads && OFFICE_VERBS.has(text.units, end + 1, nextWordEnd(text, end));
}

/** Whether a person's one-character name (李) stands alone between Hangul words, nobody else's title after it. */
export function standsAlone(text: Normalized, at: number): boolean {
  const before = at > 0 ? classOf(text.units[at - 1]) : null;
  if (before === HAN || before === HANGUL) return false;
  // 이(李): how a name that is told in Hangul is written.
  if (text.units[at - 1] === OPEN && text.units[at + 1] === CLOSE) return false;
  return !isOtherPerson(text, at + 1);
}
