import { createPostgresBackend, Queue, Worker } from 'bullmq';
import type { Job, JobProgress, PostgresConnectionOptions, PostgresQueueBackend } from 'bullmq';
import type { AlertId, FeedId, ItemId } from '../events/ids.ts';
import type { Log } from '../log.ts';
import { within } from './within.ts';

/** What each queue's jobs carry: ids and nothing else. What to do about them is in the log and in our tables. */
export interface Payloads {
  /** Poll one feed. */
  readonly ingest: { readonly feed: FeedId };
  /** Tag these items. */
  readonly classify: { readonly items: readonly ItemId[] };
  /** Send what is due of this alert. */
  readonly deliver: { readonly alert: AlertId };
}
export type QueueName = keyof Payloads;
export const QUEUE_NAMES = ['ingest', 'classify', 'deliver'] as const satisfies readonly QueueName[];

/** The schema of BullMQ's own tables, beside ours in the same database. */
const QUEUE_SCHEMA = 'sw_queue';
/** Connections a queue or a worker may hold, beside the one it listens on. */
const QUEUE_CONNECTIONS_MAX = 3;
/** Times BullMQ runs a job that throws; after that the reconciler finds what is left undone. */
const JOB_ATTEMPTS_MAX = 3;
const JOB_RETRY_DELAY_MS = 500;
/** Times a job may be taken from a stalled worker before it counts as failed. */
const JOB_STALLS_MAX = 3;
/** Failed jobs are kept this long, for people to look at. */
const FAILED_JOBS_AGE_MS = 24 * 60 * 60 * 1000;
const CLEAN_JOBS_MAX = 10_000;

export interface NewJob<Name extends QueueName> {
  /** Jobs with the same id are one, until the first is done, or has failed and is cleaned away. No `:`, not all digits. */
  readonly id: string;
  readonly data: Payloads[Name];
}

export type Handler<Name extends QueueName> = (data: Payloads[Name]) => Promise<void>;

/** The queues of one process. */
export interface Queues {
  add<Name extends QueueName>(name: Name, jobs: readonly NewJob<Name>[]): Promise<void>;
  /** Runs `handler` for jobs of a queue, up to `concurrency` at a time, until the queues are closed. */
  work<Name extends QueueName>(name: Name, concurrency: number, handler: Handler<Name>): Promise<void>;
  /** Jobs waiting, delayed or running. */
  depth(name: QueueName): Promise<number>;
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

type AnyQueue = Queue<
  object,
  void,
  string,
  object,
  void,
  string,
  PostgresQueueBackend,
  PostgresConnectionOptions
>;
type AnyWorker = Worker<object, void, string, PostgresQueueBackend, JobProgress, PostgresConnectionOptions>;

class PostgresQueues implements Queues {
  readonly #queues = new Map<QueueName, AnyQueue>();
  readonly #workers: AnyWorker[] = [];
  readonly #connection: PostgresConnectionOptions;
  readonly #log: Log;

  constructor(url: string, log: Log) {
    this.#connection = {
      connectionString: url,
      schema: QUEUE_SCHEMA,
      migrate: true,
      max: QUEUE_CONNECTIONS_MAX,
      application_name: 'shuttlewatch queue',
    };
    this.#log = log;
  }

  async add<Name extends QueueName>(name: Name, jobs: readonly NewJob<Name>[]): Promise<void> {
    if (jobs.length === 0) return;
    // `true`, since keeping a count of finished jobs deadlocks concurrent finishers (BullMQ 6.7 on Postgres).
    const opts = {
      removeOnComplete: true,
      // An alert's job has one id for good: a failed one that stayed would keep later ones out.
      removeOnFail: name === 'deliver',
      attempts: JOB_ATTEMPTS_MAX,
      backoff: { type: 'exponential', delay: JOB_RETRY_DELAY_MS },
    };
    await this.#queue(name).addBulk(
      jobs.map(({ id, data }) => ({ name, data, opts: { ...opts, jobId: id } })),
    );
  }

  async work<Name extends QueueName>(name: Name, concurrency: number, handler: Handler<Name>): Promise<void> {
    // Every job of this queue was added by `add` with this payload.
    const process = (job: Job<object>): Promise<void> => handler(job.data as Payloads[Name]);
    const worker: AnyWorker = new Worker(
      name,
      process,
      { connection: this.#connection, concurrency, maxStalledCount: JOB_STALLS_MAX },
      createPostgresBackend,
    );
    worker.on('error', (error) => {
      this.#log.warn({ queue: name, error: error.message }, 'queue connection');
    });
    worker.on('failed', (job, error) => {
      this.#log.warn({ queue: name, job: job?.id, err: error }, 'job failed');
    });
    this.#workers.push(worker);
    await worker.waitUntilReady();
  }

  async depth(name: QueueName): Promise<number> {
    const counts = await this.#queue(name).getJobCounts('waiting', 'delayed', 'active', 'prioritized');
    return Object.values(counts).reduce((sum, count) => sum + count, 0);
  }

  async clean(): Promise<void> {
    for (const name of QUEUE_NAMES) {
      await this.#queue(name).clean(FAILED_JOBS_AGE_MS, CLEAN_JOBS_MAX, 'failed');
    }
  }

  async stopWork(deadlineMs: number): Promise<boolean> {
    // A worker's own close waits for ever for a job that hangs, and a second, forced one joins the first.
    const closing = Promise.all(this.#workers.map((worker) => worker.close()));
    const inTime = await within(closing, deadlineMs);
    if (!inTime)
      this.#log.warn({ deadlineMs }, 'jobs still running at the deadline are left to be taken up again');
    return inTime;
  }

  async close(): Promise<void> {
    await Promise.all([...this.#queues.values()].map((queue) => queue.close()));
  }

  #queue(name: QueueName): AnyQueue {
    let queue = this.#queues.get(name);
    if (queue === undefined) {
      queue = new Queue(name, { connection: this.#connection }, createPostgresBackend);
      queue.on('error', (error) => {
        this.#log.warn({ queue: name, error: error.message }, 'queue connection');
      });
      this.#queues.set(name, queue);
    }
    return queue;
  }
}

/**
 * Opens the queues on BullMQ's PostgreSQL backend in the database at `url`; their tables are made when missing.
 * The one place that knows where queues live.
 */
export function openQueues(url: string, log: Log): Queues {
  return new PostgresQueues(url, log);
}
