import type { Command } from 'commander';
import { readCheckpoints } from '../../store/checkpoints.ts';
import { head } from '../../store/read.ts';
import { json, moment, printableEnd, table } from '../output.ts';
import type { Output } from '../output.ts';
import { withSession } from '../session.ts';

async function list(flags: { readonly json?: true }, output: Output): Promise<void> {
  await withSession(async ({ store }) => {
    // Before the head, so that none seems to be ahead of it.
    const checkpoints = await readCheckpoints(store.db);
    const last = await head(store.db);
    const consumers = checkpoints.map(({ name, position, status, error, updatedAt }) => ({
      name,
      position,
      lag: last - position,
      status,
      since: updatedAt,
      error,
    }));
    if (flags.json) {
      output.out(json({ head: last, consumers }));
      return;
    }
    if (consumers.length === 0) {
      output.err('no consumer has run yet: "up" runs them all\n');
      return;
    }
    const rows = consumers.map(({ name, position, lag, status, since }) => [
      name,
      position.toString(),
      lag.toString(),
      status,
      moment(since),
    ]);
    const halted = consumers.filter(({ error }) => error !== null);
    const errors = halted.map(({ name, error }) => `  ${name}: ${printableEnd(error ?? '')}\n`).join('');
    output.out(
      table(['consumer', 'position', 'lag', 'status', 'last moved (UTC)'], rows, output.columns) +
        (errors === '' ? '' : `\nhalted:\n${errors}`),
    );
    output.err(`the log ends at position ${last}\n`);
  });
}

/** `consumers`: how far each follower of the log has come. */
export function consumersCommand(program: Command, output: Output): void {
  program
    .command('consumers')
    .description('how far each consumer of the log has come, and which have halted')
    .option('--json', 'print JSON')
    .action((flags: { readonly json?: true }) => list(flags, output));
}
