import type { Command } from 'commander';
import { ROLES } from '../../workers/roles.ts';
import type { Output } from '../output.ts';
import { watch } from '../watch.ts';

/** `up`: everything in one process. */
export function upCommand(program: Command, output: Output): void {
  program
    .command('up')
    .description('watch: poll the feeds of the dossier, tag what comes, print alerts; until stopped')
    .action(() => watch(ROLES, output));
}
