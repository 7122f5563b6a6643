import { randomBytes } from 'node:crypto';
import type { Recorded } from '../events/event.ts';
import type { ItemId } from '../events/ids.ts';
import { isItemEvent } from '../events/item.ts';
import { planDeliveries } from '../store/deliveries.ts';
import type { DueAlert } from '../store/deliveries.ts';
import type { Consumer } from '../store/follow.ts';
import type { DuePage } from '../store/pages.ts';
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
    handles: ['ItemIngested', 'ItemRevised', 'ItemTextFetched'],
    async handle(_tx, events) {
      const items = events.flatMap((event) => (isItemEvent(event) ? [event.data.item] : []));
      // Both ends: a batch read again after a crash may be longer, and must not pass for the shorter one.
      const ends = `${events[0]?.position ?? 0}-${events.at(-1)?.position ?? 0}`;
      await queues.add('classify', classifyJobs(`items-${ends}`, items));
    },
  };
}

/** A delivery that is due for so long is queued a second time, and again after twice the time each. */
const OVERDUE_MS = 5_000;
/** Tells this process's jobs from those of one that is gone. */
const PROCESS = randomBytes(4).toString('hex');

/**
 * The job that sends what is due of an alert. Jobs of one id are one, which keeps looking every second cheap. But the job of
 * a worker that was killed stays in its queue for a minute and keeps others of its id out, so each process has ids of its
 * own, and an attempt that is overdue gets another.
 */
export function deliverJob({ alert, attempts, dueAt }: DueAlert, now: Date): NewJob<'deliver'> {
  return { id: `alert-${alert}-${attempts}-${turnOf(dueAt, now)}-${PROCESS}`, data: { alert } };
}

/** The job that fetches a page that is due, named by the same rules. It may be due again without an attempt: its host had others. */
export function pageJob({ item, attempts, dueAt }: DuePage, now: Date): NewJob<'pages'> {
  const due = `${attempts}-${dueAt.getTime()}`;
  return { id: `page-${item}-${due}-${turnOf(dueAt, now)}-${PROCESS}`, data: { item } };
}

function turnOf(dueAt: Date, now: Date): number {
  const overdue = Math.max(1, (now.getTime() - dueAt.getTime()) / OVERDUE_MS);
  return Math.floor(Math.log2(overdue) + 1);
}

function alertJobs(events: readonly Recorded[], now: Date): NewJob<'deliver'>[] {
  return events.flatMap((event) =>
    event.type === 'AlertRaised'
      ? [deliverJob({ alert: event.data.alert, attempts: 0, dueAt: now }, now)]
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
    committed: (events) => queues.add('deliver', alertJobs(events, now())),
  };
}
