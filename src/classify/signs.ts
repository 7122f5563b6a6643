import { affixesOf, type Affixes } from './affixes.ts';
import type { CompiledAlias } from './gazetteer.ts';
import { hangulAfter } from './korean.ts';
import type { Normalized } from './normalize.ts';
import { DIGIT, HAN, HANGUL, HIRAGANA, OTHER, SPACE, classOf } from './script.ts';
import { bordersAt } from './segment.ts';

/** One-character names found in one field, where no longer name covers them. */
export interface Signs {
  readonly text: Normalized;
  readonly lang: string | null;
  /** The names a unit can be, by its place; empty where it is covered by a longer name. */
  readonly at: (place: number) => readonly CompiledAlias[];
}

export interface SignFound {
  readonly alias: CompiledAlias;
  readonly start: number;
  readonly end: number;
  readonly rule: string;
}

/** A stretch of one-character names, with or without dots between. */
interface Run {
  readonly places: readonly number[];
  readonly end: number;
}

const DAY = '日'.charCodeAt(0);
const MIDDLE = '中'.charCodeAt(0);
const DOTS = new Set(['·', '-', '/', ',', '、'].map((dot) => dot.charCodeAt(0)));
/** Names in one compound at most: more is not a compound but noise. */
const RUN_SIGNS_MAX = 6;
/** The longest affix word. */
const AFFIX_UNITS_MAX = 8;

/** Hangul words that can follow a shorter compound and begin with what would be one more name. */
const KOREAN_WORDS =
  /^(?:미래|미사일|미디어|미술|미군|일정|일부|일본|일왕|일제|일대|일행|중간|중앙|중심|중요|중국|중재|중견|중소|중장|중단|중학|중공업|중계|한국|한반도|한계|한류|한방|북한|북핵|북측|북부|북상|러시아|러브|독립)/;

/** Finds compounds (日韓, 한미일, 韓·中), names with affixes (訪日, 美軍, 対中) and names alone in a headline. */
export function findSigns(signs: Signs, places: readonly number[]): readonly SignFound[] {
  const affixes = affixesOf(signs.lang);
  if (affixes === null) return [];
  const found: SignFound[] = [];
  let done = -1;
  for (const place of places) {
    if (place <= done || signs.at(place).length === 0) continue;
    const run = runFrom(signs, place);
    const rule = ruleOf(signs, run, affixes);
    const kept = rule === null ? shorter(signs, run, affixes) : { run, rule };
    if (kept === null) continue;
    for (const at of kept.run.places) {
      for (const alias of signs.at(at)) found.push({ alias, start: at, end: at + 1, rule: kept.rule });
    }
    done = kept.run.end - 1;
  }
  return found;
}

/** A compound that does not stand may still begin with one that does: 米|中間選挙. */
function shorter(signs: Signs, run: Run, affixes: Affixes): { run: Run; rule: string } | null {
  for (let length = run.places.length - 1; length > 0; length--) {
    const places = run.places.slice(0, length);
    const part = { places, end: (places.at(-1) ?? 0) + 1 };
    const rule = ruleOf(signs, part, affixes);
    if (rule !== null) return { run: part, rule };
  }
  return null;
}

function runFrom(signs: Signs, start: number): Run {
  const { text } = signs;
  const seen = new Set<number>();
  const places: number[] = [];
  const take = (at: number): boolean => {
    const subjects = signs.at(at).map(({ subject }) => subject);
    if (subjects.length === 0 || subjects.some((subject) => seen.has(subject))) return false;
    if (places.length > 0 && isDayOrWord(signs, at)) return false;
    for (const subject of subjects) seen.add(subject);
    places.push(at);
    return true;
  };
  let at = start;
  while (places.length < RUN_SIGNS_MAX && take(at)) {
    const dotted = DOTS.has(text.units[at + 1] ?? 0) && signs.at(at + 2).length > 0;
    at += dotted ? 2 : 1;
  }
  return { places, end: (places.at(-1) ?? start) + 1 };
}

