import type { Command } from 'commander';
import { json } from '../output.ts';
import type { Output } from '../output.ts';
import { withSession } from '../session.ts';

/** `migrate`: bring the database to the newest schema. */
export function migrateCommand(program: Command, output: Output): void {
  program
    .command('migrate')
    .description('bring the database to the newest schema (every other command does so too)')
    .option('--json', 'print JSON')
    .action((flags: { readonly json?: true }) =>
      withSession(({ migrated }) => {
        if (flags.json) output.out(json({ applied: migrated }));
        else if (migrated.length === 0) output.out('the schema is up to date\n');
        else output.out(migrated.map((name) => `applied ${name}\n`).join(''));
        return Promise.resolve();
      }),
    );
}
