export type Verdict = 'ok' | 'warn' | 'fail';

/** What one look found. */
export interface Finding {
  /** What was looked at, one or two words. */
  readonly name: string;
  readonly verdict: Verdict;
  /** What was seen, in a sentence or a list of lines. */
  readonly seen: string;
  /** What to do about it; null where there is nothing to do. */
  readonly todo: string | null;
}

export function ok(name: string, seen: string): Finding {
  return { name, verdict: 'ok', seen, todo: null };
}

export function warn(name: string, seen: string, todo: string): Finding {
  return { name, verdict: 'warn', seen, todo };
}

export function fail(name: string, seen: string, todo: string): Finding {
  return { name, verdict: 'fail', seen, todo };
}

/** Whether something of this must be mended before the product can work. */
export function hasFailed(findings: readonly Finding[]): boolean {
  return findings.some(({ verdict }) => verdict === 'fail');
}

const NAMES_SHOWN_MAX = 5;

/** The first few of `names`, and how many more there are. */
export function someOf(names: readonly string[]): string {
  const rest = names.length - NAMES_SHOWN_MAX;
  return `${names.slice(0, NAMES_SHOWN_MAX).join(', ')}${rest > 0 ? ` and ${rest} more` : ''}`;
}
