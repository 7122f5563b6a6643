/** What processes cost, as Linux tells in /proc. */
import { readdir, readFile } from 'node:fs/promises';

/** USER_HZ, which is 100 on every Linux that Node runs on. */
const TICKS_PER_SECOND = 100;
const KB_PER_MB = 1_024;

interface Stat {
  readonly parent: number;
  /** Seconds of CPU of the process itself, and of its children that have ended and been waited for. */
  readonly own: number;
  readonly reaped: number;
}

/** Null when the process is gone. */
async function statOf(pid: number | 'self'): Promise<Stat | null> {
  const text = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => null);
  if (text === null) return null;
  // The name in parentheses may hold blanks; what follows it starts with field 3 of proc(5).
  const fields = text
    .slice(text.lastIndexOf(')') + 2)
    .split(' ')
    .map(Number);
  const ticks = (first: number, second: number): number =>
    ((fields[first - 3] ?? 0) + (fields[second - 3] ?? 0)) / TICKS_PER_SECOND;
  return { parent: fields[1] ?? 0, own: ticks(14, 15), reaped: ticks(16, 17) };
}

/** Seconds of CPU that a process and all that it started have used so far, those that ended included. */
export async function treeCpuSeconds(root: number): Promise<number> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name)).map(Number);
  const stats = new Map<number, Stat>();
  for (const pid of pids) {
    const stat = await statOf(pid);
    if (stat !== null) stats.set(pid, stat);
  }
  const within = (pid: number): boolean =>
    pid === root || (stats.has(pid) && within(stats.get(pid)?.parent ?? 0));
  let seconds = 0;
  for (const [pid, { own, reaped }] of stats) if (pid > 1 && within(pid)) seconds += own + reaped;
  return seconds;
}

/** The process that started `pid`. */
export async function parentOf(pid: number): Promise<number> {
  const stat = await statOf(pid);
  if (stat === null) throw new Error(`process ${pid} is gone`);
  return stat.parent;
}

/** Seconds of CPU of this process's children that have ended. */
export async function endedChildrenCpuSeconds(): Promise<number> {
  return (await statOf('self'))?.reaped ?? 0;
}

/** The most memory a process had resident so far, in MB; null when it is gone. */
export async function peakMemoryMb(pid: number): Promise<number | null> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  const kb = /^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1];
  return kb === undefined ? null : Number(kb) / KB_PER_MB;
}
