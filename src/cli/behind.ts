import type { Position } from '../events/ids.ts';
import { items } from '../projections/items.ts';
import { consumerOf } from '../projections/projection.ts';
import { readCheckpoints } from '../store/checkpoints.ts';
import type { Db } from '../store/database.ts';
import { head } from '../store/read.ts';

/** Positions that items may lie behind the log without a word: what a process that follows catches up with in a moment. */
const BEHIND_MAX = 1_000;

/**
 * What has to be said before an answer from the items that does not know all it should: that they have halted, lie far behind the
 * log, or have not come to `asked` yet. Null where there is nothing to say.
 */
export async function behindText(db: Db, asked: Position | null): Promise<string | null> {
  const [checkpoint] = await readCheckpoints(db, [consumerOf(items).name]);
  const last = await head(db);
  const at = checkpoint?.position ?? 0;
  if (asked !== null && asked <= at) return null;
  const halted = checkpoint?.status === 'halted';
  if (asked === null && !halted && last - at <= BEHIND_MAX) return null;
  const why = halted ? 'they have halted ("consumers" says why)' : 'no process has brought them further yet';
  return last === at ? null : `items are known up to position ${at} of ${last}: ${why}`;
}
