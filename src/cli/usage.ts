import { InvalidArgumentError } from 'commander';
import { InvalidId } from '../events/ids.ts';

/** The command line asks for something that makes no sense: exit code 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** Parses with `parse`, turning an invalid id into a usage error that commander reports with the option's name. */
export function idOption<Id>(parse: (value: string) => Id): (value: string) => Id {
  return (value) => {
    try {
      return parse(value);
    } catch (error) {
      if (error instanceof InvalidId) throw new InvalidArgumentError(error.message);
      throw error;
    }
  };
}

/** Like idOption, for an option that may be given several times. */
export function idsOption<Id>(parse: (value: string) => Id): (value: string, before?: readonly Id[]) => Id[] {
  const one = idOption(parse);
  return (value, before = []) => [...before, one(value)];
}

const LANG = /^[a-z]{2,3}(?:-[a-z0-9]{2,8})*$/i;

/** Collects a language (BCP 47) that may be given several times. */
export function langs(value: string, before: readonly string[] = []): string[] {
  if (LANG.test(value)) return [...before, value];
  throw new InvalidArgumentError('expected a language tag like ko or zh-Hant.');
}

/** A whole number from `min` to `max`. */
export function count(min: number, max: number): (value: string) => number {
  return (value) => {
    const number = /^\d+$/.test(value) ? Number(value) : NaN;
    if (number >= min && number <= max) return number;
    throw new InvalidArgumentError(`expected a whole number from ${min} to ${max}.`);
  };
}

const DAY = /^\d{4}-\d{2}-\d{2}$/;
const INSTANT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,3})?)?(?:Z|[+-]\d{2}:\d{2})$/;

/** Whether there is such a day: Date turns the 30th of February into the 2nd of March. */
function isDay(day: string): boolean {
  const at = new Date(day);
  return !Number.isNaN(at.getTime()) && at.toISOString().startsWith(day);
}

/** A day (midnight UTC) or an instant with its zone. */
export function instant(value: string): Date {
  const at = new Date(value);
  if ((DAY.test(value) || INSTANT.test(value)) && isDay(value.slice(0, 10)) && !Number.isNaN(at.getTime())) {
    return at;
  }
  throw new InvalidArgumentError(
    'expected a day like 2026-01-13 (UTC) or an instant like 2026-01-13T09:00+09:00.',
  );
}
