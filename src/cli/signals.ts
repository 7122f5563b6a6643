import { leave } from './leaving.ts';

/** Signals to stop, with what a shell reports for a command that they ended. */
const EXIT_BY_SIGNAL = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 } as const;
type StopSignal = keyof typeof EXIT_BY_SIGNAL;

/** Who wants to stop by its own order of things. */
let waiting: (() => void) | null = null;

function onSignal(signal: StopSignal): void {
  const code = EXIT_BY_SIGNAL[signal];
  if (waiting !== null) {
    waiting();
    waiting = null;
  } else if (!leave(code)) {
    process.exit(code);
  }
}

/** From now on a signal to stop ends the process in order, and the next one at once. */
export function handleSignals(): void {
  for (const signal of Object.keys(EXIT_BY_SIGNAL) as StopSignal[]) process.on(signal, onSignal);
}

/** Resolves at the first signal to stop, which is the caller's to obey; the second ends the process. */
export function untilSignal(): Promise<void> {
  return new Promise((resolve) => {
    waiting = resolve;
  });
}
