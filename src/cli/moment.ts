import { Temporal } from 'temporal-polyfill';

function inZone(at: Date, zone: string): Temporal.ZonedDateTime {
  return Temporal.Instant.fromEpochMilliseconds(at.getTime()).toZonedDateTimeISO(zone);
}

/** A moment for people, to the minute: `2026-01-13 11:00`. What stands above it names the zone. */
export function zonedMoment(at: Date, zone: string): string {
  return inZone(at, zone).toPlainDateTime().toString({ smallestUnit: 'minute' }).replace('T', ' ');
}

/** A moment that says its zone by itself (RFC 3339, to the second): `2026-01-13T11:00:00+09:00`. */
export function zonedInstant(at: Date, zone: string): string {
  return inZone(at, zone).toString({ smallestUnit: 'second', timeZoneName: 'never' });
}

/** When the day began in which `at` lies in `zone`. */
export function startOfDay(at: Date, zone: string): Date {
  return new Date(inZone(at, zone).startOfDay().epochMilliseconds);
}

/** The same moment to the second, with the zone named: `2026-01-13 11:00:07 Asia/Seoul`. */
export function zonedSecond(at: Date, zone: string): string {
  return `${inZone(at, zone).toPlainDateTime().toString({ smallestUnit: 'second' }).replace('T', ' ')} ${zone}`;
}

const PARTS = ['nights', 'mornings', 'afternoons', 'evenings'] as const;
const PART_HOURS = 6;
const FRIDAY = 5;

/** The part of the week in which `at` lies in `zone`: `weekday mornings`, `weekend nights`. */
export function partOfWeek(at: Date, zone: string): string {
  const { dayOfWeek, hour } = inZone(at, zone);
  const part = PARTS[Math.floor(hour / PART_HOURS)] ?? PARTS[0];
  return `${dayOfWeek > FRIDAY ? 'weekend' : 'weekday'} ${part}`;
}
