/** The clocks of one call: its whole time, and the time to each answer within it. */
export interface Deadline {
  /** Ends when time is up, or when the caller's signal does. */
  readonly signal: AbortSignal;
  /** Starts the clock for an answer; what it returns stops it. */
  awaitAnswer(ms: number): () => void;
  clear(): void;
}

/**
 * A deadline `totalMs` from now. A signal of the call's own: `AbortSignal.any` would leave something behind on the
 * caller's signal with every call, and a worker's lives as long as the process.
 */
export function startDeadline(caller: AbortSignal | undefined, totalMs: number): Deadline {
  const stop = new AbortController();
  const after = (ms: number, words: string): NodeJS.Timeout =>
    setTimeout(() => {
      stop.abort(new DOMException(`${words} within ${ms} ms`, 'TimeoutError'));
    }, ms);
  const total = after(totalMs, 'no whole answer');
  const abort = (): void => {
    stop.abort();
  };
  caller?.addEventListener('abort', abort, { once: true });
  if (caller?.aborted === true) abort();
  return {
    signal: stop.signal,
    awaitAnswer: (ms) => {
      const answer = after(ms, 'no answer with all its headers');
      return () => {
        clearTimeout(answer);
      };
    },
    clear: () => {
      clearTimeout(total);
      caller?.removeEventListener('abort', abort);
    },
  };
}
