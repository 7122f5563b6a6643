import type { Command } from 'commander';
import { listRules } from '../../query/lists.ts';
import type { ListedRule } from '../../query/lists.ts';
import { readRules } from '../../workers/rules.ts';
import { json, moment, table } from '../output.ts';
import type { Output } from '../output.ts';
import { knownAtOption, pastAsked } from '../past.ts';
import type { PastFlags } from '../past.ts';
import { namesUnknown } from '../subcommands.ts';
import { withSession } from '../session.ts';
import { rulesChangeCommands } from './rules-change.ts';
import { rulesCheckCommand } from './rules-check.ts';

interface Flags extends Pick<PastFlags, 'knownAt'> {
  readonly json?: true;
}

const NO_RULES = 'no rules yet: "up" takes them from the dossier, "rules add" from a file\n';

/** Who stands behind what a rule is now. */
type By = 'dossier' | 'hand';

const DAY_CHARS = 10;
/** On a narrower terminal the query has more to say than the version. */
const WIDE_COLUMNS = 120;

function asTable(rules: readonly (ListedRule & { readonly by: By })[], columns: number): string {
  const wide = columns >= WIDE_COLUMNS;
  const rows = rules.map(({ rule, status, by, since, version, definition }) => [
    ...[rule, status, by, moment(since).slice(0, DAY_CHARS)],
    ...(wide ? [version, definition.channels.join(' ')] : []),
    definition.query,
  ]);
  const head = ['rule', 'status', 'by', 'since', ...(wide ? ['version', 'channels'] : []), 'query'];
  return table(head, rows, columns);
}

async function list(flags: Flags, output: Output): Promise<void> {
  await withSession(async ({ store }) => {
    const past = await pastAsked(store.db, flags, output);
    const at = past?.position ?? null;
    const known = await readRules(store.db, at);
    const rules = (await listRules(store.db, at)).map((rule) => {
      const { listed = true, retiredBy = null } = known.get(rule.rule) ?? {};
      const by: By = retiredBy ?? (listed ? 'dossier' : 'hand');
      return { ...rule, by };
    });
    if (flags.json) {
      output.out(json(rules.map(({ definition, ...rule }) => ({ ...rule, ...definition }))));
      return;
    }
    if (rules.length === 0) {
      output.err(past === null ? NO_RULES : 'no rules yet\n');
      return;
    }
    output.out(asTable(rules, output.columns));
  });
}

/** `rules`: what makes an alert, and what people do with it. */
export function rulesCommand(program: Command, output: Output): void {
  const rules = program
    .command('rules')
    .description('what makes an alert: list, check, add, retire, restore')
    .enablePositionalOptions();
  namesUnknown(
    rules,
    knownAtOption(rules.command('list', { isDefault: true }))
      .description('list rules, in force and retired')
      .option('--json', 'print JSON')
      .action((flags: Flags) => list(flags, output)),
  );
  rulesCheckCommand(rules, output);
  rulesChangeCommands(rules, output);
}
