import { execFileSync } from 'node:child_process';
import { readFileSync, readlinkSync } from 'node:fs';

/**
 * Which process is meant, beyond its number: numbers are handed out again, start times are not.
 * `scope` tells the boot and the pid namespace in which `pid` means something.
 */
export interface ProcessMark {
  readonly pid: number;
  readonly started: string;
  readonly scope: string;
}

/** `elsewhere`: another pid namespace (a container) of the same machine, whose processes cannot be seen from here. */
export type Verdict = 'alive' | 'gone' | 'elsewhere';

const UNKNOWN_START = '?';
const onLinux = process.platform === 'linux';

/** The mark of the running process `pid`; null when there is none (a zombie counts as none). */
export function markOf(pid: number): ProcessMark | null {
  if (!signalReaches(pid)) return null;
  const started = startOf(pid);
  return started === null ? null : { pid, started, scope: scope() };
}

/** Whether the process that `mark` was taken of still runs. */
export function judge(mark: ProcessMark): Verdict {
  if (mark.scope !== scope()) return bootOf(mark.scope) === bootOf(scope()) ? 'elsewhere' : 'gone';
  const now = markOf(mark.pid);
  if (now === null) return 'gone';
  const unsure = now.started === UNKNOWN_START || mark.started === UNKNOWN_START;
  return unsure || now.started === mark.started ? 'alive' : 'gone';
}

/** The words process `pid` was started with; null when they cannot be read. */
export function commandOf(pid: number): string | null {
  try {
    if (onLinux) return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ') || null;
    return ps(pid, 'command') || null;
  } catch {
    return null; // gone, or another user's on a system that hides them: the caller knows which by other means
  }
}

/** A mark read back from a file; null when the text is not one (a file cut short by a power failure). */
export function parseMark(text: string): ProcessMark | null {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return null;
  }
  if (typeof value !== 'object' || value === null) return null;
  const { pid, started, scope: where } = value as Record<string, unknown>;
  if (typeof pid !== 'number' || typeof started !== 'string' || typeof where !== 'string') return null;
  return { pid, started, scope: where };
}

/** Whether there is a process `pid`, a zombie included. */
export function signalReaches(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'; // there, but another user's
  }
}

/** Null for a process that ended, a constant for one whose start cannot be read. */
function startOf(pid: number): string | null {
  try {
    if (!onLinux) return ps(pid, 'lstart') || null;
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // proc(5): "pid (comm) state ppid …"; comm may hold spaces and brackets, so count from the last bracket.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const state = fields[0];
    return state === 'Z' || state === 'X' ? null : (fields[19] ?? UNKNOWN_START);
  } catch {
    return signalReaches(pid) ? UNKNOWN_START : null;
  }
}

function ps(pid: number, column: 'lstart' | 'command'): string {
  return execFileSync('ps', ['-ww', '-o', `${column}=`, '-p', String(pid)], {
    encoding: 'utf8',
    env: { PATH: process.env['PATH'], LC_ALL: 'C', TZ: 'UTC' },
    stdio: ['ignore', 'pipe', 'ignore'],
  }).trim();
}

let knownScope: string | undefined;

/** `<boot id> <pid namespace>`; elsewhere than on Linux start times are dates, so a reboot needs no telling. */
function scope(): string {
  knownScope ??= onLinux
    ? `${readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()} ${readlinkSync('/proc/self/ns/pid')}`
    : process.platform;
  return knownScope;
}

function bootOf(where: string): string {
  return where.split(' ')[0] ?? where;
}
