import type { Position } from '../events/ids.ts';
import { readCheckpoints } from '../store/checkpoints.ts';
import type { Checkpoint, Culprit } from '../store/checkpoints.ts';
import type { Db } from '../store/database.ts';
import { readOwners } from '../store/lease.ts';
import type { Owner } from '../store/lease.ts';
import { head } from '../store/read.ts';

/** A consumer as it stands: what `consumers` shows. */
export interface ConsumerState extends Checkpoint {
  readonly lag: number;
  /** The process that works for it; null when none does. */
  readonly owner: Owner | null;
}

/** All consumers by name, and the end of the log. */
export async function consumerStates(db: Db): Promise<{ head: Position; consumers: ConsumerState[] }> {
  // Before the head, so that none seems to be ahead of it.
  const checkpoints = await readCheckpoints(db);
  const names = checkpoints.map(({ name }) => name);
  const [last, owners] = await Promise.all([head(db), readOwners(db, names)]);
  const consumers = checkpoints.map((checkpoint) => ({
    ...checkpoint,
    lag: Math.max(0, last - checkpoint.position),
    owner: owners.get(checkpoint.name) ?? null,
  }));
  return { head: last, consumers };
}

/** `position 217, ItemTagged of item-5f1c…`. */
export function culpritText({ position, type, stream }: Culprit): string {
  return type === null || stream === null
    ? `position ${position}, which is missing from the log`
    : `position ${position}, ${type} of ${stream}`;
}

/** Which event halted a consumer, and why, in words. */
export function haltText({ culprit, error }: Pick<Checkpoint, 'culprit' | 'error'>): string {
  const why = error ?? 'no reason noted';
  return culprit === null ? why : `${culpritText(culprit)}: ${why}`;
}
