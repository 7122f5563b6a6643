import type { Command, Option } from 'commander';
import { LOG_LEVELS } from '../../log.ts';
import { ROLES } from '../../workers/roles.ts';

/** A word that may come next, and what it means. */
export interface Word {
  readonly word: string;
  readonly about: string;
}

/** An option as a shell sees it. */
export interface OptionWords {
  /** `-n`, `--limit`. */
  readonly words: readonly string[];
  readonly about: string;
  readonly takesValue: boolean;
  /** What its value may be; empty where that is not known. */
  readonly values: readonly string[];
  /** Whether several values are written with commas between. */
  readonly isList: boolean;
}

/** What may follow a command. */
export interface CommandWords {
  /** Subcommands from the program down; empty for the program itself. */
  readonly path: readonly string[];
  readonly subcommands: readonly Word[];
  readonly options: readonly OptionWords[];
  /** Values of its arguments where those are known. */
  readonly values: readonly string[];
}

/** Values that commander does not know of, by option. */
const VALUES: Readonly<Record<string, readonly string[]>> = { '--roles': ROLES, '--log': LOG_LEVELS };
const LISTS: readonly string[] = ['--roles'];

/** The first line, as much as fits beside a word. */
function brief(text: string): string {
  return (text.split('\n')[0] ?? '').replace(/[;(].*/, '').trim();
}

function optionWords({ short, long, description, required, optional, argChoices }: Option): OptionWords {
  const name = long ?? '';
  return {
    words: [short, long].filter((word) => word !== undefined),
    about: brief(description),
    takesValue: required || optional,
    values: argChoices ?? VALUES[name] ?? [],
    isList: LISTS.includes(name),
  };
}

const HELP: OptionWords = {
  words: ['-h', '--help'],
  about: 'display help for command',
  takesValue: false,
  values: [],
  isList: false,
};

/** Every command of `program`, from the top down, with what may follow it. */
export function commandWords(program: Command, path: readonly string[] = []): CommandWords[] {
  const visible = program.commands.filter((command) => command.name() !== 'help');
  const own: CommandWords = {
    path,
    subcommands: [
      ...visible.map((command) => ({ word: command.name(), about: brief(command.description()) })),
      ...(visible.length > 0 ? [{ word: 'help', about: 'display help for command' }] : []),
    ],
    // Settings are hidden options of every command; before the command they are offered.
    options: [...program.options.filter(({ hidden }) => !hidden || path.length === 0).map(optionWords), HELP],
    values: program.registeredArguments.flatMap((argument) => argument.argChoices ?? []),
  };
  return [own, ...visible.flatMap((command) => commandWords(command, [...path, command.name()]))];
}
