import type { Mention } from '../events/item.ts';

/** Shares of the three signs of salience; they add up to 1. */
const IN_TITLE = 0.5;
const EARLY = 0.25;
const OFTEN = 0.25;

/** What the first words of an item without a title are worth, next to a title. */
const LEAD_CHARS = 120;
const LEAD_SHARE = 0.7;

/**
 * How much an item is about a subject, 0..1, rounded to three digits:
 *
 *     0.5 × t + 0.25 × (1 − p) + 0.25 × (1 − 1/n)
 *
 * where t is 1 when the title names it (0.7 when there is no title and the first 120 characters of the text do),
 * p is how far into title and text together its first mention stands (0 at the start, 1 at the end), and n is how
 * often it is named. A subject named once at the end of a text scores 0; one in the title that comes again and
 * again nears 1.
 */
export function salienceOf(
  mentions: readonly Pick<Mention, 'field' | 'start'>[],
  titleChars: number,
  textChars: number,
): number {
  const inTitle = mentions.some(({ field }) => field === 'title');
  const inLead = titleChars === 0 && mentions.some(({ start }) => start < LEAD_CHARS);
  const places = mentions.map(({ field, start }) => (field === 'title' ? start : titleChars + start));
  const first = places.reduce((a, b) => Math.min(a, b), Infinity) / Math.max(1, titleChars + textChars);
  const title = inTitle ? 1 : inLead ? LEAD_SHARE : 0;
  const salience = IN_TITLE * title + EARLY * (1 - first) + OFTEN * (1 - 1 / mentions.length);
  return Math.round(salience * 1000) / 1000;
}
