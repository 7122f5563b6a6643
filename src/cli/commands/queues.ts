import type { Command } from 'commander';
import type { Output } from '../output.ts';
export function queuesCommand(program: Command, output: Output): void {
  program.command('queues').action(() => {
    output.out('todo');
  });
}
