import type { FeedHints } from './parsed.ts';

/** Longest rhythm that is believed: a year. */
const RHYTHM_MINUTES_MAX = 366 * 24 * 60;

export const NO_HINTS: FeedHints = { ttlMinutes: null, updateMinutes: null, skipHours: [], skipDays: [] };

/** Texts of the elements of a channel that are about its rhythm, by name. */
export type Notes = ReadonlyMap<string, readonly string[]>;

const DAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];
const PERIOD_MINUTES: Readonly<Record<string, number>> = {
  hourly: 60,
  daily: 24 * 60,
  weekly: 7 * 24 * 60,
  monthly: 30 * 24 * 60,
  yearly: 365 * 24 * 60,
};

function first(notes: Notes, name: string): string {
  return notes.get(name)?.[0]?.trim() ?? '';
}

/** A whole number from 1 to `max` that a text begins with and says alone (`60 minutes` is one too). */
function countIn(text: string, max: number): number | null {
  const count = Number(/^(\d{1,7})(?:\.0*)?(?:\s*[a-z]{1,10})?$/i.exec(text)?.[1] ?? NaN);
  return Number.isFinite(count) && count >= 1 && count <= max ? count : null;
}

/** The syndication module of RSS 1.0: a period, daily unless named, and how often in it, once unless said. */
function updateMinutes(notes: Notes): number | null {
  const period = first(notes, 'sy:updateperiod').toLowerCase();
  const frequency = countIn(first(notes, 'sy:updatefrequency'), RHYTHM_MINUTES_MAX);
  if (period === '' && frequency === null) return null;
  const minutes = PERIOD_MINUTES[period === '' ? 'daily' : period];
  return minutes === undefined ? null : Math.max(1, Math.round(minutes / (frequency ?? 1)));
}

function ascending(numbers: readonly number[]): readonly number[] {
  return [...new Set(numbers)].sort((a, b) => a - b);
}

function hourIn(text: string): number[] {
  const hour = /^\s*(\d{1,2})\s*$/.exec(text)?.[1];
  if (hour === undefined || Number(hour) > 24) return [];
  // RSS 0.91 counted hours from 1 to 24.
  return [Number(hour) % 24];
}

function dayIn(text: string): number[] {
  const day = DAYS.indexOf(text.trim().slice(0, 3).toLowerCase());
  return day < 0 ? [] : [day];
}

/** What a channel says about its rhythm. What makes no sense counts as not said. */
export function hintsOf(notes: Notes): FeedHints {
  return {
    ttlMinutes: countIn(first(notes, 'ttl'), RHYTHM_MINUTES_MAX),
    updateMinutes: updateMinutes(notes),
    skipHours: ascending((notes.get('hour') ?? []).flatMap(hourIn)),
    skipDays: ascending((notes.get('day') ?? []).flatMap(dayIn)),
  };
}
