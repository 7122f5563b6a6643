import { copyDigest } from '../events/copy-digest.ts';
import { foldedText } from './normalize.ts';

/** Units of letters and digits from which a title tells one text from all others: CJK says more in fewer. */
const LATIN_UNITS_MIN = 24;
const EAST_ASIAN_UNITS_MIN = 10;
/** Units that go into a key: what comes later tells no two titles apart that began alike. */
const KEY_UNITS_MAX = 160;
/** A publisher's name after a dash or bar. */
const SUFFIX_UNITS_MAX = 40;

/** What wires and desks put around a headline, folded: never part of what it says. */
const TAG_WORDS =
  'lead|\\d*(?:st|nd|rd|th)? ?ld|\\d*(?:st|nd|rd|th) lead|urgent|breaking|breaking news|exclusive|corrected|correction|recast|updated?|update \\d+|' +
  'yonhap interview|속보|긴급|단독|종합|종합\\d*보|\\d+보|영상|포토|사진|속보중|速报|速报中|号外|独自|更新|快讯|突发|独家|即时|影|图|视频|影音';
const TAG = new RegExp(
  `^ ?(?:[[(【<《「](?:${TAG_WORDS})[\\])】>》」]|(?:update|wrapup) \\d+ ?[-:]|快讯[/:|]|速报[/:|]|breaking ?:) ?`,
);
const END_TAG = new RegExp(` ?[[(【](?:${TAG_WORDS})[\\])】] ?$`);
const SUFFIX = / (?:[-|]|-{2}) ([^|]+)$/;

/** Takes off tags in front and behind until there are none; each pass shortens the text, so it ends. */
function untagged(text: string): string {
  let rest = text;
  for (;;) {
    const next = rest.replace(TAG, '').replace(END_TAG, '');
    if (next === rest) return rest;
    rest = next;
  }
}

function lettersOf(text: string): string {
  return text.replaceAll(/[^\p{L}\p{N}]+/gu, '');
}

function isTelling(letters: string): boolean {
  const latin = /^[\p{Script=Latin}\p{N}]*$/u.test(letters);
  return letters.length >= (latin ? LATIN_UNITS_MIN : EAST_ASIAN_UNITS_MIN);
}

/** Without the publisher's name at the end, unless too little would be left or the end has a number of its own. */
function withoutPublisher(text: string): string {
  const suffix = SUFFIX.exec(text);
  if (suffix === null || (suffix[1] ?? '').length > SUFFIX_UNITS_MAX || /\p{N}/u.test(suffix[1] ?? ''))
    return text;
  const rest = text.slice(0, suffix.index);
  return isTelling(lettersOf(rest)) ? rest : text;
}

/**
 * A key that copies of one text share: a digest of the title without wire tags ((LEAD), [속보], 【速報】), publisher's name,
 * punctuation, spaces, case and Han variants; numbers stay, so a changed toll is another key.
 *
 * Empty when the title is too short to tell texts apart (社説, Corrections): an item with an empty key is nobody's
 * copy, and nobody's is compared with it.
 */
export function copyKeyOf(title: string): string {
  const folded = foldedText(title).trim();
  // The publisher may stand behind the last tag: … (종합) - 연합뉴스.
  const letters = lettersOf(untagged(withoutPublisher(untagged(folded))));
  return isTelling(letters) ? copyDigest(letters.slice(0, KEY_UNITS_MAX)) : '';
}
