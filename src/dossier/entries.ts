import type { z } from 'zod';
import { checked } from './issues.ts';
import type { Problem } from './problem.ts';
import type { ListSchema } from './schema.ts';
import { readYaml, type YamlFile } from './yaml.ts';

/** An entry of a list file, and where it stands. */
export interface Entry<Value> {
  readonly yaml: YamlFile;
  readonly index: number;
  readonly entry: Value;
}

/** What list files say. */
export interface ReadList<Value> {
  /** Entries without problems. */
  readonly entries: readonly Entry<Value>[];
  /** All of them as they are written, so that one fault in an entry hides none of the others. */
  readonly written: readonly Entry<unknown>[];
  /** Whether those are all there are: false where a file could not be read as a list. */
  readonly whole: boolean;
}

export const NO_ENTRIES = { entries: [], written: [], whole: true } as const;

export function bothLists<Value>(a: ReadList<Value>, b: ReadList<Value>): ReadList<Value> {
  return {
    entries: [...a.entries, ...b.entries],
    written: [...a.written, ...b.written],
    whole: a.whole && b.whole,
  };
}

/** Reads the list in the text of a file called `file`; what is wrong with it goes to `problems`. */
export function readList<Schema extends z.ZodType>(
  file: string,
  { list, entry }: ListSchema<Schema>,
  text: string,
  problems: Problem[],
): ReadList<z.output<Schema>> {
  const yaml = readYaml(file, text);
  if (!('value' in yaml)) {
    problems.push(...yaml);
    return { ...NO_ENTRIES, whole: false };
  }
  const result = checked(list, yaml);
  if (!('value' in result)) problems.push(...result);
  const raw: unknown = yaml.value ?? [];
  if (!Array.isArray(raw)) return { ...NO_ENTRIES, whole: false };
  const written = raw.map((value: unknown, index) => ({ yaml, index, entry: value }));
  const entries =
    'value' in result
      ? result.value.map((value, index) => ({ yaml, index, entry: value }))
      : written.flatMap(({ index, entry: value }) => {
          const one = entry.safeParse(value);
          return one.success ? [{ yaml, index, entry: one.data }] : [];
        });
  return { entries, written, whole: true };
}

/** Texts at the places that a path leads to, where `*` stands for every part: `aliases.*.*.requires.*`. */
export function textsAt(value: unknown, path: readonly string[]): readonly [(string | number)[], string][] {
  const [head, ...rest] = path;
  if (head === undefined) return typeof value === 'string' ? [[[], value]] : [];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value)
    .filter(([key]) => head === '*' || key === head)
    .flatMap(([key, part]) =>
      textsAt(part, rest).map(([at, text]): [(string | number)[], string] => [
        [Array.isArray(value) ? Number(key) : key, ...at],
        text,
      ]),
    );
}