function isDayOrWord({ text }: Signs, at: number): boolean {
  return classOf(text.units[at]) === HANGUL && KOREAN_WORDS.test(hangulAfter(text, at));
}

/** The rule by which a run stands; null when it does not. */
function ruleOf(signs: Signs, run: Run, affixes: Affixes): string | null {
  const { text } = signs;
  const first = run.places[0] ?? 0;
  if (text.units[first] === DAY && classOf(text.units[first - 1]) === DIGIT) return null;
  const kind = classOf(text.units[first]);
  if (kind === HANGUL) return run.places.length > 1 ? hangulRun(text, first) : null;
  if (signs.lang === 'ko') return hanjaRun(text, run, affixes);
  return run.places.length > 1 ? hanRun(text, run, affixes) : hanAlone(text, first, affixes);
}

function hangulRun(text: Normalized, first: number): string | null {
  return classOf(text.units[first - 1]) === HANGUL ? null : 'country-compound';
}

const asText = (unit: number | undefined): string => (unit === undefined ? '' : String.fromCharCode(unit));

function follows(text: Normalized, end: number, list: readonly string[]): string | null {
  const next = String.fromCharCode(...text.units.subarray(end, Math.min(text.length, end + AFFIX_UNITS_MAX)));
  return list.find((word) => next.startsWith(word)) ?? null;
}

/** Hanja between Hangul words: no other Han character may touch it, save affixes. */
function hanjaRun(text: Normalized, { places, end }: Run, affixes: Affixes): string | null {
  const first = places[0] ?? 0;
  const before = text.units[first - 1];
  const prefixed = affixes.before.has(asText(before));
  if (classOf(before) === HAN && !prefixed) return null;
  const suffix = follows(text, end, affixes.after);
  if (classOf(text.units[end]) === HAN && suffix === null) return null;
  if (places.length > 1) return 'country-compound';
  if (prefixed) return `country-affix:${asText(before)}`;
  // 회의中: during the meeting.
  if (text.units[first] === MIDDLE && classOf(before) === HANGUL) return null;
  return suffix === null && follows(text, end, affixes.notAfter) !== null ? null : 'one-character-country';
}

/** Two or more names side by side between other Han characters. */
function hanRun(text: Normalized, { places, end }: Run, affixes: Affixes): string | null {
  const first = places[0] ?? 0;
  const borders = bordersAt(text, first, end);
  const prefixed = affixes.before.has(asText(text.units[first - 1]));
  if (!borders.start && !prefixed) return null;
  return borders.end || follows(text, end, affixes.after) !== null ? 'country-compound' : null;
}

/** One name between other Han characters: it needs an affix, or the first place in its clause. */
function hanAlone(text: Normalized, at: number, affixes: Affixes): string | null {
  const before = text.units[at - 1];
  const suffix = follows(text, at + 1, affixes.after);
  const not = follows(text, at + 1, affixes.notAfter);
  if (not !== null && (suffix === null || suffix.length < not.length)) return null;
  const borders = bordersAt(text, at, at + 1);
  const ends = borders.end || suffix !== null;
  if (affixes.before.has(asText(before)) && ends) return `country-affix:${asText(before)}`;
  const everyday = affixes.everyday.has(asText(text.units[at]));
  const starts = classOf(before) !== HAN || (everyday ? affixes.links.has(asText(before)) : borders.start);
  if (suffix !== null && starts) return `country-affix:${suffix}`;
  return leadsClause(text, at, affixes) && borders.end ? 'one-character-country' : null;
}

function leadsClause(text: Normalized, at: number, affixes: Affixes): boolean {
  if (!affixes.leads || affixes.everyday.has(asText(text.units[at]))) return false;
  return isClauseStart(text.units[at - 1]) && !isClauseEnd(text.units[at + 1]);
}

const CLAUSE_BREAKS: ReadonlySet<number> = new Set([OTHER, SPACE]);

function isClauseStart(before: number | undefined): boolean {
  return CLAUSE_BREAKS.has(classOf(before));
}

function isClauseEnd(after: number | undefined): boolean {
  return after === undefined || classOf(after) === HIRAGANA;
}
