import type { Job } from 'bullmq';
import type { AlertId, FeedId, ItemId } from '../events/ids.ts';
import type { Log } from '../log.ts';
import { openBackend } from './queue-backend.ts';
import type { BullQueue, BullWorker, QueueBackend, QueuePlace } from './queue-backend.ts';
import { Away } from '../store/errors.ts';
import { Trouble } from './trouble.ts';
import { within } from './within.ts';

/** What each queue's jobs carry: ids and nothing else. What to do about them is in the log and in our tables. */
export interface Payloads {
  /** Poll one feed. */
  readonly ingest: { readonly feed: FeedId };
  /** Fetch the page of this item. */
  readonly pages: { readonly item: ItemId };
  /** Tag these items. */
  readonly classify: { readonly items: readonly ItemId[] };
  /** Send what is due of this alert. */
  readonly deliver: { readonly alert: AlertId };
}
export type QueueName = keyof Payloads;
export const QUEUE_NAMES = ['ingest', 'pages', 'classify', 'deliver'] as const satisfies readonly QueueName[];

/** Times BullMQ runs a job that throws; after that the reconciler finds what is left undone. */
const JOB_ATTEMPTS_MAX = 3;
const JOB_RETRY_DELAY_MS = 500;
/** Times a job may be taken from a stalled worker before it counts as failed. */
const JOB_STALLS_MAX = 3;
/** Failed jobs are kept this long, for people to look at. */
const FAILED_JOBS_AGE_MS = 24 * 60 * 60 * 1000;
const CLEAN_JOBS_MAX = 10_000;
/** A queue that has not answered by then counts as away. */
const ASK_MS_MAX = 10_000;
const CLOSE_MS_MAX = 2_000;
/** What BullMQ says of a job that somebody has removed while it ran. */
const LOST_JOB = /^Missing (?:key|lock) for job/;

export interface NewJob<Name extends QueueName> {
  /** Jobs with the same id are one, until the first is done, or has failed and is cleaned away. No `:`, not all digits. */
  readonly id: string;
  readonly data: Payloads[Name];
}

export type Handler<Name extends QueueName> = (data: Payloads[Name]) => Promise<void>;

/** A queue's jobs by what they are at. */
export interface QueueCounts {
  readonly waiting: number;
  readonly delayed: number;
  readonly active: number;
  readonly failed: number;
}

export interface FailedJob {
  readonly id: string;
  readonly reason: string;
  readonly attempts: number;
  readonly failedAt: Date | null;
}

/** The queues of one process. Where they are away, what is asked of them throws Away. */
export interface Queues {
  add<Name extends QueueName>(name: Name, jobs: readonly NewJob<Name>[]): Promise<void>;
  /** Runs `handler` for jobs of a queue, up to `concurrency` at a time, until the queues are closed. */
  work<Name extends QueueName>(name: Name, concurrency: number, handler: Handler<Name>): Promise<void>;
  /** Throws, in words that name the place, when it cannot be reached. */
  ready(): Promise<void>;
  /** Jobs waiting, delayed or running. */
  depth(name: QueueName): Promise<number>;
  counts(name: QueueName): Promise<QueueCounts>;
  /** When the job that has waited longest was added; null where none waits. */
  oldest(name: QueueName): Promise<Date | null>;
  /** Up to `limit` jobs that failed for good, the newest first. */
  failed(name: QueueName, limit: number): Promise<readonly FailedJob[]>;
  /** Puts all failed jobs back; gives how many there were. */
  retryFailed(name: QueueName): Promise<number>;
  /**
   * Takes no new job and waits for those running, at most `deadlineMs`; gives whether they all ended in time. Jobs can
   * still be added.
   */
  stopWork(deadlineMs: number): Promise<boolean>;
  /** Lets the connections go. */
  close(): Promise<void>;
  /** Removes failed jobs that nobody will look at any more. */
  clean(): Promise<void>;
}

class BullQueues implements Queues {
  readonly #queues = new Map<QueueName, BullQueue>();
  readonly #workers: BullWorker[] = [];
  readonly #backend: QueueBackend;
  readonly #log: Log;
  readonly #onError: (error: Error) => void;
  #making: Promise<void> | undefined;
  /** Jobs in hand. */
  #running = 0;

  constructor(place: QueuePlace, log: Log) {
    const trouble = new Trouble(log, 'queue connection in trouble, tried again until it works');
    const loss = new Trouble(log, 'a job is gone from its queue; what it was to do is found again');
    this.#onError = (error) => {
      (LOST_JOB.test(error.message) ? loss : trouble).tell(error);
      if (this.#backend.isUnmade(error)) void this.#make().catch(this.#onError);
    };
    this.#backend = openBackend(place, this.#onError);
    this.#log = log;
  }

  async ready(): Promise<void> {
    await this.#backend.probe();
  }

  async add<Name extends QueueName>(name: Name, jobs: readonly NewJob<Name>[]): Promise<void> {
    if (jobs.length === 0) return;
    // `true`, since keeping a count of finished jobs deadlocks concurrent finishers (BullMQ 6.7 on Postgres).
    const opts = {
      removeOnComplete: true,
      // The table of deliveries knows what became of it; a failed job that stayed would keep the next of its id out.
      removeOnFail: name === 'deliver',
      attempts: JOB_ATTEMPTS_MAX,
      backoff: { type: 'exponential', delay: JOB_RETRY_DELAY_MS },
    };
    const bulk = jobs.map(({ id, data }) => ({ name, data, opts: { ...opts, jobId: id } }));
    await this.#ask(name, (queue) => queue.addBulk(bulk));
  }

