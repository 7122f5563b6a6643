import type { Command } from 'commander';
import { ROLES } from '../../workers/roles.ts';
import type { Role } from '../../workers/roles.ts';
import type { Output } from '../output.ts';
import { rolesOption } from '../roles-option.ts';
import { watch } from '../watch.ts';

/** `work`: some of the roles in this process, others elsewhere. */
export function workCommand(program: Command, output: Output): void {
  program
    .command('work')
    .description('like up, with some of the roles in this process: any number of processes share the work')
    .requiredOption('--roles <list>', `what this process does, of ${ROLES.join(',')}`, rolesOption)
    .addHelpText(
      'after',
      `
Roles:
  ingest    polls feeds that are due
  classify  tags items; the one to have several of
  deliver   sends alerts on the channels that are set up for this process
  follow    reads the log: decides alerts, keeps the read tables, queues what is left undone.
            Of several processes one at a time does each part; another takes over when it is gone.

Examples:
  $ shuttlewatch work --roles ingest,follow
  $ shuttlewatch work --roles classify        in a second terminal, or on another host with the same
                                              DATABASE_URL (and REDIS_URL)`,
    )
    .action((flags: { readonly roles: readonly Role[] }) => watch(flags.roles, output));
}
