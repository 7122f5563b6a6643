import { NO_WORDS, type Affixes, type WordList } from './affixes.ts';
import type { Normalized } from './normalize.ts';

/** The longest affix word. */
const AFFIX_UNITS_MAX = 8;

/** The unit at `at`; 0 outside the text. An array that is asked for what is before its head answers slowly. */
export function unitAt({ units }: Normalized, at: number): number {
  return at >= 0 ? (units[at] ?? 0) : 0;
}

/** What the text itself has at [start, end), which are units of its folded form: 對 and not 对. */
export function asWritten(text: Normalized, start: number, end: number): string {
  return text.original.slice(text.starts[start] ?? 0, text.ends[end - 1] ?? 0);
}

/** The text from `end` on, as far as an affix can reach. */
export function ahead(text: Normalized, end: number): string {
  return textAt(text, end, Math.min(text.length, end + AFFIX_UNITS_MAX));
}

/** The text before `at`, as far as an affix can reach. */
export function behind(text: Normalized, at: number): string {
  return textAt(text, Math.max(0, at - AFFIX_UNITS_MAX), at);
}

/** The folded text at [start, end), which is short: putting it together unit by unit costs less than a view of the units. */
export function textAt({ units }: Normalized, start: number, end: number): string {
  let text = '';
  for (let at = start; at < end; at++) text += String.fromCharCode(units[at] ?? 0);
  return text;
}

/** Whether `word` stands at `at`. */
export function standsAt({ units, length }: Normalized, at: number, word: string): boolean {
  if (at < 0 || at + word.length > length) return false;
  for (let n = 0; n < word.length; n++) if (units[at + n] !== word.charCodeAt(n)) return false;
  return true;
}

/** The longest word of the list that the text goes on with. */
export function follows(text: Normalized, end: number, list: WordList): string | null {
  const words = end < text.length ? list.get(text.units[end] ?? 0) : undefined;
  if (words === undefined) return null;
  for (const word of words) if (standsAt(text, end, word)) return word;
  return null;
}

/** What the character at `at` makes another word with. */
export function otherWord(text: Normalized, at: number, affixes: Affixes): string | null {
  return follows(text, at + 1, affixes.notAfter.get(text.units[at] ?? 0) ?? NO_WORDS);
}

/** Whether the character makes another word with what follows it, and no affix says otherwise. */
export function isOtherWord(text: Normalized, at: number, affixes: Affixes, suffix: string | null): boolean {
  const other = otherWord(text, at, affixes);
  return other !== null && (suffix === null || suffix.length <= other.length);
}
