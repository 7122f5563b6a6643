import type { Command } from 'commander';
import type { Output } from '../output.ts';
export function completionCommand(program: Command, output: Output): void {
  program.command('completion').action(() => {
    output.out('todo');
  });
}
