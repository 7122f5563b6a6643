import type { Command } from 'commander';
import { ConfigError, OPTIONS } from '../../config.ts';
import { fileName, flagOf } from '../../config/names.ts';
import type { Setting } from '../../config/read.ts';
import { shownValue } from '../../config/show.ts';
import { json, table } from '../output.ts';
import type { Output } from '../output.ts';
import { foundSettings } from '../settings.ts';

type Name = keyof typeof OPTIONS;

/** A setting and the row of its table. */
interface Told extends Setting {
  readonly shown: string | number | null;
  readonly secret: boolean;
  readonly about: string;
}

function told(setting: Setting): Told {
  const option = OPTIONS[setting.name as Name];
  const { secret, about } = option;
  return { ...setting, shown: shownValue(option, setting.value), secret, about };
}

/** Where a value comes from, in the words that somebody would change it with. */
function sourceOf({ name, origin, file }: Setting): string {
  switch (origin) {
    case 'flag':
      return flagOf(name);
    case 'environment':
      return 'environment';
    case 'file':
      return file ?? 'file';
    case 'default':
      return 'default';
  }
}

function asJson(setting: Told): Record<string, unknown> {
  const { name, shown, origin, file, problem, secret, about } = setting;
  const flags = { flag: flagOf(name), fileVariable: secret ? fileName(name) : null };
  return { name, ...flags, value: shown, origin, file, problem, secret, about };
}

function asRow(setting: Told): string[] {
  const value = setting.problem === null ? (setting.shown ?? 'unset') : 'cannot be used';
  return [setting.name, sourceOf(setting), String(value)];
}

function config(flags: { readonly json?: true }, output: Output): void {
  const { settings, problems, remarks } = foundSettings();
  const rows = settings.map(told);
  if (flags.json) output.out(json({ settings: rows.map(asJson), problems, remarks }));
  else output.out(table(['setting', 'from', 'value'], rows.map(asRow), output.columns));
  for (const remark of remarks) output.err(`note: ${remark}\n`);
  if (problems.length > 0) throw new ConfigError(problems);
}

/** `config`: every setting, and where its value comes from. */
export function configCommand(program: Command, output: Output): void {
  program
    .command('config')
    .description('every setting: its value, and where that comes from; secrets stay hidden')
    .option('--json', 'print JSON')
    .action((flags: { readonly json?: true }) => {
      config(flags, output);
    });
}
