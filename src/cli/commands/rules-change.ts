import type { Command } from 'commander';
import { settings } from '../settings.ts';
import { ruleId } from '../../events/ids.ts';
import type { RuleId } from '../../events/ids.ts';
import type { RuleDefinition } from '../../events/rule.ts';
import { checkRuleQueries, openDossier } from '../../query/dossier.ts';
import { addRules, restoreRules, retireRules } from '../../workers/hand-rules.ts';
import type { RuleChanges } from '../../workers/hand-rules.ts';
import { readRules } from '../../workers/rules.ts';
import { unknownText } from '../meant.ts';
import { json } from '../output.ts';
import type { Output } from '../output.ts';
import { readRulesOf } from '../rule-file.ts';
import { withSession } from '../session.ts';
import type { Session } from '../session.ts';
import { listOption, shortText, UsageError } from '../usage.ts';

/** Characters of a reason. */
const REASON_CHARS_MAX = 500;

interface Flags {
  readonly json?: true;
}

/** Tells what became of each rule; throws where one was refused, and then nothing was changed. */
function tell(changes: RuleChanges, flags: Flags, output: Output): void {
  const refused = [...changes.values()].flatMap((one) => (one.kind === 'refused' ? [one.reason] : []));
  if (refused.length > 0) throw new Error(`${refused.join('\n')}\nnothing was changed`);
  if (flags.json) {
    const told = [...changes].map(([rule, one]) => ({
      rule,
      change: one.kind === 'event' ? one.change : null,
    }));
    output.out(json(told));
    return;
  }
  for (const [rule, one] of changes) {
    output.err(one.kind === 'event' ? `${one.change} ${rule}\n` : `${one.reason}\n`);
  }
}

/** Throws UsageError where a query cannot be understood: such a rule would be silent. */
function requireUnderstood(rules: readonly RuleDefinition[], check: (query: string) => string | null): void {
  const problems = rules.flatMap(({ rule, query }) => {
    const problem = check(query);
    return problem === null ? [] : [`${rule}: ${problem}`];
  });
  if (problems.length > 0) throw new UsageError(problems.join('\n'));
}

async function add(file: string, flags: Flags, output: Output): Promise<void> {
  const config = settings();
  const dossier = await openDossier(config.SHUTTLEWATCH_DOSSIER);
  const rules = await readRulesOf(file);
  requireUnderstood(rules, checkRuleQueries(dossier));
  await withSession(async (session) => {
    tell(await addRules(session, rules, dossier.rules), flags, output);
    const waits = rules.filter(({ channels }) => channels.includes('webhook'));
    if (waits.length > 0 && config.SHUTTLEWATCH_WEBHOOK_URL === null)
      output.err('note: channel webhook is not set up here: its alerts wait for a process that has it\n');
  });
}

/** Throws where a rule is not known to the log, naming those that may have been meant. */
async function requireKnown({ store }: Session, rules: readonly RuleId[]): Promise<void> {
  const known = await readRules(store.db);
  const problems = rules
    .filter((rule) => !known.has(rule))
    .map((rule) => unknownText('rule', rule, known.keys()));
  if (problems.length > 0) throw new Error(`${problems.join('\n')}\nnothing was changed`);
}

async function change(
  rules: readonly RuleId[],
  how: (session: Session) => Promise<RuleChanges>,
  flags: Flags,
  output: Output,
): Promise<void> {
  await withSession(async (session) => {
    await requireKnown(session, rules);
    tell(await how(session), flags, output);
  });
}

/** `rules add`, `rules retire`, `rules restore`: all of the rules named, or none. */
export function rulesChangeCommands(rules: Command, output: Output): void {
  rules
    .command('add')
    .description('add rules by hand, or change those added so')
    .argument('<file>', 'rules written as in the rules.yaml of a dossier, or - for stdin')
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      '\nRules of the dossier are changed in the dossier. Items tagged from now on are judged.',
    )
    .action((file: string, flags: Flags) => add(file, flags, output));
  rules
    .command('retire')
    .description('put rules out of force')
    .argument('<id...>', 'ids of rules', listOption(ruleId))
    .requiredOption('--reason <text>', 'why, for the log (required)', shortText(REASON_CHARS_MAX))
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      '\nThis is remembered: a rule that the dossier lists stays retired at the next start\ntoo, until it is restored or added.',
    )
    .action((ids: RuleId[], flags: Flags & { readonly reason: string }) =>
      change(ids, (session) => retireRules(session, ids, flags.reason), flags, output),
    );
  rules
    .command('restore')
    .description('put retired rules in force again, as they were last worded')
    .argument('<id...>', 'ids of rules', listOption(ruleId))
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      '\nWhere the dossier has other words for it by now, those come with the next start.',
    )
    .action((ids: RuleId[], flags: Flags) =>
      change(ids, (session) => restoreRules(session, ids), flags, output),
    );
}
