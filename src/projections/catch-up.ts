import { ensureCheckpoint } from '../store/checkpoints.ts';
import type { Db } from '../store/database.ts';
import { step } from '../store/follow.ts';
import { head } from '../store/read.ts';
import { consumerOf } from './projection.ts';
import type { Projection } from './projection.ts';

/**
 * Brings a projection from where it is to the end of the log, and gives the position; sooner back when another process holds
 * it, which then does the same.
 */
export async function catchUp(
  db: Db,
  projection: Projection,
  now: () => Date,
  onProgress: (done: number, total: number) => void,
): Promise<number> {
  const consumer = consumerOf(projection);
  await ensureCheckpoint(db, consumer.name, now());
  const total = await head(db);
  let done = 0;
  for (;;) {
    const handled = await step(db, consumer, now);
    if (handled === null) return done;
    done = handled.until;
    if (handled.until === handled.from) return done;
    onProgress(done, Math.max(total, done));
  }
}
