import { relative, sep } from 'node:path';
import type { Option } from './read.ts';
import { redactPassword, redactSecret } from './redact.ts';

/** The value of a setting as it may be printed; null where it has none. */
export function shownValue({ secret }: Option<unknown>, value: unknown): string | number | null {
  if (value === null || typeof value === 'number') return value;
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return secret ? redactSecret(text) : redactPassword(text);
}

/** `path` from `folder` on, or null where it lies elsewhere. */
function below(folder: string, path: string): string | null {
  const steps = relative(folder, path);
  return steps === '..' || steps.startsWith(`..${sep}`) || steps === path ? null : steps;
}

/** The default of a setting for people: folders from where they are looked for, in `here` or in the `installed` package. */
export function shownDefault(
  option: Option<unknown>,
  here: string,
  installed: string,
): string | number | null {
  const value = option.default;
  if (typeof value !== 'string' || option.parser.word !== 'folder') return shownValue(option, value);
  return below(here, value) ?? below(installed, value) ?? value;
}
