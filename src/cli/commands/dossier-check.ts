import type { Command } from 'commander';
import { findingsOf } from '../../classify/dossier-findings.ts';
import type { Dossier } from '../../dossier/dossier.ts';
import { locator } from '../../dossier/locate.ts';
import { DossierError } from '../../dossier/problem.ts';
import type { Problem } from '../../dossier/problem.ts';
import { openDossier } from '../../query/dossier.ts';
import { countNames } from '../../workers/count-names.ts';
import type { CountedNames } from '../../workers/count-names.ts';
import { checkedJson, checkedText } from '../dossier-check-text.ts';
import type { Checked, PlacedFinding } from '../dossier-check-text.ts';
import { json } from '../output.ts';
import type { Output } from '../output.ts';
import { Progress } from '../progress.ts';
import { withSession } from '../session.ts';
import { settings } from '../settings.ts';
import { count, UsageError } from '../usage.ts';
import { counted } from '../words.ts';

const LIMIT_MAX = 1_000_000_000;

interface Flags {
  readonly againstLog?: true;
  readonly limit?: number;
  readonly notes?: true;
  readonly strict?: true;
  readonly json?: true;
}

/** The dossier, or what is wrong with it. */
async function opened(folder: string): Promise<Dossier | readonly Problem[]> {
  try {
    return await openDossier(folder);
  } catch (error) {
    if (error instanceof DossierError) return error.problems;
    throw error;
  }
}

async function placedFindings(dossier: Dossier): Promise<PlacedFinding[]> {
  const locate = await locator(dossier.folder);
  return findingsOf(dossier).map((finding) => {
    const nowhere = { file: '', line: null, field: '' };
    return { ...finding, place: locate(finding.subject, finding.alias) ?? nowhere };
  });
}

async function namesInLog(dossier: Dossier, limit: number | null, output: Output): Promise<CountedNames> {
  return await withSession(async ({ store }) => {
    const progress = new Progress(output, 'names counted, items');
    const names = await countNames(store, dossier, {
      limit,
      onProgress: ({ items, position, total }) => {
        progress.update(items, null, total === 0 ? 1 : position / total);
      },
    });
    progress.finish(names.items);
    return names;
  });
}

async function check(given: string | undefined, flags: Flags, output: Output): Promise<void> {
  if (flags.limit !== undefined && !flags.againstLog) throw new UsageError('--limit goes with --against-log');
  const folder = given ?? settings().SHUTTLEWATCH_DOSSIER;
  const dossier = await opened(folder);
  if (!('version' in dossier)) {
    if (!flags.json) throw new DossierError(folder, dossier);
    output.out(json({ folder, errors: dossier, warnings: [], notes: [], names: null }));
    throw new Error(`the dossier in ${folder} has ${counted(dossier.length, 'problem')}`);
  }
  const findings = await placedFindings(dossier);
  const names = flags.againstLog ? await namesInLog(dossier, flags.limit ?? null, output) : null;
  const checked: Checked = {
    dossier,
    warnings: findings.filter(({ kind }) => kind !== 'shared'),
    notes: findings.filter(({ kind }) => kind === 'shared'),
    names,
  };
  const notes = flags.notes === true;
  output.out(
    flags.json ? json(checkedJson(checked)) : checkedText(checked, { notes, columns: output.columns }),
  );
  const { length: warnings } = checked.warnings;
  if (flags.strict && warnings > 0)
    throw new Error(`${counted(warnings, 'warning')}, and --strict allows none`);
}

/** `dossier check`: whether a dossier can be used, and what is odd about its names. */
export function dossierCheckCommand(dossier: Command, output: Output): void {
  dossier
    .command('check')
    .description('say what is wrong with a dossier and what is odd about its names')
    .argument('[folder]', 'the folder of a dossier; nothing: the one that is watched')
    .option('--against-log', 'count where its names stand in the words of the log, and where they are taken')
    .option(
      '--limit <n>',
      'with --against-log: look at so many items at most, the oldest',
      count(1, LIMIT_MAX),
    )
    .option('--notes', 'list what is no fault too: names of several entities, names that the log never has')
    .option('--strict', 'exit 1 for warnings too')
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      `
Warnings are of names that no text can hold in a way that they are taken, that another
name makes needless, or that mean several entities of which the tagger takes some: each
name is tried on plain texts. Exit codes: 0 it can be used, 1 it cannot.

Examples:
  $ shuttlewatch dossier check
  $ shuttlewatch dossier check ../next-dossier --against-log`,
    )
    .action((folder: string | undefined, flags: Flags) => check(folder, flags, output));
}
