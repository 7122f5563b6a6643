import type { Normalized } from './normalize.ts';
import type { Rule } from './rules.ts';
import { LETTER, SPACE, classOf, isWordUnit } from './script.ts';

const unit = (text: string): number => text.charCodeAt(0);
const [DOT, AT, S, SLASH] = [unit('.'), unit('@'), unit('s'), unit('/')];

/** The rule of names with a plural s. */
export const PLURAL = 'latin-plural';

/** Nouns that make a company, medium or club of a country or city put before them. */
const COMPANY_NOUNS = new Set(
  (
    'airlines airways steel daily times herald post telecom mobile unicom motors electric securities holdings corp ' +
    'corporation inc ltd co express today cup series tobacco display vanke evergrande television weekly insider ' +
    'pharma shipbuilding eximbank gazette tribune marathon masters'
  ).split(' '),
);
/** Units read on to see the next word. */
const WORD_UNITS_MAX = 24;

/** Whether the units before `at` end in a letter or digit that the name would be part of. */
function joinsLeft(text: Normalized, at: number): boolean {
  const before = text.units[at - 1];
  if (at === 0) return false;
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

/** The word after `at`, folded; empty when none follows a single space. */
export function wordAfter(text: Normalized, at: number): string {
  if (classOf(text.units[at]) !== SPACE) return '';
  let end = at + 1;
  const limit = Math.min(text.length, end + WORD_UNITS_MAX);
  while (end < limit && isWordUnit(text.units[end])) end += 1;
  return String.fromCharCode(...text.units.subarray(at + 1, end));
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

/** Whether a place name goes on as the name of a company or medium: `… Airlines`, `… Daily`. */
export function isCompany(text: Normalized, end: number): boolean {
  const word = wordAfter(text, end);
  return COMPANY_NOUNS.has(word) && isCapital(text, end + 1);
}
