import type { Command } from 'commander';
import { consumerStates, haltText } from '../consumer-states.ts';
import type { ConsumerState } from '../consumer-states.ts';
import { json, moment, printableEnd, table } from '../output.ts';
import type { Output } from '../output.ts';
import { withSession } from '../session.ts';
import { namesUnknown } from '../subcommands.ts';
import { consumersReleaseCommands } from './consumers-release.ts';

function ownerText({ owner }: ConsumerState): string {
  return owner === null ? 'nobody' : `${owner.host}/${owner.pid}`;
}

/** What is not halted runs, where a process works for it. */
function statusText({ status, owner }: ConsumerState): string {
  return status === 'running' && owner === null ? 'stopped' : status;
}

async function list(flags: { readonly json?: true }, output: Output): Promise<void> {
  await withSession(async ({ store }) => {
    const { head, consumers } = await consumerStates(store.db);
    if (flags.json) {
      const states = consumers.map(({ updatedAt, ...state }) => ({ ...state, since: updatedAt }));
      output.out(json({ head, consumers: states }));
      return;
    }
    if (consumers.length === 0) {
      output.err('no consumer has run yet: "up" runs them all\n');
      return;
    }
    const rows = consumers.map((consumer) => [
      consumer.name,
      consumer.position.toString(),
      consumer.lag.toString(),
      statusText(consumer),
      moment(consumer.updatedAt),
      ownerText(consumer),
    ]);
    const errors = consumers
      .filter(({ status }) => status === 'halted')
      .map((consumer) => {
        const since = moment(consumer.haltedAt ?? consumer.updatedAt);
        return `  ${consumer.name}, since ${since}: ${printableEnd(haltText(consumer))}\n`;
      });
    const columns = ['consumer', 'position', 'lag', 'status', 'last moved (UTC)', 'worked for by'];
    output.out(
      table(columns, rows, output.columns) + (errors.length === 0 ? '' : `\nhalted:\n${errors.join('')}`),
    );
    output.err(`the log ends at position ${head}\n`);
    if (errors.length > 0) output.err('mend the cause, then "consumers retry <name>"; or "consumers skip"\n');
  });
}

/** `consumers`: how far each follower of the log has come, and what people do with one that has halted. */
export function consumersCommand(program: Command, output: Output): void {
  const consumers = program
    .command('consumers')
    .description('how far each consumer of the log has come, and which have halted: list, retry, skip');
  namesUnknown(
    consumers,
    consumers
      .command('list', { isDefault: true })
      .description('list consumers with position, lag, the process that works for each, and halts')
      .option('--json', 'print JSON')
      .action((flags: { readonly json?: true }) => list(flags, output)),
  );
  consumersReleaseCommands(consumers, output);
}
