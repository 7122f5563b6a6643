import { setTimeout as wait } from 'node:timers/promises';
import { readCheckpoints } from '../src/store/checkpoints.ts';
import { countDue } from '../src/store/deliveries.ts';
import { head } from '../src/store/read.ts';
import type { Store } from '../src/store/store.ts';
import { countUntagged } from '../src/store/undone.ts';

const LOOK_EVERY_MS = 100;

/** Waits until every consumer that ever ran has caught up, all words are tagged and nothing is left to be sent. */
export async function settled(store: Store, channels: readonly string[]): Promise<void> {
  for (;;) {
    const last = await head(store.db);
    const checkpoints = await readCheckpoints(store.db);
    const halted = checkpoints.find(({ status }) => status === 'halted');
    if (halted !== undefined) throw new Error(`${halted.name} halted: ${halted.error ?? ''}`);
    const followed = checkpoints.length > 0 && checkpoints.every(({ position }) => position >= last);
    if (followed && (await countUntagged(store.db)) === 0) {
      const due = await countDue(store.db, channels, new Date());
      // What was sent a moment ago has made the log grow.
      if (due === 0 && (await head(store.db)) === last) return;
    }
    await wait(LOOK_EVERY_MS);
  }
}
