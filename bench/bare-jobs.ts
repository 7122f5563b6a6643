import { setTimeout as wait } from 'node:timers/promises';
import { openBackend } from '../src/workers/queue-backend.ts';
import type { QueuePlace } from '../src/workers/queue-backend.ts';

/** As the product adds and works them: some at a time, two at once. */
const JOBS_AT_ONCE = 100;
const CONCURRENCY = 2;
const JOBS = { postgres: 5_000, redis: 20_000 };

/**
 * The baseline of queues: jobs that do nothing, through BullMQ on the same backend. Gives the jobs a second from the
 * first that is added to the last that is done.
 */
export async function bareJobs(place: QueuePlace): Promise<number> {
  const fail = (error: Error): void => void process.stderr.write(`bare jobs: ${error.message}\n`);
  const backend = openBackend(place, fail);
  const count = JOBS[place.kind];
  let done = 0;
  const options = { concurrency: CONCURRENCY, maxStalledCount: 1 };
  const worker = backend.worker('classify', () => Promise.resolve(void (done += 1)), options);
  const queue = backend.queue('classify');
  queue.on('error', fail);
  worker.on('error', fail);
  try {
    await worker.waitUntilReady();
    const started = performance.now();
    for (let first = 0; first < count; first += JOBS_AT_ONCE) {
      const jobs = Array.from({ length: Math.min(JOBS_AT_ONCE, count - first) }, (_, n) => ({
        name: 'classify',
        data: { items: [] },
        opts: { jobId: `bare-${first + n}`, removeOnComplete: true },
      }));
      await queue.addBulk(jobs);
    }
    while (done < count) await wait(5);
    return (count * 1_000) / (performance.now() - started);
  } finally {
    await worker.close();
    await queue.close();
    backend.close();
  }
}
