/** What has to go when a signal ends a benchmark: children, servers and folders outlive it otherwise. */
type Cleanup = () => Promise<unknown>;

const EXIT_BY_SIGNAL = 130;
const cleanups = new Set<Cleanup>();

/** Runs `cleanup` when a signal ends the process, the last registered first; the function given back takes it off. */
export function onSignal(cleanup: Cleanup): () => void {
  cleanups.add(cleanup);
  return () => cleanups.delete(cleanup);
}

async function leave(): Promise<void> {
  // What was being measured fails now, as its processes go; that is no reason to stop clearing away.
  process.on('uncaughtException', () => undefined);
  for (const cleanup of [...cleanups].reverse()) {
    await cleanup().catch((error: unknown) => process.stderr.write(`${String(error)}\n`));
  }
  process.exit(EXIT_BY_SIGNAL);
}

for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void leave());
