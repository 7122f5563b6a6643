import { monthOf, plainDate, zoneOfLetters } from './date-words.ts';
import { writtenZone } from './zone.ts';

/** The longest text read as a date; anything longer is prose. */
const DATE_CHARS_MAX = 80;
const MINUTE_MS = 60_000;
const CHINA_MINUTES = 8 * 60;
/** The first whole year after the zero of Unix clocks, which is no date but the lack of one. */
const YEAR_MIN = 1971;
const YEAR_MAX = 2200;

/** What a date text says, before it becomes an instant. */
interface Parts {
  readonly year: number;
  /** 1 to 12. */
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
  readonly millisecond: number;
  /** Null when the text names no zone. */
  readonly offsetMinutes: number | null;
}

const CLOCK = String.raw`(\d{1,2}):(\d{1,2})(?::(\d{1,2})(?:[.,](\d{1,9}))?)?`;
const HALF = '(오전|오후|午前|午後|上午|下午|凌晨|早上|晚上|am|pm|a\\.m\\.|p\\.m\\.)';
const AFTERNOON = /^(?:오후|午後|下午|晚上|p)/i;
const OFFSET = String.raw`(?:gmt|utc)?\s*[+−-]\d{1,2}:?\d{0,2}`;
// A zone may stand in brackets, and be followed by its name, bare or in brackets: `+0900 (KST)`,
// `+09:00[Asia/Seoul]`.
const ZONE = String.raw`(?:\s*\(?(${OFFSET}|[a-z]{1,5})\)?)?(?:\s*(?:\([^)]*\)|\[[^\]]*\]|[a-z]{2,5}))?`;
const MONTH = String.raw`(\p{L}{3,10}|\d{1,2}\s?[月월])\.?`;
const DAY = String.raw`(\d{1,2})(?:st|nd|rd|th|\.)?`;
const EAST_ASIAN_WEEKDAY = [
  '\\s*[(（][^)）]{1,9}[)）]',
  '\\s*[가-힣]요일',
  '\\s*[日月火水木金土]曜日?',
  '\\s*星期[一二三四五六日天]',
].join('|');

const whole = (...pieces: readonly string[]): RegExp => new RegExp(`^${pieces.join('')}$`, 'iu');

/** `Mon, 12 Jan 2026 18:00:00 +0900`: RFC 822, with or without weekday, seconds, century. */
const RFC822 = whole(
  String.raw`(?:\(?[\p{L}.]{1,12}\)?\s*,?\s*)?`,
  String.raw`${DAY}[\s-]+(?:de\s)?${MONTH},?[\s-]+(?:de\s)?(\d{4}|\d{2})`,
  String.raw`(?:[\s,T-]+(?:at\s+)?${CLOCK}(?:\s*uhr)?\s*${HALF}?)?${ZONE}`,
);
/** `January 5, 2026 3:04 PM`, and what `date` prints: `Mon Jan  5 12:00:00 KST 2026`. */
const MONTH_FIRST = whole(
  String.raw`(?:\p{L}{3,9}\.?,?\s+)??`,
  String.raw`${MONTH}\s+${DAY},?\s+(?:(\d{4}),?)?`,
  String.raw`(?:(?:\s*[-–]\s+|\s*)(?:at\s+)?${CLOCK}\s*${HALF}?)?${ZONE}(?:\s+(\d{4}))?`,
);
/** ISO 8601 with separators of any kind, whole or in part: `2026-01`, `2026/1/5 12:30`, `2026. 1. 5. 오후 3:04`. */
const NUMERIC = whole(
  String.raw`(\d{4})(?:\s*[-/.]\s*(\d{1,2})(?:\s*[-/.]\s*(\d{1,2})\.?)?)?(?:\s*\([^)]{1,9}\))?`,
  String.raw`(?:(?:\s*t\s*|\s+|\s*,\s*)${HALF}?\s*(\d{1,2})`,
  String.raw`(?::?(\d{2})(?::?(\d{1,2})(?:[.,:](\d{1,9}))?)?)?\s*${HALF}?)?${ZONE}`,
);
/** ISO 8601 without separators: `20260105`, `20260105T120000Z`. */
const COMPACT = whole(
  String.raw`(\d{4})(\d{2})(\d{2})(?:\s*t?\s*(\d{2}):?(\d{2})(?::?(\d{2}))?(?:[.,](\d{1,9}))?)?${ZONE}`,
);
/** `2026년 1월 5일 (월) 오후 3시 4분`, `2026年1月12日 18:00`. */
const EAST_ASIAN = whole(
  String.raw`(\d{4})\s*[年년]\s*(\d{1,2})\s*[月월]\s*(\d{1,2})\s*[日일號号]?(?:${EAST_ASIAN_WEEKDAY})?`,
  String.raw`(?:[\s,]*${HALF}?\s*(\d{1,2})`,
  String.raw`(?:\s*[時时시点點]\s*(?:(\d{1,2})\s*[分분]?\s*(?:(\d{1,2})\s*[秒초]?)?)?|:(\d{1,2})(?::(\d{1,2}))?)`,
  String.raw`\s*${HALF}?)?${ZONE}`,
);

