import type { CommandWords, OptionWords } from './words.ts';

/** In fish's single quotes, where only these two mean something. */
function quoted(text: string): string {
  return `'${text.replace(/[\\']/g, '\\$&')}'`;
}

/** When a command is the one being written: all words of its path seen, and none of its subcommands. */
function condition({ path, subcommands }: CommandWords): string {
  const names = subcommands.map(({ word }) => word).join(' ');
  const seen = path.map((word) => `__fish_seen_subcommand_from ${word}`);
  const unseen = names === '' ? [] : [`not __fish_seen_subcommand_from ${names}`];
  return [...seen, ...unseen].join('; and ') || 'true';
}

function optionLine(when: string, { words, about, takesValue, values }: OptionWords): string {
  const names = words.map((word) => (word.startsWith('--') ? `-l ${word.slice(2)}` : `-s ${word.slice(1)}`));
  const value = takesValue
    ? [' -r', ...(values.length > 0 ? [` -f -a ${quoted(values.join(' '))}`] : [])]
    : [];
  return `complete -c shuttlewatch -n ${quoted(when)} ${names.join(' ')}${value.join('')} -d ${quoted(about)}\n`;
}

function commandLines(command: CommandWords): string {
  const when = condition(command);
  const { path, subcommands, options, values } = command;
  // Options of the program itself stand before any command.
  const own = path.length === 0 ? '__fish_use_subcommand' : when;
  return [
    ...subcommands.map(
      ({ word, about }) =>
        `complete -c shuttlewatch -f -n ${quoted(own)} -a ${quoted(word)} -d ${quoted(about)}\n`,
    ),
    ...(values.length > 0
      ? [`complete -c shuttlewatch -f -n ${quoted(when)} -a ${quoted(values.join(' '))}\n`]
      : []),
    ...options.map((option) => optionLine(own, option)),
  ].join('');
}

/** The script that fish sources: `shuttlewatch completion fish | source`. */
export function fishScript(commands: readonly CommandWords[]): string {
  return `# fish completion for shuttlewatch. Load it with: shuttlewatch completion fish | source
${commands.map(commandLines).join('')}`;
}
