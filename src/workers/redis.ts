import { Cluster, Redis } from 'ioredis';
import type { RedisOptions } from 'ioredis';
import { parseRedisUrl } from '../config/redis-url.ts';
import type { RedisPlace } from '../config/redis-url.ts';
import { Away, reasonOf } from '../store/errors.ts';
import { within } from './within.ts';

/** What every key of ours begins with; the braces put all of them in one slot of a Cluster, as BullMQ's scripts need. */
export const REDIS_PREFIX = '{sw}';

const CONNECT_TIMEOUT_MS = 5_000;
/** A command that is not answered by then has failed: whoever waits for it may hold a lock in PostgreSQL. */
const COMMAND_TIMEOUT_MS = 5_000;
/** Several hosts may be tried in turn. */
const PROBE_MS_MAX = 15_000;
const RETRY_STEP_MS = 100;
const RETRY_MAX_MS = 2_000;
/** Has ioredis reconnect and send the command again. */
const RECONNECT_AND_RESEND = 2;

/**
 * How a connection behaves while Redis is away.
 * - `command`: fails within COMMAND_TIMEOUT_MS and is tried again by its caller
 * - `worker`: waits for as long as it takes, as BullMQ's workers must
 * - `probe`: one try, no second one
 */
type Purpose = 'command' | 'worker' | 'probe';

type Options = Omit<RedisOptions, 'replyMapping'>;

function optionsFor(place: RedisPlace, purpose: Purpose): Options {
  return {
    connectionName: 'shuttlewatch',
    connectTimeout: CONNECT_TIMEOUT_MS,
    // BullMQ 6.7 does not look where a lazy connection rejects that meets no server.
    lazyConnect: purpose === 'probe',
    maxRetriesPerRequest: purpose === 'worker' ? null : 1,
    ...(purpose !== 'worker' && { commandTimeout: COMMAND_TIMEOUT_MS }),
    retryStrategy: purpose === 'probe' ? null : (times) => Math.min(times * RETRY_STEP_MS, RETRY_MAX_MS),
    // After a failover the old address may answer as a replica: look again who leads.
    reconnectOnError: (error) => (error.message.startsWith('READONLY') ? RECONNECT_AND_RESEND : false),
    ...(place.username !== null && { username: place.username }),
    ...(place.password !== null && { password: place.password }),
    ...(place.tls && { tls: {} }),
  };
}

/**
 * Opens a connection to the Redis of `url` (see parseRedisUrl): one server, the master that Sentinels name, or a
 * Cluster. `onError` hears of every failed try to (re)connect; the client goes on trying, unless it is a probe.
 */
export function connectRedis(
  url: string,
  purpose: Purpose,
  onError: (error: Error) => void,
): Redis | Cluster {
  const place = parseRedisUrl(url);
  const options = optionsFor(place, purpose);
  const client = clientOf(place, options, purpose);
  client.on('error', onError);
  return client;
}

function clientOf(place: RedisPlace, options: Options, purpose: Purpose): Redis | Cluster {
  const { hosts, tls } = place;
  switch (place.kind) {
    case 'standalone':
      return new Redis({ ...options, ...hosts[0], db: place.db });
    case 'sentinel':
      return new Redis({
        ...options,
        sentinels: [...hosts],
        name: place.master,
        db: place.db,
        ...(tls && { enableTLSForSentinelMode: true, sentinelTLS: {} }),
        ...(place.sentinelPassword !== null && { sentinelPassword: place.sentinelPassword }),
        ...(purpose === 'probe' && { sentinelRetryStrategy: () => null }),
      });
    case 'cluster': {
      // A Cluster's own options: each of its nodes is connected with the others.
      const { lazyConnect, retryStrategy, ...redisOptions } = options;
      return new Cluster([...hosts], {
        redisOptions,
        lazyConnect: lazyConnect === true,
        slotsRefreshTimeout: CONNECT_TIMEOUT_MS,
        ...(retryStrategy !== undefined && { clusterRetryStrategy: retryStrategy ?? ((): null => null) }),
      });
    }
  }
}

/** The hosts of a Redis URL as messages may name them: no user and no password. */
export function redisName(url: string): string {
  return parseRedisUrl(url)
    .hosts.map(({ host, port }) => `${host}:${port}`)
    .join(', ');
}

/** Runs `work` on a connection of its own. Throws Away, naming the host and why, when Redis cannot be reached. */
export async function probeRedis<T>(url: string, work: (client: Redis | Cluster) => Promise<T>): Promise<T> {
  let cause: Error | undefined;
  const client = connectRedis(url, 'probe', (error) => {
    cause ??= error;
  });
  try {
    try {
      // A Cluster whose nodes do not know each other ends without a word.
      if (!(await within(client.connect(), PROBE_MS_MAX))) throw new Error('has not answered in time');
      // Connected, but not to the database that was asked for: ioredis goes on in the first.
      if (cause !== undefined) throw cause;
    } catch (error) {
      // What `connect` rejects with says only that the connection closed.
      throw new Away(`Redis at ${redisName(url)}: ${reasonOf(cause ?? (error as Error))}`, {
        cause: cause ?? error,
      });
    }
    return await work(client);
  } finally {
    client.disconnect();
  }
}

/** What ioredis throws when the connection or the server, and not the command, is at fault. */
const REDIS_TROUBLE = /^(?:ReplyError|MaxRetriesPerRequestError|ClusterAllFailedError|AbortError)$/;
const REDIS_MESSAGE =
  /connection is closed|command timed out|stream isn't writeable|ETIMEDOUT|ECONN|EPIPE|ENOTFOUND|EAI_AGAIN/i;

/** `error` as Away when Redis is what failed: it may be back, or be mended by its keeper, at the next try. */
export function redisError(error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  if (!REDIS_TROUBLE.test(error.name) && !REDIS_MESSAGE.test(reasonOf(error))) return error;
  return new Away(`Redis: ${reasonOf(error)}`, { cause: error });
}
