import { isDeepStrictEqual } from 'node:util';
import type {
  AliasDiff,
  Changed,
  ChangedSubject,
  DossierDiff,
  FieldChange,
  ListDiff,
} from '../dossier/diff.ts';
import { printable } from '../alerts/console-channel.ts';
import { wrapHanging } from './wrap.ts';

/** Columns without a terminal: a line of a long list shall be readable in a file too. */
const COLUMNS_DEFAULT = 80;

const isMapping = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const isList = (value: unknown): value is readonly unknown[] => Array.isArray(value);

/** A value as the files would have it, on one line. */
function valueText(value: unknown): string {
  if (value === null || value === '') return 'nothing';
  if (isList(value)) return value.length === 0 ? 'nothing' : value.map(valueText).join(', ');
  if (typeof value === 'object') return JSON.stringify(value);
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** A list by what came to it and what went, a value by what it was and is. */
function changeText({ field, was, is }: FieldChange): string {
  if (isMapping(was) && isMapping(is)) {
    const keys = Object.keys({ ...was, ...is });
    return changesText(
      keys.map((key) => ({ field: `${field}.${key}`, was: was[key] ?? null, is: is[key] ?? null })),
    );
  }
  if (!isList(was) || !isList(is)) return `${field}: ${valueText(was)} → ${valueText(is)}`;
  if (was.length === is.length && [...was, ...is].every(isList))
    return changesText(was.map((group, at) => ({ field: `${field}[${at}]`, was: group, is: is[at] })));
  const [before, after] = [was.map(valueText), is.map(valueText)];
  const told = [
    ...after.filter((one) => !before.includes(one)).map((one) => `+${one}`),
    ...before.filter((one) => !after.includes(one)).map((one) => `-${one}`),
  ];
  return `${field}: ${told.length === 0 ? 'in another order' : told.join(', ')}`;
}

/** The parts of a value that are others. */
function changesText(changes: readonly FieldChange[]): string {
  return changes
    .filter(({ was, is }) => !isDeepStrictEqual(was, is))
    .map(changeText)
    .join('; ');
}

function aliasLines({ lang, added, removed, changed }: AliasDiff): string[] {
  return [
    ...(added.length === 0 ? [] : [`    ${lang} + ${added.join(', ')}`]),
    ...(removed.length === 0 ? [] : [`    ${lang} - ${removed.join(', ')}`]),
    ...changed.map(({ text, fields }) => `    ${lang} ~ ${text}: ${fields.map(changeText).join('; ')}`),
  ];
}

function listLines({ added, removed, changed }: ListDiff, indent: string, noun = ''): string[] {
  return [
    ...added.map((id) => `${indent}+ ${noun}${id}`),
    ...removed.map((id) => `${indent}- ${noun}${id}`),
    ...changed.flatMap(({ id, fields }: Changed) => [
      `${indent}~ ${noun}${id}`,
      ...fields.map((field) => `${indent}    ${changeText(field)}`),
    ]),
  ];
}

function subjectLines({ id, fields, aliases, patterns }: ChangedSubject): string[] {
  return [
    `~ ${id}`,
    ...fields.map((field) => `    ${changeText(field)}`),
    ...aliases.flatMap(aliasLines),
    ...listLines(patterns, '    ', 'pattern '),
  ];
}

function section(
  title: string,
  { added, removed, changed }: ListDiff<unknown>,
  lines: readonly string[],
): string[] {
  if (lines.length === 0) return [];
  return [
    '',
    `${title}: ${added.length} added, ${removed.length} removed, ${changed.length} changed`,
    ...lines,
  ];
}

function namedLines({ added, removed, changed }: ListDiff<ChangedSubject>): string[] {
  return [...listLines({ added, removed, changed: [] }, ''), ...changed.flatMap(subjectLines)];
}

/** What one dossier says otherwise than another, in words. */
export function dossierDiffText(diff: DossierDiff, columns: number): string {
  const { subjects, rivals } = diff;
  const renamed = subjects.renamed.map(({ from, to }) => `${from} is ${to} now`);
  const sections = [
    ...section('entities and topics', subjects, [...renamed, ...namedLines(subjects)]),
    ...section('rivals', rivals, namedLines(rivals)),
    ...(['publishers', 'feeds', 'rules', 'commitments'] as const).flatMap((list) =>
      section(list, diff[list], listLines(diff[list], '')),
    ),
  ];
  const head = `${diff.old.name} ${diff.old.version} → ${diff.new.name} ${diff.new.version}`;
  const lines = [head, ...(sections.length === 0 ? ['they say the same'] : sections)];
  const shown = lines.map((line) => `${/^ */.exec(line)?.[0] ?? ''}${printable(line)}`);
  return `${wrapHanging(shown.join('\n'), Math.min(columns, COLUMNS_DEFAULT))}\n`;
}
