import type { Command } from 'commander';
import { listRules } from '../../query/lists.ts';
import type { ListedRule } from '../../query/lists.ts';
import { readRules } from '../../workers/rules.ts';
import { json, moment, table } from '../output.ts';
import type { Output } from '../output.ts';
import { withSession } from '../session.ts';
import { rulesChangeCommands } from './rules-change.ts';
import { rulesCheckCommand } from './rules-check.ts';

/** Who stands behind what a rule is now. */
type By = 'dossier' | 'hand';

function row({ rule, status, version, since, definition }: ListedRule, by: By): string[] {
  const is = `${status}, by ${by === 'hand' ? 'hand' : 'the dossier'}`;
  return [rule, is, moment(since), version, definition.channels.join(' '), definition.query];
}

async function list(flags: { readonly json?: true }, output: Output): Promise<void> {
  await withSession(async ({ store }) => {
    const known = await readRules(store.db);
    const rules = (await listRules(store.db)).map((rule) => {
      const { listed = true, retiredBy = null } = known.get(rule.rule) ?? {};
      const by: By = retiredBy ?? (listed ? 'dossier' : 'hand');
      return { ...rule, by };
    });
    if (flags.json) {
      output.out(json(rules.map(({ definition, ...rule }) => ({ ...rule, ...definition }))));
      return;
    }
    if (rules.length === 0) {
      output.err('no rules yet: "up" takes them from the dossier, "rules add" from a file\n');
      return;
    }
    const head = ['rule', 'status', 'since (UTC)', 'version', 'channels', 'query'];
    output.out(
      table(
        head,
        rules.map((rule) => row(rule, rule.by)),
        output.columns,
      ),
    );
  });
}

/** `rules`: what makes an alert, and what people do with it. */
export function rulesCommand(program: Command, output: Output): void {
  const rules = program
    .command('rules')
    .description('what makes an alert: list, check, add, retire, restore')
    .enablePositionalOptions();
  rules
    .command('list', { isDefault: true })
    .description('list rules, in force and retired')
    .option('--json', 'print JSON')
    .action((flags: { readonly json?: true }) => list(flags, output));
  rulesCheckCommand(rules, output);
  rulesChangeCommands(rules, output);
}
