import type { Normalized } from './normalize.ts';
import type { Rule } from './rules.ts';
import { LETTER, SPACE, classOf, isWordUnit } from './script.ts';
import { WordSet } from './word-set.ts';

const unit = (text: string): number => text.charCodeAt(0);
const [DOT, AT, S, SLASH, U] = [unit('.'), unit('@'), unit('s'), unit('/'), unit('u')];

/** The rule of names with a plural s. */
export const PLURAL = 'latin-plural';

/** Nouns that make a company, medium or club of a country or city put before them. */
const COMPANY_NOUNS = new WordSet(
  (
    'airlines airways steel daily times herald post telecom mobile unicom motors electric securities holdings corp ' +
    'corporation ltd co express today cup series tobacco display vanke evergrande television weekly insider ' +
    'pharma shipbuilding eximbank gazette tribune marathon masters'
  ).split(' '),
);
/** Makes a company of a country behind another name alone: Coupang Korea Inc, but Japan Inc is all its companies. */
const INCORPORATED = new WordSet(['inc']);
/** Words that make one of a country or city put behind them: Air France, Radio Taiwan. */
const COMPANY_HEADS = new WordSet(['air', 'radio']);
const COMPANY_HEAD_UNITS_MAX = 5;
/** What in capitals makes a pronoun of US: CONTACT US. */
const BEFORE_PRONOUN = new WordSet(
  'about ask call contact email follow give help join let remind show teach tell trust visit'.split(' '),
);
/** Units read on to see the next word. */
const WORD_UNITS_MAX = 24;

/** Whether the units before `at` end in a letter or digit that the name would be part of. */
function joinsLeft(text: Normalized, at: number): boolean {
  if (at === 0) return false;
  const before = text.units[at - 1];
  if (isWordUnit(before)) return true;
  // Addresses: `someone@china`, `www.china.example`. `U.S.-China` has a hyphen between.
  return before === AT || (before === DOT && at > 3 && isAddress(text, at));
}

/** Units before a name that tell an address from an abbreviation; nothing longer is walked over, name after name. */
const ADDRESS_UNITS_MAX = 64;

function isAddress(text: Normalized, at: number): boolean {
  let start = at - 1;
  const limit = Math.max(0, at - ADDRESS_UNITS_MAX);
  while (start > limit && (isWordUnit(text.units[start - 1]) || text.units[start - 1] === DOT)) start -= 1;
  // `U.S.` and `N.` are abbreviations, `www.` and `news.` hosts.
  return at - 1 - start >= 3 && !isAbbreviation(text, start, at);
}

function isAbbreviation(text: Normalized, start: number, end: number): boolean {
  for (let at = start + 1; at < end; at += 2) if (text.units[at] !== DOT) return false;
  return true;
}

/** Where the word after a single space at `at` ends; `at` + 1 or less where none follows. */
export function nextWordEnd({ units, length }: Normalized, at: number): number {
  if (classOf(units[at]) !== SPACE) return at;
  let end = at + 1;
  const limit = Math.min(length, end + WORD_UNITS_MAX);
  while (end < limit && isWordUnit(units[end])) end += 1;
  return end;
}

/** Whether the word at `at` is written with a capital. */
export function isCapital(text: Normalized, at: number): boolean {
  return text.units[at] !== text.cased[at];
}

/**
 * Where a name of an alphabet stands as a word of its own: possessives and plurals belong to it, hyphens part.
 * Null where it does not.
 */
export function latinStart(text: Normalized, start: number): boolean {
  return !joinsLeft(text, start);
}

export function latinEnd(
  text: Normalized,
  end: number,
): { readonly end: number; readonly rule: Rule } | null {
  const next = text.units[end];
  if (!isWordUnit(next)) {
    const domain = next === DOT && classOf(text.units[end + 1]) === LETTER && text.units[end - 1] !== DOT;
    const path = next === SLASH && text.units[end + 1] === SLASH;
    return (domain && !isCapital(text, end + 1)) || path ? null : { end, rule: 'latin-word' };
  }
  if (next === S && !isWordUnit(text.units[end + 1])) return { end: end + 1, rule: PLURAL };
  return null;
}

/** Whether the two units at `start` are the pronoun us, in a text that shouts: ABOUT US, LET US IN. */
export function isPronoun(text: Normalized, start: number): boolean {
  const { units } = text;
  if (start === 0 || units[start] !== U || units[start + 1] !== S || classOf(units[start - 1]) !== SPACE)
    return false;
  const end = start - 1;
  let from = end;
  while (from > 0 && end - from < WORD_UNITS_MAX && isWordUnit(units[from - 1]) && isCapital(text, from - 1))
    from -= 1;
  return (from === 0 || !isWordUnit(units[from - 1])) && BEFORE_PRONOUN.has(units, from, end);
}

/** Whether a place name is part of that of a company or medium: `… Airlines`, `… Daily`, `Air …`. */
export function isCompany(text: Normalized, start: number, end: number): boolean {
  return goesOnAsCompany(text, start, end) || beginsAsCompany(text, start);
}

function beginsAsCompany(text: Normalized, at: number): boolean {
  if (classOf(text.units[at - 1]) !== SPACE) return false;
  let from = at - 1;
  const limit = Math.max(0, from - COMPANY_HEAD_UNITS_MAX - 1);
  while (from > limit && isWordUnit(text.units[from - 1])) from -= 1;
  return COMPANY_HEADS.has(text.units, from, at - 1) && isCapital(text, from) && isCapital(text, at);
}

function goesOnAsCompany(text: Normalized, start: number, end: number): boolean {
  if (classOf(text.units[end]) !== SPACE || !isCapital(text, end + 1)) return false;
  const next = nextWordEnd(text, end);
  if (INCORPORATED.has(text.units, end + 1, next)) return isBehindName(text, start);
  return COMPANY_NOUNS.has(text.units, end + 1, next);
}

/** Whether the word before `at`, over one space, is written with a capital. */
function isBehindName(text: Normalized, at: number): boolean {
  if (at === 0 || classOf(text.units[at - 1]) !== SPACE) return false;
  let from = at - 1;
  while (from > 0 && at - from < WORD_UNITS_MAX && isWordUnit(text.units[from - 1])) from -= 1;
  return from < at - 1 && isCapital(text, from);
}
