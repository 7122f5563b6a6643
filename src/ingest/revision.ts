import type { PublisherId } from '../events/ids.ts';
import { isGoogleNews } from './google-news.ts';
import { borrowedTitle } from './normalize.ts';
import type { Words } from './similar.ts';

/** Who says the words, as far as a suffix can be told by it. */
export interface Speaker {
  readonly publisher: PublisherId;
  readonly url: string | null;
}

// Numbers that a clock or a counter puts beside the words. Any other number is one of them: a death toll is news.
const COUNTERS: readonly RegExp[] = [
  /\b(?:(?:last )?updated:? |posted:? |published:? )?(?:about |an? )?\d{0,3} ?(?:seconds?|secs?|minutes?|mins?|hours?|hrs?|days?) ago\b/gi,
  /\d{1,3} ?(?:초|분|시간|일) ?전(?![가-힣])/g,
  /\d{1,3} ?(?:秒|分|分钟|分鐘|小时|小時|時間|天|日)前/g,
  /(?:조회(?:수)?|추천|댓글) ?:? ?\d[\d,]*/g,
  /(?:閲覧数?|浏览|瀏覽|阅读|閱讀|评论|評論|点赞) ?[::]? ?\d[\d,]*万?/g,
  /\b\d[\d,.]*[km]? (?:views?|comments?|shares?|reads?|likes?)\b/gi,
  /\b(?:last )?updated:? (?:at )?\d{1,2}[:.]\d{2}(?: ?[ap]\.?m\.?)?(?: ?[A-Z]{2,4}\b)?/gi,
  /(?:업데이트|수정|입력|更新|最終更新)[ ::]*(?:\d{4}[-./年]\d{1,2}[-./月]\d{1,2}日?)?[ T]*\d{1,2}:\d{2}/g,
];
const DASHES = /[‐‑‒–—―−~〜～]/g;
const SINGLE_QUOTES = /[‘’‚‛`´′＇]/g;
const DOUBLE_QUOTES = /[“”„‟«»″＂「」『』《》〈〉]|''/g;
const ELLIPSIS = /…|\.{3,}|·{3,}/g;
/** The dots that lists of names are joined by, each in use for the others. */
const MIDDLE_DOTS = /[·・‧•ㆍᆞ]/g;
/** Quotation marks; but for an apostrophe, which is of a word. */
const QUOTES = /"|(?<![a-z])'|'(?![a-z])/g;
/** Blanks, but for those that keep two numbers apart. */
const BLANKS = /(?<!\d)\s+|\s+(?!\d)/g;
/** A number alone in brackets, with which live pages count their entries: at the end of a headline, or before it. */
const COUNTED = /^\s*[[(【]\s*\d{1,4}\s*[\])】]|[[(【]\s*\d{1,4}\s*[\])】]\s*$/g;
// What feeds put where they have cut a text.
const CUT =
  /(?:\s*[[(]?(?:\.{3})[\])]?|\s*(?:read (?:more|the full story)|continue reading|더보기|続きを読む|阅读全文|閱讀全文)\W*)+$/i;

/** Characters of a name that a feed puts behind its headlines. */
const SUFFIX_CHARS_MAX = 40;
const SUFFIX = /^(.*\S)\s*(?:\s[-·]\s|\|)\s*([^|]+)$/;
/** How names of papers, broadcasters and agencies end, in scripts that say nothing of a host. */
const PAPER =
  /^\S{1,8}(?:뉴스|일보|신문|방송|경제|타임스|통신|新聞|ニュース|新聞社|通信社?|通讯社|日報|日报|時報|时报|早報|新闻网?|新聞網)$/;
/** Words of many names: alone they name nobody. */
const NO_NAME = /^(?:the|news|online|english|com|net|of|and)$/;

/** Words without what typography, entities, clocks and counters make of them. */
function fold(text: string): string {
  let folded = text.normalize('NFKC').replace(SINGLE_QUOTES, "'").replace(DOUBLE_QUOTES, '"');
  folded = folded.replace(ELLIPSIS, '...').replace(DASHES, '-').replace(MIDDLE_DOTS, '·');
  for (const counter of COUNTERS) folded = folded.replace(counter, ' ');
  return folded
    .toLowerCase()
    .replace(QUOTES, '')
    .replace(/\s*([-()[\]|:])\s*/g, '$1')
    .replace(/\s+/g, ' ')
    .trim();
}

/** Whether `name` names the publisher: its words are in the publisher's id or host, or it is the name of a paper. */
function isNameOf(name: string, { publisher, url }: Speaker): boolean {
  if (name.length > SUFFIX_CHARS_MAX) return false;
  if (PAPER.test(name)) return true;
  const host = url !== null && URL.canParse(url) ? new URL(url).hostname : '';
  const known = `${publisher} ${host}`.toLowerCase();
  const words = (name.toLowerCase().match(/[a-z0-9]{2,}/g) ?? []).filter((word) => !NO_NAME.test(word));
  return words.length > 0 && words.every((word) => known.includes(word));
}

/** A headline without the publisher's name that some feeds put behind it, at times, and without the counter of a live page. */
function headline(title: string, speaker: Speaker): string {
  const folded = title.normalize('NFKC').replace(DASHES, '-');
  const [, words, name] = SUFFIX.exec(folded) ?? [];
  const isNamed = words !== undefined && name !== undefined && isNameOf(name.trim(), speaker);
  return (isNamed ? words : title).normalize('NFKC').replace(COUNTED, '');
}

/** Folded words as they are compared at last: blanks may come and go. */
function bare(folded: string): string {
  return folded.replace(BLANKS, '');
}

/** Whether `after` is `before`, cut off: empty, or its beginning up to a sign that more was there or to the midst of a sentence. */
function isCutOff(before: string, after: string): boolean {
  const [whole, start] = [before.replace(CUT, ''), after.replace(CUT, '')];
  if (!bare(whole).startsWith(bare(start))) return false;
  return bare(start) === bare(whole) || start === '' || start !== after || !/[.!?。]\)*$/.test(start);
}

/**
 * Whether other words were said, and not the same in another form: a revision tells people that somebody has changed their words, and
 * one at every poll would tell them nothing. These are none:
 *
 * - blanks, case, width, quotes, dashes and entities, which an editing system changes at will, and quotes that are put around what
 *   was said before without;
 * - the counter of a live page, a number alone in brackets at either end of a headline: `Live (3)`;
 * - clocks and counters beside the words (`12 min ago`, `조회수 1,234`); every other number is a word;
 * - the publisher's name behind a headline, in one poll and not in the next;
 * - words that only went missing: a lead left out or cut off, a headline left out, for which its lead then stands in. Feeds do so
 *   to and fro, and the words that were said are still the last that were. When they are said for the first time, that is a revision. A
 *   lead that ends with a whole sentence sooner than before was shortened by somebody, which is one too;
 * - what Google News puts where a lead should be: the headlines of others on the matter, others at every poll.
 */
export function isRevised(before: Words, after: Words, speaker: Speaker): boolean {
  const [lead, leadNow] = [fold(before.summary), fold(after.summary)];
  const [said, now] = [fold(headline(before.title, speaker)), fold(headline(after.title, speaker))];
  const isOther = bare(now) !== bare(said);
  if (isGoogleNews(speaker.url)) return isOther;
  const isLeftOut = after.title === borrowedTitle(after.summary) && bare(lead).startsWith(bare(now));
  return (isOther && !isLeftOut) || !isCutOff(lead, leadNow);
}
