import type { Command } from 'commander';
import { PROJECTIONS } from '../../projections/all.ts';
import { consumerOf } from '../../projections/projection.ts';
import { retryConsumer, skipEvent } from '../../store/halted.ts';
import type { Release } from '../../store/halted.ts';
import { accountName } from '../account-name.ts';
import { haltText } from '../consumer-states.ts';
import { unknownText } from '../meant.ts';
import { json } from '../output.ts';
import type { Output } from '../output.ts';
import { withSession } from '../session.ts';
import { shortText, UsageError } from '../usage.ts';

/** Characters of a reason. */
const REASON_CHARS_MAX = 500;
const NAME_CHARS_MAX = 80;

interface SkipFlags {
  readonly reason: string;
  readonly by?: string;
  readonly json?: true;
}

/** What was done; throws in clear words where it was not. */
function doneOf<Done>(name: string, release: Release<Done>): Done {
  switch (release.kind) {
    case 'released':
      return release.done;
    case 'unknown':
      throw new UsageError(unknownText('consumer', name, release.known));
    case 'refused':
      throw new Error(`${release.reason}\nnothing was changed`);
  }
}

async function retry(name: string, flags: { readonly json?: true }, output: Output): Promise<void> {
  await withSession(async ({ store, now }) => {
    const halted = doneOf(name, await retryConsumer(store, name, now()));
    if (flags.json) output.out(json({ consumer: name, position: halted.position, halted: halted.culprit }));
    else output.err(`${name} is tried again; it had halted at ${haltText(halted)}\n`);
  });
}

/** What skipping means for what is filled by this consumer. */
function consequence(name: string): string {
  return PROJECTIONS.some((projection) => consumerOf(projection).name === name)
    ? 'Its read tables lack what that event says; a rebuild leaves it out as well.\n'
    : 'What it would have done for that event stays undone.\n';
}

async function skip(name: string, flags: SkipFlags, output: Output): Promise<void> {
  const by = flags.by ?? accountName();
  await withSession(async ({ store, now }) => {
    const skipped = doneOf(name, await skipEvent(store, name, { reason: flags.reason, by }, now()));
    if (flags.json) output.out(json({ consumer: name, skipped }));
    else {
      const { position, type } = skipped;
      output.err(`${name} goes on without position ${position}, ${type}\n${consequence(name)}`);
    }
  });
}

/** `consumers retry`, `consumers skip`: what people do with a consumer that has halted. */
export function consumersReleaseCommands(consumers: Command, output: Output): void {
  consumers
    .command('retry')
    .description('let a halted consumer try its event again, once what it named is mended')
    .argument('<name>', 'the consumer')
    .option('--json', 'print JSON')
    .addHelpText('after', '\nA process that follows goes on within a second; it need not be restarted.')
    .action((name: string, flags: { readonly json?: true }) => retry(name, flags, output));
  consumers
    .command('skip')
    .description('let a halted consumer go on without the event it cannot handle')
    .argument('<name>', 'the consumer')
    .requiredOption('--reason <text>', 'why, for the log (required)', shortText(REASON_CHARS_MAX))
    .option('--by <name>', 'who says so (default: the name of this account)', shortText(NAME_CHARS_MAX))
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      '\nThis is remembered in the log: a rebuild of read tables leaves the event out as well.\n' +
        '\nExample:\n  $ shuttlewatch consumers skip rules --reason "tags of a build that was withdrawn"',
    )
    .action((name: string, flags: SkipFlags) => skip(name, flags, output));
}
