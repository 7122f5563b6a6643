import { createPostgresBackend, Queue, Worker } from 'bullmq';
import type {
  Job,
  JobProgress,
  PgModule,
  PostgresConnection,
  PostgresConnectionOptions,
  PostgresQueueBackend,
  WorkerOptions,
} from 'bullmq';
import { Away, reasonOf } from '../store/errors.ts';
import { connectRedis, probeRedis, REDIS_PREFIX, redisError, redisName } from './redis.ts';

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
  /** Why the place cannot be reached just now; null where it can, or nobody has tried. */
  away(): Away | null;
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

/** A statement that was under way when its table was dropped fails inside the server here, under a code for anything. */
const UNMADE_ROUTINE = 'relation_open';

/** Whether an error of PostgreSQL says that a schema, a table or a function is not there. */
function saysUnmade(error: unknown): boolean {
  return UNMADE.has(fieldOf(error, 'code')) || fieldOf(error, 'routine') === UNMADE_ROUTINE;
}

function fieldOf(error: unknown, name: 'code' | 'routine'): string {
  const value: unknown = error instanceof Error ? Reflect.get(error, name) : undefined;
  return typeof value === 'string' ? value : '';
}

/** What BullMQ makes the connection of that it listens on; private to it. */
interface ListenMaker {
  pgModule: PgModule;
}

/**
 * Hears of every connection of BullMQ that breaks. BullMQ 6.7 itself does where one is idle, and not where it breaks in
 * somebody's hands, while it begins to listen or while it is closed: pg then ends the process. The statement it was in
 * fails anyway.
 */
function guard(connection: PostgresConnection, onError: (error: Error) => void): void {
  connection.pool.on('connect', (client) => {
    client.on('error', onError);
  });
  const maker = connection as unknown as ListenMaker;
  const { Client, Pool } = maker.pgModule;
  class GuardedClient extends Client {
    constructor(...args: ConstructorParameters<PgModule['Client']>) {
      super(...args);
      this.on('error', onError);
    }
    override removeAllListeners(event?: string): this {
      if (event === undefined) super.removeAllListeners();
      else super.removeAllListeners(event);
      return this.on('error', onError);
    }
  }
  maker.pgModule = { Pool, Client: GuardedClient };
}

/** Drops BullMQ's schema, on a connection made as BullMQ's own are: pg has no home here. */
async function dropSchema(open: () => PostgresQueue, connectionString: string): Promise<void> {
  const queue = open();
  try {
    const { Client } = (queue.backend.connection as unknown as ListenMaker).pgModule;
    const client = new Client({ connectionString });
    await client.connect();
    try {
      await client.query(`drop schema if exists ${QUEUE_SCHEMA} cascade`);
    } finally {
      await client.end();
    }
  } finally {
    await queue.close();
  }
}

function postgresBackend(url: string, onError: (error: Error) => void): QueueBackend {
  const connection: PostgresConnectionOptions = {
    connectionString: url,
    schema: QUEUE_SCHEMA,
    migrate: true,
    max: QUEUE_CONNECTIONS_MAX,
    application_name: 'shuttlewatch queue',
  };
  const guarded = <T extends PostgresQueue | PostgresWorker>(user: T): T => {
    guard(user.backend.connection, onError);
    return user;
  };
  const open = (name: string): PostgresQueue =>
    guarded(new Queue(name, { connection }, createPostgresBackend));
  /** BullMQ makes its tables when it connects; gives whether they can be asked then. */
  const made = async (): Promise<boolean> => {
    const queue = open('make');
    queue.on('error', onError);
    try {
      await queue.waitUntilReady();
      await queue.getJobCounts('waiting');
      return true;
    } catch (error) {
      if (!saysUnmade(error)) throw error;
      return false;
    } finally {
      await queue.close();
    }
  };
  return {
    kind: 'postgres',
    queue: open,
    worker: (name, process, options): PostgresWorker =>
      guarded(new Worker(name, process, { connection, ...options }, createPostgresBackend)),
    // The log is in the same database, and it has answered.
    probe: () => Promise.resolve(),
    // Each statement finds out for itself, at once.
    away: () => null,
    error: (error) => error,
    isUnmade: saysUnmade,
    async make() {
      if (await made()) return;
      // BullMQ's own ledger says that all is there: what is half gone is made anew as a whole. It holds ids only.
      await dropSchema(() => open('make'), url);
      await made();
    },
    close: () => undefined,
  };
}

function redisBackend(url: string, onError: (error: Error) => void): QueueBackend {
  let trouble: Error | null = null;
  const commands = connectRedis(url, 'command', (error) => {
    trouble = error;
    onError(error);
  });
  commands.on('ready', () => {
    trouble = null;
  });
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
    away: () =>
      trouble === null || commands.status === 'ready'
        ? null
        : new Away(`Redis at ${redisName(url)}: ${reasonOf(trouble)}`, { cause: trouble }),
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