/** `13.01.2026 15:20`, `1/13/2026 3:20:00 PM`. */
const DAY_FIRST = whole(String.raw`(\d{1,2})([-/.])(\d{1,2})\2(\d{4})(?:[\s,T]+${CLOCK}\s*${HALF}?)?${ZONE}`);
/** The day of the year, or of a week: `2026-013`, `2026-W03-2`. */
const ORDINAL = whole(String.raw`(\d{4})-?(?:(\d{3})|W(\d{2})(?:-?([1-7]))?)(?:T${CLOCK})?${ZONE}`);
/** Seconds, or milliseconds, since 1970: from 2001 to 2033, so that `2026011315` stays an hour of 2026. */
const EPOCH = /^(1\d{9})(\d{3})?$/;

function number(text: string | undefined): number {
  return text === undefined || text === '' ? 0 : Number(text);
}

function fullYear(text: string | undefined): number {
  const year = number(text);
  // RFC 2822 §4.3: two digits below 50 mean this century.
  if ((text ?? '').length > 2) return year;
  return year < 50 ? 2000 + year : 1900 + year;
}

function milliseconds(fraction: string | undefined): number {
  return number((fraction ?? '').padEnd(3, '0').slice(0, 3));
}

/** Hours 0 to 24 from what the clock and its half of the day say; null when they contradict each other. */
function hourOf(hour: number, half: string | undefined): number | null {
  if (half === undefined || half === '') return hour;
  const afternoon = AFTERNOON.test(half);
  if (hour > 12) return afternoon ? hour : null;
  return (hour % 12) + (afternoon ? 12 : 0);
}

type Clock = readonly (string | undefined)[];

/** [hour, minute, second, fraction, half, zone] and a day as Parts. */
function parts(year: number, month: number, day: number, clock: Clock): Parts | null {
  const [hourText, minute, second, fraction, half, zone] = clock;
  const hour = hourOf(number(hourText), half);
  const offsetMinutes = writtenZone(zone ?? '');
  if (hour === null || offsetMinutes === undefined) return null;
  const millisecond = milliseconds(fraction);
  return {
    year,
    month,
    day,
    hour,
    minute: number(minute),
    second: number(second),
    millisecond,
    offsetMinutes,
  };
}

type Reader = (text: string) => Parts | null;

/** Forms that begin with the year in four digits. */
const YEAR_FIRST: readonly Reader[] = [
  (text) => {
    const m = COMPACT.exec(text);
    return m && parts(number(m[1]), number(m[2]), number(m[3]), [m[4], m[5], m[6], m[7], '', m[8]]);
  },
  (text) => {
    const m = ORDINAL.exec(text);
    return m && ordinal(m);
  },
  (text) => {
    const m = NUMERIC.exec(text);
    const half = m?.[4] ?? m?.[9];
    return (
      m &&
      parts(number(m[1]), number(m[2] ?? '1'), number(m[3] ?? '1'), [m[5], m[6], m[7], m[8], half, m[10]])
    );
  },
  (text) => {
    const m = EAST_ASIAN.exec(text);
    if (m === null) return null;
    const half = m[4] ?? m[10];
    return parts(number(m[1]), number(m[2]), number(m[3]), [
      m[5],
      m[6] ?? m[8],
      m[7] ?? m[9],
      '',
      half,
      m[11],
    ]);
  },
];
const OTHERS: readonly Reader[] = [
  (text) => {
    const m = RFC822.exec(text);
    return m && parts(fullYear(m[3]), monthOf(m[2]), number(m[1]), [m[4], m[5], m[6], m[7], m[8], m[9]]);
  },
  (text) => {
    const m = MONTH_FIRST.exec(text);
    return (
      m && parts(number(m[3] ?? m[10]), monthOf(m[1]), number(m[2]), [m[4], m[5], m[6], m[7], m[8], m[9]])
    );
  },
  (text) => {
    const m = DAY_FIRST.exec(text);
    return m && dayFirst(m);
  },
];

