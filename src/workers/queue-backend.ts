import { createPostgresBackend, Queue, Worker } from 'bullmq';
import type {
  Job,
  JobProgress,
  PostgresConnectionOptions,
  PostgresQueueBackend,
  WorkerOptions,
} from 'bullmq';
import { connectRedis, probeRedis, REDIS_PREFIX, redisError } from './redis.ts';

/** Where the queues live. */
export type QueuePlace =
  { readonly kind: 'postgres'; readonly url: string } | { readonly kind: 'redis'; readonly url: string };

/** Queues are in Redis where there is one, else in the database of the log. */
export function queuePlace(redisUrl: string | null, databaseUrl: string): QueuePlace {
  return redisUrl === null ? { kind: 'postgres', url: databaseUrl } : { kind: 'redis', url: redisUrl };
}

type PostgresQueue = Queue<
  object,
  void,
  string,
  object,
  void,
  string,
  PostgresQueueBackend,
  PostgresConnectionOptions
>;
type RedisQueue = Queue<object, void>;
type PostgresWorker = Worker<
  object,
  void,
  string,
  PostgresQueueBackend,
  JobProgress,
  PostgresConnectionOptions
>;
type RedisWorker = Worker<object, void>;
export type BullQueue = PostgresQueue | RedisQueue;
export type BullWorker = PostgresWorker | RedisWorker;
export type Process = (job: Job<object>) => Promise<void>;
type Options = Pick<WorkerOptions, 'concurrency' | 'maxStalledCount'>;

/** BullMQ on one kind of database. */
export interface QueueBackend {
  readonly kind: QueuePlace['kind'];
  queue(name: string): BullQueue;
  worker(name: string, process: Process, options: Options): BullWorker;
  /** Throws, in words that name the place, when queues cannot be kept there now. */
  probe(): Promise<void>;
  /** An error of BullMQ as the rest of the house knows it: Away when the backend is. */
  error(error: unknown): unknown;
  /** Whether an error tells that what queues need at their place is gone: somebody dropped it while we ran. */
  isUnmade(error: unknown): boolean;
  /** Makes what queues need at their place, where it is missing. */
  make(): Promise<void>;
  /** Lets go what queues and workers do not let go themselves; they are closed before. */
  close(): void;
}

/** The schema of BullMQ's own tables, beside ours in the same database. */
export const QUEUE_SCHEMA = 'sw_queue';
/** Connections a queue or a worker may hold, beside the one it listens on. */
const QUEUE_CONNECTIONS_MAX = 3;

/** SQLSTATEs for a schema, a table or a function that is not there. */
const UNMADE: ReadonlySet<string> = new Set(['3F000', '42P01', '42883']);

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
}

function postgresBackend(url: string, onError: (error: Error) => void): QueueBackend {
  const connection: PostgresConnectionOptions = {
    connectionString: url,
    schema: QUEUE_SCHEMA,
    migrate: true,
    max: QUEUE_CONNECTIONS_MAX,
    application_name: 'shuttlewatch queue',
  };
  // BullMQ hears of connections that break while they are idle. One that breaks in somebody's hands, as the tables are
  // made or looked at, would end the process; the statement it was in fails anyway.
  const guarded = <T extends PostgresQueue | PostgresWorker>(user: T): T => {
    user.backend.connection.pool.on('connect', (client) => {
      client.on('error', onError);
    });
    return user;
  };
  const open = (name: string): PostgresQueue =>
    guarded(new Queue(name, { connection }, createPostgresBackend));
  return {
    kind: 'postgres',
    queue: open,
    worker: (name, process, options): PostgresWorker =>
      guarded(new Worker(name, process, { connection, ...options }, createPostgresBackend)),
    // The log is in the same database, and it has answered.
    probe: () => Promise.resolve(),
    error: (error) => error,
    isUnmade: (error) => UNMADE.has(codeOf(error)),
    async make() {
      // BullMQ makes its tables only when it connects.
      const queue = open('make');
      queue.on('error', onError);
      try {
        await queue.waitUntilReady();
      } finally {
        await queue.close();
      }
    },
    close: () => undefined,
  };
}

function redisBackend(url: string, onError: (error: Error) => void): QueueBackend {
  const commands = connectRedis(url, 'command', onError);
  // Shared by the workers; BullMQ makes each a second one like it to wait on.
  let workers: ReturnType<typeof connectRedis> | undefined;
  return {
    kind: 'redis',
    queue: (name): RedisQueue => new Queue(name, { connection: commands, prefix: REDIS_PREFIX }),
    worker(name, process, options): RedisWorker {
      workers ??= connectRedis(url, 'worker', onError);
      return new Worker(name, process, { connection: workers, prefix: REDIS_PREFIX, ...options });
    },
    async probe() {
      await probeRedis(url, (client) => client.ping());
    },
    error: redisError,
    isUnmade: () => false,
    make: () => Promise.resolve(),
    close() {
      commands.disconnect();
      workers?.disconnect();
    },
  };
}

/** Opens BullMQ on `place`. `onError` hears of connections in trouble; they are made anew by themselves. */
export function openBackend(place: QueuePlace, onError: (error: Error) => void): QueueBackend {
  switch (place.kind) {
    case 'postgres':
      return postgresBackend(place.url, onError);
    case 'redis':
      return redisBackend(place.url, onError);
  }
}
