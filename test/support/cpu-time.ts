/** Milliseconds of CPU that this process takes for `work`: how long it waits for a core says nothing of the work. */
export function cpuMsOf(work: () => unknown): number {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1_000;
}
