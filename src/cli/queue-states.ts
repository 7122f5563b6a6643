import type { Log } from '../log.ts';
import type { QueuePlace } from '../workers/queue-backend.ts';
import { openQueues, QUEUE_NAMES } from '../workers/queues.ts';
import type { QueueCounts, QueueName, Queues } from '../workers/queues.ts';
import { redisName } from '../workers/redis.ts';

/** A queue as it stands. */
export interface QueueState extends QueueCounts {
  readonly name: QueueName;
  /** When its oldest waiting job was added; null where none waits. */
  readonly oldestAt: Date | null;
}

/** Runs `work` on the queues at `place`, which are let go afterwards. */
export async function withQueues<T>(
  place: QueuePlace,
  log: Log,
  work: (queues: Queues) => Promise<T>,
): Promise<T> {
  const queues = openQueues(place, log);
  try {
    await queues.ready();
    return await work(queues);
  } finally {
    await queues.close();
  }
}

/** How every queue stands. */
export async function queueStates(queues: Queues): Promise<QueueState[]> {
  return await Promise.all(
    QUEUE_NAMES.map(async (name) => ({
      name,
      ...(await queues.counts(name)),
      oldestAt: await queues.oldest(name),
    })),
  );
}

/** The same over connections of its own. */
export function readQueues(place: QueuePlace, log: Log): Promise<QueueState[]> {
  return withQueues(place, log, queueStates);
}

/** Where the queues are, for people: no user and no password. */
export function placeText(place: QueuePlace): string {
  return place.kind === 'postgres' ? 'in PostgreSQL, beside the log' : `in Redis at ${redisName(place.url)}`;
}
