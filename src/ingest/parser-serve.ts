import { Worker } from 'node:worker_threads';
import type { ParserJob, ParserMessage, ParserOrder } from './parser-job.ts';

// The thread of a job that never comes to an end does not hear that the one who asked has died. Another thread does.
const WATCH = `
  const { turn, jobMsMax } = require('node:worker_threads').workerData;
  for (;;) {
    const seen = Atomics.load(turn, 0);
    const waited = Atomics.wait(turn, 0, seen, seen === 0 ? Infinity : jobMsMax);
    if (waited === 'timed-out') process.kill(process.pid, 'SIGKILL');
  }`;
const WATCH_LIMITS = { maxOldGenerationSizeMb: 8, maxYoungGenerationSizeMb: 2 };

/** Starts the thread that ends this process when one turn lasts for longer than `jobMsMax`. Turn 0 may last for ever. */
function watch(jobMsMax: number): (turn: number) => void {
  const turn = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
  const workerData = { turn, jobMsMax };
  new Worker(WATCH, { eval: true, workerData, resourceLimits: WATCH_LIMITS, execArgv: [] }).unref();
  return (next) => {
    Atomics.store(turn, 0, next);
    Atomics.notify(turn, 0);
  };
}

/**
 * The life of a parser process: does one job after another for the process that started it, until that one hangs up. The
 * first argument of its command line is how many milliseconds a job may take when nobody is left to end it.
 */
export function serveJobs(work: (job: ParserJob) => AsyncIterable<ParserMessage>): void {
  const say = (message: ParserMessage): void => void process.send?.(message);
  const takeTurn = watch(Number(process.argv[2]));
  let jobs = 0;
  const serve = async (job: ParserJob): Promise<void> => {
    jobs += 1;
    takeTurn(jobs);
    for await (const message of work(job)) say(message);
    takeTurn(0);
  };
  // A signal to the whole group, as Ctrl-C sends it, is for the one who started this, and may still wait for a job in hand.
  process.on('SIGINT', () => undefined);
  process.on('SIGTERM', () => undefined);
  process.on('disconnect', () => process.exit());
  let parts: Uint8Array[] = [];
  process.on('message', (order: ParserOrder) => {
    if (order.kind === 'part') parts.push(order.bytes);
    else {
      const bytes = Buffer.concat(parts);
      parts = [];
      void serve({ ...order.job, bytes });
    }
  });
  say({ kind: 'ready' });
}
