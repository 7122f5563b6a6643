import type { Command } from 'commander';
import { createTagger } from '../../classify/tagger.ts';
import { loadDossier } from '../../dossier/load.ts';
import { position } from '../../events/ids.ts';
import type { Position } from '../../events/ids.ts';
import { openDossier } from '../../query/dossier.ts';
import { stretchOf, TIME_FORMS } from '../../query/time.ts';
import { positionAt } from '../../store/position-at.ts';
import { settle } from '../../workers/settle.ts';
import { forecastRetag } from '../../workers/retag-forecast.ts';
import { retag } from '../../workers/retag.ts';
import type { RetagDeps, RetagProgress } from '../../workers/retag.ts';
import { holdMemory } from '../memory.ts';
import { json } from '../output.ts';
import type { Output } from '../output.ts';
import { Progress } from '../progress.ts';
import { forecastText, retaggedText } from '../retag-text.ts';
import { withSession } from '../session.ts';
import type { Session } from '../session.ts';
import { settings } from '../settings.ts';
import { count, UsageError } from '../usage.ts';
import { withWorkers } from '../workers.ts';
import type { Working } from '../workers.ts';

const LIMIT_MAX = 1_000_000_000;
const EXAMPLES_DEFAULT = 3;
const EXAMPLES_MAX = 100;
const FOLLOW = ['follow'] as const;

interface Flags {
  readonly dryRun?: true;
  readonly dossier?: string;
  readonly since?: string;
  readonly limit?: number;
  readonly examples?: number;
  readonly all?: true;
  readonly json?: true;
}

/** Throws UsageError where flags do not go together. */
function checkFlags({ dryRun, dossier, since, limit, examples, all }: Flags): void {
  const dry = { dossier, since, limit, examples };
  if (dryRun) {
    if (all) throw new UsageError('--all is what to append, and --dry-run appends nothing');
    return;
  }
  const [name] = Object.entries(dry).find(([, value]) => value !== undefined) ?? [];
  if (name === undefined) return;
  const why =
    name === 'dossier'
      ? ': the log is tagged by the dossier that is watched, so set SHUTTLEWATCH_DOSSIER'
      : '';
  throw new UsageError(`--${name} goes with --dry-run only${why}`);
}

/** Tells of progress: items and their pace, and how much of the log, or of `limit` items, is through. */
function teller(
  progress: Progress,
  earlier: { items: number | null },
  limit: number | null = null,
): (at: RetagProgress) => void {
  return ({ items, position: at, total }) => {
    earlier.items ??= items;
    const share = total === 0 ? 1 : at / total;
    progress.update(
      items - earlier.items,
      null,
      limit === null ? share : Math.max(share, Math.min(1, items / limit)),
    );
  };
}

/** The last position before `since`. */
async function beginning(session: Session, since: string | undefined): Promise<Position> {
  if (since === undefined) return position(0);
  const clock = { now: session.now(), zone: session.config.SHUTTLEWATCH_ZONE };
  const stretch = stretchOf(since, clock);
  if (stretch === null)
    throw new UsageError(`--since ${JSON.stringify(since)} names no time: write ${TIME_FORMS}`);
  const at = await positionAt(session.store.db, new Date(stretch.since.getTime() - 1));
  if (at === null) throw new UsageError(`--since ${JSON.stringify(since)} is before what is left of the log`);
  return at;
}

async function dryRun(session: Session, deps: RetagDeps, flags: Flags, output: Output): Promise<void> {
  const { limit = null, examples = EXAMPLES_DEFAULT } = flags;
  const from = await beginning(session, flags.since);
  holdMemory();
  const progress = new Progress(output, 'tagged for comparison, items');
  const onProgress = teller(progress, { items: null }, limit);
  const forecast = await forecastRetag(deps, { from, limit, examples, onProgress });
  progress.finish(forecast.items);
  const versions = { dossier: deps.dossierVersion, tagger: deps.tagger.version };
  output.out(flags.json ? json({ ...versions, ...forecast }) : forecastText(forecast, output.columns));
}

