import type { Recorded } from '../events/event.ts';
import type { ItemId } from '../events/ids.ts';
import { planDeliveries } from '../store/deliveries.ts';
import type { Consumer } from '../store/follow.ts';
import type { NewJob, Queues } from './queues.ts';

/** Items in one classify job: jobs are dear (2,000 a second on Postgres), so they are coarse. */
export const CLASSIFY_ITEMS_MAX = 50;

/** Cuts items into jobs called `<prefix>-<n>`. */
export function classifyJobs(prefix: string, items: readonly ItemId[]): NewJob<'classify'>[] {
  const unique = [...new Set(items)];
  const jobs: NewJob<'classify'>[] = [];
  for (let start = 0; start < unique.length; start += CLASSIFY_ITEMS_MAX) {
    jobs.push({
      id: `${prefix}-${jobs.length}`,
      data: { items: unique.slice(start, start + CLASSIFY_ITEMS_MAX) },
    });
  }
  return jobs;
}

/**
 * Follows new words into the classify queue. Jobs are added before the checkpoint moves: a crash between the two
 * adds them again, and tagging the same words twice leaves one event.
 */
export function relayItems(queues: Queues): Consumer {
  return {
    name: 'relay-items',
    handles: ['ItemIngested', 'ItemRevised'],
    async handle(_tx, events) {
      const items = events.flatMap((event) =>
        event.type === 'ItemIngested' || event.type === 'ItemRevised' ? [event.data.item] : [],
      );
      // Both ends: a batch read again after a crash may be longer, and must not pass for the shorter one.
      const ends = `${events[0]?.position ?? 0}-${events.at(-1)?.position ?? 0}`;
      await queues.add('classify', classifyJobs(`items-${ends}`, items));
    },
  };
}

function alertJobs(events: readonly Recorded[]): NewJob<'deliver'>[] {
  return events.flatMap((event) =>
    event.type === 'AlertRaised'
      ? [{ id: `alert-${event.data.alert}`, data: { alert: event.data.alert } }]
      : [],
  );
}

/**
 * Follows raised alerts into the table of deliveries, in the transaction of its checkpoint: each is planned once.
 * Only AlertRaised leads here; what was held back can never be sent. Jobs merely wake a worker, after the commit.
 */
export function relayAlerts(queues: Queues, now: () => Date): Consumer {
  return {
    name: 'relay-alerts',
    handles: ['AlertRaised'],
    async handle(tx, events) {
      for (const event of events) {
        if (event.type !== 'AlertRaised') continue;
        const { alert, channels } = event.data;
        await planDeliveries(
          tx,
          channels.map((channel) => ({ alert, channel, position: event.position })),
          // Not when it was recorded: the log's clock may be ahead of this one.
          now(),
        );
      }
    },
    committed: (events) => queues.add('deliver', alertJobs(events)),
  };
}
