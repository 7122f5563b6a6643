import { NO_WORDS, type Affixes, type WordList } from './affixes.ts';
import type { CompiledAlias } from './gazetteer.ts';
import type { Normalized } from './normalize.ts';
import { DIGIT, HAN, HANGUL, HIRAGANA, KATAKANA, OTHER, SPACE, classOf } from './script.ts';
import { bordersAt } from './segment.ts';

/** One-character names found in one field, where no longer name covers them. */
export interface Signs {
  readonly text: Normalized;
  readonly lang: string | null;
  /** The names a unit can be, by its place; empty where it is covered by a longer name. */
  readonly at: (place: number) => readonly CompiledAlias[];
  /** Whether a longer name holds the place: a word begins and ends there. */
  readonly isNamed: (place: number) => boolean;
}

/** A stretch of one-character names, with or without dots between. */
export interface Run {
  readonly places: readonly number[];
  readonly end: number;
}

const DAY = '日'.charCodeAt(0);
const MIDDLE = '中'.charCodeAt(0);
const SPACE_UNIT = 0x20;
const COMMA = 0x2c;
/** The longest affix word. */
const AFFIX_UNITS_MAX = 8;

/** Compounds that are words of their own (to work, mirror, Central America): only what states do makes them names. */
const AMBIGUOUS = new Set([
  '일한',
  '일러',
  '미러',
  '중미',
  '북미',
  '북美',
  '北미',
  '北美',
  '미한',
  '중한',
  '일미',
  '러일',
]);
const STATECRAFT =
  /^ ?(?:정상|관계|외교|양국|회담|대화|협상|접촉|동맹|간 |의원|갈등|전쟁|양 정상|양국|외무|조약|수교|공조|우호|친선)/;

/** The rule by which a run stands; null when it does not. */
export function ruleOf(signs: Signs, run: Run, affixes: Affixes): string | null {
  const { text } = signs;
  const first = run.places[0] ?? 0;
  if (text.units[first] === DAY && classOf(text.units[first - 1]) === DIGIT) return null;
  const kind = classOf(text.units[first]);
  const before = classOf(text.units[first - 1]);
  if (kind === HANGUL) return before === HANGUL ? null : hangulRun(text, run, affixes);
  if (isCutFromKatakana(text, first) || isCutFromKatakana(text, run.end)) return null;
  if (signs.lang === 'ko') return hanjaRun(text, run, affixes);
  return run.places.length > 1 ? hanRun(signs, run, affixes) : hanAlone(signs, first, affixes);
}

/** Whether a cut at `at` would part a katakana word, such as マドゥロ from its ロ. */
function isCutFromKatakana(text: Normalized, at: number): boolean {
  return classOf(text.units[at - 1]) === KATAKANA && classOf(text.units[at]) === KATAKANA;
}

function hangulRun(text: Normalized, run: Run, affixes: Affixes): string | null {
  return run.places.length > 1 ? koreanRun(text, run) : hangulAlone(text, run.places[0] ?? 0, affixes);
}

/** One syllable as the first word of a headline's clause: 북, … for everyday words only with a comma after it. */
function hangulAlone(text: Normalized, at: number, affixes: Affixes): string | null {
  if (isDottedPair(text, at)) return 'country-compound';
  const previous = text.units[at - 1] === SPACE_UNIT ? text.units[at - 2] : text.units[at - 1];
  if (classOf(previous) !== OTHER) return null;
  if (text.units[at + 1] === COMMA) return 'one-character-country';
  if (text.units[at + 1] !== SPACE_UNIT || affixes.everyday.has(asText(text.units[at]))) return null;
  const other = follows(text, at + 2, affixes.notAfter.get(asText(text.units[at])) ?? NO_WORDS);
  return other === null ? 'one-character-country' : null;
}

