/** The words of an item. */
export interface Words {
  readonly title: string;
  readonly summary: string;
}

/** Characters of headline and lead that are compared: the beginning tells articles apart, and bounds the time. */
const COMPARED_CHARS_MAX = 600;
/** Letters of a word that says what an article is about: shorter ones are in every article. */
const TELLING_LETTERS_MIN = 4;
/**
 * Share of the words of the shorter text that two articles have in common by chance: below it they are wholly other
 * words. Of pairs of different articles of one feed, all but a few in a hundred share less; two versions of one article
 * share more than half.
 */
export const SAME_WORDS_MIN = 0.25;

const RUN =
  /([\p{Script=Han}\p{Script=Hangul}\p{Script=Hiragana}\p{Script=Katakana}ー]+)|[\p{L}\p{M}\p{N}]+/gu;

/**
 * What a text is compared by: words of at least TELLING_LETTERS_MIN letters and numbers; of Korean, Japanese and Chinese, where
 * endings and the lack of blanks hide words, pairs of neighbouring characters.
 */
export function tellingParts(text: string): ReadonlySet<string> {
  const parts = new Set<string>();
  for (const [run, eastAsian] of text
    .slice(0, COMPARED_CHARS_MAX)
    .normalize('NFKC')
    .toLowerCase()
    .matchAll(RUN)) {
    if (eastAsian === undefined) {
      if (run.length >= TELLING_LETTERS_MIN || /\d/.test(run)) parts.add(run);
      continue;
    }
    const characters = Array.from(run);
    for (let index = 1; index < characters.length; index += 1) {
      parts.add(`${characters[index - 1] ?? ''}${characters[index] ?? ''}`);
    }
  }
  return parts;
}

/**
 * How much of the shorter of two texts is in the longer, 0..1: the overlap coefficient (Szymkiewicz–Simpson) of their telling
 * parts. It bears that one of them has no lead. Null where one says too little to compare.
 */
export function sharedShare(one: Words, other: Words): number | null {
  const [a, b] = [one, other].map(({ title, summary }) => tellingParts(`${title}\n${summary}`));
  if (a === undefined || b === undefined || a.size === 0 || b.size === 0) return null;
  const [small, large] = a.size <= b.size ? [a, b] : [b, a];
  let shared = 0;
  for (const part of small) if (large.has(part)) shared += 1;
  return shared / small.size;
}

/** Whether two texts have no more in common than different articles have by chance. What cannot be compared is not. */
export function isWhollyOther(one: Words, other: Words): boolean {
  const share = sharedShare(one, other);
  return share !== null && share < SAME_WORDS_MIN;
}
