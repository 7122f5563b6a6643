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

/** The same for an argument that may be given several times, kept in order. */
export function listOption<Id>(parse: (value: string) => Id): (value: string, earlier?: Id[]) => Id[] {
  const one = idOption(parse);
  return (value, earlier = []) => [...earlier, one(value)];
}

/** A whole number from `min` to `max`. */
export function count(min: number, max: number): (value: string) => number {
  return (value) => {
    const number = /^\d+$/.test(value) ? Number(value) : NaN;
    if (number >= min && number <= max) return number;
    throw new InvalidArgumentError(`expected a whole number from ${min} to ${max}.`);
  };
}

/** Text of 1 to `max` characters, without space around it. */
export function shortText(max: number): (value: string) => string {
  return (value) => {
    const text = value.trim();
    if (text.length > 0 && text.length <= max) return text;
    throw new InvalidArgumentError(`expected text of 1 to ${max} characters.`);
  };
}

export type Format = 'table' | 'json' | 'jsonl' | 'csv';

/** The format that flags ask for; throws UsageError when they ask for more than one. */
export function oneFormat(flags: {
  readonly json?: true;
  readonly jsonl?: true;
  readonly csv?: true;
}): Format {
  const asked = (['json', 'jsonl', 'csv'] as const).filter((format) => flags[format] === true);
  if (asked.length > 1)
    throw new UsageError(`one format at a time: ${asked.map((name) => `--${name}`).join(' or ')}`);
  return asked[0] ?? 'table';
}
