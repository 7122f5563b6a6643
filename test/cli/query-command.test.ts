import { Command, CommanderError } from 'commander';
import { expect, test } from 'vitest';
import { queryCommand } from '../../src/cli/query-command.ts';

/** What `args` mean to a command that takes a query, `--json` and `-n`. */
async function read(...args: readonly string[]): Promise<{ query: string[]; flags: object }> {
  const program = new Command('program')
    .version('1.0')
    .enablePositionalOptions()
    .exitOverride()
    .configureOutput({ writeOut: () => undefined, writeErr: () => undefined });
  let result = { query: [] as string[], flags: {} };
  queryCommand(program, 'search')
    .argument('[query...]')
    .option('-n, --limit <items>')
    .option('--json')
    .action((query: string[], flags: object) => {
      result = { query, flags };
    });
  await program.parseAsync(['search', ...args], { from: 'user' });
  return result;
}

test.each([
  [['topic:x', '-lang:ko'], ['topic:x', '-lang:ko'], {}],
  [['-lang:ko'], ['-lang:ko'], {}],
  [['-Vietnam', '-nara', '-hallyu'], ['-Vietnam', '-nara', '-hallyu'], {}],
  [['-"shuttle diplomacy"'], ['-"shuttle diplomacy"'], {}],
  [['a', '-n', '5', '-b c', '--json'], ['a', '-b c'], { limit: '5', json: true }],
  [['-n5', '--limit=6', '-台湾'], ['-台湾'], { limit: '6' }],
  [['summit', '-g7'], ['summit', '-g7'], {}],
  [['--json', '--', '--json', '-n'], ['--json', '-n'], { json: true }],
  [[''], [''], {}],
  [[], [], {}],
])('%j is the query %j with the options %j', async (args, query, flags) => {
  expect(await read(...args)).toEqual({ query, flags });
});

test.each([['--jsn'], ['-x'], ['-lang:ko', '--bogus'], ['-x=1'], ['-n']])(
  '%j is a mistyped option, not a condition',
  async (...args) => {
    await expect(read(...args)).rejects.toThrow(CommanderError);
  },
);
