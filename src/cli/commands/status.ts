import type { Command } from 'commander';
import type { Output } from '../output.ts';
export function statusCommand(program: Command, output: Output): void {
  program.command('status').action(() => {
    output.out('todo');
  });
}
