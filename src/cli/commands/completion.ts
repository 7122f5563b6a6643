import { Argument } from 'commander';
import type { Command } from 'commander';
import { bashScript } from '../completion/bash.ts';
import { fishScript } from '../completion/fish.ts';
import { commandWords } from '../completion/words.ts';
import type { CommandWords } from '../completion/words.ts';
import { zshScript } from '../completion/zsh.ts';
import type { Output } from '../output.ts';

const SHELLS = ['bash', 'zsh', 'fish'] as const;
type Shell = (typeof SHELLS)[number];

const SCRIPTS: Readonly<Record<Shell, (commands: readonly CommandWords[]) => string>> = {
  bash: bashScript,
  zsh: zshScript,
  fish: fishScript,
};

/** `completion`: the script by which a shell completes our command line. */
export function completionCommand(program: Command, output: Output): void {
  program
    .command('completion')
    .description('print the script by which a shell completes commands and options')
    .addArgument(new Argument('<shell>', 'yours').choices(SHELLS))
    .addHelpText(
      'after',
      `
Load it at every start of the shell:
  bash  echo 'source <(shuttlewatch completion bash)' >> ~/.bashrc
  zsh   echo 'source <(shuttlewatch completion zsh)' >> ~/.zshrc   (after compinit)
  fish  shuttlewatch completion fish > ~/.config/fish/completions/shuttlewatch.fish`,
    )
    .action((shell: Shell) => {
      output.out(SCRIPTS[shell](commandWords(program)));
    });
}