/** Waits until read tables and rules know of the new tags: whoever searches next is to find by them. */
async function bringForward(working: Working, output: Output): Promise<void> {
  const progress = new Progress(output, 'brought into read tables, events');
  let most = 0;
  // Words that nobody has tagged yet are the workers', whenever those run.
  await settle(working, working.names, { waitFor: [], untagged: false }, ({ positions }) => {
    most = Math.max(most, positions);
    progress.update(most - positions, most);
  });
  progress.finish(most);
}

async function append(working: Working, deps: RetagDeps, flags: Flags, output: Output): Promise<void> {
  const progress = new Progress(output, 'retag, items');
  const tell = teller(progress, { items: null });
  let isFirst = true;
  const onProgress = (at: RetagProgress): void => {
    if (isFirst && at.items > 0) {
      output.err(`going on from item ${at.items + 1}: an earlier run was stopped behind those before\n`);
    }
    isFirst = false;
    tell(at);
  };
  const done = await retag(deps, { all: flags.all === true, onProgress });
  if (done === null) throw new Error('another process is retagging this log');
  progress.finish(done.items);
  const versions = { dossier: deps.dossierVersion, tagger: deps.tagger.version };
  const { items, counts, goneOnFrom } = done;
  output.out(flags.json ? json({ ...versions, items, ...counts, goneOnFrom }) : retaggedText(done));
  await bringForward(working, output);
  if (counts.failed > 0) throw new Error(`${counts.failed} of the items could not be tagged`);
}

async function run(flags: Flags, output: Output): Promise<void> {
  checkFlags(flags);
  const folder = flags.dossier ?? settings().SHUTTLEWATCH_DOSSIER;
  // Another dossier may have rules that are still to be written: what they ask for has no say in tags.
  const dossier = flags.dryRun ? await loadDossier(folder) : await openDossier(folder);
  await withSession(async (session) => {
    const { store, log, now } = session;
    const deps = { store, log, now, tagger: createTagger(dossier), dossierVersion: dossier.version };
    if (flags.dryRun) {
      await dryRun(session, deps, flags, output);
      return;
    }
    // Nothing is polled, tagged beside this or sent; where other processes follow, these stand by.
    const options = { dossier, roles: FOLLOW, ticks: false, pollIntervalMs: 0, allowPrivate: false };
    await withWorkers(session, options, output, (working) => append(working, deps, flags, output));
  });
}

/** `retag`: tag all items of the log anew, as after a change of the dossier. */
export function retagCommand(program: Command, output: Output): void {
  program
    .command('retag')
    .description('tag all items anew, after the dossier or the tagger changed; nothing is ever sent by it')
    .option('--dry-run', 'say what would change, by subject and with examples, and append nothing')
    .option('--dossier <folder>', 'with --dry-run: another dossier than the one that is watched')
    .option('--since <time>', 'with --dry-run: only items that came into the log since then')
    .option('--limit <n>', 'with --dry-run: look at so many items at most, the oldest', count(1, LIMIT_MAX))
    .option(
      '--examples <n>',
      `with --dry-run: examples of each side (default: ${EXAMPLES_DEFAULT})`,
      count(0, EXAMPLES_MAX),
    )
    .option('--all', 'append tags too that stay as they are, so that they bear the new versions')
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      `
Tags are appended where they come to be others; what was tagged by the same versions is
left out. A run that is stopped is gone on with by the next. What rules would have said
of new tags is kept as held back, and nobody is notified. Restart workers with the new
dossier first, or what is new goes on being tagged by the old one.

Examples:
  $ shuttlewatch retag --dry-run --dossier ../next-dossier
  $ shuttlewatch retag`,
    )
    .action((flags: Flags) => run(flags, output));
}
