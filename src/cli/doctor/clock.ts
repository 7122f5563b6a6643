import type { OpenDatabase } from '../../store/inspect.ts';
import type { WorkingProcess } from '../../store/processes.ts';
import { durationText } from '../words.ts';
import { fail, ok, warn } from './finding.ts';
import type { Finding } from './finding.ts';

const OFF_MS_WARN = 2_000;
const OFF_MS_FAIL = 60_000;
const MEND =
  'Set the clock by NTP (timedatectl set-ntp true, or chrony): feeds fall due, leases end and alerts are dated by it.';

function verdictOf(offMs: number): 'ok' | 'warn' | 'fail' {
  if (offMs > OFF_MS_FAIL) return 'fail';
  return offMs > OFF_MS_WARN ? 'warn' : 'ok';
}

function finding(name: string, offMs: number, seen: string): Finding {
  const verdict = verdictOf(offMs);
  if (verdict === 'ok') return ok(name, seen);
  return verdict === 'warn' ? warn(name, seen, MEND) : fail(name, seen, MEND);
}

/** How this machine's clock and the database's agree. What the network may have added is given the benefit. */
export function clockFinding({
  serverAheadMs,
  clockErrorMs,
}: Pick<OpenDatabase, 'serverAheadMs' | 'clockErrorMs'>): Finding {
  const off = Math.max(0, Math.abs(serverAheadMs) - clockErrorMs);
  const way = serverAheadMs > 0 ? 'behind' : 'ahead of';
  const seen =
    verdictOf(off) === 'ok'
      ? 'agrees with the database’s'
      : `this machine is ${durationText(off)} ${way} the database server`;
  return finding('clock', off, seen);
}

/** The same of the processes that work, each beside the database when it was last heard of. */
export function processClockFindings(processes: readonly WorkingProcess[]): Finding[] {
  return processes.flatMap(({ host, pid, clockAheadMs }) => {
    const off = Math.abs(clockAheadMs);
    if (verdictOf(off) === 'ok') return [];
    const way = clockAheadMs < 0 ? 'behind' : 'ahead of';
    return [
      finding('clock', off, `process ${pid} on ${host} is ${durationText(off)} ${way} the database server`),
    ];
  });
}
