import { Option } from 'commander';
import type { Command } from 'commander';
import { configOf, inspectConfig, OPTIONS } from '../config.ts';
import type { Config, Inspected } from '../config.ts';
import { fileName, flagOf } from '../config/names.ts';
import type { Output } from './output.ts';

/** The flags of this command line that are settings, by their spelling; a later one wins. */
const flags: Record<string, string> = {};
/** Where remarks go, once; null until a command line is read, and when they have been said. */
let remarkTo: Output | null = null;
let found: Inspected | null = null;

/** Every flag that is a setting, with what stands for its value. */
const FLAGS: readonly (readonly [flag: string, word: string, about: string])[] = Object.entries(
  OPTIONS,
).flatMap(([name, { parser, about, secret }]) => [
  [flagOf(name), parser.word, about] as const,
  ...(secret ? [[flagOf(fileName(name)), 'file', `File that holds ${name}`] as const] : []),
]);

const FLAGS_HELP = '\nSettings are flags here, too: see shuttlewatch --help.';

function addTo(command: Command): void {
  for (const [flag, word, about] of FLAGS) {
    // Where a command has a flag of that name, the setting's stands before the command.
    if (command.options.some(({ long }) => long === flag)) continue;
    const option = new Option(`${flag} <${word}>`, about).hideHelp();
    command.addOption(option);
    command.on(`option:${option.name()}`, (value: string) => {
      flags[flag] = value;
    });
  }
  for (const inner of command.commands) {
    addTo(inner);
    if (inner.commands.length === 0) inner.addHelpText('after', FLAGS_HELP);
  }
}

/** Has `program` and every command of it take the settings as flags; the help lists them once, see settingsHelp. */
export function takeSettingFlags(program: Command, output: Output): void {
  addTo(program);
  remarkTo = output;
}

/** The first word of a command line that is neither a setting's flag nor its value: the command, if there is one. */
export function commandWord(argv: readonly string[]): string {
  let index = 0;
  while (argv[index]?.startsWith('--')) {
    // --zone Asia/Seoul are two words, --zone=Asia/Seoul is one.
    index += FLAGS.some(([flag]) => flag === argv[index]) ? 2 : 1;
  }
  return argv[index] ?? '';
}

/** The settings as they were found, whatever is wrong with them. Read once: a file may be a pipe. */
export function foundSettings(): Inspected {
  found ??= inspectConfig(process.env, flags);
  return found;
}

/** The settings of this process: flags, environment, files, defaults. Throws ConfigError naming every problem. */
export function settings(): Config {
  const inspected = foundSettings();
  const config = configOf(inspected);
  for (const remark of inspected.remarks) remarkTo?.err(`note: ${remark}\n`);
  remarkTo = null;
  return config;
}
