/** UTF-16 units of a text in which its dateline is looked for: a wire's subtitles may stand before it. */
export const DATELINE_UNITS_MAX = 240;

/** Where a text says where and by whom it was written; UTF-16 offsets. */
export interface Dateline {
  readonly start: number;
  readonly end: number;
  /** Where the places stand in it; what else stands there names reporters and agencies. */
  readonly places: readonly (readonly [start: number, end: number])[];
  /** Whether capitals and a dash are all there is to say that it is one. */
  readonly bare: boolean;
}

const PLACE_AND_PAPER = '\\p{L}\\p{N}·・ ';
const NESTED = '[\\[(（［][\\p{L} ]{1,12}[\\])）］]';

/** (서울=연합뉴스), [도쿄·서울=뉴시스], (나라[일본]=…), 【東京=某、ソウル=某】; whose picture it is is said in that form too. */
const EQUATED = new RegExp(
  `(?<![\\p{L}\\p{N}])[(（\\[［【〔](?!사진|출처|자료|제공|그래픽|写真|資料|提供|图|圖)(?<inner>(?:[${PLACE_AND_PAPER}、,/]|${NESTED}){2,24}[=＝](?:[\\p{L}\\p{N}·・、,/ =＝]){2,40})[)）\\]］】〕]`,
  'u',
);
/** 【ソウル共同】, [東京 13日 ロイター]: agencies that need no sign between. */
const AGENCY =
  /^\s*[（(［[【](?<place>[\p{sc=Han}\p{sc=Katakana}ー・、]{2,16}?)(?: ?\p{Nd}{1,2}日)? ?(?:共同|時事|ロイター|聯合ニュース|AFP時事|AFP|AP)[）)］\]】]/u;
/** 도쿄=성호철 특파원. */
const KOREAN_REPORTER = /^\s*(?<place>[\p{sc=Hangul}·]{2,12})=[\p{sc=Hangul}]{2,4} ?(?:특파원|기자)/u;
/** 新华社首尔1月13日电, （中央社記者某某東京13日專電）: 13日電影 is a film. */
const TELEGRAM =
  /(?:社|网|網|报|報|通|闻|聞|透)(?<place>[\p{sc=Han}、/]{2,14}?)(?:\p{Nd}{1,2}月)?\p{Nd}{1,2}日(?:专|專|外|综合|綜合|体育){0,2}[电電讯訊](?![影视視话話力价價池子动動商台])/u;
/** 〔記者某某／台北報導〕, 記者某某／東京專電. */
const TAIWANESE =
  /(?:记者|記者|中心|特派員)[\p{sc=Han}、]{0,12}[／/](?<place>[\p{sc=Han}]{2,8}?)(?:綜合|连线|連線)?(?:报道|報道|報導|专电|專電|電|专访|專訪)/u;
const CAPITALS = '(?:(?:ST\\. )?[A-Z]{3,}(?:[ -][A-Z]{2,}){0,2})';
const REGION = '(?:, ?[A-Z][\\p{L}.]+(?: [A-Z]\\p{L}+)?)?';
const DAY = '(?:Jan|Feb|Mar|Apr|May|June?|July?|Aug|Sept?|Oct|Nov|Dec)[a-z]*\\.?(?: \\d{1,2})?(?:, \\d{4})?';
const CREDIT = '\\([A-Z]\\p{L}+(?: [A-Z]\\p{L}+){0,2}\\)';
const DASH = ' ?(?:--?|[–—])';
/** SEOUL, Jan. 13 (Yonhap) --, wherever the words of a wire begin. */
const DATED = new RegExp(
  `(?<![\\p{L}\\p{N}])(?<place>${CAPITALS}(?:/${CAPITALS})*${REGION}),? ${DAY}(?: ${CREDIT})?(?:${DASH})?`,
  'u',
);
/** NARA, Japan —, at the head of a text. */
const CAPITAL = new RegExp(
  `^\\s*(?<place>${CAPITALS}(?:/${CAPITALS})*${REGION})(?: ${CREDIT})?(?:${DASH} |: )`,
  'u',
);
/** Tokyo (AFP) –, and Taipei, Jan. 13 (CNA), at the head of a text. */
const NAMES = '\\p{Lu}\\p{L}+(?:[ -]\\p{Lu}\\p{L}+){0,2}';
const AGENCY_NAME = '\\((?:[A-Z]\\p{L}+(?: [A-Z]\\p{L}+){0,2}|dpa)\\)';
const CREDITED = new RegExp(
  `^\\s*(?<place>${NAMES}${REGION})(?:,? ${DAY} ${AGENCY_NAME}| ${AGENCY_NAME}\\.?${DASH})`,
  'u',
);

const MONTHS = 'Jan Feb Mar Apr May Ju Aug Sep Oct Nov Dec'.split(' ').map((month) => `, ${month}`);

/** A form, and characters of which it has one: all texts are asked for those, and that costs little. */
interface Form {
  readonly form: RegExp;
  readonly marks: readonly string[];
}

const FORMS: readonly Form[] = [
  { form: EQUATED, marks: ['=', '＝'] },
  { form: AGENCY, marks: ['】', ']', '］', ')', '）'] },
  { form: KOREAN_REPORTER, marks: ['='] },
  { form: TELEGRAM, marks: ['电', '電', '讯', '訊'] },
  { form: TAIWANESE, marks: ['／', '/'] },
  { form: DATED, marks: MONTHS },
  { form: CAPITAL, marks: [' '] },
  { form: CREDITED, marks: ['('] },
];

/** The places in what stands between brackets: what is before each equals sign, up to the credit before it. */
function equatedPlaces(inner: string, from: number): [number, number][] {
  const places: [number, number][] = [];
  let at = 0;
  for (const sign of inner.matchAll(/[=＝]/gu)) {
    const part = inner.slice(at, sign.index);
    const begins = at === 0 ? 0 : Math.max(part.lastIndexOf('、'), part.lastIndexOf(','), 0);
    places.push([from + at + begins, from + sign.index]);
    at = sign.index + 1;
  }
  return places;
}

function datelineBy(form: RegExp, head: string): Dateline | null {
  const match = form.exec(head);
  if (match === null) return null;
  const { inner, place } = match.groups ?? {};
  const at = match.index + match[0].indexOf(inner ?? place ?? '');
  const places = inner === undefined ? [[at, at + (place ?? '').length] as const] : equatedPlaces(inner, at);
  const bare = form === CAPITAL && !match[0].includes('(');
  return { start: match.index, end: match.index + match[0].length, places, bare };
}

/** What a name in a dateline is: where the report was written, or part of the name of who wrote it. */
export type DatelineRule = 'dateline' | 'byline';

/** What [start, end), UTF-16 offsets of the text, is in the dateline; null where it is not in it. */
export function roleIn(dateline: Dateline, start: number, end: number): DatelineRule | null {
  if (start < dateline.start || end > dateline.end) return null;
  return dateline.places.some(([from, to]) => from <= start && end <= to) ? 'dateline' : 'byline';
}

/** The dateline of a text; null where it has none. A headline has none: what stands there is of the news. */
export function datelineOf(words: string): Dateline | null {
  const head = words.slice(0, DATELINE_UNITS_MAX);
  for (const { form, marks } of FORMS) {
    const dateline = marks.some((mark) => head.includes(mark)) ? datelineBy(form, head) : null;
    if (dateline !== null) return dateline;
  }
  return null;
}