  async work<Name extends QueueName>(name: Name, concurrency: number, handler: Handler<Name>): Promise<void> {
    // Every job of this queue was added by `add` with this payload.
    const process = async (job: Job<object>): Promise<void> => {
      this.#running += 1;
      try {
        await handler(job.data as Payloads[Name]);
      } finally {
        this.#running -= 1;
      }
    };
    const worker = this.#backend.worker(name, process, { concurrency, maxStalledCount: JOB_STALLS_MAX });
    worker.on('error', this.#onError);
    worker.on('failed', (job, error) => {
      this.#log.warn({ queue: name, job: job?.id, err: error }, 'job failed');
    });
    this.#workers.push(worker);
    await worker.waitUntilReady();
  }

  async counts(name: QueueName): Promise<QueueCounts> {
    const counts = await this.#ask(name, (queue) =>
      queue.getJobCounts('waiting', 'delayed', 'active', 'prioritized', 'failed'),
    );
    const { waiting = 0, prioritized = 0, delayed = 0, active = 0, failed = 0 } = counts;
    return { waiting: waiting + prioritized, delayed, active, failed };
  }

  async oldest(name: QueueName): Promise<Date | null> {
    const [job] = await this.#ask(name, (queue) => queue.getWaiting(0, 0));
    return job === undefined ? null : new Date(job.timestamp);
  }

  async depth(name: QueueName): Promise<number> {
    const { waiting, delayed, active } = await this.counts(name);
    return waiting + delayed + active;
  }

  async failed(name: QueueName, limit: number): Promise<readonly FailedJob[]> {
    const jobs = await this.#ask(name, (queue) => queue.getFailed(0, limit - 1));
    return jobs.map((job) => ({
      id: job.id ?? '',
      reason: job.failedReason,
      attempts: job.attemptsMade,
      failedAt: job.finishedOn === undefined ? null : new Date(job.finishedOn),
    }));
  }

  async retryFailed(name: QueueName): Promise<number> {
    const { failed } = await this.counts(name);
    if (failed > 0) await this.#ask(name, (queue) => queue.retryJobs({ state: 'failed' }));
    return failed;
  }

  async clean(): Promise<void> {
    for (const name of QUEUE_NAMES) {
      await this.#ask(name, (queue) => queue.clean(FAILED_JOBS_AGE_MS, CLEAN_JOBS_MAX, 'failed'));
    }
  }

  async stopWork(deadlineMs: number): Promise<boolean> {
    // A worker's own close waits for ever for a job that hangs, and a second, forced one joins the first.
    const closing = Promise.all(this.#workers.map((worker) => worker.close()));
    // Workers cannot take their leave of a backend that is away; without a job in hand nothing is lost by that.
    const isIdle = this.#running === 0 && this.#backend.away() !== null;
    const inTime = await within(closing, isIdle ? Math.min(deadlineMs, CLOSE_MS_MAX) : deadlineMs);
    if (!inTime && isIdle)
      this.#log.warn('the queues do not answer, left without a word; no job was in hand');
    else if (!inTime)
      this.#log.warn({ deadlineMs }, 'jobs still running at the deadline are left to be taken up again');
    return inTime;
  }

  async close(): Promise<void> {
    const closing = Promise.all([...this.#queues.values()].map((queue) => queue.close()));
    // A queue whose backend is away would wait for it to come back.
    await within(closing, CLOSE_MS_MAX);
    this.#backend.close();
  }

  #queue(name: QueueName): BullQueue {
    let queue = this.#queues.get(name);
    if (queue === undefined) {
      queue = this.#backend.queue(name);
      queue.on('error', this.#onError);
      this.#queues.set(name, queue);
    }
    return queue;
  }

  /** Makes anew what was dropped under us, once for all who ask. Lost jobs are the reconciler's. */
  #make(): Promise<void> {
    this.#making ??= this.#backend
      .make()
      .then(() => {
        this.#log.warn(
          'the tables of the queues were gone and have been made anew; lost jobs are queued again',
        );
      })
      .finally(() => {
        this.#making = undefined;
      });
    return this.#making;
  }

  async #askOnce<T>(name: QueueName, ask: (queue: BullQueue) => Promise<T>): Promise<T> {
    const queue = this.#queue(name);
    if (this.#backend.kind === 'postgres') {
      try {
        await queue.waitUntilReady();
      } catch (error) {
        // BullMQ would give this queue the failure of its first connection for ever.
        if (this.#queues.get(name) === queue) this.#queues.delete(name);
        void queue.close().catch(this.#onError);
        throw error;
      }
    }
    return await ask(queue);
  }

  async #askAgain<T>(name: QueueName, ask: (queue: BullQueue) => Promise<T>): Promise<T> {
    try {
      return await this.#askOnce(name, ask);
    } catch (error) {
      if (!this.#backend.isUnmade(error)) throw error;
      await this.#make();
      return await this.#askOnce(name, ask);
    }
  }

  /** Throws Away when the backend is. */
  async #ask<T>(name: QueueName, ask: (queue: BullQueue) => Promise<T>): Promise<T> {
    const away = this.#backend.away();
    if (away !== null) throw away;
    const answer = this.#askAgain(name, ask);
    try {
      // BullMQ waits for a connection for ever, and who asks may hold a lock.
      if (!(await within(answer, ASK_MS_MAX)))
        throw new Away(`the ${name} queue has not answered in ${ASK_MS_MAX / 1000} s`);
      return await answer;
    } catch (error) {
      throw this.#backend.error(error);
    }
  }
}

/** Opens the queues at `place`; what they need there is made when missing. */
export function openQueues(place: QueuePlace, log: Log): Queues {
  return new BullQueues(place, log);
}
