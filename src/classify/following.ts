import { NO_WORDS, type Affixes, type WordList } from './affixes.ts';
import type { Normalized } from './normalize.ts';

/** The longest affix word. */
const AFFIX_UNITS_MAX = 8;

export const asText = (unit: number | undefined): string =>
  unit === undefined ? '' : String.fromCharCode(unit);

/** What the text itself has at [start, end), which are units of its folded form: 對 and not 对. */
export function asWritten(text: Normalized, start: number, end: number): string {
  return text.original.slice(text.starts[start] ?? 0, text.ends[end - 1] ?? 0);
}

/** The text from `end` on, as far as an affix can reach. */
export function ahead(text: Normalized, end: number): string {
  return String.fromCharCode(...text.units.subarray(end, Math.min(text.length, end + AFFIX_UNITS_MAX)));
}

/** The text before `at`, as far as an affix can reach. */
export function behind(text: Normalized, at: number): string {
  return String.fromCharCode(...text.units.subarray(Math.max(0, at - AFFIX_UNITS_MAX), at));
}

/** The longest word of the list that the text goes on with. */
export function follows(text: Normalized, end: number, list: WordList): string | null {
  const words = end < text.length ? list.get(asText(text.units[end])) : undefined;
  if (words === undefined) return null;
  const next = ahead(text, end);
  return words.find((word) => next.startsWith(word)) ?? null;
}

/** What the character at `at` makes another word with. */
export function otherWord(text: Normalized, at: number, affixes: Affixes): string | null {
  return follows(text, at + 1, affixes.notAfter.get(asText(text.units[at])) ?? NO_WORDS);
}

/** Whether the character makes another word with what follows it, and no affix says otherwise. */
export function isOtherWord(text: Normalized, at: number, affixes: Affixes, suffix: string | null): boolean {
  const other = otherWord(text, at, affixes);
  return other !== null && (suffix === null || suffix.length <= other.length);
}
