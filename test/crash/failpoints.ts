import type { Channel } from '../../src/alerts/channel.ts';
import { QUEUE_NAMES } from '../../src/workers/queues.ts';
import type { QueueName, Queues } from '../../src/workers/queues.ts';
import { LOG_POINTS } from './log-points.ts';
import { aloneOf, around, commitAfter, commitOf, sqlOf, watchStatements } from './statements.ts';
import type { Statement, StatementPoint } from './statements.ts';

function lengthBefore(text: string): Buffer {
  const length = Buffer.alloc(4);
  length.writeInt32BE(text.length);
  return Buffer.concat([length, Buffer.from(text)]);
}

/** An append of events of this type: types are the sixth array of the function. */
const appendOf =
  (type: string) =>
  ({ sql, values }: Statement): boolean =>
    // Types go over as a binary array, each behind its length.
    sql.includes('sw_log.append(') && Buffer.isBuffer(values[5]) && values[5].includes(lengthBefore(type));

/** Keys are claimed by whoever is about to append, who is told which it got; consumers put them there without asking. */
const KEYS_CLAIMED = /insert into sw_work\.item_keys .*returning/s;

/** The places where a process can be killed, by what it does to Postgres. */
const STATEMENT_POINTS: ReadonlyMap<string, StatementPoint> = new Map([
  ...around('appending FeedAdded', appendOf('FeedAdded')),
  ...around('appending FeedFailed', appendOf('FeedFailed')),
  ...around('appending ItemIngested', appendOf('ItemIngested')),
  ...around('appending ItemRevised', appendOf('ItemRevised')),
  ...around('appending ItemAliased', appendOf('ItemAliased')),
  ...around('appending ItemTextFetched', appendOf('ItemTextFetched')),
  ...around('appending ItemTagged', appendOf('ItemTagged')),
  ...around('appending AlertSuppressed', appendOf('AlertSuppressed')),
  ...around('appending AlertRaised', appendOf('AlertRaised')),
  ...around('appending AlertDelivered', appendOf('AlertDelivered')),
  ...around('appending AlertDeliveryFailed', appendOf('AlertDeliveryFailed')),
  ...around('keeping words', sqlOf(/insert into sw_log\.content/)),
  ...around('claiming keys', sqlOf(KEYS_CLAIMED)),
  ...around('commit of claimed keys', commitAfter(KEYS_CLAIMED)),
  ...around('claiming feeds', sqlOf(/update sw_work\.feed_schedule set claimed_until/)),
  ...around('noting a poll', sqlOf(/update "sw_work"\."feed_schedule" set "last_polled_at"/)),
  ...around('planning pages', sqlOf(/insert into sw_work\.pages/)),
  ...around('claiming a page', sqlOf(/update sw_work\.pages set claimed_until/)),
  // The consumer forgets the page as well, when it hears of its text.
  ...around('forgetting a page', aloneOf(/delete from sw_work\.pages/)),
  ...around('noting that a push came', sqlOf(/update sw_work\.subscriptions set arrivals/)),
  ...around('noting that a push is in', sqlOf(/update sw_work\.subscriptions set missed = 0/)),
  ...around('claiming a delivery', sqlOf(/update sw_work\.deliveries d set claimed_until/)),
  ...around('noting an attempt', sqlOf(/update "sw_work"\."deliveries" set "attempts"/)),
  ...around('planning deliveries', sqlOf(/insert into "sw_work"\."deliveries"/)),
  ...around('writing items', sqlOf(/insert into "?sw_read"?\."?items"?/, 'projection:items')),
  ...around('commit of feed-schedule', commitOf('feed-schedule')),
  ...around('commit of relay-items', commitOf('relay-items')),
  ...around('commit of relay-alerts', commitOf('relay-alerts')),
  ...around('commit of plan-pages', commitOf('plan-pages')),
  ...around('commit of rules', commitOf('rules')),
  ...around('commit of projection:items', commitOf('projection:items')),
  ...around('commit of projection:feeds', commitOf('projection:feeds')),
  ...around('commit of projection:alerts', commitOf('projection:alerts')),
]);

const queuePoints = (name: QueueName): string[] => [
  `before queueing ${name}`,
  `after queueing ${name}`,
  `before the ${name} job is over`,
];
const QUEUE_POINTS = QUEUE_NAMES.flatMap(queuePoints);
const SENDING_POINTS = ['before sending', 'after sending'];

/** Every failpoint of the pipeline by name. */
export const FAILPOINTS: readonly string[] = [...STATEMENT_POINTS.keys(), ...QUEUE_POINTS, ...SENDING_POINTS];

/** Kills this process the `nth` time it comes by a failpoint. */
export class Trap {
  readonly #name: string;
  #left: number;

  constructor(name: string, nth: number) {
    const point = STATEMENT_POINTS.get(name) ?? LOG_POINTS.get(name);
    if (point === undefined && !FAILPOINTS.includes(name)) throw new Error(`there is no failpoint ${name}`);
    this.#name = name;
    this.#left = nth;
    if (point !== undefined)
      watchStatements(point, () => {
        this.pass(name);
      });
  }

  /** The process is at this place. */
  pass(name: string): void {
    if (name !== this.#name) return;
    this.#left -= 1;
    if (this.#left === 0) process.kill(process.pid, 'SIGKILL');
  }

  /** `queues`, watched. */
  queues(queues: Queues): Queues {
    const watched: Pick<Queues, 'add' | 'work'> = {
      add: async (name, jobs) => {
        if (jobs.length > 0) this.pass(`before queueing ${name}`);
        await queues.add(name, jobs);
        if (jobs.length > 0) this.pass(`after queueing ${name}`);
      },
      work: (name, concurrency, handler) =>
        queues.work(name, concurrency, async (data) => {
          await handler(data);
          this.pass(`before the ${name} job is over`);
        }),
    };
    return new Proxy(queues, {
      get(target, key) {
        if (key === 'add' || key === 'work') return watched[key];
        const method: unknown = Reflect.get(target, key);
        return typeof method === 'function' ? (method.bind(target) as unknown) : method;
      },
    });
  }

  /** `channel`, watched. */
  channel(channel: Channel): Channel {
    return {
      name: channel.name,
      send: async (message, now) => {
        this.pass('before sending');
        const outcome = await channel.send(message, now);
        this.pass('after sending');
        return outcome;
      },
    };
  }
}
