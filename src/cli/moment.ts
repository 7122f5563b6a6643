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
