import { Command } from 'commander';
import type { Option, ParseOptionsResult } from 'commander';

/** One Latin letter, alone or with `=value` behind it: a short option, known or mistyped. */
const SHORT_OPTION = /^-[a-z](?:=.*)?$/i;

/**
 * A command whose arguments are a query. In a query `-lang:ko` is a condition, so that only `--name`, `-x` and the
 * command's own short options with a number (`-n5`) are read as options; what follows `--` is query whatever it is.
 */
class QueryCommand extends Command {
  /** Whether `arg` is part of the query rather than an option. */
  #isQuery(arg: string): boolean {
    if (!arg.startsWith('-')) return true;
    // A setting's flag is hidden: -log and -data are more likely words to leave out.
    if (this.options.some(({ long, hidden }) => long === `-${arg}` && !hidden)) {
      this.error(
        `error: unknown option '${arg}'\n(did you mean -${arg}? To leave out the word, write NOT ${arg.slice(1)})`,
      );
    }
    const withNumber = /^(-[a-z])\d+$/i.exec(arg)?.[1];
    const isOption =
      arg.startsWith('--') ||
      SHORT_OPTION.test(arg) ||
      this.options.some((option) => option.short !== undefined && option.short === withNumber);
    return !isOption;
  }

  #optionFor(arg: string): Option | undefined {
    return this.options.find(({ short, long }) => short === arg || long === arg);
  }

  override parseOptions(argv: string[]): ParseOptionsResult {
    const query: string[] = [];
    const others: string[] = [];
    for (let index = 0; index < argv.length; index += 1) {
      const arg = argv[index] ?? '';
      if (arg === '--') {
        query.push(...argv.slice(index + 1));
        break;
      }
      (this.#isQuery(arg) ? query : others).push(arg);
      const value = argv[index + 1];
      if (value !== undefined && this.#optionFor(arg)?.required === true) {
        others.push(value);
        index += 1;
      }
    }
    const { operands, unknown } = super.parseOptions(others);
    return { operands: [...operands, ...query], unknown };
  }
}

/** Adds such a command to the program, with the program's ways to end and to write. */
export function queryCommand(program: Command, name: string): QueryCommand {
  const command = new QueryCommand(name).copyInheritedSettings(program);
  program.addCommand(command);
  return command;
}
