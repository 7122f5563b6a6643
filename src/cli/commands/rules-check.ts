import { existsSync } from 'node:fs';
import type { Command } from 'commander';
import { settings } from '../settings.ts';
import type { Dossier } from '../../dossier/dossier.ts';
import { loadDossier } from '../../dossier/load.ts';
import { contextOf } from '../../query/context.ts';
import { checkRuleQueries, RULE_ZONE } from '../../query/dossier.ts';
import { QueryTimeout } from '../../query/reading.ts';
import { countItems } from '../../query/search.ts';
import type { Count } from '../../query/search.ts';
import { understand } from '../../query/understand.ts';
import type { Db } from '../../store/database.ts';
import { json, printableEnd, table } from '../output.ts';
import type { Output } from '../output.ts';
import { queryCommand } from '../query-command.ts';
import { readRulesOf } from '../rule-file.ts';
import { withSession } from '../session.ts';
import { count } from '../usage.ts';

const DAYS_DEFAULT = 30;
const DAYS_MAX = 3_660;
/** Matching items counted one by one at most. */
const MATCHES_MAX = 100_000;

interface Flags {
  readonly days: number;
  readonly json?: true;
}

/** A rule, or a query that might become one. */
interface Asked {
  /** Null for a query of the command line. */
  readonly rule: string | null;
  readonly query: string;
}

interface Checked extends Asked {
  /** What is wrong, the first line in words and the places below it; null when it is understood. */
  readonly problem: string | null;
  /** Items of those days that it asks for; null when it is not understood, not counted, or took too long. */
  readonly matched: Count | null;
}

/** What to check: the dossier's rules, those of a file, or one query. */
async function askedFor(words: readonly string[], dossier: Dossier): Promise<readonly Asked[]> {
  const [first] = words;
  if (first === undefined) return dossier.rules;
  if (words.length === 1 && (first === '-' || /\.ya?ml$/i.test(first) || existsSync(first)))
    return await readRulesOf(first);
  return [{ rule: null, query: words.join(' ') }];
}

/** Counts what a rule asks for among the items published in the last days, or recorded then where they have no date. */
async function counted(
  db: Db,
  dossier: Dossier,
  query: string,
  days: number,
  now: Date,
): Promise<Count | null> {
  const since = `now-${days}d`;
  const within = `(published:>=${since} OR (-published:* recorded:>=${since}))`;
  const understood = understand(`(${query}) ${within}`, contextOf(dossier, { now, zone: RULE_ZONE }));
  if ('problems' in understood) return null;
  try {
    return await countItems(db, understood.filter, MATCHES_MAX);
  } catch (error) {
    if (error instanceof QueryTimeout) return null;
    throw error;
  }
}

function matchedText({ problem, matched }: Checked): string {
  if (problem !== null) return '';
  if (matched === null) return 'took too long';
  return `${matched.exact ? '' : 'more than '}${matched.items}`;
}

function perDay({ matched }: Checked, days: number): string {
  return matched === null ? '' : (matched.items / days).toFixed(1);
}

function asTable(checked: readonly Checked[], days: number, columns: number): string {
  const rows = checked.map((one) => [
    one.rule ?? '(the query)',
    one.problem === null ? 'yes' : 'no',
    ...(days === 0 ? [] : [matchedText(one), perDay(one, days)]),
    one.query,
  ]);
  const numbers = days === 0 ? [] : [`in ${days} days`, 'a day'];
  return table(['rule', 'understood', ...numbers, 'query'], rows, columns);
}

function problemsText(checked: readonly Checked[]): string {
  return checked
    .flatMap(({ rule, problem }) => (problem === null ? [] : [`\n${rule ?? 'the query'} ${problem}`]))
    .map((text) => `${text.split('\n').map(printableEnd).join('\n')}\n`)
    .join('');
}

async function check(words: readonly string[], flags: Flags, output: Output): Promise<void> {
  const { days } = flags;
  // Not openDossier: that refuses the first rule that makes no sense, and here all are told of.
  const dossier = await loadDossier(settings().SHUTTLEWATCH_DOSSIER);
  const wrongWith = checkRuleQueries(dossier);
  const asked = (await askedFor(words, dossier)).map(({ rule, query }): Checked => ({
    rule,
    query,
    problem: wrongWith(query),
    matched: null,
  }));
  const checked = days === 0 ? asked : await countAll(asked, dossier, days);
  if (flags.json) output.out(json({ days, rules: checked }));
  else output.out(asTable(checked, days, output.columns) + problemsText(checked));
  const bad = checked.filter(({ problem }) => problem !== null).length;
  if (bad > 0) throw new Error(`${bad} of ${checked.length} cannot be rules`);
}

async function countAll(asked: readonly Checked[], dossier: Dossier, days: number): Promise<Checked[]> {
  return await withSession(async ({ store, now }) => {
    const checked: Checked[] = [];
    for (const one of asked) {
      const matched = one.problem === null ? await counted(store.db, dossier, one.query, days, now()) : null;
      checked.push({ ...one, matched });
    }
    return checked;
  });
}

/** `rules check`: whether rules are understood, and how often they would have spoken. */
export function rulesCheckCommand(rules: Command, output: Output): void {
  queryCommand(rules, 'check')
    .description('say whether rules are understood, and how many items they would have matched lately')
    .argument(
      '[file-or-query...]',
      'a file of rules, - for stdin, or a query; nothing: the rules of the dossier',
    )
    .option(
      '--days <days>',
      'count items published in the last so many days; 0 counts none and needs no database',
      count(0, DAYS_MAX),
      DAYS_DEFAULT,
    )
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      '\nCounts are of items, before copies of one story are held back.\n\nExamples:\n  $ shuttlewatch rules check\n' +
        "  $ shuttlewatch rules check 'topic:cptpp -lang:ko' --days 7",
    )
    .action((words: readonly string[], flags: Flags) => check(words, flags, output));
}
