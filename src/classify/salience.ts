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
 *
 * Mentions in a dateline are left out of all of it: what only a dateline names has 0.
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
  const lead = LEAD.begin();
  const body = BODY.begin();
  let isInTitle = false;
  for (const { field, start, rule } of mentions) {
    if (rule === 'dateline') continue;
    if (field === 'body') body.take(start);
    else if (field === 'text') lead.take(chars.title + start);
    else {
      lead.take(start);
      isInTitle = true;
    }
  }
  const title = IN_TITLE * (isInTitle ? 1 : isAtHead(lead, chars.title) ? LEAD_SHARE : 0);
  const leadChars = chars.title + chars.text;
  const early = lead.count === 0 ? 0 : EARLY * lead.earliness(leadChars);
  const often = lead.count === 0 ? 0 : OFTEN * lead.repetition();
  const share = body.count === 0 ? 0 : 0.5 * body.earliness(chars.body) + 0.5 * body.repetition();
  return { title, early, often, body: (1 - title - early - often) * BODY_MAX * share };
}

type Place = Pick<Mention, 'field' | 'start' | 'rule'>;

/** Where a part of an item names a subject first, and how often. */
class Spread {
  /** Means nothing while `count` is 0: a whole number, as no room is taken for it then. */
  first = 0;
  count = 0;

  begin(): this {
    this.count = 0;
    return this;
  }

  take(start: number): void {
    if (this.count === 0 || start < this.first) this.first = start;
    this.count += 1;
  }

  /** 1 at the start of so many units, 0 at their end. */
  earliness(chars: number): number {
    return 1 - this.first / Math.max(1, chars);
  }

  /** 0 for what is named once, nearing 1 with each time more. */
  repetition(): number {
    return 1 - 1 / this.count;
  }
}

/** Where the mentions of one subject after the other are counted. */
const LEAD = new Spread();
const BODY = new Spread();

function isAtHead({ first, count }: Spread, titleChars: number): boolean {
  return count > 0 && titleChars === 0 && first < LEAD_CHARS;
}
