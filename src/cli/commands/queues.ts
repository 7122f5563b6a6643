import { Argument } from 'commander';
import type { Command } from 'commander';
import { QUEUE_NAMES } from '../../workers/queues.ts';
import type { QueueName } from '../../workers/queues.ts';
import { queuePlace } from '../../workers/queue-backend.ts';
import type { QueuePlace } from '../../workers/queue-backend.ts';
import { json, moment, table } from '../output.ts';
import type { Output } from '../output.ts';
import { placeText, queueStates, withQueues } from '../queue-states.ts';
import { namesUnknown } from '../subcommands.ts';
import { withSession } from '../session.ts';
import type { Session } from '../session.ts';
import { count } from '../usage.ts';
import { agoText } from '../words.ts';

interface Flags {
  readonly json?: true;
}

const FAILED_MAX = 10_000;
const FAILED_DEFAULT = 50;

function placeOf({ config, store }: Session): QueuePlace {
  return queuePlace(config.REDIS_URL, store.url);
}

async function list(flags: Flags, output: Output): Promise<void> {
  await withSession(async (session) => {
    const place = placeOf(session);
    const states = await withQueues(place, session.log, queueStates);
    if (flags.json) {
      output.out(json({ backend: place.kind, queues: states }));
      return;
    }
    const now = session.now();
    const rows = states.map(({ name, waiting, delayed, active, failed, oldestAt }) => [
      name,
      ...[waiting, delayed, active, failed].map(String),
      oldestAt === null ? '' : agoText(oldestAt, now),
    ]);
    output.out(
      table(['queue', 'waiting', 'delayed', 'active', 'failed', 'oldest waiting'], rows, output.columns),
    );
    output.err(`queues are ${placeText(place)}\n`);
  });
}

async function listFailed(
  name: QueueName,
  flags: Flags & { readonly limit: number },
  output: Output,
): Promise<void> {
  await withSession(async (session) => {
    const [jobs, { failed }] = await withQueues(placeOf(session), session.log, (queues) =>
      Promise.all([queues.failed(name, flags.limit), queues.counts(name)]),
    );
    if (flags.json) {
      output.out(json(jobs));
      return;
    }
    if (jobs.length === 0) {
      output.err(`no failed jobs in ${name}\n`);
      return;
    }
    const rows = jobs.map(({ id, reason, attempts, failedAt }) => [
      moment(failedAt),
      attempts.toString(),
      id,
      reason,
    ]);
    output.out(table(['failed (UTC)', 'tries', 'job', 'reason'], rows, output.columns));
    if (jobs.length < failed) output.err(`${jobs.length} of ${failed}, the newest\n`);
  });
}

async function retry(name: QueueName | undefined, flags: Flags, output: Output): Promise<void> {
  await withSession(async (session) => {
    const names = name === undefined ? QUEUE_NAMES : [name];
    const retried = await withQueues(placeOf(session), session.log, (queues) =>
      Promise.all(names.map(async (queue) => ({ queue, jobs: await queues.retryFailed(queue) }))),
    );
    if (flags.json) output.out(json(retried));
    else for (const { queue, jobs } of retried) output.out(`${queue}: ${jobs} put back\n`);
  });
}

/** `queues`: how deep they are, what failed, and another try for it. */
export function queuesCommand(program: Command, output: Output): void {
  const name = (optional: boolean): Argument =>
    new Argument(optional ? '[queue]' : '<queue>', 'one of them').choices(QUEUE_NAMES);
  const queues = program.command('queues').description('how deep the queues are, and what failed in them');
  namesUnknown(
    queues,
    queues
      .command('list', { isDefault: true })
      .description('jobs of each queue by what they are at')
      .option('--json', 'print JSON')
      .action((flags: Flags) => list(flags, output)),
  );
  queues
    .command('failed')
    .description('list the jobs of a queue that failed for good, with reasons')
    .addArgument(name(false))
    .option('-n, --limit <jobs>', 'at most so many, the newest', count(1, FAILED_MAX), FAILED_DEFAULT)
    .option('--json', 'print JSON')
    .action((queue: QueueName, flags: Flags & { readonly limit: number }) =>
      listFailed(queue, flags, output),
    );
  queues
    .command('retry')
    .description('put failed jobs back, of one queue or of all')
    .addArgument(name(true))
    .option('--json', 'print JSON')
    .action((queue: QueueName | undefined, flags: Flags) => retry(queue, flags, output));
}