/** `1/13/2026` is American where nothing else is possible or a clock of two halves follows. */
function dayFirst(m: RegExpExecArray): Parts | null {
  const [, one, sign, two] = m;
  const half = m[9];
  const american = sign === '/' && (number(two) > 12 || (number(one) <= 12 && (half ?? '') !== ''));
  // With a slash and both below 13 nobody can know.
  if (sign === '/' && !american && number(one) <= 12) return null;
  const [month, day] = american ? [one, two] : [two, one];
  return parts(number(m[4]), number(month), number(day), [m[5], m[6], m[7], m[8], half, m[10]]);
}

/** A day of the year, or ISO 8601's weeks: the first is the one with 4 January in it, weeks begin on Monday. */
function ordinal(m: RegExpExecArray): Parts | null {
  const year = number(m[1]);
  const fourth = new Date(Date.UTC(year, 0, 4));
  const weekday = fourth.getUTCDay() || 7;
  const week = 4 - weekday + (number(m[3]) - 1) * 7 + number(m[4] ?? '1');
  const count = m[2] === undefined ? week : number(m[2]);
  const day = new Date(Date.UTC(year, 0, count));
  if (
    m[2] === undefined ? number(m[3]) < 1 || number(m[3]) > 53 : day.getUTCFullYear() !== year || count === 0
  )
    return null;
  const date = [day.getUTCFullYear(), day.getUTCMonth() + 1, day.getUTCDate()] as const;
  return parts(...date, [m[5], m[6], m[7], m[8], '', m[9]]);
}

/** The instant, or null where the calendar has no such day or the clock no such hour. */
function instantOf(read: Parts, defaultOffsetMinutes: number): Date | null {
  const { year, month, day, hour, minute, second } = read;
  if (year < YEAR_MIN || year > YEAR_MAX || hour > 24 || minute > 59 || second > 60) return null;
  if (hour === 24 && minute + second > 0) return null;
  const midnight = new Date(Date.UTC(year, month - 1, day));
  if (midnight.getUTCMonth() !== month - 1 || midnight.getUTCDate() !== day) return null;
  const offset = read.offsetMinutes ?? defaultOffsetMinutes;
  const sinceMidnight = ((hour * 60 + minute) * 60 + second) * 1000 + read.millisecond;
  return new Date(midnight.getTime() + sinceMidnight - offset * MINUTE_MS);
}

/** What a plus sign became on its way through a form: `2026-01-13T15:20:00 09:00`. */
const LOST_PLUS = /(T\d{2}:\d{2}:\d{2}(?:\.\d+)?) (\d{2}:?\d{2})$/;

/**
 * Reads a date as feeds of the world write it: RFC 822 and its sloppy kin, ISO 8601, `20260105`, seconds since
 * 1970, and Korean, Japanese and Chinese forms with their eras. Returns UTC as ISO 8601, or null for what is
 * no date, cannot be (30 February), or lies outside 1971 to 2200. A date without a zone is taken at
 * `defaultOffsetMinutes` east of Greenwich, the publisher's; where that is null, at what its letters say, or
 * as UTC; never at the host's.
 */
export function readDate(text: string, defaultOffsetMinutes: number | null = null): string | null {
  if (text.length > DATE_CHARS_MAX) return null;
  const written = plainDate(text).replace(LOST_PLUS, '$1+$2');
  const epoch = EPOCH.exec(written);
  if (epoch !== null) return new Date(number(epoch[1]) * 1000 + number(epoch[2])).toISOString();
  for (const read of /^\d{4}/.test(written) ? YEAR_FIRST : OTHERS) {
    const found = read(written);
    if (found === null) continue;
    // CST is America's, unless the publisher sits where China's is kept.
    const chinese = defaultOffsetMinutes === CHINA_MINUTES && /\bcst\b/i.test(written);
    const parsed = chinese ? { ...found, offsetMinutes: CHINA_MINUTES } : found;
    return instantOf(parsed, defaultOffsetMinutes ?? zoneOfLetters(text))?.toISOString() ?? null;
  }
  return null;
}
