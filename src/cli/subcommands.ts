import type { Command } from 'commander';
import { nearest } from '../query/nearest.ts';
import { UsageError } from './usage.ts';

/**
 * Has `fallback`, which is meant where no subcommand of `parent` is named, say so of a word that is none; commander would
 * complain of its number of arguments.
 */
export function namesUnknown(parent: Command, fallback: Command): void {
  fallback.allowExcessArguments().hook('preAction', (_, action) => {
    const [word] = action.args;
    if (word === undefined) return;
    const names = parent.commands.map((command) => command.name());
    const near = nearest(
      word,
      names.map((name) => ({ name })),
    );
    const hint = near.length === 0 ? `there are ${names.join(', ')}` : `did you mean ${near.join(' or ')}?`;
    throw new UsageError(`no command "${parent.name()} ${word}"; ${hint}`);
  });
}
