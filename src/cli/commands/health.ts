import type { Command } from 'commander';
import type { Output } from '../output.ts';
export function healthCommand(program: Command, output: Output): void {
  program.command('health').action(() => {
    output.out('todo');
  });
}
