import { Temporal } from 'temporal-polyfill';
import type { Bound, Range } from './ast.ts';
import type { Stretch } from './leaf.ts';

/** How times are written, for messages. */
export const TIME_FORMS =
  '2026-01-13, 2026-01, 2026-01-13T09:00 (with Z or +09:00 if need be), today, now or now-24h';

const CALENDAR = /^([1-9]\d{3})(?:-(\d{2})(?:-(\d{2}))?)?$/;
const CLOCK =
  /^([1-9]\d{3}-\d{2}-\d{2})[Tt](\d{2}:\d{2})(?::(\d{2})(?:\.(\d{1,3}))?)?([Zz]|[+-]\d{2}:?\d{2})?$/;
const RELATIVE = /^now(?:([+-])(\d{1,4})([mhdw]))?$/i;
const UNIT_MS = { m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 } as const;

export interface Clock {
  readonly now: Date;
  /** IANA. */
  readonly zone: string;
}

/** The last moment that is told apart: a year of five digits is nothing that the database reads back. */
const LAST_MS = Date.UTC(9999, 11, 31, 23, 59, 59, 999);

interface Whole {
  readonly since: Date;
  readonly until: Date;
}

/** Whether what `text` means moves with the time it is asked at. */
export function isRelative(text: string): boolean {
  return /^(?:now|today|yesterday)/i.test(text);
}

function days(first: Temporal.PlainDate, length: Temporal.DurationLike, zone: string): Whole {
  const instant = (date: Temporal.PlainDate): Date =>
    new Date(Math.min(date.toZonedDateTime(zone).epochMilliseconds, LAST_MS));
  return { since: instant(first), until: instant(first.add(length)) };
}

function calendar([, year, month, day]: readonly string[], zone: string): Whole {
  const first = Temporal.PlainDate.from(
    { year: Number(year), month: Number(month ?? 1), day: Number(day ?? 1) },
    { overflow: 'reject' },
  );
  const length = day === undefined ? (month === undefined ? { years: 1 } : { months: 1 }) : { days: 1 };
  return days(first, length, zone);
}

function clock([, day, time, second, fraction, offset]: readonly string[], zone: string): Whole {
  const local = `${day ?? ''}T${time ?? ''}:${second ?? '00'}.${(fraction ?? '').padEnd(3, '0')}`;
  const since =
    offset === undefined
      ? Temporal.PlainDateTime.from(local).toZonedDateTime(zone).epochMilliseconds
      : Temporal.Instant.from(`${local}${offset}`).epochMilliseconds;
  const length = second === undefined ? 60_000 : fraction === undefined ? 1_000 : 1;
  return { since: new Date(Math.min(since, LAST_MS)), until: new Date(Math.min(since + length, LAST_MS)) };
}

function relative([, sign, amount, unit]: readonly string[], { now }: Clock): Whole {
  const length = Number(amount ?? 0) * UNIT_MS[(unit?.toLowerCase() ?? 'm') as keyof typeof UNIT_MS];
  const since = now.getTime() + (sign === '-' ? -length : length);
  return { since: new Date(since), until: new Date(since + 1) };
}

/**
 * The stretch of time that `text` names: a year, month or day of the asker's zone, a minute, second or millisecond, or
 * the instant that is so long from now. Null for what names none (the 30th of February included).
 */
export function stretchOf(text: string, asked: Clock): Whole | null {
  const { zone, now } = asked;
  const said = text.toLowerCase();
  if (said === 'today' || said === 'yesterday') {
    const today = Temporal.Instant.fromEpochMilliseconds(now.getTime())
      .toZonedDateTimeISO(zone)
      .toPlainDate();
    return days(said === 'today' ? today : today.subtract({ days: 1 }), { days: 1 }, zone);
  }
  const forms = [
    { found: CALENDAR.exec(text), read: calendar },
    { found: CLOCK.exec(text), read: clock },
  ];
  try {
    for (const { found, read } of forms) if (found !== null) return read(found, zone);
  } catch (error) {
    // No such day or hour.
    if (error instanceof RangeError) return null;
    throw error;
  }
  const found = RELATIVE.exec(text);
  return found === null ? null : relative(found, asked);
}

/** Where a range begins: what excludes a day begins when it is over. */
function sinceOf({ inclusive }: Bound, { since, until }: Whole): Date {
  return inclusive ? since : until;
}

function untilOf({ inclusive }: Bound, { since, until }: Whole): Date {
  return inclusive ? until : since;
}

/** What a range of times covers, or the bound that names no time. */
export function stretchOfRange({ from, to }: Range, asked: Clock): Stretch | { readonly unread: string } {
  const edge = (
    bound: Bound | null,
    of: (bound: Bound, whole: Whole) => Date,
  ): Date | null | { readonly unread: string } => {
    if (bound === null) return null;
    const whole = stretchOf(bound.text, asked);
    return whole === null ? { unread: bound.text } : of(bound, whole);
  };
  const since = edge(from, sinceOf);
  if (since !== null && 'unread' in since) return since;
  const until = edge(to, untilOf);
  return until !== null && 'unread' in until ? until : { since, until };
}
