import type { Command } from 'commander';
import type { Output } from '../output.ts';
export function consumersCommand(program: Command, output: Output): void {
  program.command('consumers').action(() => {
    output.out('todo');
  });
}
