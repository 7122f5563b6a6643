import { listFeeds } from '../../query/lists.ts';
import type { ListedFeed } from '../../query/lists.ts';
import { takePulse } from '../../query/pulse.ts';
import type { Pulse } from '../../query/pulse.ts';
import { silentFeeds } from '../../query/silence.ts';
import { readCheckpoints } from '../../store/checkpoints.ts';
import type { Culprit } from '../../store/checkpoints.ts';
import type { Db } from '../../store/database.ts';
import { deliveryBacklog } from '../../store/deliveries.ts';
import { listProcesses } from '../../store/processes.ts';
import type { WorkingProcess } from '../../store/processes.ts';
import type { Queues } from '../../workers/queues.ts';
import { startOfDay } from '../moment.ts';
import { messageOf } from '../output.ts';
import { queueStates } from '../queue-states.ts';
import type { QueueState } from '../queue-states.ts';

/** Everything that `status` shows, at one moment. */
export interface Snapshot extends Pulse {
  readonly at: Date;
  readonly zone: string;
  readonly processes: readonly WorkingProcess[];
  readonly consumers: readonly ConsumerState[];
  /** Null when the queues are away. */
  readonly queues: readonly QueueState[] | null;
  /** Why the queues are away; null where they are not. */
  readonly queuesAway: string | null;
  readonly feeds: FeedsState;
  readonly deliveries: { readonly open: number; readonly due: number; readonly failing: number };
}

export interface ConsumerState {
  readonly name: string;
  readonly lag: number;
  readonly halted: boolean;
  /** The event that it halted over; null while it runs, and where no event is to blame. */
  readonly culprit: Culprit | null;
}

export interface FeedsState {
  readonly active: number;
  readonly inTrouble: number;
  readonly paused: number;
  /** Those that answer, but have brought nothing new for longer than is normal for them. */
  readonly silent: number;
  /** When the last new item came, from any of them. */
  readonly lastItemAt: Date | null;
  readonly lastGoodPollAt: Date | null;
}

function latest(dates: readonly (Date | null)[]): Date | null {
  const times = dates.flatMap((date) => (date === null ? [] : [date.getTime()]));
  return times.length === 0 ? null : new Date(Math.max(...times));
}

function feedsState(feeds: readonly ListedFeed[], silent: number): FeedsState {
  const polled = feeds.filter(({ status, nextDueAt }) => status === 'active' && nextDueAt !== null);
  return {
    active: polled.length,
    inTrouble: polled.filter(({ failure }) => failure !== null).length,
    paused: feeds.filter(({ status }) => status === 'paused').length,
    silent,
    lastItemAt: latest(feeds.map(({ lastItemAt }) => lastItemAt)),
    lastGoodPollAt: latest(feeds.map(({ lastGoodAt }) => lastGoodAt)),
  };
}

async function queuesNow(queues: Queues): Promise<Pick<Snapshot, 'queues' | 'queuesAway'>> {
  try {
    // Says at once, and why, where a command would wait for the connection to come back.
    await queues.ready();
    return { queues: await queueStates(queues), queuesAway: null };
  } catch (error) {
    return { queues: null, queuesAway: messageOf(error) };
  }
}

/** Looks at everything once. */
export async function takeSnapshot(db: Db, queues: Queues, now: Date, zone: string): Promise<Snapshot> {
  const [processes, checkpoints, feeds, silent, backlog, ofQueues] = await Promise.all([
    listProcesses(db),
    readCheckpoints(db),
    listFeeds(db),
    silentFeeds(db, now),
    deliveryBacklog(db, now),
    queuesNow(queues),
  ]);
  // After the checkpoints, so that none seems to be ahead of the log.
  const pulse = await takePulse(db, now, startOfDay(now, zone));
  const total = (of: 'open' | 'due' | 'failing'): number => backlog.reduce((sum, one) => sum + one[of], 0);
  return {
    ...pulse,
    at: now,
    zone,
    processes,
    consumers: checkpoints.map(({ name, position, status, culprit }) => ({
      name,
      lag: pulse.head - position,
      halted: status === 'halted',
      culprit,
    })),
    ...ofQueues,
    feeds: feedsState(feeds, silent.size),
    deliveries: { open: total('open'), due: total('due'), failing: total('failing') },
  };
}
