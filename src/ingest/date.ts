/** The longest text read as a date; anything longer is prose. */
const DATE_CHARS_MAX = 80;
const MINUTE_MS = 60_000;
const YEAR_MIN = 1990;
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

const MONTHS = 'jan feb mar apr may jun jul aug sep oct nov dec'.split(' ');

// RFC 822 §5.1 names the American zones; the others are what East Asian and European feeds write. CST is read
// as RFC 822 says, although a Chinese feed may mean its own: such feeds write +0800.
const ZONE_MINUTES: Readonly<Record<string, number>> = {
  z: 0, ut: 0, utc: 0, gmt: 0, wet: 0, west: 60, bst: 60, cet: 60, cest: 120, eet: 120, eest: 180, msk: 180,
  ist: 330, hkt: 480, sgt: 480, kst: 540, jst: 540, aest: 600, aedt: 660, nzst: 720, nzdt: 780,
  est: -300, edt: -240, cst: -360, cdt: -300, mst: -420, mdt: -360, pst: -480, pdt: -420,
}; // prettier-ignore

const CLOCK = String.raw`(\d{1,2}):(\d{1,2})(?::(\d{1,2})(?:[.,](\d{1,9}))?)?`;
const HALF = '(오전|오후|午前|午後|上午|下午|am|pm|a\\.m\\.|p\\.m\\.)';
const OFFSET = String.raw`(?:gmt|utc)?\s*[+-−]\d{1,2}:?\d{0,2}`;
// A zone may stand in brackets, and be followed by its name in brackets: `+0900 (KST)`.
const ZONE = String.raw`(?:\s*\(?([a-z]{1,5}|${OFFSET})\)?)?(?:\s*\([^)]*\))?`;
const ENGLISH_MONTH = String.raw`([a-z]{3,9})\.?`;
const ENGLISH_DAY = String.raw`(\d{1,2})(?:st|nd|rd|th)?`;
const EAST_ASIAN_WEEKDAY = [
  '\\s*[(（][^)）]{1,9}[)）]',
  '\\s*[가-힣]요일',
  '\\s*[日月火水木金土]曜日?',
  '\\s*星期[一二三四五六日天]',
].join('|');

const whole = (...pieces: readonly string[]): RegExp => new RegExp(`^${pieces.join('')}$`, 'iu');

/** `Mon, 12 Jan 2026 18:00:00 +0900`: RFC 822, with or without weekday, seconds, century. */
const RFC822 = whole(
  String.raw`(?:[\p{L}.]{2,12}\s*,?\s*)?`,
  String.raw`${ENGLISH_DAY}[\s-]+${ENGLISH_MONTH},?[\s-]+(\d{4}|\d{2})`,
  String.raw`(?:[\s,T]+(?:at\s+)?${CLOCK}\s*${HALF}?)?${ZONE}`,
);
/** `January 5, 2026 3:04 PM`, and what `date` prints: `Mon Jan  5 12:00:00 KST 2026`. */
const MONTH_FIRST = whole(
  String.raw`(?:[a-z]{3,9}\.?,?\s+)??`,
  String.raw`${ENGLISH_MONTH}\s+${ENGLISH_DAY},?\s+(?:(\d{4}),?)?`,
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

function number(text: string | undefined): number {
  return text === undefined || text === '' ? 0 : Number(text);
}

function fullYear(text: string | undefined): number {
  const year = number(text);
  // RFC 2822 §4.3: two digits below 50 mean this century.
  if ((text ?? '').length > 2) return year;
  return year < 50 ? 2000 + year : 1900 + year;
}

function monthOf(name: string | undefined): number {
  return MONTHS.indexOf((name ?? '').slice(0, 3).toLowerCase()) + 1;
}

function milliseconds(fraction: string | undefined): number {
  return number((fraction ?? '').padEnd(3, '0').slice(0, 3));
}

/** Minutes east of Greenwich; null for no zone; undefined for one nobody knows. */
function zoneMinutes(text: string | undefined): number | null | undefined {
  const zone = (text ?? '').toLowerCase().replace(/\s+/g, '').replace('−', '-');
  if (zone === '') return null;
  const named = ZONE_MINUTES[zone];
  if (named !== undefined) return named;
  const match = /^(?:gmt|utc)?([+-])(\d{1,2}):?(\d{2})?/.exec(zone);
  if (match === null) return undefined;
  const minutes = number(match[2]) * 60 + number(match[3]);
  // No zone is further from Greenwich than 14 hours.
  if (minutes > 14 * 60) return undefined;
  return match[1] === '-' ? -minutes : minutes;
}

/** Hours 0 to 24 from what the clock and its half of the day say; null when they contradict each other. */
function hourOf(hour: number, half: string | undefined): number | null {
  if (half === undefined || half === '') return hour;
  if (hour > 12) return /^(?:오후|午後|下午|p)/i.test(half) ? hour : null;
  const afternoon = /^(?:오후|午後|下午|p)/i.test(half);
  return (hour % 12) + (afternoon ? 12 : 0);
}

type Clock = readonly (string | undefined)[];

/** [hour, minute, second, fraction, half, zone] and a day as Parts. */
function parts(year: number, month: number, day: number, clock: Clock): Parts | null {
  const [hourText, minute, second, fraction, half, zone] = clock;
  const hour = hourOf(number(hourText), half);
  const offsetMinutes = zoneMinutes(zone);
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

const READERS: readonly ((text: string) => Parts | null)[] = [
  (text) => {
    const m = COMPACT.exec(text);
    return m && parts(number(m[1]), number(m[2]), number(m[3]), [m[4], m[5], m[6], m[7], '', m[8]]);
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

/** Full-width digits and signs, odd blanks and doubled ones as plain ASCII. */
function plain(text: string): string {
  return text
    .normalize('NFKC')
    .replace(/[\s\u200b\ufeff]+/g, ' ')
    .trim();
}

/**
 * Reads a date as feeds of the world write it: RFC 822 and its sloppy kin, ISO 8601, `20260105`, and Korean,
 * Japanese and Chinese forms. Returns UTC as ISO 8601, or null for what is no date, cannot be (30 February),
 * or lies outside 1990 to 2200. A date without a zone is taken at `defaultOffsetMinutes` east of Greenwich,
 * the publisher's; never at the host's.
 */
export function readDate(text: string, defaultOffsetMinutes = 0): string | null {
  if (text.length > DATE_CHARS_MAX) return null;
  const written = plain(text);
  for (const read of READERS) {
    const found = read(written);
    if (found !== null) return instantOf(found, defaultOffsetMinutes)?.toISOString() ?? null;
  }
  return null;
}
