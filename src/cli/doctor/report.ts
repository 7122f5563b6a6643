import { printableEnd } from '../output.ts';
import type { Output } from '../output.ts';
import { wrap } from '../wrap.ts';
import { counted } from '../words.ts';
import type { Finding, Verdict } from './finding.ts';

const MARKS: Readonly<Record<Verdict, string>> = { ok: 'ok', warn: 'warn', fail: 'FAIL' };
const COLOURS: Readonly<Record<Verdict, number>> = { ok: 32, warn: 33, fail: 31 };
const MARK_COLUMNS = 4;
const NAME_COLUMNS = 12;
const INDENT = ' '.repeat(MARK_COLUMNS + NAME_COLUMNS + 4);
/** Where there is no terminal; lines longer than that are hard to read. */
const COLUMNS_MAX = 110;
const COLUMNS_MIN = 60;

/** The worst of the verdicts. */
export function worst(findings: readonly Finding[]): Verdict {
  return (
    (['fail', 'warn'] as const).find((verdict) => findings.some((one) => one.verdict === verdict)) ?? 'ok'
  );
}

function coloured(text: string, verdict: Verdict, colour: boolean): string {
  return colour ? `\u001b[${COLOURS[verdict]}m${text}\u001b[0m` : text;
}

function block({ name, verdict, seen, todo }: Finding, columns: number, colour: boolean): string {
  const mark = coloured(MARKS[verdict].padEnd(MARK_COLUMNS), verdict, colour);
  const room = columns - INDENT.length;
  const [first = '', ...more] = seen.split('\n').flatMap((line) => wrap(printableEnd(line), room));
  const advice = todo === null ? [] : wrap(printableEnd(todo), room - 2);
  const lines = [
    `${mark}  ${name.padEnd(NAME_COLUMNS)}  ${first}`,
    ...more.map((line) => `${INDENT}${line}`),
    ...advice.map((line, index) => `${INDENT}${index === 0 ? '→ ' : '  '}${line}`),
  ];
  return lines.map((line) => `${line.trimEnd()}\n`).join('');
}

function summary(findings: readonly Finding[]): string {
  const count = (verdict: Verdict): number => findings.filter((one) => one.verdict === verdict).length;
  const [faults, warnings] = [count('fail'), count('warn')];
  if (faults + warnings === 0) return `all well, ${findings.length} things looked at`;
  const parts = [
    ...(faults > 0 ? [counted(faults, 'fault')] : []),
    ...(warnings > 0 ? [counted(warnings, 'warning')] : []),
  ];
  return `${parts.join(' and ')} in ${findings.length} things looked at`;
}

/** The findings for people, each with what to do. */
export function report(
  findings: readonly Finding[],
  { columns, colour }: Pick<Output, 'columns' | 'colour'>,
): string {
  const width = Math.max(COLUMNS_MIN, Math.min(columns, COLUMNS_MAX));
  const blocks = findings.map((finding) => block(finding, width, colour)).join('');
  return `${blocks}\n${coloured(summary(findings), worst(findings), colour)}\n`;
}