/** Countries and unions that Korean headlines pair with one syllable: 한·캐나다, 한-캄보디아. */
const PARTNERS =
  /^(?:아세안|유럽|중앙아|아프리카|중남미|베트남|캄보디아|인도|필리핀|태국|말레이시아|싱가포르|라오스|미얀마|몽골|대만|러시아|우크라이나|폴란드|독일|프랑스|영국|이탈리아|스페인|체코|헝가리|네덜란드|스웨덴|캐나다|호주|뉴질랜드|멕시코|브라질|칠레|페루|베네수|쿠바|사우디|이란|이스라엘|이집트|튀르키예|카타르|카자흐|우즈베|파키스탄|방글라데시|스위스|eu|uae|asean|gcc|나토)/;
const PAIR_DOTS = new Set(['·', '-', '/'].map((dot) => dot.charCodeAt(0)));

/** Whether a dot or hyphen and another country's name follow the one at `at`. */
function isDottedPair(text: Normalized, at: number): boolean {
  return PAIR_DOTS.has(text.units[at + 1] ?? 0) && PARTNERS.test(ahead(text, at + 2));
}

function koreanRun(text: Normalized, { places, end }: Run): string | null {
  const joined = String.fromCharCode(...text.units.subarray(places[0] ?? 0, end));
  return AMBIGUOUS.has(joined) && !STATECRAFT.test(ahead(text, end)) ? null : 'country-compound';
}

function ahead(text: Normalized, end: number): string {
  return String.fromCharCode(...text.units.subarray(end, Math.min(text.length, end + AFFIX_UNITS_MAX)));
}

const asText = (unit: number | undefined): string => (unit === undefined ? '' : String.fromCharCode(unit));

/** The longest word of the list that the text goes on with. */
function follows(text: Normalized, end: number, list: WordList): string | null {
  const words = end < text.length ? list.get(asText(text.units[end])) : undefined;
  if (words === undefined) return null;
  const next = ahead(text, end);
  return words.find((word) => next.startsWith(word)) ?? null;
}

/** What the character at `at` makes another word with. */
function otherWord(text: Normalized, at: number, affixes: Affixes): string | null {
  return follows(text, at + 1, affixes.notAfter.get(asText(text.units[at])) ?? NO_WORDS);
}

/** Whether the character makes another word with what follows it, and no affix says otherwise. */
function isOtherWord(text: Normalized, at: number, affixes: Affixes, suffix: string | null): boolean {
  const other = otherWord(text, at, affixes);
  return other !== null && (suffix === null || suffix.length <= other.length);
}

/** Hanja between Hangul words: no other Han character may touch it, save affixes. */
function hanjaRun(text: Normalized, run: Run, affixes: Affixes): string | null {
  const { places, end } = run;
  const first = places[0] ?? 0;
  const before = text.units[first - 1];
  const prefixed = affixes.before.has(asText(before));
  if (classOf(before) === HAN && !prefixed) return null;
  const suffix = follows(text, end, affixes.after);
  if (classOf(text.units[end]) === HAN && suffix === null) return null;
  if (places.length > 1) return koreanRun(text, run);
  if (prefixed) return `country-affix:${asText(before)}`;
  // 회의中: during the meeting.
  if (text.units[first] === MIDDLE && classOf(before) === HANGUL) return null;
  return isOtherWord(text, first, affixes, suffix) ? null : 'one-character-country';
}

/** Whether a word of more than the two characters takes the name away, however the segmenter cuts it: 美|中情局. */
function isTaken(text: Normalized, at: number, affixes: Affixes): boolean {
  const other = otherWord(text, at, affixes);
  return other !== null && other.length > 1;
}

/** Two or more names side by side between other Han characters; everyday words at either end need a word border. */
function hanRun(signs: Signs, { places, end }: Run, affixes: Affixes): string | null {
  const { text } = signs;
  const [first, last] = [places[0] ?? 0, end - 1];
  if (isTaken(text, last, affixes)) return null;
  const borders = bordersAt(text, first, end);
  const isEveryday = (at: number): boolean => affixes.everyday.has(asText(text.units[at]));
  const starts = borders.start || !isEveryday(first) || affixes.before.has(asText(text.units[first - 1]));
  if (!starts && !signs.isNamed(first - 1)) return null;
  const suffix = follows(text, end, affixes.after);
  if (borders.end || suffix !== null || signs.isNamed(end)) return 'country-compound';
  return isEveryday(last) || isOtherWord(text, last, affixes, suffix) ? null : 'country-compound';
}

