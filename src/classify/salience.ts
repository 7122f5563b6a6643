import type { Field, Mention } from '../events/item.ts';

/** Shares of the three signs of salience; they add up to 1. */
const IN_TITLE = 0.5;
const EARLY = 0.25;
const OFTEN = 0.25;

/** What a full text can add at most, of what is left to 1: less than one mention at the head of the lead. */
const BODY_MAX = 0.2;

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
 *
 * A full text is long and names much that the item is not about. Its mentions leave the score s of title and text as it is, and add
 *
 *     (1 − s) × 0.2 × (0.5 × (1 − p) + 0.5 × (1 − 1/n))
 *
 * with p and n of the full text alone.
 */
export function salienceOf(mentions: readonly Place[], chars: Readonly<Record<Field, number>>): number {
  const { title, early, often, body } = salienceParts(mentions, chars);
  return Math.round((title + early + often + body) * 1000) / 1000;
}

/** The parts that a salience is the sum of, each 0..1: see salienceOf. */
export interface SalienceParts {
  readonly title: number;
  readonly early: number;
  readonly often: number;
  /** What the full text adds. */
  readonly body: number;
}

/** What each part adds to the salience of a subject with these mentions, in an item of so many UTF-16 units a field. */
export function salienceParts(
  mentions: readonly Place[],
  chars: Readonly<Record<Field, number>>,
): SalienceParts {
  const lead = new Spread();
  const body = new Spread();
  for (const { field, start } of mentions) {
    if (field === 'body') body.take(start);
    else {
      lead.take(field === 'title' ? start : chars.title + start);
      if (field === 'title') lead.isInTitle = true;
    }
  }
  const parts = leadParts(lead, chars.title, chars.text);
  const rest = 1 - parts.title - parts.early - parts.often;
  return { ...parts, body: rest * BODY_MAX * bodyShare(body, chars.body) };
}

type Place = Pick<Mention, 'field' | 'start'>;

/** Where a part of an item names a subject first, and how often. */
class Spread {
  first = Infinity;
  count = 0;
  isInTitle = false;

  take(start: number): void {
    if (start < this.first) this.first = start;
    this.count += 1;
  }
}

function bodyShare({ first, count }: Spread, chars: number): number {
  if (count === 0) return 0;
  return 0.5 * (1 - first / Math.max(1, chars)) + 0.5 * (1 - 1 / count);
}

function leadParts(
  { first, count, isInTitle }: Spread,
  titleChars: number,
  textChars: number,
): Omit<SalienceParts, 'body'> {
  if (count === 0) return { title: 0, early: 0, often: 0 };
  const isAtHead = titleChars === 0 && first < LEAD_CHARS;
  const title = isInTitle ? 1 : isAtHead ? LEAD_SHARE : 0;
  const early = EARLY * (1 - first / Math.max(1, titleChars + textChars));
  return { title: IN_TITLE * title, early, often: OFTEN * (1 - 1 / count) };
}
