/** What a process that ends early closes first, so that no server is left behind without a user. */
const closers = new Set<() => Promise<void>>();
let isLeaving = false;

function flushed(stream: NodeJS.WriteStream): Promise<void> {
  return new Promise((resolve) => {
    stream.write('', () => {
      resolve();
    });
  });
}

/** Runs `close` should the process end before its work is done. Gives the way to call that off. */
export function onLeaving(close: () => Promise<void>): () => void {
  closers.add(close);
  return () => closers.delete(close);
}

/** Whether the process is ending: what breaks now breaks because of that. */
export function isEnding(): boolean {
  return isLeaving;
}

/** Ends the process with `code` as soon as what is open is closed; false when it is ending already. */
export function leave(code: number): boolean {
  if (isLeaving) return false;
  isLeaving = true;
  // What cannot be closed must not keep the process from ending; what was printed has to arrive first.
  void Promise.allSettled([...closers].map((close) => close()))
    .then(() => Promise.all([process.stdout, process.stderr].map(flushed)))
    .then(() => process.exit(code));
  return true;
}
