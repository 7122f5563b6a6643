import type { z } from 'zod';
import type { Path, Problem } from './problem.ts';
import type { YamlFile } from './yaml.ts';

/** Checks a file's value against a schema: what it means, or every problem with the line it stands on. */
export function checked<Schema extends z.ZodType>(
  schema: Schema,
  yaml: YamlFile,
): { readonly value: z.output<Schema> } | readonly Problem[] {
  const result = schema.safeParse(yaml.value);
  if (result.success) return { value: result.data };
  return result.error.issues.flatMap((issue) => {
    if (issue.code === 'unrecognized_keys') {
      return issue.keys.map((key) => ({ ...yaml.keyPlace(issue.path, key), message: 'unknown field' }));
    }
    return [{ ...yaml.place(issue.path), message: said(issue, isMissing(yaml, issue.path)) }];
  });
}

const KINDS: Readonly<Record<string, string>> = {
  string: 'text',
  array: 'a list',
  object: 'a mapping',
  boolean: 'true or false',
  number: 'a number',
  int: 'a whole number',
};

/** What is wrong, in words for people who write YAML rather than schemas. */
export function said(issue: z.core.$ZodIssue, missing: boolean): string {
  const expected = expectation(issue);
  return missing ? `is missing: ${expected}` : expected;
}

function expectation(issue: z.core.$ZodIssue): string {
  if (issue.code === 'invalid_type') return `expected ${KINDS[issue.expected] ?? issue.expected}`;
  if (issue.code === 'invalid_value') return `expected ${issue.values.map(String).join(' | ')}`;
  if (issue.code === 'too_big') return `expected at most ${String(issue.maximum)}${unitOf(issue.origin)}`;
  if (issue.code === 'too_small' && issue.inclusive === false)
    return `expected more than ${String(issue.minimum)}`;
  if (issue.code === 'too_small') return `expected at least ${String(issue.minimum)}${unitOf(issue.origin)}`;
  if (issue.code === 'invalid_format' && issue.format === 'date') return 'expected a day as YYYY-MM-DD';
  // Our own checks say in their message what they expect.
  return issue.message;
}

function unitOf(origin: string): string {
  if (origin === 'string') return ' characters';
  return origin === 'array' ? ' entries' : '';
}

function isMissing(yaml: YamlFile, path: Path): boolean {
  const parent = path.slice(0, -1);
  // A plain text stands for an object with that text, so what is asked of the text is asked of the parent.
  const isPart = yaml.place(path).field === yaml.place(parent).field;
  return path.length > 0 && !isPart && !yaml.has(path);
}