/** One name between other Han characters: it needs an affix, or the first place in its clause. */
function hanAlone(signs: Signs, at: number, affixes: Affixes): string | null {
  const { text } = signs;
  const prefix = asText(text.units[at - 1]);
  if (affixes.notBefore.has(prefix)) return null;
  const isEveryday = affixes.everyday.has(asText(text.units[at]));
  if (!isEveryday && affixes.placeBefore.has(prefix)) return `country-affix:${prefix}`;
  const suffix = follows(text, at + 1, affixes.after);
  if (isOtherWord(text, at, affixes, suffix)) return null;
  // The segmenter reads 親|日志|向, so what follows an affix is judged by isOtherWord alone.
  if (isPrefixed(text, at, affixes)) return `country-affix:${prefix}`;
  return hanUnprefixed(signs, at, affixes, suffix);
}

function hanUnprefixed(signs: Signs, at: number, affixes: Affixes, suffix: string | null): string | null {
  const { text } = signs;
  const borders = bordersAt(text, at, at + 1);
  if (suffix !== null && startsAlone(signs, at, borders.start, affixes)) return `country-affix:${suffix}`;
  const isNext = signs.isNamed(at + 1);
  // 美|韓軍, 美|台海: a longer name holds the next one, and the two are a compound all the same.
  const isCompound = isNext && borders.start && !affixes.everyday.has(asText(text.units[at]));
  if (isCompound) return 'country-compound';
  const ends = borders.end || suffix !== null || isNext;
  if (ends && leadsClause(text, at, affixes)) return 'one-character-country';
  return isPair(text, at, affixes) ? 'country-compound' : null;
}

/** Whether the name and the character after it stand for two countries, as what follows them says. */
function isPair(text: Normalized, at: number, affixes: Affixes): boolean {
  if (classOf(text.units[at + 1]) !== HAN || follows(text, at + 2, affixes.pairs) === null) return false;
  return classOf(text.units[at - 1]) !== HAN || bordersAt(text, at, at + 1).start;
}

/** Whether an affix stands before the name, and is a word itself where the name is an everyday one: 采访|中 is none. */
function isPrefixed(text: Normalized, at: number, affixes: Affixes): boolean {
  const prefix = asText(text.units[at - 1]);
  if (!affixes.everyday.has(asText(text.units[at]))) return affixes.before.has(prefix);
  return affixes.strongBefore.has(prefix) && bordersAt(text, at - 1, at).start;
}

function startsAlone({ text, isNamed }: Signs, at: number, border: boolean, affixes: Affixes): boolean {
  const before = text.units[at - 1];
  if (classOf(before) !== HAN || isNamed(at - 1)) return true;
  return affixes.everyday.has(asText(text.units[at])) ? affixes.links.has(asText(before)) : border;
}

/** Whether no Han character follows, or two that are one word, as a given name's are not. */
function isWordAt(text: Normalized, at: number): boolean {
  if (classOf(text.units[at]) !== HAN) return true;
  if (classOf(text.units[at + 1]) !== HAN) return false;
  const borders = bordersAt(text, at, at + 2);
  return borders.start && borders.inside;
}

/** Whether the name is the first word of a clause, where headlines put who acts. */
function leadsClause(text: Normalized, at: number, affixes: Affixes): boolean {
  const sign = asText(text.units[at]);
  if (affixes.everyday.has(sign)) return false;
  if (affixes.surnames.has(sign) && !isWordAt(text, at + 1)) return false;
  const before = classOf(text.units[at - 1]);
  if (before === OTHER || before === SPACE) return text.units[at + 1] !== undefined;
  return affixes.afterKana && before === HIRAGANA && classOf(text.units[at + 1]) !== HIRAGANA;
}
