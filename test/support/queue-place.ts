import { Redis } from 'ioredis';
import { sql } from 'kysely';
import { inject } from 'vitest';
import type { Db } from '../../src/store/database.ts';
import { QUEUE_SCHEMA, queuePlace } from '../../src/workers/queue-backend.ts';
import type { QueuePlace } from '../../src/workers/queue-backend.ts';

/** The Redis of this test file, a database of its own in the one server; null where queues live in Postgres. */
export function fileRedis(): string | null {
  const url = inject('redisUrl');
  // Files that run at the same time have different pool ids.
  return url === null ? null : `${url}/${process.env['VITEST_POOL_ID'] ?? '0'}`;
}

/** Where the queues of this test file live. */
export function fileQueues(databaseUrl: string): QueuePlace {
  return queuePlace(fileRedis(), databaseUrl);
}

/** Loses every queue and all that BullMQ keeps: what an earlier file left in Redis, or the schema in `db`. */
export async function loseQueues(db: Db | null): Promise<void> {
  const url = fileRedis();
  if (url === null) {
    if (db !== null) await sql`drop schema ${sql.ref(QUEUE_SCHEMA)} cascade`.execute(db);
    return;
  }
  const client = new Redis(url);
  await client.flushdb();
  client.disconnect();
}
