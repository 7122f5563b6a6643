import type { EventLang } from './event-langs.ts';

/** A stretch of a field with a predicate of its own, as far as its marks show: UTF-16 offsets. */
interface Clause {
  readonly start: number;
  readonly end: number;
  /** Begins with a word that makes it the circumstance of another: `as row drags on`. */
  readonly isUnder: boolean;
}

/** A field cut up: where its clauses and what it quotes begin and end. */
export interface Clauses {
  readonly list: readonly Clause[];
  /** The number of the clause in which a place is. */
  readonly at: (place: number) => number;
  /** Whether a place is in quotation marks. */
  readonly isQuoted: (place: number) => boolean;
}

/** Whether a name, with whatever office goes with it, ends at a place: a comma there marks whoever acts. */
export type EndsName = (place: number) => boolean;

/** Clauses of a field that are told apart; what is beyond is one. */
const CLAUSES_MAX = 12;

const QUOTES: ReadonlyMap<string, string> = new Map([
  ['“', '”'],
  ['‘', '’'],
  ['"', '"'],
  ['「', '」'],
  ['『', '』'],
  ["'", "'"],
  ['＂', '＂'],
]);

const QUOTE = new RegExp(`[${[...QUOTES.keys()].join('')}]`, 'gu');

const isLetter = (unit: string): boolean => /[\p{L}\p{N}]/u.test(unit);

/** Whether a straight mark opens what it quotes: one between letters is an apostrophe. */
function opens(text: string, at: number): boolean {
  return text.charAt(at) !== "'" || !isLetter(text.charAt(at - 1));
}

function quotedSpans(text: string): readonly (readonly [number, number])[] {
  const spans: [number, number][] = [];
  QUOTE.lastIndex = 0;
  for (let mark = QUOTE.exec(text); mark !== null; mark = QUOTE.exec(text)) {
    const { index: at } = mark;
    const close = QUOTES.get(mark[0]);
    if (close === undefined || !opens(text, at)) continue;
    let end = text.indexOf(close, at + 1);
    while (end > 0 && (close === "'" || close === '’') && isLetter(text.charAt(end + 1))) {
      end = text.indexOf(close, end + 1);
    }
    if (end < 0) continue;
    spans.push([at, end]);
    QUOTE.lastIndex = end + 1;
  }
  return spans;
}

/** Marks between clauses, and words that begin one. */
const BREAKS: Readonly<Record<EventLang, RegExp>> = {
  en: /[;,]\s|\s[–—|]\s|\.{3}|…|\s(?=[AaWwDdFfBbIi])(?=(?:as|after|amid|while|despite|following|before|but|when|if|ahead of|because)\s)/giu,
  // Commas are few: verbs that go on end a clause too (… 거론하자, … 했지만, … 뿌리치고).
  ko: /…|⋯|\.{2,}|[;；|]|\s[-–—]\s|,\s?|，|(?<=[하되치오나르리지키내서]자|지만|면서|더니|는데|데도|[했됐었았]으나|[하치되키끊었았접두넘남]고|[한은친난던낸준] (?:뒤|후|가운데|직후))\s/gu,
  ja: /…|―+|——|[；;\u3000 。]|、/gu,
  zh: /…|——|[；;，,。！？!?\u3000 ]/gu,
};

const UNDER = /^\s?(?:as|after|amid|while|despite|following|before|when|if|ahead of|because)\s/iu;
const INTRO = /^(?:after|as|amid|despite|following|while|ahead of|with|since|in response to|\w+ after)\s/iu;

/** A comma in English ends a clause unless a list of names goes on. */
function isListed(text: string, comma: number, endsName: EndsName): boolean {
  return endsName(comma) && /^,\s(?:and\s)?\p{Lu}/u.test(text.slice(comma, comma + 8));
}

/** Whether the words after a comma are a clause of their own: `…, Lee urges calm`, `…, says Tokyo`. */
const OWN_VERB =
  /^,\s(?:(?:\p{Lu}[\p{L}.'’]*\s){1,3}(?:(?:official|minister|ministry|leader|PM|president)s?\s)?(?!(?:officials|ministers|leaders|diplomats|ships|jets|bombers|troops|forces|firms|exports|imports|nationals)\b)\p{Ll}+(?:s|ed)\b|(?:say|says|said)\b)/u;

function isBreak(
  text: string,
  lang: EventLang,
  mark: { at: number; is: string },
  act: number,
  endsName: EndsName,
): boolean {
  const { at, is } = mark;
  if (/^[,、，]/u.test(is)) {
    if (lang === 'en') {
      return isListed(text, at, endsName) ? at > act && OWN_VERB.test(text.slice(at, at + 48)) : true;
    }
    // `中, 日에 항의`, `中国、日本に抗議`: the comma says who acts.
    return !endsName(at);
  }
  // `韩国 日本`, `中国 日本に`: a blank after whoever acts is such a comma.
  if (/^[\u3000 ]/u.test(is)) return !endsName(at);
  return true;
}

/** Cuts a field into clauses. `act` is where its main act is said. */
export function clausesOf(text: string, lang: EventLang, act: number, endsName: EndsName): Clauses {
  const quoted = quotedSpans(text);
  const isQuoted = (place: number): boolean => quoted.some(([start, end]) => place > start && place < end);
  const list: Clause[] = [];
  let start = 0;
  const isIntro = lang === 'en' && INTRO.test(text);
  const add = (end: number): void => {
    const isUnder =
      lang === 'en' && (list.length === 0 ? isIntro : UNDER.test(text.slice(start, start + 12)));
    list.push({ start, end, isUnder });
    start = end;
  };
  const breaks = BREAKS[lang];
  breaks.lastIndex = 0;
  for (let mark = breaks.exec(text); mark !== null; mark = breaks.exec(text)) {
    const { 0: is, index } = mark;
    // What is cut off there has no clause behind: `lawyers say US agents broke the law…`.
    if (list.length >= CLAUSES_MAX || /^[.…⋯\s]*$/u.test(text.slice(index))) break;
    if (index <= start || isQuoted(index) || !isBreak(text, lang, { at: index, is }, act, endsName)) continue;
    add(index + (lang === 'en' ? 0 : is.length));
  }
  add(text.length);
  const at = (place: number): number => {
    const found = list.findIndex(({ end }) => place < end);
    return found < 0 ? list.length - 1 : found;
  };
  return { list, at, isQuoted };
}
